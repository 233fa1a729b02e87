package io.copyload.engine.h2;

import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.catalog.CatalogViews;
import io.copyload.engine.load.LoadProgress;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.result.Row;
import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueInteger;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/**
 * STV_LOAD_STATE: one row per load that is running now. The table object is one per database, and
 * loads enter and leave it themselves. Threads: any.
 */
final class LoadStateView extends CatalogView {
  private static final int MAX_FILE_CHARS = 256;

  private final Map<Long, RunningLoad> running = new ConcurrentSkipListMap<>();

  /** A load that has begun and not ended. */
  record RunningLoad(
      long loadId, int userId, String userName, int sessionId, LoadProgress progress) {}

  LoadStateView(CreateTableData data, CatalogViews view) {
    super(data, view);
  }

  /** Shows a load. Returns what takes it out again. */
  static Runnable show(Database database, RunningLoad load) {
    if (CatalogTableEngine.find(
            database, Catalog.VIEW_SCHEMA, CatalogViews.STV_LOAD_STATE.sqlName())
        instanceof LoadStateView view) {
      view.running.put(load.loadId(), load);
      return () -> view.running.remove(load.loadId());
    }
    return () -> {};
  }

  @Override
  Cursor rows(SessionLocal reader) {
    List<Row> rows = new ArrayList<>();
    for (RunningLoad load : running.values()) {
      if (reader.getUser().isAdmin() || load.userName().equals(reader.getUser().getName())) {
        rows.add(row(reader, values(load), load.loadId()));
      }
    }
    return new RowCursor(rows);
  }

  private static Value[] values(RunningLoad load) {
    LoadProgress progress = load.progress();
    long total = Math.max(0, progress.totalBytes.get());
    long read = progress.readBytes.sum();
    boolean compressed = progress.compressed();
    String file = progress.currentObject();
    return new Value[] {
      ValueInteger.get(load.userId()),
      ValueInteger.get(load.sessionId()),
      ValueBigint.get(load.loadId()),
      ValueInteger.get(0),
      ValueBigint.get(ProcessHandle.current().pid()),
      JSR310Utils.localDateTimeToValue(LocalDateTime.ofInstant(Instant.now(), ZoneOffset.UTC)),
      ValueBigint.get(compressed ? 0 : total),
      ValueBigint.get(compressed ? 0 : read),
      ValueBigint.get(compressed ? total : 0),
      ValueBigint.get(compressed ? read : 0),
      ValueBigint.get(progress.rows.sum() + progress.rejects.sum()),
      ValueBigint.get(Math.max(progress.objects.get(), progress.objectsDone.sum())),
      ValueBigint.get(progress.objectsDone.sum()),
      file == null
          ? ValueNull.INSTANCE
          : ValueVarchar.get(
              file.length() <= MAX_FILE_CHARS ? file : file.substring(0, MAX_FILE_CHARS)),
      ValueInteger.get(total == 0 ? 0 : (int) Math.min(100, read * 100.0 / total))
    };
  }
}

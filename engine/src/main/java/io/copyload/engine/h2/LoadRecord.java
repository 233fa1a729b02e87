package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.AnalyzedColumn;
import io.copyload.engine.catalog.LoadEnd;
import io.copyload.engine.catalog.LoadHistory;
import io.copyload.engine.catalog.LoadStart;
import io.copyload.engine.catalog.SimplifiedGeometry;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.shapefile.SimplifyLog;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.load.TargetColumn;
import io.copyload.engine.plan.TargetTable;
import io.copyload.engine.store.TargetType;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.util.JSR310Utils;

/** One load's entry in the history, opened when the load begins and closed when it has ended. */
final class LoadRecord implements LoadProgress.ObjectLog {
  private final LoadHistory history;
  private final long id;
  private final Map<String, LoadEnd.ColumnType> columnTypes;
  private final List<String> fieldColumns;
  private final SessionLocal session;
  private final boolean repairable;
  private Runnable hide = () -> {};

  private LoadRecord(
      LoadHistory history,
      long id,
      SessionLocal session,
      TargetTable target,
      LoadPlan plan,
      boolean repairable) {
    this.repairable = repairable;
    this.history = history;
    this.id = id;
    this.session = session;
    this.columnTypes = columnTypes(target);
    this.fieldColumns = plan.columns().stream().map(TargetColumn::name).toList();
  }

  /** Number of the load. */
  long id() {
    return id;
  }

  /** Shows the load among the running ones until it ends. */
  void show(LoadProgress progress) {
    SessionFunctions.copyBegins(session, id);
    hide =
        LoadStateView.show(
            session.getDatabase(),
            new LoadStateView.RunningLoad(
                id,
                session.getUser().getId(),
                session.getUser().getName(),
                session.getId(),
                progress));
  }

  static LoadRecord begin(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      String text,
      TableBinding binding,
      CopySource source,
      LoadPlan plan,
      long jobId) {
    return begin(
        session,
        settings,
        resolved,
        text,
        binding,
        source,
        plan,
        !resolved.redshift().noLoad(),
        jobId);
  }

  /** The replay of a load's rejects, which has none of its own. */
  static LoadRecord beginReplay(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      long replayed,
      TableBinding binding,
      CopySource source,
      LoadPlan plan) {
    return begin(
        session, settings, resolved, "COPY REPLAY " + replayed, binding, source, plan, false, 0);
  }

  private static LoadRecord begin(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      String text,
      TableBinding binding,
      CopySource source,
      LoadPlan plan,
      boolean repairable,
      long jobId) {
    LoadHistory history = CatalogSetup.history(session, settings);
    Database database = session.getDatabase();
    LoadStart start =
        new LoadStart(
            session.getUser().getId(),
            session.getUser().getName(),
            session.getId(),
            JSR310Utils.valueToOffsetDateTime(session.getSessionStart(), session),
            session.getTransaction().getSequenceNum(),
            database.getShortName(),
            binding.table().getId(),
            binding.table().getSchema().getName(),
            binding.target().name(),
            source.text(),
            resolved.format().historyName(),
            (int) source.objects().count(),
            source.objects().size(),
            text,
            resolved.dialect().name(),
            jobId);
    try {
      return new LoadRecord(
          history, history.begin(start), session, binding.target(), plan, repairable);
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  /** Redshift's name of a column's type, or null. */
  String typeName(String column) {
    LoadEnd.ColumnType type = column == null ? null : columnTypes.get(column);
    return type == null ? null : type.name();
  }

  /** Length of a column's type, or null. */
  String typeLength(String column) {
    LoadEnd.ColumnType type = column == null ? null : columnTypes.get(column);
    return type == null ? null : type.length();
  }

  /** A replay has loaded rows. */
  void replayed(LoadOutcome outcome, int stillBad) {
    finish(LoadEnd.replayed(outcome, stillBad), null);
    SessionFunctions.copyLoaded(session, outcome.loadedRows());
  }

  @Override
  public void write(List<LoadOutcome.ObjectOutcome> objects, int first) {
    try {
      history.addObjects(id, objects, first);
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  /** COMPUPDATE has chosen the table's encodings. */
  void analyzed(List<AnalyzedColumn> columns) {
    try {
      history.addAnalysis(id, columns);
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  /** SIMPLIFY has changed geometries, or could not. */
  void simplified(List<SimplifyLog.Report> reports) {
    try {
      history.addSimplifications(
          id,
          reports.stream()
              .map(
                  report ->
                      new SimplifiedGeometry(
                          report.objectName(),
                          report.lineNumber() == 0 ? null : report.lineNumber(),
                          report.maximumTolerance(),
                          report.initialBytes(),
                          report.simplified(),
                          report.finalBytes(),
                          report.finalTolerance()))
              .toList());
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  void completed(LoadOutcome outcome) {
    if (repairable && !outcome.rejects().isEmpty()) {
      RejectView.noteCommit(session, id);
    }
    finish(LoadEnd.completed(outcome, columnTypes), null);
    SessionFunctions.copyLoaded(session, outcome.loadedRows());
  }

  void aborted(LoadOutcome outcome, Throwable failure) {
    finish(LoadEnd.aborted(outcome, columnTypes, sqlState(failure), failure.getMessage()), failure);
  }

  /** A failing history fails a load that would complete; it never hides why another one failed. */
  private void finish(LoadEnd end, Throwable failure) {
    hide.run();
    try {
      history.finish(id, end.withFieldColumns(fieldColumns));
    } catch (SQLException | RuntimeException e) {
      if (failure == null) {
        throw DbException.convert(e);
      }
      failure.addSuppressed(e);
    }
  }

  private static String sqlState(Throwable failure) {
    if (failure instanceof CopyException copy) {
      return copy.code().sqlState();
    }
    if (failure instanceof DbException db) {
      return db.getSQLException().getSQLState();
    }
    return CopyErrorCode.INTERNAL.sqlState();
  }

  private static Map<String, LoadEnd.ColumnType> columnTypes(TargetTable target) {
    Map<String, LoadEnd.ColumnType> types = new HashMap<>();
    for (TargetTable.Column column : target.columns()) {
      types.put(column.name(), columnType(column.type()));
    }
    return types;
  }

  /** Redshift's name for the type, as STL_LOAD_ERRORS shows it. */
  private static LoadEnd.ColumnType columnType(TargetType type) {
    String length = type.precision() < 0 ? null : Long.toString(type.precision());
    return switch (type.kind()) {
      case BOOLEAN -> new LoadEnd.ColumnType("bool", null);
      case SMALLINT -> new LoadEnd.ColumnType("int2", null);
      case INTEGER -> new LoadEnd.ColumnType("int4", null);
      case BIGINT -> new LoadEnd.ColumnType("int8", null);
      case REAL -> new LoadEnd.ColumnType("float4", null);
      case DOUBLE -> new LoadEnd.ColumnType("float8", null);
      case NUMERIC -> new LoadEnd.ColumnType("numeric", type.precision() + "," + type.scale());
      case CHAR -> new LoadEnd.ColumnType("char", length);
      case VARCHAR, VARCHAR_IGNORECASE -> new LoadEnd.ColumnType("varchar", length);
      case BINARY, VARBINARY -> new LoadEnd.ColumnType("varbyte", length);
      case TIMESTAMP_TZ -> new LoadEnd.ColumnType("timestamptz", null);
      case TIME_TZ -> new LoadEnd.ColumnType("timetz", null);
      case JSON -> new LoadEnd.ColumnType("super", null);
      default -> new LoadEnd.ColumnType(type.kind().name().toLowerCase(Locale.ROOT), null);
    };
  }
}

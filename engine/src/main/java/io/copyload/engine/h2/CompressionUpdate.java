package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.catalog.AnalyzedColumn;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.RedshiftClauses.CompUpdate;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.store.ColumnEncoding;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * What COMPUPDATE does to the recorded encodings of a table (Redshift guide, "Loading tables with
 * automatic compression"): nothing unless the table is empty.
 *
 * <ul>
 *   <li>left out: where all columns are RAW, the types decide, which means ENCODE AUTO
 *   <li>PRESET: the types decide, before the load
 *   <li>ON: the loaded rows are measured, and later loads use what was found
 * </ul>
 *
 * <p>Encodings are written to the catalog after the load, in a transaction of its own, as the
 * caller's may still be rolled back after more loads: they say how to store rows, not which there
 * are.
 */
final class CompressionUpdate {
  private static final CompressionUpdate NOTHING = new CompressionUpdate(null, null, 0);

  private final HybridTable table;
  private final TableAttributes before;

  /** Rows to measure; 0 for none. */
  private final long sampleRows;

  private CompressionUpdate(HybridTable table, TableAttributes before, long sampleRows) {
    this.table = table;
    this.before = before;
    this.sampleRows = sampleRows;
  }

  /** Decides, and lets the load use what is decided. The table's write lock is held. */
  static CompressionUpdate begin(SessionLocal session, ResolvedCopy copy, Table target) {
    CompUpdate asked = copy.redshift().compUpdate();
    if (copy.dialect() != DialectName.REDSHIFT
        || asked == CompUpdate.OFF
        || copy.redshift().noLoad()
        || !(target instanceof HybridTable table)) {
      return NOTHING;
    }
    TableAttributes before = table.attributes();
    boolean allRaw =
        !before.encodings().isEmpty()
            && List.of(table.getColumns()).stream()
                .allMatch(
                    column ->
                        TableDefinitions.encoding(table, column, before) == ColumnEncoding.RAW);
    if (asked == CompUpdate.OMITTED && !allRaw || table.getRowCount(session) > 0) {
      return NOTHING;
    }
    if (asked == CompUpdate.ON) {
      long rows = Math.max(copy.redshift().compRows(), CompressionAnalysis.MIN_SAMPLE_ROWS);
      return new CompressionUpdate(table, before, rows);
    }
    Map<String, ColumnEncoding> encodings = new LinkedHashMap<>();
    for (Column column : table.getColumns()) {
      if (asked == CompUpdate.PRESET) {
        encodings.put(column.getName(), byType(table, column, before));
      }
    }
    table.setAttributes(before.withEncodings(encodings));
    return new CompressionUpdate(table, before, 0);
  }

  private static ColumnEncoding byType(Table table, Column column, TableAttributes attributes) {
    return ColumnEncoding.byType(
        TargetTypes.of(column.getType()),
        attributes.isSortKey(column.getName()) || table.isTemporary());
  }

  /** The rows are in the table. */
  void loaded(
      SessionLocal session, LoadRecord record, CancelToken cancel, Consumer<SQLWarning> warnings) {
    if (table == null) {
      return;
    }
    TableAttributes after = table.attributes();
    Map<Column, CompressionAnalysis.Choice> choices = Map.of();
    if (sampleRows > 0) {
      if (table.getRowCount(session) < CompressionAnalysis.MIN_SAMPLE_ROWS) {
        return;
      }
      choices = measure(session, cancel);
      after = measured(choices);
    }
    record.analyzed(analysis(after, choices));
    if (after.equals(before)) {
      return;
    }
    SessionLocal own = InternalSessions.open(session.getDatabase());
    try {
      table.setAttributes(before);
      AttributeChange.record(own, table, after);
      own.commit(false);
    } catch (DbException e) {
      warnings.accept(
          new SQLWarning(
              "the encodings that COMPUPDATE chose were not recorded: " + e.getMessage(),
              "01000",
              e));
    } finally {
      own.close();
    }
  }

  /** What is sorted by is not measured. */
  private Map<Column, CompressionAnalysis.Choice> measure(
      SessionLocal session, CancelToken cancel) {
    List<Column> columns = new ArrayList<>(List.of(table.getColumns()));
    columns.removeIf(column -> before.isSortKey(column.getName()));
    return CompressionAnalysis.of(session, table, columns, sampleRows, cancel);
  }

  private TableAttributes measured(Map<Column, CompressionAnalysis.Choice> choices) {
    Map<String, ColumnEncoding> encodings = new LinkedHashMap<>();
    for (String column : before.sortKey()) {
      encodings.put(column, before.encodings().getOrDefault(column, ColumnEncoding.RAW));
    }
    choices.forEach((column, choice) -> encodings.put(column.getName(), choice.encoding()));
    return before.withEncodings(encodings);
  }

  /** What stl_analyze_compression says of each column. */
  private List<AnalyzedColumn> analysis(
      TableAttributes after, Map<Column, CompressionAnalysis.Choice> choices) {
    boolean foldsToUpper = table.getDatabase().getSettings().databaseToUpper;
    List<AnalyzedColumn> columns = new ArrayList<>();
    for (Column column : table.getColumns()) {
      CompressionAnalysis.Choice choice = choices.get(column);
      columns.add(
          new AnalyzedColumn(
              TableBinding.shown(table.getName(), foldsToUpper),
              TableDefinitions.encoding(table, column, before).sqlName(),
              TableDefinitions.encoding(table, column, after).sqlName(),
              sampleRows > 0 ? "ON" : "PRESET",
              choice == null ? null : choice.smallest().sqlName(),
              choice == null ? null : choice.bytes(),
              choice == null ? null : choice.smallestBytes()));
    }
    return columns;
  }

  /** The load has failed: what was decided for it is forgotten. */
  void failed() {
    if (table != null) {
      table.setAttributes(before);
    }
  }
}

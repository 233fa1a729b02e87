package io.copyload.engine.catalog;

import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.Reject;
import java.util.List;
import java.util.Map;

/**
 * How a load ended.
 *
 * @param completed whether its rows were published; false when it was aborted
 * @param loadedRows rows published; 0 when aborted
 * @param objects those that are not in {@code logged}
 * @param logged what {@link LoadHistory#addObjects} has taken already
 * @param rejects those kept, in input order
 * @param nulled whether a bad value of {@code rejects} became NULL and its record was loaded, if
 *     the reason allows that at all
 * @param replacedRows loaded rows in which bad characters were replaced
 * @param replacements the first of them
 * @param columnTypes type of each column that a reject names, by column name; may be incomplete
 * @param fieldColumns the column of each input field; may be empty when not known
 * @param sqlState of the failure; null when completed
 * @param message of the failure; null when completed
 */
public record LoadEnd(
    boolean completed,
    long loadedRows,
    long rejectedRows,
    List<LoadOutcome.ObjectOutcome> objects,
    LoadOutcome.Logged logged,
    List<Reject> rejects,
    boolean nulled,
    long replacedRows,
    List<Reject> replacements,
    Map<String, ColumnType> columnTypes,
    List<String> fieldColumns,
    String sqlState,
    String message) {
  /**
   * A column's type as the views show it.
   *
   * @param name Redshift's name, such as int4 or varchar
   * @param length of a type that has one, else null
   */
  public record ColumnType(String name, String length) {}

  public LoadEnd {
    objects = List.copyOf(objects);
    rejects = List.copyOf(rejects);
    replacements = List.copyOf(replacements);
    columnTypes = Map.copyOf(columnTypes);
    fieldColumns = List.copyOf(fieldColumns);
  }

  /** The type of a column, or null. */
  ColumnType typeOf(String column) {
    return column == null ? null : columnTypes.get(column);
  }

  /** The same with the columns that fields fill. */
  public LoadEnd withFieldColumns(List<String> columns) {
    return new LoadEnd(
        completed,
        loadedRows,
        rejectedRows,
        objects,
        logged,
        rejects,
        nulled,
        replacedRows,
        replacements,
        columnTypes,
        columns,
        sqlState,
        message);
  }

  /** A load that published its rows. */
  public static LoadEnd completed(LoadOutcome outcome, Map<String, ColumnType> columnTypes) {
    return new LoadEnd(
        true,
        outcome.loadedRows(),
        outcome.rejectedRows(),
        outcome.objects(),
        outcome.logged(),
        outcome.rejects(),
        outcome.nulledRows() > 0,
        outcome.replacedRows(),
        outcome.replacements(),
        columnTypes,
        List.of(),
        null,
        null);
  }

  /** A replay that published rows; records that are still bad stay rejects of another load. */
  public static LoadEnd replayed(LoadOutcome outcome, long stillBad) {
    return new LoadEnd(
        true,
        outcome.loadedRows(),
        stillBad,
        outcome.objects(),
        outcome.logged(),
        List.of(),
        false,
        0,
        List.of(),
        Map.of(),
        List.of(),
        null,
        null);
  }

  /**
   * A load that published nothing. {@code outcome} is what it had found; null when nothing is
   * known.
   */
  public static LoadEnd aborted(
      LoadOutcome outcome, Map<String, ColumnType> columnTypes, String sqlState, String message) {
    return outcome == null
        ? new LoadEnd(
            false,
            0,
            0,
            List.of(),
            LoadOutcome.Logged.NOTHING,
            List.of(),
            false,
            0,
            List.of(),
            columnTypes,
            List.of(),
            sqlState,
            message)
        : new LoadEnd(
            false,
            0,
            outcome.rejectedRows(),
            outcome.objects(),
            outcome.logged(),
            outcome.rejects(),
            outcome.nulledRows() > 0,
            0,
            List.of(),
            columnTypes,
            List.of(),
            sqlState,
            message);
  }
}

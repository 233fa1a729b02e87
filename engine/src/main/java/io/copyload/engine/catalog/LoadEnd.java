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
 * @param columnTypes type of each column that a reject names, by column name; may be incomplete
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
    Map<String, ColumnType> columnTypes,
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
    columnTypes = Map.copyOf(columnTypes);
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
        columnTypes,
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
            columnTypes,
            sqlState,
            message)
        : new LoadEnd(
            false,
            0,
            outcome.rejectedRows(),
            outcome.objects(),
            outcome.logged(),
            outcome.rejects(),
            columnTypes,
            sqlState,
            message);
  }
}

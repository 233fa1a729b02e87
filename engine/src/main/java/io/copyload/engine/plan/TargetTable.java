package io.copyload.engine.plan;

import io.copyload.engine.store.TargetType;
import java.util.List;

/**
 * The target of a COPY as planning sees it, free of the database's classes.
 *
 * @param name bare name for messages, as the user's dialect would print it
 * @param columns all columns, in table order
 */
public record TargetTable(String name, List<Column> columns) {
  /**
   * @param name name for messages, as the user's dialect would print it
   * @param storedName name in the database
   * @param visible whether a COPY without a column list fills it
   * @param generated whether it is computed from other columns, so that no COPY may fill it
   */
  public record Column(
      String name,
      String storedName,
      TargetType type,
      boolean notNull,
      boolean visible,
      boolean generated,
      boolean identity) {}

  public TargetTable {
    columns = List.copyOf(columns);
  }
}

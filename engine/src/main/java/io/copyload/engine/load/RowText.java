package io.copyload.engine.load;

import io.copyload.engine.store.ColumnVector;

/** Text of whole rows for messages. Threads: any. */
public interface RowText {
  /**
   * PostgreSQL's detail about a row that a constraint refuses, with the values of all columns of
   * the table: {@code Failing row contains (1, null, x).}
   *
   * @param vectors one per {@link LoadPlan#columns} entry
   */
  String failingRow(ColumnVector[] vectors, int row);
}

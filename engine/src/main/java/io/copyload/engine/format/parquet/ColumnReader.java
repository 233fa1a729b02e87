package io.copyload.engine.format.parquet;

import io.copyload.engine.store.ColumnVector;
import java.io.Closeable;
import java.io.IOException;

/** Reads one target column of a row group, row by row. Threads: one. */
interface ColumnReader extends Closeable {
  /** Fills rows 0 to count - 1 with the column's next rows. */
  void read(ColumnVector out, int count) throws IOException;
}

package io.copyload.engine.format.orc;

import io.copyload.engine.store.ColumnVector;
import java.io.IOException;

/** Decodes the values of a column. Threads: one. */
interface ValueDecoder {
  /** Fills those of the first rows that are not NULL. */
  void read(ColumnVector out, int count) throws IOException;
}

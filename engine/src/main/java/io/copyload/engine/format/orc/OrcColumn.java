package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import java.io.IOException;

/** Reads one column of a stripe, value by value. Threads: one. */
abstract class OrcColumn {
  /** Null when no value is NULL. */
  private final BooleanRuns present;

  OrcColumn(BooleanRuns present) {
    this.present = present;
  }

  final boolean nextIsNull() throws IOException {
    return present != null && !present.next();
  }

  final void nextNulls(boolean[] nulls, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      nulls[i] = nextIsNull();
    }
  }

  /**
   * How many of the next rows the column can give at once without more heap than it may take.
   *
   * @return from 1 to {@code want}
   */
  abstract int prepare(int want) throws IOException;

  /** Fills the first rows of a vector, at most as many as were prepared. */
  abstract void read(ColumnVector out, int count) throws IOException;

  /** Appends the next value. Not used together with {@link #read}. */
  final void append(NestedText text) throws IOException {
    if (nextIsNull()) {
      text.appendNull();
    } else {
      appendPresent(text);
    }
  }

  /** Appends the next value, which is not NULL. */
  abstract void appendPresent(NestedText text) throws IOException;
}

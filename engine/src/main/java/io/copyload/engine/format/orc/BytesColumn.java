package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;

/**
 * A column of texts or bytes that stand one behind the other, their lengths apart. Lengths are read
 * ahead, so that rows are given only as far as their bytes fit. Threads: one.
 */
final class BytesColumn extends OrcColumn {
  /** Most bytes that are made room for before they are read. */
  private static final int STEP = 64 << 10;

  private final StreamInput data;
  private final IntegerRuns lengths;
  private final TextRule rule;
  private final int mostBytes;
  private final ColumnVector one;

  private boolean[] nulls = new boolean[0];
  private int[] waiting = new int[0];
  private int begin;
  private int end;

  /**
   * @param mostBytes of the rows given at once, but for a single one, and of each value
   */
  BytesColumn(
      BooleanRuns present,
      TargetType type,
      TextRule rule,
      StreamInput data,
      IntegerRuns lengths,
      int mostBytes) {
    super(present);
    this.rule = rule;
    this.data = data;
    this.lengths = lengths;
    this.mostBytes = mostBytes;
    one = new ColumnVector(type, 1);
  }

  @Override
  int prepare(int want) throws IOException {
    if (nulls.length < want) {
      nulls = java.util.Arrays.copyOf(nulls, want);
      waiting = java.util.Arrays.copyOf(waiting, want);
    }
    System.arraycopy(nulls, begin, nulls, 0, end - begin);
    System.arraycopy(waiting, begin, waiting, 0, end - begin);
    end -= begin;
    begin = 0;
    for (; end < want; end++) {
      nulls[end] = nextIsNull();
      waiting[end] = nulls[end] ? 0 : lengths.nextCount(mostBytes, "the length of a value");
    }
    long sum = 0;
    for (int i = 0; i < want; i++) {
      sum += waiting[i];
      if (sum > mostBytes && i > 0) {
        return i;
      }
    }
    return want;
  }

  @Override
  void read(ColumnVector out, int count) throws IOException {
    out.useHeap();
    for (int row = 0; row < count; row++, begin++) {
      out.nulls[row] = nulls[begin];
      if (!nulls[begin]) {
        value(out, row, waiting[begin]);
      }
    }
  }

  private void value(ColumnVector out, int row, int length) throws IOException {
    byte[] heap = out.reserve(Math.min(length, STEP));
    int at = out.heapSize();
    int done = 0;
    while (done < length) {
      // What a damaged length claims is not allocated before it is there.
      int part = Math.min(length - done, Math.max(STEP, done));
      heap = out.reserve(done + part);
      data.readFully(heap, at + done, part);
      done += part;
    }
    out.commit(row, rule.lengthOf(heap, at, length));
  }

  @Override
  void appendPresent(NestedText text) throws IOException {
    one.useHeap();
    value(one, 0, lengths.nextCount(mostBytes, "the length of a value"));
    text.value(one);
  }
}

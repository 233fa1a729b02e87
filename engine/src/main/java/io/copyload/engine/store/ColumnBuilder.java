package io.copyload.engine.store;

import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneEncoder;
import java.util.Arrays;

/**
 * The values of one column of the open row group. Threads: one owner.
 *
 * <p>A subclass keeps the values; this class keeps which rows are NULL.
 */
abstract class ColumnBuilder {
  /** Rows for which arrays are made at first. */
  static final int FIRST_ROWS = 1024;

  /** Never written. */
  private static final boolean[] NO_NULLS = new boolean[FIRST_ROWS];

  private long[] nullBits = new long[FIRST_ROWS / Long.SIZE];

  int rowCount;
  int nullCount;

  /**
   * A builder for a column.
   *
   * @param encoding how the chunks are to be written, or null to choose by what is in each
   */
  static ColumnBuilder of(TargetType type, ColumnEncoding encoding) {
    ColumnEncoding suited = encoding != null && encoding.suits(type) ? encoding : null;
    return type.isBytes()
        ? new ByteColumnBuilder(type, suited)
        : new LaneColumnBuilder(type, suited);
  }

  /** Version of the chunk format that the encoding needs. */
  abstract int version();

  /**
   * Appends {@code vector}'s rows {@code selection[from .. to)}, or {@code from .. to} when there
   * is no selection. The row group has room for them.
   */
  abstract void append(ColumnVector vector, int[] selection, int from, int to);

  /** Heap bytes in use that grow with the row group. */
  abstract long heapBytes();

  /** Writes the block of values. Called only when a row is not NULL. */
  abstract void encode(LaneEncoder lanes, ByteStringEncoder byteStrings, ChunkOutput out);

  /** Facts about the chunk. Called only when a row is not NULL, after {@link #encode}. */
  abstract ChunkInfo info(ChunkOutput out);

  /** Number of lanes, 0 for bytes. */
  abstract int laneCount();

  /** Forgets all rows; gives back arrays that hold more than {@code keepBytes}. */
  void clear(long keepBytes) {
    if (nullCount > 0) {
      Arrays.fill(nullBits, 0);
    }
    rowCount = 0;
    nullCount = 0;
  }

  /**
   * Bit {@code row & 63} of word {@code row >> 6} is set where a row is NULL; covers the first
   * {@code rows} rows.
   */
  final long[] nullBits(int rows) {
    int words = (rows + Long.SIZE - 1) / Long.SIZE;
    if (words > nullBits.length) {
      nullBits = Arrays.copyOf(nullBits, Math.max(words, nullBits.length * 2));
    }
    return nullBits;
  }

  /** {@link #nullBits(int)} has been called with more than {@code row}. */
  final void setNull(int row) {
    nullBits[row >> 6] |= 1L << row;
    nullCount++;
  }

  final boolean isNull(int row) {
    return nullCount > 0 && (nullBits(row + 1)[row >> 6] >>> row & 1) != 0;
  }

  /** Whether no row of the vector from {@code begin} to {@code end} is NULL. */
  static boolean hasNoNulls(boolean[] nulls, int begin, int end) {
    for (int at = begin; at < end; at += FIRST_ROWS) {
      int n = Math.min(FIRST_ROWS, end - at);
      if (Arrays.mismatch(nulls, at, at + n, NO_NULLS, 0, n) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** Size for an array of {@code length} that must hold {@code needed} rows. */
  static int grown(int length, int needed) {
    return Math.min(
        RowGroupWriter.MAX_ROWS, Math.max(needed, Math.max(FIRST_ROWS, length + (length >> 1))));
  }
}

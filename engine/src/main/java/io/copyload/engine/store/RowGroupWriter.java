package io.copyload.engine.store;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Builds the row groups of one segment from column vectors and puts them into a byte store as they fill up.
 *
 * <p>Threads: one owner; the writers of one segment's slices share only {@code rowGroupNumbers} and the store.
 */
public final class RowGroupWriter {
  /** Most rows of a row group. */
  public static final int MAX_ROWS = 1 << 17;

  /**
   * @param rowGroupNumbers hands out {@link RowGroupInfo#number}; shared by all writers of the segment
   * @param columnIds {@link ChunkKey#column} of each column
   * @param memoryBytes most bytes of heap to hold before a row group is closed early
   */
  public RowGroupWriter(
      ByteStore store,
      int tableId,
      long segmentId,
      AtomicInteger rowGroupNumbers,
      List<Integer> columnIds,
      List<TargetType> types,
      long memoryBytes) {
    throw new UnsupportedOperationException();
  }

  /**
   * Appends rows.
   *
   * @param columns one vector per column
   * @param selection the vectors' rows to take, ascending; null takes rows 0 to count - 1
   * @param count number of rows
   */
  public void append(ColumnVector[] columns, int[] selection, int count) {
    throw new UnsupportedOperationException();
  }

  /** Closes the open row group and returns all row groups since the last call, in row order. */
  public List<RowGroupInfo> finish() {
    throw new UnsupportedOperationException();
  }
}

package io.copyload.engine.store;

import io.copyload.engine.store.encoding.ByteStringEncoder;
import io.copyload.engine.store.encoding.ChunkOutput;
import io.copyload.engine.store.encoding.LaneEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Builds the row groups of one segment from column vectors and puts them into a byte store as they
 * fill up.
 *
 * <p>Threads: one owner; the writers of one segment's slices share only {@code rowGroupNumbers} and
 * the store.
 */
public final class RowGroupWriter {
  /** Most rows of a row group. */
  public static final int MAX_ROWS = 1 << 17;

  /** Most bytes of values of one column chunk, unless a single row has more. */
  static final int MAX_CHUNK_BYTES = 1 << 29;

  /** Rows appended between looks at the memory. */
  private static final int STEP_ROWS = 2048;

  private final ByteStore store;
  private final int tableId;
  private final long segmentId;
  private final AtomicInteger rowGroupNumbers;
  private final int[] columnIds;
  private final ColumnBuilder[] builders;
  private final long memoryBytes;
  private final LaneEncoder lanes = new LaneEncoder();
  private final ByteStringEncoder byteStrings = new ByteStringEncoder(lanes);
  private final ChunkOutput out = new ChunkOutput(StoredValue.PART_BYTES);
  private final List<RowGroupInfo> finished = new ArrayList<>();
  private int rowCount;

  /**
   * @param rowGroupNumbers hands out {@link RowGroupInfo#number}; shared by all writers of the
   *     segment
   * @param columnIds {@link ChunkKey#column} of each column
   * @param memoryBytes most bytes of heap to hold before a row group is closed early, besides some
   *     5 MiB of scratch space of the encoders; up to 2048 rows may go over it
   */
  public RowGroupWriter(
      ByteStore store,
      int tableId,
      long segmentId,
      AtomicInteger rowGroupNumbers,
      List<Integer> columnIds,
      List<TargetType> types,
      long memoryBytes) {
    this(
        store,
        tableId,
        segmentId,
        rowGroupNumbers,
        columnIds,
        types,
        Collections.nCopies(types.size(), null),
        memoryBytes);
  }

  /**
   * @param encodings how each column is to be stored; null where what is in it decides
   */
  public RowGroupWriter(
      ByteStore store,
      int tableId,
      long segmentId,
      AtomicInteger rowGroupNumbers,
      List<Integer> columnIds,
      List<TargetType> types,
      List<ColumnEncoding> encodings,
      long memoryBytes) {
    this.store = Objects.requireNonNull(store, "store");
    this.tableId = tableId;
    this.segmentId = segmentId;
    this.rowGroupNumbers = Objects.requireNonNull(rowGroupNumbers, "rowGroupNumbers");
    if (columnIds.size() != types.size()) {
      throw new IllegalArgumentException("as many column ids as types are needed");
    }
    this.columnIds = new int[types.size()];
    builders = new ColumnBuilder[types.size()];
    for (int i = 0; i < builders.length; i++) {
      this.columnIds[i] = columnIds.get(i);
      builders[i] = ColumnBuilder.of(types.get(i), encodings.get(i));
    }
    this.memoryBytes = memoryBytes;
  }

  /**
   * Appends rows.
   *
   * @param columns one vector per column
   * @param selection the vectors' rows to take, ascending; null takes rows 0 to count - 1
   * @param count number of rows
   */
  public void append(ColumnVector[] columns, int[] selection, int count) {
    if (columns.length != builders.length) {
      throw new IllegalArgumentException(
          "got " + columns.length + " columns instead of " + builders.length);
    }
    int from = 0;
    while (from < count) {
      int to = Math.min(count, from + Math.min(STEP_ROWS, MAX_ROWS - rowCount));
      to = fitBytes(columns, selection, from, to);
      for (int i = 0; i < builders.length; i++) {
        builders[i].append(columns[i], selection, from, to);
      }
      rowCount += to - from;
      from = to;
      // Arrays grow by half when they are full, so what they take is up to one and a half times
      // what is in use.
      if (rowCount == MAX_ROWS || heapBytes() * 3 / 2 >= memoryBytes) {
        closeRowGroup();
      }
    }
  }

  /** Closes the open row group and returns all row groups since the last call, in row order. */
  public List<RowGroupInfo> finish() {
    closeRowGroup();
    List<RowGroupInfo> result = List.copyOf(finished);
    finished.clear();
    return result;
  }

  /**
   * Returns the end of the rows that can be taken without a column of bytes outgrowing {@link
   * #MAX_CHUNK_BYTES}. Closes the row group when not even the first one fits.
   */
  private int fitBytes(ColumnVector[] columns, int[] selection, int from, int to) {
    int end = to;
    for (int i = 0; i < builders.length; i++) {
      if (builders[i].laneCount() == 0) {
        ColumnVector vector = columns[i];
        if (fits(vector, selection, from, end, builders[i].heapBytes())) {
          continue;
        }
        if (rowCount > 0) {
          closeRowGroup();
        }
        while (end - from > 1 && !fits(vector, selection, from, end, 0)) {
          end = from + (end - from) / 2;
        }
      }
    }
    return end;
  }

  private static boolean fits(
      ColumnVector vector, int[] selection, int from, int to, long heapBytes) {
    int[] length = vector.length;
    if (selection == null) {
      // What NULL rows have for a length is anything: only if that makes no sense is it worth a
      // look at which are NULL.
      long all = heapBytes;
      for (int i = from; i < to; i++) {
        all += length[i] & 0xffffffffL;
      }
      if (all <= MAX_CHUNK_BYTES) {
        return true;
      }
    }
    long sum = heapBytes;
    boolean[] nulls = vector.nulls;
    for (int i = from; i < to; i++) {
      int row = selection == null ? i : selection[i];
      sum += nulls[row] ? 0 : length[row];
    }
    return sum <= MAX_CHUNK_BYTES;
  }

  private long heapBytes() {
    long sum = 0;
    for (ColumnBuilder builder : builders) {
      sum += builder.heapBytes();
    }
    return sum;
  }

  private void closeRowGroup() {
    if (rowCount == 0) {
      return;
    }
    int number = rowGroupNumbers.getAndIncrement();
    List<ChunkInfo> chunks = new ArrayList<>(builders.length);
    for (int i = 0; i < builders.length; i++) {
      int column = columnIds[i];
      out.begin(
          (part, bytes) ->
              store.put(new ChunkKey(tableId, segmentId, number, column, part), bytes));
      chunks.add(ColumnChunk.write(builders[i], lanes, byteStrings, out));
      builders[i].clear(memoryBytes / 4);
    }
    finished.add(new RowGroupInfo(number, rowCount, chunks));
    rowCount = 0;
  }
}

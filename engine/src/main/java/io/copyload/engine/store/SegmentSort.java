package io.copyload.engine.store;

import io.copyload.engine.CancelToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Brings the rows of a segment into the order of a key: ascending, NULLs last, and rows with equal
 * keys in the order that they had. So the result does not depend on how the rows were cut into row
 * groups.
 *
 * <p>As many row groups as the memory allows are decoded at a time and merged; where that is not
 * all of them, they are written as runs of small row groups, and runs are merged until one is left.
 * Heap: the memory that is given, one row group, and the scratch space of encoders. Threads: one
 * owner.
 */
public final class SegmentSort {
  private static final int BATCH_ROWS = 2048;
  private static final int BATCH_BYTES = 4 << 20;

  /** Heap of the open row group of a run: so much of each run is in memory when runs are merged. */
  private static final int RUN_BLOCK_BYTES = 512 << 10;

  private final ByteStore store;
  private final List<ColumnEncoding> encodings;
  private final KeyOrder order;
  private final long memoryBytes;
  private final CancelToken cancel;
  private final LongSupplier newSegment;
  private final LongConsumer abandonSegment;

  /** Numbers, types and columns of the segments. */
  private final SegmentInfo original;

  private final List<Long> temporary = new ArrayList<>();

  /** For all runs, as several may be in one segment. */
  private final AtomicInteger rowGroupNumbers = new AtomicInteger();

  /**
   * What was made.
   *
   * @param segmentId the given segment's when its rows were in order
   */
  public record Result(long segmentId, List<RowGroupInfo> rowGroups) {}

  /** Row groups whose rows are in order, of one segment. */
  private record Run(long segmentId, List<RowGroupInfo> rowGroups) {}

  /**
   * @param original the segment; its row groups need not be published
   * @param encodings how columns are to be stored, null where what is in them decides
   * @param keyColumns indexes of columns, most significant first, at least one
   * @param newSegment gives ids under which row groups may be written
   * @param abandonSegment takes those that are not needed any more
   */
  public SegmentSort(
      ByteStore store,
      SegmentInfo original,
      List<ColumnEncoding> encodings,
      List<Integer> keyColumns,
      long memoryBytes,
      LongSupplier newSegment,
      LongConsumer abandonSegment,
      CancelToken cancel) {
    this.store = store;
    this.original = original;
    this.encodings = new ArrayList<>(encodings);
    this.order = new KeyOrder(original.types(), keyColumns);
    this.memoryBytes = memoryBytes;
    this.newSegment = newSegment;
    this.abandonSegment = abandonSegment;
    this.cancel = cancel;
  }

  /** Sorts. The original segment stays as it is, for the caller to abandon. */
  public Result run() {
    if (isSorted()) {
      return new Result(original.segmentId(), original.rowGroups());
    }
    long result = newSegment.getAsLong();
    boolean done = false;
    try {
      List<RowGroupInfo> groups = sort(result);
      done = true;
      return new Result(result, groups);
    } finally {
      temporary.forEach(abandonSegment::accept);
      if (!done) {
        abandonSegment.accept(result);
      }
    }
  }

  /** Looks at the key only, one row group and the one before it at a time. */
  private boolean isSorted() {
    SegmentReader reader = reader(original.segmentId(), original.rowGroups());
    DecodedColumn[] before = null;
    long lastPrefix = 0;
    int lastRow = 0;
    for (int group = 0; group < original.rowGroups().size(); group++) {
      cancel.check();
      int rowCount = original.rowGroups().get(group).rowCount();
      DecodedColumn[] columns = new DecodedColumn[original.types().size()];
      for (int key : order.keyColumns()) {
        columns[key] = reader.column(group, key);
      }
      long[] prefixes = order.prefixes(columns, rowCount);
      for (int row = 0; row < rowCount; row++) {
        if (before != null
            && (lastPrefix > prefixes[row]
                || lastPrefix == prefixes[row]
                    && order.compare(before, lastRow, columns, row) > 0)) {
          return false;
        }
        before = columns;
        lastPrefix = prefixes[row];
        lastRow = row;
      }
    }
    return true;
  }

  private List<RowGroupInfo> sort(long result) {
    List<Run> runs = new ArrayList<>();
    List<Cursor> batch = new ArrayList<>();
    SegmentReader reader = reader(original.segmentId(), original.rowGroups());
    long runSegment = 0;
    long held = 0;
    for (int group = 0; group < original.rowGroups().size(); group++) {
      cancel.check();
      if (held > memoryBytes / 2) {
        runSegment = runSegment == 0 ? temporarySegment() : runSegment;
        runs.add(new Run(runSegment, merge(batch, runWriter(runSegment))));
        batch.clear();
        held = 0;
      }
      Cursor cursor = new SortedGroup(batch.size(), reader, group);
      held += cursor.heapBytes();
      batch.add(cursor);
    }
    if (runs.isEmpty()) {
      return merge(batch, resultWriter(result));
    }
    runs.add(new Run(runSegment, merge(batch, runWriter(runSegment))));
    batch.clear();
    int fanIn = (int) Math.max(2, Math.min(1 << 10, memoryBytes / 2 / (2 * RUN_BLOCK_BYTES)));
    while (runs.size() > fanIn) {
      runs = mergeLevel(runs, fanIn);
    }
    return merge(cursors(runs), resultWriter(result));
  }

  private List<Run> mergeLevel(List<Run> runs, int fanIn) {
    List<Run> longer = new ArrayList<>();
    List<Long> done = List.copyOf(temporary);
    long segment = temporarySegment();
    for (int from = 0; from < runs.size(); from += fanIn) {
      List<Run> some = runs.subList(from, Math.min(runs.size(), from + fanIn));
      longer.add(new Run(segment, merge(cursors(some), runWriter(segment))));
    }
    for (long old : done) {
      abandonSegment.accept(old);
      temporary.remove(Long.valueOf(old));
    }
    return longer;
  }

  private List<Cursor> cursors(List<Run> runs) {
    List<Cursor> cursors = new ArrayList<>();
    for (Run run : runs) {
      cursors.add(new RunCursor(cursors.size(), run));
    }
    return cursors;
  }

  private long temporarySegment() {
    long segment = newSegment.getAsLong();
    temporary.add(segment);
    return segment;
  }

  private SegmentReader reader(long segmentId, List<RowGroupInfo> groups) {
    long rowCount = 0;
    for (RowGroupInfo group : groups) {
      rowCount += group.rowCount();
    }
    return new SegmentReader(
        store,
        new ChunkCache(0),
        new SegmentInfo(
            original.tableId(),
            segmentId,
            0,
            rowCount,
            original.columnIds(),
            original.types(),
            groups));
  }

  private RowGroupWriter runWriter(long segmentId) {
    return new RowGroupWriter(
        store,
        original.tableId(),
        segmentId,
        rowGroupNumbers,
        original.columnIds(),
        original.types(),
        RUN_BLOCK_BYTES);
  }

  private RowGroupWriter resultWriter(long segmentId) {
    return new RowGroupWriter(
        store,
        original.tableId(),
        segmentId,
        new AtomicInteger(),
        original.columnIds(),
        original.types(),
        encodings,
        Math.max(memoryBytes / 4, RUN_BLOCK_BYTES));
  }

  /** Writes the rows of all cursors in order. */
  private List<RowGroupInfo> merge(List<Cursor> cursors, RowGroupWriter writer) {
    PriorityQueue<Cursor> queue = new PriorityQueue<>(Math.max(1, cursors.size()));
    for (Cursor cursor : cursors) {
      if (cursor.next()) {
        queue.add(cursor);
      }
    }
    Batch batch = new Batch(writer);
    while (!queue.isEmpty()) {
      Cursor first = queue.poll();
      Cursor second = queue.peek();
      boolean more;
      do {
        batch.add(first);
        more = first.next();
      } while (more && (second == null || first.compareTo(second) < 0));
      if (more) {
        queue.add(first);
      }
    }
    batch.flush();
    return writer.finish();
  }

  /** A place in rows that are in order. */
  private abstract class Cursor implements Comparable<Cursor> {
    /** Rows of an earlier one come first among equals. */
    private final int index;

    DecodedColumn[] columns;
    long[] prefixes;
    int row;

    Cursor(int index) {
      this.index = index;
    }

    /** Moves to the next row; false when there is none. */
    abstract boolean next();

    void load(SegmentReader reader, int group) {
      columns = new DecodedColumn[original.types().size()];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = reader.column(group, i);
      }
      prefixes = order.prefixes(columns, reader.info().rowGroups().get(group).rowCount());
    }

    long heapBytes() {
      return Arrays.stream(columns).mapToLong(DecodedColumn::heapBytes).sum()
          + (Long.BYTES + 2L * Integer.BYTES) * prefixes.length;
    }

    @Override
    public int compareTo(Cursor other) {
      int byPrefix = Long.compare(prefixes[row], other.prefixes[other.row]);
      if (byPrefix != 0) {
        return byPrefix;
      }
      int byKey = order.compare(columns, row, other.columns, other.row);
      return byKey != 0 ? byKey : Integer.compare(index, other.index);
    }
  }

  /** A row group in memory, in the order of its rows' keys. */
  private final class SortedGroup extends Cursor {
    private final int[] rows;
    private int next;

    SortedGroup(int index, SegmentReader reader, int group) {
      super(index);
      load(reader, group);
      rows = order.sorted(columns, prefixes.length, prefixes);
    }

    @Override
    boolean next() {
      if (next == rows.length) {
        columns = null;
        return false;
      }
      row = rows[next++];
      return true;
    }
  }

  /** The row groups of a run, one at a time. */
  private final class RunCursor extends Cursor {
    private final SegmentReader reader;
    private int group = -1;
    private int rowCount;

    RunCursor(int index, Run run) {
      super(index);
      reader = reader(run.segmentId(), run.rowGroups());
      row = -1;
    }

    @Override
    boolean next() {
      row++;
      while (row == rowCount) {
        if (++group == reader.info().rowGroups().size()) {
          columns = null;
          return false;
        }
        load(reader, group);
        rowCount = reader.info().rowGroups().get(group).rowCount();
        row = 0;
      }
      return true;
    }
  }

  /** Rows on their way to the writer. */
  private final class Batch {
    private final RowGroupWriter writer;
    private final ColumnVector[] vectors;
    private int count;

    Batch(RowGroupWriter writer) {
      this.writer = writer;
      vectors = new ColumnVector[original.types().size()];
      for (int i = 0; i < vectors.length; i++) {
        vectors[i] = new ColumnVector(original.types().get(i), BATCH_ROWS);
        vectors[i].useHeap();
      }
    }

    void add(Cursor from) {
      long heap = 0;
      int row = from.row;
      for (int i = 0; i < vectors.length; i++) {
        ColumnVector to = vectors[i];
        DecodedColumn column = from.columns[i];
        boolean isNull = column.isNull(row);
        to.nulls[count] = isNull;
        if (isNull) {
          continue;
        }
        if (to.begin != null) {
          to.append(count, column.bytes(), column.begin(row), column.length(row));
          heap += to.heapSize();
        } else {
          for (int lane = 0; lane < to.lanes.length; lane++) {
            to.lanes[lane][count] = column.lane(lane, row);
          }
        }
      }
      count++;
      if (count == BATCH_ROWS || heap > BATCH_BYTES) {
        flush();
      }
    }

    void flush() {
      cancel.check();
      if (count > 0) {
        writer.append(vectors, null, count);
        count = 0;
        for (ColumnVector vector : vectors) {
          vector.useHeap();
        }
      }
    }
  }
}

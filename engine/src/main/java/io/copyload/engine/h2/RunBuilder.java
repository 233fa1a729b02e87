package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sorts a segment's rows for an index. A segment that is in order as it is stored costs one pass and no memory; any
 * other is cut into blocks of whole row groups, each sorted by a radix sort of 64-bit prefixes and, where these leave
 * ties, by comparing stored values. Holds the index's columns of one block and about 24 bytes per row of it.
 */
final class RunBuilder {
  private final Segment segment;
  private final RowOrder order;
  private final int[] columnIds;
  private final int columnCount;
  private final int uniqueColumnCount;

  /** Receives each block's order to store it, and returns how to read it back. */
  interface Sink {
    Supplier<int[]> store(int block, int[] order);
  }

  RunBuilder(Segment segment, RowOrder order, int uniqueColumnCount) {
    this.segment = segment;
    this.order = order;
    this.columnIds = order.columnIds();
    this.columnCount = columnIds.length;
    this.uniqueColumnCount = uniqueColumnCount;
  }

  SortedRun build(Sink sink) {
    List<SortedRun.Block> blocks = new ArrayList<>();
    int groups = segment.groupCount();
    if (segment.rowCount() <= Integer.MAX_VALUE) {
      int state = storedOrder(0, groups);
      if (state > 0) {
        blocks.add(
            new SortedRun.Block(0, (int) segment.rowCount(), state == STRICT, null, null));
        return new SortedRun(blocks);
      }
    }
    for (int begin = 0; begin < groups; ) {
      int end = begin;
      long rows = 0;
      while (end < groups
          && (end == begin
              || rows + segment.group(end).rowCount() <= SortedRun.MAX_BLOCK_ROWS)) {
        rows += segment.group(end++).rowCount();
      }
      int state = storedOrder(begin, end);
      if (state > 0) {
        blocks.add(
            new SortedRun.Block(segment.firstRow(begin), (int) rows, state == STRICT, null, null));
      } else {
        Sorter sorter = new Sorter(begin, end, (int) rows);
        int[] sorted = sorter.sort();
        boolean distinct = sorter.isDistinct(sorted);
        Supplier<int[]> loader = sink.store(blocks.size(), sorted);
        blocks.add(
            new SortedRun.Block(segment.firstRow(begin), (int) rows, distinct, sorted, loader));
      }
      begin = end;
    }
    return new SortedRun(blocks);
  }

  private static final int SORTED = 1;
  private static final int STRICT = 2;

  /** 0 when rows are out of order, {@link #SORTED}, or {@link #STRICT} when also no two have one unique key. */
  private int storedOrder(int beginGroup, int endGroup) {
    DecodedColumn[] columns = new DecodedColumn[columnCount];
    DecodedColumn[] before = null;
    int lastRow = 0;
    boolean strict = uniqueColumnCount > 0;
    for (int g = beginGroup; g < endGroup; g++) {
      for (int c = 0; c < columnCount; c++) {
        columns[c] = segment.column(g, columnIds[c]);
      }
      int rows = segment.group(g).rowCount();
      if (rows == 0) {
        continue;
      }
      if (before != null) {
        int compared = order.compare(before, lastRow, columns, 0, columnCount);
        if (compared > 0) {
          return 0;
        }
        strict = strict && order.compare(before, lastRow, columns, 0, uniqueColumnCount) < 0;
      }
      for (int r = 1; r < rows; r++) {
        int compared = order.compare(columns, r - 1, columns, r, columnCount);
        if (compared > 0) {
          return 0;
        }
        if (strict
            && (compared == 0
                || uniqueColumnCount < columnCount
                    && order.compare(columns, r - 1, columns, r, uniqueColumnCount) == 0)) {
          strict = false;
        }
      }
      before = columns.clone();
      lastRow = rows - 1;
    }
    return strict ? STRICT : SORTED;
  }

  /** One block at work. */
  private final class Sorter {
    private final int beginGroup;
    private final int rowCount;

    /** Columns by row group, then index column. */
    private final DecodedColumn[][] columns;

    /** First row of each row group within the block, and the end. */
    private final int[] starts;

    private int[] rows;
    private long[] keys;
    private int[] rows2;
    private long[] keys2;

    Sorter(int beginGroup, int endGroup, int rowCount) {
      this.beginGroup = beginGroup;
      this.rowCount = rowCount;
      columns = new DecodedColumn[endGroup - beginGroup][columnCount];
      starts = new int[columns.length + 1];
      for (int g = 0; g < columns.length; g++) {
        for (int c = 0; c < columnCount; c++) {
          columns[g][c] = segment.column(beginGroup + g, columnIds[c]);
        }
        starts[g + 1] = starts[g] + segment.group(beginGroup + g).rowCount();
      }
      rows = new int[rowCount];
      rows2 = new int[rowCount];
      keys = new long[rowCount];
      keys2 = new long[rowCount];
      for (int i = 0; i < rowCount; i++) {
        rows[i] = i;
      }
    }

    int[] sort() {
      boolean exact = true;
      for (int c = 0; c < columnCount; c++) {
        exact &= order.column(c).isExact();
      }
      if (exact) {
        // Stable from the last column to the first: the order of the whole.
        for (int c = columnCount - 1; c >= 0; c--) {
          sortBy(c);
        }
      } else {
        int nullCount = sortBy(0);
        int begin = order.nullsFirst(0) ? nullCount : 0;
        int end = begin + rowCount - nullCount;
        if (columnCount > 1) {
          sortTies(order.nullsFirst(0) ? 0 : end, nullCount);
        }
        for (int i = begin; i < end; ) {
          int j = i + 1;
          while (j < end && keys[j] == keys[i]) {
            j++;
          }
          sortTies(i, j - i);
          i = j;
        }
      }
      return rows;
    }

    /** Sorts stably by the prefixes of one column, NULLs apart; returns the number of NULLs. */
    private int sortBy(int c) {
      ColumnOrder values = order.column(c);
      boolean descending = order.isDescending(c);
      int nulls = 0;
      int count = 0;
      int group = 0;
      for (int i = 0; i < rowCount; i++) {
        int r = rows[i];
        if (r < starts[group] || r >= starts[group + 1]) {
          group = groupOf(r);
        }
        DecodedColumn column = columns[group][c];
        int inGroup = r - starts[group];
        if (column.isNull(inGroup)) {
          rows2[rowCount - ++nulls] = r;
        } else {
          long prefix = values.prefix(column, inGroup);
          keys[count] = descending ? ~prefix : prefix;
          rows[count++] = r;
        }
      }
      radixSort(count);
      if (nulls > 0) {
        // Backwards at the end of rows2, which radixSort left alone there or has swapped away.
        int[] nullRows = new int[nulls];
        int[] holder = nullHolder;
        for (int i = 0; i < nulls; i++) {
          nullRows[i] = holder[rowCount - 1 - i];
        }
        int at = order.nullsFirst(c) ? 0 : count;
        if (at == 0) {
          System.arraycopy(rows, 0, rows, nulls, count);
          System.arraycopy(keys, 0, keys, nulls, count);
        }
        System.arraycopy(nullRows, 0, rows, at, nulls);
      }
      return nulls;
    }

    /** The array that was rows2 when the NULLs were put aside. */
    private int[] nullHolder;

    private void radixSort(int count) {
      nullHolder = rows2;
      int[][] histograms = new int[8][256];
      for (int i = 0; i < count; i++) {
        long key = keys[i] ^ Long.MIN_VALUE;
        for (int d = 0; d < 8; d++) {
          histograms[d][(int) (key >>> 8 * d) & 0xff]++;
        }
      }
      for (int d = 0; d < 8; d++) {
        int[] histogram = histograms[d];
        int first = count == 0 ? 0 : (int) ((keys[0] ^ Long.MIN_VALUE) >>> 8 * d) & 0xff;
        if (histogram[first] == count) {
          continue;
        }
        int sum = 0;
        for (int b = 0; b < 256; b++) {
          int n = histogram[b];
          histogram[b] = sum;
          sum += n;
        }
        for (int i = 0; i < count; i++) {
          int b = (int) ((keys[i] ^ Long.MIN_VALUE) >>> 8 * d) & 0xff;
          int to = histogram[b]++;
          keys2[to] = keys[i];
          rows2[to] = rows[i];
        }
        long[] k = keys;
        keys = keys2;
        keys2 = k;
        int[] r = rows;
        rows = rows2;
        rows2 = r;
      }
    }

    private int groupOf(int row) {
      int low = 0;
      int high = columns.length - 1;
      while (low < high) {
        int middle = (low + high + 1) >>> 1;
        if (starts[middle] <= row) {
          low = middle;
        } else {
          high = middle - 1;
        }
      }
      return low;
    }

    private int compare(int a, int b) {
      int groupA = groupOf(a);
      int groupB = groupOf(b);
      int c =
          order.compare(
              columns[groupA], a - starts[groupA], columns[groupB], b - starts[groupB], columnCount);
      return c != 0 ? c : Integer.compare(a, b);
    }

    /** Merge sort by stored values; insertion sort for the many short ties. */
    private void sortTies(int begin, int count) {
      if (count < 2) {
        return;
      }
      if (count <= 12) {
        for (int i = begin + 1; i < begin + count; i++) {
          int r = rows[i];
          int j = i;
          while (j > begin && compare(rows[j - 1], r) > 0) {
            rows[j] = rows[j - 1];
            j--;
          }
          rows[j] = r;
        }
        return;
      }
      int half = count >>> 1;
      sortTies(begin, half);
      sortTies(begin + half, count - half);
      int middle = begin + half;
      int end = begin + count;
      if (compare(rows[middle - 1], rows[middle]) <= 0) {
        return;
      }
      System.arraycopy(rows, begin, rows2, begin, half);
      int i = begin;
      int j = middle;
      int to = begin;
      while (i < middle && j < end) {
        rows[to++] = compare(rows2[i], rows[j]) <= 0 ? rows2[i++] : rows[j++];
      }
      System.arraycopy(rows2, i, rows, to, middle - i);
    }

    boolean isDistinct(int[] sorted) {
      if (uniqueColumnCount == 0) {
        return false;
      }
      for (int i = 1; i < sorted.length; i++) {
        int a = sorted[i - 1];
        int b = sorted[i];
        int groupA = groupOf(a);
        int groupB = groupOf(b);
        if (order.compare(
                columns[groupA],
                a - starts[groupA],
                columns[groupB],
                b - starts[groupB],
                uniqueColumnCount)
            == 0) {
          return false;
        }
      }
      return true;
    }
  }
}

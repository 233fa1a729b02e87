package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Sorts a segment's rows for an index. A segment that is in order as it is stored costs one pass
 * and no memory; any other is cut into blocks of whole row groups, each sorted by a radix sort of
 * 64-bit prefixes and, where these leave ties, by comparing stored values. Holds the index's
 * columns of one block and about 24 bytes per row of it.
 */
final class RunBuilder {
  private final Segment segment;
  private final RowOrder order;
  private final int[] columnIds;
  private final int columnCount;
  private final int uniqueColumnCount;
  private final Runnable cancelCheck;

  /** Receives each block's order to store it, and returns how to read it back. */
  interface Sink {
    Supplier<int[]> store(int block, int[] order);
  }

  RunBuilder(Segment segment, RowOrder order, int uniqueColumnCount, Runnable cancelCheck) {
    this.cancelCheck = cancelCheck;
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
        blocks.add(new SortedRun.Block(0, (int) segment.rowCount(), state == STRICT, null, null));
        return new SortedRun(order, blocks);
      }
    }
    for (int begin = 0; begin < groups; ) {
      int end = begin;
      long rows = 0;
      while (end < groups
          && (end == begin || rows + segment.group(end).rowCount() <= SortedRun.MAX_BLOCK_ROWS)) {
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
    return new SortedRun(order, blocks);
  }

  private static final int SORTED = 1;
  private static final int STRICT = 2;

  /**
   * 0 when rows are out of order, {@link #SORTED}, or {@link #STRICT} when also no two have one
   * unique key.
   */
  private int storedOrder(int beginGroup, int endGroup) {
    DecodedColumn[] columns = new DecodedColumn[columnCount];
    DecodedColumn[] before = null;
    int lastRow = 0;
    boolean strict = uniqueColumnCount > 0;
    for (int g = beginGroup; g < endGroup; g++) {
      cancelCheck.run();
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

    private final int[] rows;
    private final long[] keys;
    private final int[] rows2;
    private final long[] keys2;
    private int lastGroup;

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

    /** Stable from the last column to the first: the order of the whole, equal rows by number. */
    int[] sort() {
      for (int c = columnCount - 1; c >= 0; c--) {
        cancelCheck.run();
        sortBy(c);
      }
      return rows;
    }

    private void sortBy(int c) {
      int nulls = 0;
      int count = 0;
      ColumnOrder values = order.column(c);
      boolean descending = order.isDescending(c);
      int[] nullRows = rows2;
      for (int i = 0; i < rowCount; i++) {
        int r = rows[i];
        int group = find(r);
        DecodedColumn column = columns[group][c];
        int inGroup = r - starts[group];
        if (column.isNull(inGroup)) {
          nullRows[rowCount - ++nulls] = r;
        } else {
          long prefix = values.prefix(column, inGroup);
          keys[count] = descending ? ~prefix : prefix;
          rows[count++] = r;
        }
      }
      // Backwards at the end of the second array, where sorting the others does not come.
      radixSort(0, count);
      if (!values.isExact()) {
        sortTies(c, 0, count, 8);
      }
      if (nulls > 0) {
        int[] saved = new int[nulls];
        for (int i = 0; i < nulls; i++) {
          saved[i] = nullRows[rowCount - 1 - i];
        }
        int at = order.nullsFirst(c) ? 0 : count;
        if (at == 0) {
          System.arraycopy(rows, 0, rows, nulls, count);
        }
        System.arraycopy(saved, 0, rows, at, nulls);
      }
    }

    /** Row group of a row, most often that of the row before. */
    private int find(int row) {
      int group = lastGroup;
      if (row < starts[group] || row >= starts[group + 1]) {
        group = groupOf(row);
        lastGroup = group;
      }
      return group;
    }

    /** Rows of one prefix: by the bytes behind it, or by comparing. */
    private void sortTies(int c, int begin, int end, int offset) {
      for (int i = begin; i < end; ) {
        int j = i + 1;
        while (j < end && keys[j] == keys[i]) {
          j++;
        }
        if (j - i > 1 && !areEqual(c, i, j)) {
          if (j - i < 64 || !order.column(c).isBytes() || !deepen(c, i, j, offset)) {
            mergeSort(c, i, j - i);
          }
        }
        i = j;
      }
    }

    private boolean areEqual(int c, int begin, int end) {
      for (int i = begin + 1; i < end; i++) {
        if (compare(c, rows[i - 1], rows[i]) != 0) {
          return false;
        }
      }
      return true;
    }

    /** Sorts byte strings that are equal up to {@code offset}; false when all of them end there. */
    private boolean deepen(int c, int begin, int end, int offset) {
      ColumnOrder values = order.column(c);
      boolean descending = order.isDescending(c);
      int at = offset;
      boolean longer = false;
      while (true) {
        boolean equal = true;
        longer = false;
        for (int i = begin; i < end; i++) {
          int r = rows[i];
          int group = find(r);
          DecodedColumn column = columns[group][c];
          longer |= column.length(r - starts[group]) > at;
          long prefix = values.prefix(column, r - starts[group], at);
          keys[i] = descending ? ~prefix : prefix;
          equal &= keys[i] == keys[begin];
        }
        if (!longer) {
          return false;
        }
        if (!equal) {
          break;
        }
        at += 8;
      }
      radixSort(begin, end);
      sortTies(c, begin, end, at + 8);
      return true;
    }

    private void radixSort(int begin, int end) {
      int count = end - begin;
      if (count < 2) {
        return;
      }
      int[][] histograms = new int[8][256];
      for (int i = begin; i < end; i++) {
        long key = keys[i] ^ Long.MIN_VALUE;
        for (int d = 0; d < 8; d++) {
          histograms[d][(int) (key >>> 8 * d) & 0xff]++;
        }
      }
      long[] k = keys;
      int[] r = rows;
      long[] k2 = keys2;
      int[] r2 = rows2;
      for (int d = 0; d < 8; d++) {
        int[] histogram = histograms[d];
        int shift = 8 * d;
        if (histogram[(int) ((k[begin] ^ Long.MIN_VALUE) >>> shift) & 0xff] == count) {
          continue;
        }
        int sum = begin;
        for (int b = 0; b < 256; b++) {
          int n = histogram[b];
          histogram[b] = sum;
          sum += n;
        }
        for (int i = begin; i < end; i++) {
          int to = histogram[(int) ((k[i] ^ Long.MIN_VALUE) >>> shift) & 0xff]++;
          k2[to] = k[i];
          r2[to] = r[i];
        }
        long[] kSwap = k;
        k = k2;
        k2 = kSwap;
        int[] rSwap = r;
        r = r2;
        r2 = rSwap;
      }
      if (r != rows) {
        System.arraycopy(r, begin, rows, begin, count);
        System.arraycopy(k, begin, keys, begin, count);
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

    private int compare(int c, int a, int b) {
      int groupA = groupOf(a);
      int groupB = groupOf(b);
      return order.compare(
          c, columns[groupA][c], a - starts[groupA], columns[groupB][c], b - starts[groupB]);
    }

    /** Stable merge sort by stored values of one column; insertion sort for the many short ties. */
    private void mergeSort(int c, int begin, int count) {
      if (count > 50_000) {
        cancelCheck.run();
      }
      if (count <= 12) {
        for (int i = begin + 1; i < begin + count; i++) {
          int r = rows[i];
          int j = i;
          while (j > begin && compare(c, rows[j - 1], r) > 0) {
            rows[j] = rows[j - 1];
            j--;
          }
          rows[j] = r;
        }
        return;
      }
      int half = count >>> 1;
      mergeSort(c, begin, half);
      mergeSort(c, begin + half, count - half);
      int middle = begin + half;
      int end = begin + count;
      if (compare(c, rows[middle - 1], rows[middle]) <= 0) {
        return;
      }
      System.arraycopy(rows, begin, rows2, begin, half);
      int i = begin;
      int j = middle;
      int to = begin;
      while (i < middle && j < end) {
        rows[to++] = compare(c, rows2[i], rows[j]) <= 0 ? rows2[i++] : rows[j++];
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

package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import org.h2.engine.Database;
import org.h2.result.SortOrder;
import org.h2.table.IndexColumn;

/** The order of an index over the stored values of one segment. Threads: any. */
final class RowOrder {
  private final ColumnOrder[] columns;
  private final int[] columnIds;
  private final boolean[] descending;
  private final boolean[] nullsFirst;

  RowOrder(Database database, IndexColumn[] indexColumns, Segment segment) {
    int n = indexColumns.length;
    columns = new ColumnOrder[n];
    columnIds = new int[n];
    descending = new boolean[n];
    nullsFirst = new boolean[n];
    for (int i = 0; i < n; i++) {
      int id = indexColumns[i].column.getColumnId();
      int sortType = indexColumns[i].sortType;
      columnIds[i] = id;
      columns[i] = ColumnOrder.of(segment.type(id), segment.codec(id), database);
      descending[i] = (sortType & SortOrder.DESCENDING) != 0;
      nullsFirst[i] = database.getDefaultNullOrdering().compareNull(true, sortType) < 0;
    }
  }

  int[] columnIds() {
    return columnIds;
  }

  ColumnOrder column(int i) {
    return columns[i];
  }

  boolean isDescending(int i) {
    return descending[i];
  }

  boolean nullsFirst(int i) {
    return nullsFirst[i];
  }

  /** Compares two rows by the first {@code count} columns of the index. */
  int compare(DecodedColumn[] a, int rowA, DecodedColumn[] b, int rowB, int count) {
    for (int i = 0; i < count; i++) {
      int c = compare(i, a[i], rowA, b[i], rowB);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  /** Compares rows of row groups by the first {@code count} columns of the index. */
  int compare(RowGroupView a, int rowA, RowGroupView b, int rowB, int count) {
    for (int i = 0; i < count; i++) {
      int c = compare(i, a.column(columnIds[i]), rowA, b.column(columnIds[i]), rowB);
      if (c != 0) {
        return c;
      }
    }
    return 0;
  }

  /** Compares two values of index column {@code i}, NULLs and direction included. */
  int compare(int i, DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
    boolean nullA = a.isNull(rowA);
    boolean nullB = b.isNull(rowB);
    if (nullA || nullB) {
      return nullA == nullB ? 0 : nullA == nullsFirst[i] ? -1 : 1;
    }
    int c = columns[i].compare(a, rowA, b, rowB);
    return descending[i] ? -c : c;
  }
}

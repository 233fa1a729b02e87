package io.copyload.engine.store;

import java.util.List;

/**
 * An immutable set of rows of one table: its row groups in row order. Row {@code i} of the segment
 * has row id {@code firstRowId + i}.
 *
 * @param segmentId identity within the table
 * @param firstRowId row id of the first row
 * @param rowCount sum of the row groups' rows
 * @param columnIds {@link ChunkKey#column} of each column, in table column order at the time of
 *     publishing
 * @param types type of each column, same order
 * @param rowGroups in row order
 */
public record SegmentInfo(
    int tableId,
    long segmentId,
    long firstRowId,
    long rowCount,
    List<Integer> columnIds,
    List<TargetType> types,
    List<RowGroupInfo> rowGroups) {
  public SegmentInfo {
    columnIds = List.copyOf(columnIds);
    types = List.copyOf(types);
    rowGroups = List.copyOf(rowGroups);
    long sum = 0;
    for (RowGroupInfo group : rowGroups) {
      sum += group.rowCount();
    }
    if (sum != rowCount) {
      throw new IllegalArgumentException("row groups have " + sum + " rows, segment " + rowCount);
    }
  }
}

package io.copyload.engine.store;

/**
 * Address of one stored value of at most {@link ByteStore#MAX_PART_BYTES}.
 *
 * @param tableId H2's object id of the table
 * @param segmentId identity of the segment within the table, never reused
 * @param rowGroup number of the row group within the segment in order of writing, or {@link
 *     #FOOTER}
 * @param column stable id of the column within the segment
 * @param part number of the part, from 0, where a column chunk is larger than one stored value
 */
public record ChunkKey(int tableId, long segmentId, int rowGroup, int column, int part)
    implements Comparable<ChunkKey> {
  /** Row group number under which a segment's footer is stored. */
  public static final int FOOTER = -1;

  @Override
  public int compareTo(ChunkKey other) {
    int c = Integer.compare(tableId, other.tableId);
    if (c == 0) {
      c = Long.compare(segmentId, other.segmentId);
    }
    if (c == 0) {
      c = Integer.compare(rowGroup, other.rowGroup);
    }
    if (c == 0) {
      c = Integer.compare(column, other.column);
    }
    return c != 0 ? c : Integer.compare(part, other.part);
  }
}

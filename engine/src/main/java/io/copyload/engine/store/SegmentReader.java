package io.copyload.engine.store;

import io.copyload.engine.store.encoding.MalformedChunkException;
import java.util.Arrays;
import java.util.Objects;

/**
 * Reads a segment's column chunks through the shared cache of decoded chunks. Threads: any.
 *
 * <p>Failures: a chunk that is missing or fails its checksum throws {@code CopyException}
 * DATA_CORRUPTED naming table, segment, row group and column.
 */
public final class SegmentReader {
  private final ByteStore store;
  private final ChunkCache cache;
  private final SegmentInfo info;

  /** First row of each row group, and the number of rows. */
  private final long[] firstRows;

  private final int[] columnIds;

  public SegmentReader(ByteStore store, ChunkCache cache, SegmentInfo info) {
    this.store = Objects.requireNonNull(store, "store");
    this.cache = Objects.requireNonNull(cache, "cache");
    this.info = info;
    int groupCount = info.rowGroups().size();
    firstRows = new long[groupCount + 1];
    for (int i = 0; i < groupCount; i++) {
      firstRows[i + 1] = firstRows[i] + info.rowGroups().get(i).rowCount();
    }
    columnIds = info.columnIds().stream().mapToInt(Integer::intValue).toArray();
  }

  public SegmentInfo info() {
    return info;
  }

  /**
   * Index in {@link SegmentInfo#rowGroups} of the row group that holds row {@code row} of the
   * segment.
   */
  public int rowGroupOf(long row) {
    if (row < 0 || row >= info.rowCount()) {
      throw new IndexOutOfBoundsException("row " + row + " of " + info.rowCount());
    }
    int index = Arrays.binarySearch(firstRows, row);
    if (index < 0) {
      return -index - 2;
    }
    // Row groups without rows share their first row with the one that has it.
    while (firstRows[index + 1] == row) {
      index++;
    }
    return index;
  }

  /** Number within the segment of the first row of a row group. */
  public long firstRow(int rowGroupIndex) {
    return firstRows[rowGroupIndex];
  }

  /**
   * @param rowGroupIndex index in {@link SegmentInfo#rowGroups}
   * @param columnIndex index in {@link SegmentInfo#columnIds}
   */
  public DecodedColumn column(int rowGroupIndex, int columnIndex) {
    RowGroupInfo group = info.rowGroups().get(rowGroupIndex);
    ChunkKey key = key(group, columnIndex);
    return cache.get(key, () -> read(key, group, columnIndex));
  }

  /** As {@link #column}, for a reader that passes over all rows once: the cache stays as it is. */
  public DecodedColumn passingColumn(int rowGroupIndex, int columnIndex) {
    RowGroupInfo group = info.rowGroups().get(rowGroupIndex);
    ChunkKey key = key(group, columnIndex);
    return cache.passing(key, () -> read(key, group, columnIndex));
  }

  private ChunkKey key(RowGroupInfo group, int columnIndex) {
    return new ChunkKey(
        info.tableId(), info.segmentId(), group.number(), columnIds[columnIndex], 0);
  }

  private DecodedColumn read(ChunkKey key, RowGroupInfo group, int columnIndex) {
    ChunkInfo chunk = group.chunks().get(columnIndex);
    byte[] bytes = StoredValue.read(store, key, chunk.byteCount());
    try {
      return ColumnChunk.decode(bytes, info.types().get(columnIndex), group.rowCount(), chunk);
    } catch (MalformedChunkException e) {
      throw StoredValue.damaged(key, e.getMessage());
    }
  }
}

package io.copyload.engine.store;

import io.copyload.engine.store.encoding.MalformedChunkException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;

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

  /**
   * As {@link #column} for several columns and a reader that passes over all rows once: the cache
   * stays as it is. The bytes are read at once, each column is decoded when it is asked for.
   *
   * @return per column what decodes it, which is to be called once
   */
  public List<Supplier<DecodedColumn>> passingColumns(int rowGroupIndex, int[] columnIndexes) {
    RowGroupInfo group = info.rowGroups().get(rowGroupIndex);
    Map<Integer, List<byte[]>> parts = new HashMap<>();
    if (columnIndexes.length > columnIds.length / 2) {
      store.forEach(
          new ChunkKey(info.tableId(), info.segmentId(), group.number(), 0, 0),
          new ChunkKey(
              info.tableId(),
              info.segmentId(),
              group.number(),
              Integer.MAX_VALUE,
              Integer.MAX_VALUE),
          (key, bytes) -> {
            List<byte[]> ofColumn = parts.computeIfAbsent(key.column(), c -> new ArrayList<>());
            while (ofColumn.size() < key.part()) {
              ofColumn.add(null);
            }
            ofColumn.add(bytes);
          });
    }
    List<Supplier<DecodedColumn>> columns = new ArrayList<>();
    for (int index : columnIndexes) {
      ChunkKey key = key(group, index);
      List<byte[]> read = parts.get(key.column());
      columns.add(
          () ->
              cache.passing(
                  key,
                  () -> read == null ? read(key, group, index) : join(key, group, index, read)));
    }
    return columns;
  }

  private ChunkKey key(RowGroupInfo group, int columnIndex) {
    return new ChunkKey(
        info.tableId(), info.segmentId(), group.number(), columnIds[columnIndex], 0);
  }

  private DecodedColumn read(ChunkKey key, RowGroupInfo group, int columnIndex) {
    int byteCount = group.chunks().get(columnIndex).byteCount();
    return decode(key, group, columnIndex, StoredValue.read(store, key, byteCount));
  }

  private DecodedColumn join(
      ChunkKey key, RowGroupInfo group, int columnIndex, List<byte[]> parts) {
    int byteCount = group.chunks().get(columnIndex).byteCount();
    return decode(key, group, columnIndex, StoredValue.join(key, parts, byteCount));
  }

  private DecodedColumn decode(ChunkKey key, RowGroupInfo group, int columnIndex, byte[] bytes) {
    ChunkInfo chunk = group.chunks().get(columnIndex);
    TargetType type = info.types().get(columnIndex);
    try {
      return ColumnChunk.decode(bytes, type, group.rowCount(), chunk);
    } catch (MalformedChunkException e) {
      throw StoredValue.damaged(key, e.getMessage());
    }
  }
}

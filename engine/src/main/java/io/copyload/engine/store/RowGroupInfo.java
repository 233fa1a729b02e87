package io.copyload.engine.store;

import java.util.List;

/**
 * Facts about one row group of a segment.
 *
 * @param number the number under which its chunks are stored ({@link ChunkKey#rowGroup})
 * @param rowCount rows in it
 * @param chunks one per column, in the order of the segment's columns
 */
public record RowGroupInfo(int number, int rowCount, List<ChunkInfo> chunks) {
  public RowGroupInfo {
    chunks = List.copyOf(chunks);
  }
}

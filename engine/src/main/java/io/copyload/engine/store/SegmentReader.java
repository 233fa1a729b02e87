package io.copyload.engine.store;

/**
 * Reads a segment's column chunks through the shared cache of decoded chunks. Threads: any.
 *
 * <p>Failures: a chunk that is missing or fails its checksum throws {@code CopyException} DATA_CORRUPTED naming table,
 * segment, row group and column.
 */
public final class SegmentReader {
  public SegmentReader(ByteStore store, ChunkCache cache, SegmentInfo info) {
    throw new UnsupportedOperationException();
  }

  public SegmentInfo info() {
    throw new UnsupportedOperationException();
  }

  /** Index in {@link SegmentInfo#rowGroups} of the row group that holds row {@code row} of the segment. */
  public int rowGroupOf(long row) {
    throw new UnsupportedOperationException();
  }

  /** Number within the segment of the first row of a row group. */
  public long firstRow(int rowGroupIndex) {
    throw new UnsupportedOperationException();
  }

  /**
   * @param rowGroupIndex index in {@link SegmentInfo#rowGroups}
   * @param columnIndex index in {@link SegmentInfo#columnIds}
   */
  public DecodedColumn column(int rowGroupIndex, int columnIndex) {
    throw new UnsupportedOperationException();
  }
}

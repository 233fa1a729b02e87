package io.copyload.engine.h2;

import java.nio.ByteBuffer;

/**
 * What a table's transactional map of segments says about one segment; the key is {@code
 * firstRowId}. All else is in the segment's footer, which is read when a row is needed.
 *
 * <p>Format: version byte 1, then segment id, first row id and row count as big-endian int64.
 */
record SegmentDescriptor(long segmentId, long firstRowId, long rowCount) {
  private static final byte VERSION = 1;
  private static final int LENGTH = 25;

  byte[] encode() {
    return ByteBuffer.allocate(LENGTH)
        .put(VERSION)
        .putLong(segmentId)
        .putLong(firstRowId)
        .putLong(rowCount)
        .array();
  }

  /** Throws IllegalArgumentException when the bytes are of no known version. */
  static SegmentDescriptor decode(byte[] bytes) {
    if (bytes.length != LENGTH || bytes[0] != VERSION) {
      throw new IllegalArgumentException("segment descriptor of an unknown version");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes, 1, LENGTH - 1);
    return new SegmentDescriptor(in.getLong(), in.getLong(), in.getLong());
  }

  long endRowId() {
    return firstRowId + rowCount;
  }

  boolean contains(long rowId) {
    return rowId >= firstRowId && rowId < endRowId();
  }
}

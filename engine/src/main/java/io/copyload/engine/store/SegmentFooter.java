package io.copyload.engine.store;

/** Writes and reads {@link SegmentInfo} under {@link ChunkKey#FOOTER}, with version and checksum. */
public final class SegmentFooter {
  private SegmentFooter() {}

  /** Puts the footer into the store. */
  public static void write(ByteStore store, SegmentInfo info) {
    throw new UnsupportedOperationException();
  }

  /** Reads the footer; {@code CopyException} DATA_CORRUPTED when it is missing or damaged. */
  public static SegmentInfo read(ByteStore store, int tableId, long segmentId) {
    throw new UnsupportedOperationException();
  }
}

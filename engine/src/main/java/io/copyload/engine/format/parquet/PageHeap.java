package io.copyload.engine.format.parquet;

/**
 * The heap that pages of one row group may take as a whole; what does not fit is read piece by
 * piece. Threads: one.
 */
final class PageHeap {
  /** Less than this is not worth another way. */
  private static final int FREE_BYTES = 1 << 10;

  private long left;

  PageHeap(long bytes) {
    left = bytes;
  }

  /** Takes a share if there is as much left. */
  boolean take(long bytes) {
    if (bytes <= FREE_BYTES) {
      return true;
    }
    if (bytes > left) {
      return false;
    }
    left -= bytes;
    return true;
  }
}

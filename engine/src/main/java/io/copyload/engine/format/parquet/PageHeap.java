package io.copyload.engine.format.parquet;

import java.io.IOException;

/**
 * The heap that pages of one row group may take. A page that does not fit as a whole is read piece
 * by piece; dictionaries and what else must be held have a limit of their own. Threads: one.
 */
final class PageHeap {
  /** Less than this is not worth another way. */
  private static final int FREE_BYTES = 1 << 10;

  private static final long LEAST_HELD_BYTES = 16 << 20;

  private long left;
  private final long held;
  private long heldLeft;

  PageHeap(long bytes) {
    left = bytes;
    held = Math.max(LEAST_HELD_BYTES, 4 * bytes);
    heldLeft = held;
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

  /**
   * Takes a share for what must be held.
   *
   * @throws IOException when there is not as much left
   */
  void hold(long bytes) throws IOException {
    if (bytes > heldLeft) {
      throw new IOException(
          "its dictionaries and pages that must be held need more than the "
              + held
              + " bytes that the memory setting allows");
    }
    heldLeft -= bytes;
  }

  void release(long bytes) {
    heldLeft += bytes;
  }
}

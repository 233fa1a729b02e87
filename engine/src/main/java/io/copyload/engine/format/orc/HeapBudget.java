package io.copyload.engine.format.orc;

import java.io.IOException;

/** The heap that one stripe may still take, asked before every allocation. Threads: one. */
final class HeapBudget {
  private final long limit;
  private long left;

  HeapBudget(long limit) {
    this.limit = limit;
    left = limit;
  }

  /**
   * Takes a share.
   *
   * @throws IOException when there is not as much left
   */
  void take(long bytes) throws IOException {
    if (bytes > left) {
      throw new IOException(
          "its stripe needs more than the "
              + limit
              + " bytes that a reader may hold; the property memory gives it more");
    }
    left -= bytes;
  }

  void giveBack(long bytes) {
    left += bytes;
  }
}

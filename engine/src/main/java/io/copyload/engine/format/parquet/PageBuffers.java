package io.copyload.engine.format.parquet;

import java.util.ArrayList;
import java.util.List;

/**
 * Byte arrays for stored and decompressed pages that the row groups of a file use one after the
 * other: new ones for each would be most of what a load allocates. Threads: any.
 */
final class PageBuffers {
  private final List<byte[]> free = new ArrayList<>();
  private final long limit;
  private long freeBytes;

  /**
   * @param limit most bytes that are kept while nobody uses them
   */
  PageBuffers(long limit) {
    this.limit = limit;
  }

  /** An array of at least so many bytes, whatever is in it. */
  synchronized byte[] take(int size) {
    int best = -1;
    for (int i = 0; i < free.size(); i++) {
      int length = free.get(i).length;
      if (length >= size && (best < 0 || length < free.get(best).length)) {
        best = i;
      }
    }
    if (best >= 0 && free.get(best).length / 2 <= size) {
      freeBytes -= free.get(best).length;
      return free.remove(best);
    }
    return new byte[size + size / 8];
  }

  /** Gives an array back that {@link #take} gave. */
  synchronized void give(byte[] buffer) {
    if (buffer.length == 0) {
      return;
    }
    // The oldest have not been wanted for longest.
    while (!free.isEmpty() && freeBytes + buffer.length > limit) {
      freeBytes -= free.remove(0).length;
    }
    if (buffer.length <= limit) {
      free.add(buffer);
      freeBytes += buffer.length;
    }
  }
}

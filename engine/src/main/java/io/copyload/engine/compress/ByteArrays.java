package io.copyload.engine.compress;

import java.util.ArrayList;
import java.util.List;

/** Arrays for reuse, a bounded number of them. Threads: any. */
final class ByteArrays {
  private final List<byte[]> free = new ArrayList<>();
  private final int most;

  ByteArrays(int most) {
    this.most = most;
  }

  /** An array of at least that length; what is in it means nothing. */
  byte[] take(int length) {
    synchronized (free) {
      for (int i = 0; i < free.size(); i++) {
        int has = free.get(i).length;
        if (has >= length && has <= 4L * length + 4096) {
          return free.remove(i);
        }
      }
    }
    return new byte[length];
  }

  /** Takes back an array; null does nothing. */
  void give(byte[] array) {
    if (array == null) {
      return;
    }
    synchronized (free) {
      if (free.size() >= most) {
        free.remove(0);
      }
      free.add(array);
    }
  }
}

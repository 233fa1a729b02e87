package io.copyload.engine.format.orc;

import java.io.IOException;

/** Bits, the most significant of a byte first, in byte runs. Threads: one. */
final class BooleanRuns {
  private final ByteRuns bytes;
  private int bits;
  private int left;

  BooleanRuns(StreamInput in) {
    bytes = new ByteRuns(in);
  }

  boolean next() throws IOException {
    if (left == 0) {
      bits = bytes.next();
      left = 8;
    }
    left--;
    return (bits >> left & 1) != 0;
  }
}

package io.copyload.engine.format.orc;

import java.io.IOException;

/** ORC's byte run length encoding. Threads: one. */
final class ByteRuns {
  private final StreamInput in;
  private boolean repeat;
  private int left;
  private byte value;

  ByteRuns(StreamInput in) {
    this.in = in;
  }

  byte next() throws IOException {
    if (left == 0) {
      int control = (byte) in.read();
      repeat = control >= 0;
      if (repeat) {
        left = control + 3;
        value = (byte) in.read();
      } else {
        left = -control;
      }
    }
    left--;
    return repeat ? value : (byte) in.read();
  }
}

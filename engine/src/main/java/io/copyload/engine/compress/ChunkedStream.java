package io.copyload.engine.compress;

import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of a library's stream, asked for in chunks of one size: what comes before a failure
 * then does not depend on the sizes that the reader asks for. Threads: one.
 */
final class ChunkedStream {
  private static final int CHUNK_BYTES = 64 << 10;

  private final InputStream stream;
  private final byte[] chunk = new byte[CHUNK_BYTES];
  private int next;
  private int end;
  private boolean ended;
  private Exception failure;

  ChunkedStream(InputStream stream) {
    this.stream = stream;
  }

  /**
   * Reads at least one byte unless at the end; returns the count, or -1 at the end.
   *
   * @throws IOException the library's failure; its unchecked ones as the cause
   */
  int read(byte[] buffer, int offset, int length) throws IOException {
    if (next == end) {
      fill();
      if (next == end) {
        if (failure instanceof IOException e) {
          throw e;
        }
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
        return -1;
      }
    }
    int count = Math.min(length, end - next);
    System.arraycopy(chunk, next, buffer, offset, count);
    next += count;
    return count;
  }

  private void fill() {
    if (ended) {
      return;
    }
    next = 0;
    end = 0;
    try {
      while (end < CHUNK_BYTES) {
        int count = stream.read(chunk, end, CHUNK_BYTES - end);
        if (count < 0) {
          ended = true;
          return;
        }
        end += count;
      }
    } catch (IOException | RuntimeException e) {
      ended = true;
      failure = e;
    }
  }
}

package io.copyload.engine.compress;

import java.io.IOException;
import java.io.InputStream;

/** Stored bytes for a library; a failure to read them is kept apart from what the library says. */
final class StoredStream extends InputStream {
  private final StoredInput in;
  private IOException failure;
  private RuntimeException stopped;

  StoredStream(StoredInput in) {
    this.in = in;
  }

  @Override
  public int read() throws IOException {
    if (!has()) {
      return -1;
    }
    int value = in.byteAt(0);
    in.skip(1);
    return value;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (!has()) {
      return -1;
    }
    int count = Math.min(length, in.available());
    System.arraycopy(in.bytes, in.next, buffer, offset, count);
    in.skip(count);
    return count;
  }

  private boolean has() throws IOException {
    try {
      return in.has(1);
    } catch (IOException e) {
      failure = e;
      throw e;
    } catch (RuntimeException e) {
      stopped = e;
      throw e;
    }
  }

  /** Throws what went wrong when the stored bytes were read, if anything did. */
  void rethrow() throws IOException {
    if (failure != null) {
      throw failure;
    }
    if (stopped != null) {
      throw stopped;
    }
  }
}

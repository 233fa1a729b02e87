package org.h2.jdbc;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The first {@code length} bytes of a stream; a stream that ends before them is an error. */
final class ExactStream extends FilterInputStream {
  private final long length;
  private long left;

  ExactStream(InputStream in, long length) {
    super(in);
    this.length = length;
    this.left = length;
  }

  @Override
  public int read() throws IOException {
    if (left == 0) {
      return -1;
    }
    int b = in.read();
    if (b < 0) {
      throw tooShort();
    }
    left--;
    return b;
  }

  @Override
  public int read(byte[] buffer, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(count, left));
    if (n < 0) {
      throw tooShort();
    }
    left -= n;
    return n;
  }

  @Override
  public long skip(long count) throws IOException {
    long n = in.skip(Math.min(count, left));
    left -= n;
    return n;
  }

  @Override
  public int available() throws IOException {
    return (int) Math.min(in.available(), left);
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  private EOFException tooShort() {
    return new EOFException(
        "the stream ended after "
            + (length - left)
            + " of the "
            + length
            + " bytes it was said to have");
  }
}

package org.h2.jdbc;

import java.io.EOFException;
import java.io.IOException;
import java.io.Reader;

/** The first {@code length} characters of a reader; a reader that ends before them is an error. */
final class ExactReader extends Reader {
  private final Reader in;
  private final long length;
  private long left;

  ExactReader(Reader in, long length) {
    this.in = in;
    this.length = length;
    this.left = length;
  }

  @Override
  public int read(char[] buffer, int offset, int count) throws IOException {
    if (count == 0) {
      return 0;
    }
    if (left == 0) {
      return -1;
    }
    int n = in.read(buffer, offset, (int) Math.min(count, left));
    if (n < 0) {
      throw new EOFException(
          "the stream ended after "
              + (length - left)
              + " of the "
              + length
              + " characters it was said to have");
    }
    left -= n;
    return n;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

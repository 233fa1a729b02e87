package io.copyload.engine.format.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Decompresses one raw block of Snappy or LZ4 piece by piece, which their libraries do as a whole
 * only. Bytes before the last 64 KB are forgotten: LZ4 cannot refer to them, and no writer of
 * Snappy does. Threads: one.
 */
final class BlockStream extends InputStream {
  private static final int HISTORY = 64 << 10;
  private static final int PIECE = 32 << 10;

  private final InputStream in;
  private final boolean snappy;

  /** The history, and behind it what has been decoded and not been read. */
  private final byte[] window = new byte[HISTORY + PIECE];

  private int begin;
  private int end;

  /** What is left of the current element: bytes to take from the input, or to copy. */
  private int literals;

  private int copies;
  private int offset;

  /** LZ4: a copy follows the literals. */
  private boolean copyFollows;

  private int token;

  /** Decoded bytes that the block still has; LZ4 does not say, and ends with its input. */
  private long left;

  private boolean atEnd;

  private BlockStream(InputStream in, boolean snappy) {
    this.in = in;
    this.snappy = snappy;
  }

  static InputStream snappy(InputStream in) throws IOException {
    BlockStream stream = new BlockStream(in, true);
    for (int shift = 0; shift < 35; shift += 7) {
      int b = stream.next();
      stream.left |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        return stream;
      }
    }
    throw new IOException("a Snappy block whose length has more than five bytes");
  }

  static InputStream lz4(InputStream in) {
    BlockStream stream = new BlockStream(in, false);
    stream.left = Long.MAX_VALUE;
    return stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int at, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (begin == end && !fill()) {
      return -1;
    }
    int count = Math.min(length, end - begin);
    System.arraycopy(window, begin, buffer, at, count);
    begin += count;
    return count;
  }

  private boolean fill() throws IOException {
    if (end > HISTORY) {
      System.arraycopy(window, end - HISTORY, window, 0, HISTORY);
      begin = HISTORY;
      end = HISTORY;
    }
    while (end < window.length && !atEnd) {
      if (literals > 0) {
        literals();
      } else if (copies > 0) {
        copies();
      } else if (snappy) {
        snappyElement();
      } else {
        lz4Element();
      }
    }
    return begin < end;
  }

  private void literals() throws IOException {
    int count = in.read(window, end, Math.min(literals, window.length - end));
    if (count <= 0) {
      throw tooShort();
    }
    literals -= count;
    took(count);
  }

  private void copies() {
    int count = Math.min(copies, window.length - end);
    if (offset >= count) {
      System.arraycopy(window, end - offset, window, end, count);
    } else {
      for (int i = end; i < end + count; i++) {
        window[i] = window[i - offset];
      }
    }
    copies -= count;
    took(count);
  }

  private void took(int count) {
    end += count;
    left -= count;
  }

  private void copy(int distance, int count) throws IOException {
    if (distance <= 0 || distance > Math.min(end, HISTORY)) {
      throw new IOException(
          "a compressed page refers to " + distance + " bytes before, which it has not");
    }
    offset = distance;
    copies = checked(count);
  }

  private int checked(int count) throws IOException {
    if (count < 0 || count > left) {
      throw new IOException("a compressed page has more bytes than it says");
    }
    return count;
  }

  private void snappyElement() throws IOException {
    if (left == 0) {
      atEnd = true;
      return;
    }
    int tag = next();
    int high = tag >>> 2;
    switch (tag & 3) {
      case 0 -> literals = checked(high < 60 ? high + 1 : number(high - 59) + 1);
      case 1 -> copy((high >>> 3) << 8 | next(), (high & 7) + 4);
      case 2 -> copy(number(2), high + 1);
      default -> copy(number(4), high + 1);
    }
  }

  private void lz4Element() throws IOException {
    if (copyFollows) {
      copyFollows = false;
      int first = in.read();
      if (first < 0) {
        // The last element has literals only.
        atEnd = true;
        return;
      }
      copy(first | next() << 8, length(token & 15) + 4);
      return;
    }
    token = in.read();
    if (token < 0) {
      atEnd = true;
      return;
    }
    literals = length(token >>> 4);
    copyFollows = true;
  }

  private int length(int nibble) throws IOException {
    long length = nibble;
    if (nibble == 15) {
      int more;
      do {
        more = next();
        length += more;
      } while (more == 255);
    }
    return (int) Math.min(length, Integer.MAX_VALUE - 8);
  }

  private int number(int bytes) throws IOException {
    int number = 0;
    for (int i = 0; i < bytes; i++) {
      number |= next() << 8 * i;
    }
    return number;
  }

  private int next() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw tooShort();
    }
    return b;
  }

  private static IOException tooShort() {
    return new EOFException("the compressed bytes of a page end too early");
  }
}

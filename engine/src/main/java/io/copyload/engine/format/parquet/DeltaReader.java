package io.copyload.engine.format.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Numbers in the encoding DELTA_BINARY_PACKED, read as a stream ("Delta Encoding" of the format's
 * Encodings page). Threads: one.
 */
final class DeltaReader {
  private static final int MAX_BLOCK_VALUES = 1 << 20;
  private static final int MAX_MINIBLOCKS = 1 << 10;

  private final InputStream in;
  private final int miniblockValues;
  private final int[] widths;

  /** Values that are not yet read. */
  private int left;

  private long value;
  private boolean first = true;
  private long minDelta;
  private int miniblock;
  private byte[] packed = new byte[0];
  private int inMiniblock;

  DeltaReader(InputStream in) throws IOException {
    this.in = in;
    long blockValues = varint();
    long miniblocks = varint();
    long count = varint();
    value = zigzag();
    if (miniblocks < 1
        || miniblocks > MAX_MINIBLOCKS
        || blockValues < 1
        || blockValues > MAX_BLOCK_VALUES
        || blockValues % miniblocks != 0
        || blockValues / miniblocks % 8 != 0
        || count < 0
        || count > Integer.MAX_VALUE) {
      throw new IOException(
          "deltas in blocks of " + blockValues + " values and " + miniblocks + " parts");
    }
    widths = new int[(int) miniblocks];
    miniblock = widths.length;
    miniblockValues = (int) (blockValues / miniblocks);
    inMiniblock = miniblockValues;
    left = (int) count;
  }

  /** Number of values that are left. */
  int left() {
    return left;
  }

  long next() throws IOException {
    if (left == 0) {
      throw new EOFException("the values of a page end before their number is reached");
    }
    left--;
    if (first) {
      first = false;
      return value;
    }
    if (inMiniblock == miniblockValues) {
      nextMiniblock();
    }
    value += minDelta + bits(inMiniblock++, widths[miniblock]);
    return value;
  }

  private void nextMiniblock() throws IOException {
    miniblock++;
    if (miniblock >= widths.length) {
      minDelta = zigzag();
      for (int i = 0; i < widths.length; i++) {
        widths[i] = read();
        if (widths[i] > 64) {
          throw new IOException("deltas of " + widths[i] + " bits");
        }
      }
      miniblock = 0;
    }
    int bytes = widths[miniblock] * (miniblockValues / 8);
    // Eight bytes more, so that a number can be taken with one load.
    if (packed.length < bytes + 9) {
      packed = new byte[bytes + 9];
    }
    if (in.readNBytes(packed, 0, bytes) < bytes) {
      throw tooShort();
    }
    inMiniblock = 0;
  }

  private long bits(int index, int width) {
    if (width == 0) {
      return 0;
    }
    long bit = (long) index * width;
    int at = (int) (bit >>> 3);
    int shift = (int) bit & 7;
    long low = Plain.int64(packed, at) >>> shift;
    if (shift + width > 64) {
      low |= (packed[at + 8] & 0xffL) << 64 - shift;
    }
    return width == 64 ? low : low & (1L << width) - 1;
  }

  private long varint() throws IOException {
    long number = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int b = read();
      number |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        return number;
      }
    }
    throw new IOException("a number of more than ten bytes");
  }

  private long zigzag() throws IOException {
    long number = varint();
    return number >>> 1 ^ -(number & 1);
  }

  private int read() throws IOException {
    int b = in.read();
    if (b < 0) {
      throw tooShort();
    }
    return b;
  }

  private static IOException tooShort() {
    return new EOFException("the deltas of a page end before their number is reached");
  }
}

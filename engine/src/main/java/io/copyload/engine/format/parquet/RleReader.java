package io.copyload.engine.format.parquet;

import java.io.IOException;
import java.util.Arrays;

/**
 * Parquet's hybrid of run lengths and bit packing, by which levels and dictionary indexes are
 * written ("RLE / bit-packing hybrid" of the format's Encodings page). Threads: one.
 */
final class RleReader {
  private byte[] bytes;
  private int position;
  private int end;
  private int width;

  private int runLeft;
  private int runValue;
  private int packedLeft;

  /** Bits of the packed run that have been read. */
  private long packedBit;

  private int packedBegin;

  /**
   * Begins a sequence.
   *
   * @param width bits of a value, 0 to 32
   */
  void begin(byte[] source, int begin, int limit, int bitWidth) throws IOException {
    if (bitWidth < 0 || bitWidth > 32) {
      throw new IOException("bit width " + bitWidth + " is out of range");
    }
    bytes = source;
    position = begin;
    end = limit;
    width = bitWidth;
    runLeft = 0;
    packedLeft = 0;
  }

  /** Reads the next values. */
  void read(int[] out, int at, int count) throws IOException {
    int to = at + count;
    int i = at;
    while (i < to) {
      if (runLeft > 0) {
        int n = Math.min(runLeft, to - i);
        Arrays.fill(out, i, i + n, runValue);
        runLeft -= n;
        i += n;
      } else if (packedLeft > 0) {
        int n = Math.min(packedLeft, to - i);
        unpack(out, i, n);
        packedLeft -= n;
        i += n;
      } else {
        nextRun();
      }
    }
  }

  private void nextRun() throws IOException {
    if (width == 0) {
      // A single possible value needs no bytes.
      runValue = 0;
      runLeft = Integer.MAX_VALUE;
      return;
    }
    long header = varint();
    if ((header & 1) == 0) {
      long length = header >>> 1;
      if (length == 0 || length > Integer.MAX_VALUE) {
        throw new IOException("a run of " + length + " values");
      }
      int valueBytes = (width + 7) / 8;
      if (end - position < valueBytes) {
        throw tooShort();
      }
      int value = 0;
      for (int i = 0; i < valueBytes; i++) {
        value |= (bytes[position++] & 0xff) << 8 * i;
      }
      runValue = value;
      runLeft = (int) length;
      return;
    }
    long groups = header >>> 1;
    // The last run may be cut short at the end of the page.
    long packedBytes = Math.min(groups * width, end - position);
    if (groups == 0 || groups > Integer.MAX_VALUE / 8 || packedBytes == 0) {
      throw tooShort();
    }
    packedBegin = position;
    packedBit = 0;
    packedLeft = (int) Math.min(groups * 8, packedBytes * 8 / width);
    position += (int) packedBytes;
    if (packedLeft == 0) {
      throw tooShort();
    }
  }

  private static IOException tooShort() {
    return new IOException("levels or dictionary indexes end before their page does");
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 36; shift += 7) {
      if (position == end) {
        throw tooShort();
      }
      byte b = bytes[position++];
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a run length of more than five bytes");
  }

  /**
   * Steps over the next {@code count} values if they are all the given one and lie in one run;
   * otherwise nothing is read.
   */
  boolean skipRun(int value, int count) throws IOException {
    if (runLeft == 0 && packedLeft == 0) {
      nextRun();
    }
    if (runLeft < count || runValue != value) {
      return false;
    }
    runLeft -= count;
    return true;
  }

  private void unpack(int[] out, int at, int count) {
    int i = at;
    int to = at + count;
    long bit = packedBit;
    int mask = (int) ((1L << width) - 1);
    // As many values a load as eight bytes hold wherever the first one begins.
    int safe = position - Long.BYTES;
    if (width <= 8) {
      while (i < to && (bit & 7) != 0) {
        out[i++] = one(bit) & mask;
        bit += width;
      }
      int p = packedBegin + (int) (bit >>> 3);
      for (; i + 8 <= to && p <= safe; i += 8, p += width) {
        long word = (long) Plain.LONGS.get(bytes, p);
        out[i] = (int) word & mask;
        out[i + 1] = (int) (word >>>= width) & mask;
        out[i + 2] = (int) (word >>>= width) & mask;
        out[i + 3] = (int) (word >>>= width) & mask;
        out[i + 4] = (int) (word >>>= width) & mask;
        out[i + 5] = (int) (word >>>= width) & mask;
        out[i + 6] = (int) (word >>>= width) & mask;
        out[i + 7] = (int) (word >>> width) & mask;
        bit += 8L * width;
      }
    } else if (width <= 14) {
      for (int p = packedBegin + (int) (bit >>> 3);
          i + 4 <= to && p <= safe;
          i += 4, p = packedBegin + (int) (bit >>> 3)) {
        long word = (long) Plain.LONGS.get(bytes, p) >>> (bit & 7);
        out[i] = (int) word & mask;
        out[i + 1] = (int) (word >>>= width) & mask;
        out[i + 2] = (int) (word >>>= width) & mask;
        out[i + 3] = (int) (word >>> width) & mask;
        bit += 4L * width;
      }
    }
    for (; i < to; i++) {
      out[i] = one(bit) & mask;
      bit += width;
    }
    packedBit = bit;
  }

  /** The value that begins at a bit, with what is behind it above. */
  private int one(long bit) {
    int p = packedBegin + (int) (bit >>> 3);
    long word = 0;
    if (p + 8 <= position) {
      word = (long) Plain.LONGS.get(bytes, p);
    } else {
      for (int k = 0; p + k < position; k++) {
        word |= (bytes[p + k] & 0xffL) << 8 * k;
      }
    }
    return (int) (word >>> (bit & 7));
  }
}

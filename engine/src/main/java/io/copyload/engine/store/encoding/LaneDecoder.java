package io.copyload.engine.store.encoding;

import java.util.Arrays;

/** Reads lane blocks. Threads: any. */
public final class LaneDecoder {
  /** Powers of ten of DECIMAL_DOUBLE and DECIMAL_FLOAT; all exact in a double. */
  static final double[] POWER_OF_TEN = {1, 10, 100, 1_000, 10_000};

  /**
   * Deepest nesting that the encoder makes: a decimal of a dictionary or of runs of packed values.
   */
  private static final int MAX_DEPTH = 3;

  private LaneDecoder() {}

  /** Reads {@code count} values; the caller vouches for {@code count} being a sane size. */
  public static long[] decode(ChunkInput in, int count) {
    return decode(in, count, MAX_DEPTH);
  }

  private static long[] decode(ChunkInput in, int count, int depth) {
    if (depth == 0) {
      throw new MalformedChunkException("its encodings are nested too deeply");
    }
    if (count == 0) {
      throw new MalformedChunkException("it has a block without values");
    }
    LaneEncoding encoding = LaneEncoding.ofTag(in.readUnsignedByte());
    long[] out = new long[count];
    switch (encoding) {
      case CONSTANT -> Arrays.fill(out, in.readLong());
      case PACKED -> {
        long base = in.readLong();
        BitPacking.unpack(in, count, base, in.readUnsignedByte(), out);
      }
      case SCALED -> {
        long base = in.readLong();
        long factor = in.readLong();
        BitPacking.unpack(in, count, 0, in.readUnsignedByte(), out);
        for (int i = 0; i < count; i++) {
          out[i] = base + out[i] * factor;
        }
      }
      case DELTA -> {
        long value = in.readLong();
        long base = in.readLong();
        BitPacking.unpack(in, count, base, in.readUnsignedByte(), out);
        // The first distance is written as the smallest one and means nothing.
        out[0] = value;
        for (int i = 1; i < count; i++) {
          value += out[i];
          out[i] = value;
        }
      }
      case ARITHMETIC -> {
        long value = in.readLong();
        long step = in.readLong();
        for (int i = 0; i < count; i++) {
          out[i] = value;
          value += step;
        }
      }
      case RUNS -> decodeRuns(in, count, depth, out);
      case DICTIONARY -> {
        int size = in.readCount(count);
        long[] entries = decode(in, size, depth - 1);
        int[] codes = new int[count];
        BitPacking.unpack(in, count, in.readUnsignedByte(), size, codes);
        for (int i = 0; i < count; i++) {
          out[i] = entries[codes[i]];
        }
      }
      case RAW -> in.readLongs(out, count);
      case DECIMAL_DOUBLE -> {
        double divisor = readDivisor(in);
        long[] unscaled = decode(in, count, depth - 1);
        for (int i = 0; i < count; i++) {
          out[i] = Double.doubleToRawLongBits(unscaled[i] / divisor);
        }
      }
      case DECIMAL_FLOAT -> {
        double divisor = readDivisor(in);
        long[] unscaled = decode(in, count, depth - 1);
        for (int i = 0; i < count; i++) {
          out[i] = Float.floatToRawIntBits((float) (unscaled[i] / divisor));
        }
      }
      case PATCHED -> out = decodePatched(in, count, depth);
      case DIFFERENCES -> {
        out = decode(in, count, depth - 1);
        for (int i = 1; i < count; i++) {
          out[i] += out[i - 1];
        }
      }
      case COMPRESSED -> decodeCompressed(in, count, out);
    }
    return out;
  }

  private static void decodeRuns(ChunkInput in, int count, int depth, long[] out) {
    int runCount = in.readCount(count);
    long[] values = decode(in, runCount, depth - 1);
    long[] lengths = decode(in, runCount, depth - 1);
    int row = 0;
    for (int i = 0; i < runCount; i++) {
      long length = lengths[i];
      if (length < 1 || length > count - row) {
        throw new MalformedChunkException("its runs do not add up");
      }
      int end = row + (int) length;
      Arrays.fill(out, row, end, values[i]);
      row = end;
    }
    if (row != count) {
      throw new MalformedChunkException("its runs do not add up");
    }
  }

  private static long[] decodePatched(ChunkInput in, int count, int depth) {
    long[] values = decode(in, count, depth - 1);
    int patchCount = in.readCount(count);
    long[] rows = decode(in, patchCount, depth - 1);
    long[] patches = decode(in, patchCount, depth - 1);
    for (int i = 0; i < patchCount; i++) {
      if (rows[i] < 0 || rows[i] >= count) {
        throw new MalformedChunkException("a row number of " + rows[i] + " is out of range");
      }
      values[(int) rows[i]] = patches[i];
    }
    return values;
  }

  private static void decodeCompressed(ChunkInput in, int count, long[] out) {
    BlockCodec codec = BlockCodec.ofTag(in.readUnsignedByte());
    int width = in.readUnsignedByte();
    if (width != 1 && width != 2 && width != 4 && width != 8) {
      throw new MalformedChunkException("a width of " + width + " bytes is out of range");
    }
    byte[] bytes = codec.read(in, count * width);
    int at = 0;
    for (int i = 0; i < count; i++) {
      long value = bytes[at + width - 1];
      for (int b = width - 2; b >= 0; b--) {
        value = value << Byte.SIZE | bytes[at + b] & 0xff;
      }
      out[i] = value;
      at += width;
    }
  }

  private static double readDivisor(ChunkInput in) {
    int scale = in.readUnsignedByte();
    if (scale >= POWER_OF_TEN.length) {
      throw new MalformedChunkException("a decimal scale of " + scale + " is out of range");
    }
    return POWER_OF_TEN[scale];
  }
}

package io.copyload.engine.format.orc;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** ORC's integer run length encodings, version 1 and 2. Threads: one. */
abstract class IntegerRuns {
  private static final int MOST = 512;

  final StreamInput in;
  final boolean signed;

  /** Values of the run at hand. */
  final long[] values = new long[MOST];

  private int at;
  private int size;

  private IntegerRuns(StreamInput in, boolean signed) {
    this.in = in;
    this.signed = signed;
  }

  static IntegerRuns of(StreamInput in, boolean version2, boolean signed) {
    return version2 ? new Version2(in, signed) : new Version1(in, signed);
  }

  /** Reads the next run and returns how many values it has, at least one. */
  abstract int run() throws IOException;

  final long next() throws IOException {
    if (at == size) {
      size = run();
      at = 0;
    }
    return values[at++];
  }

  /** Fills the rows that are not NULL. */
  final void next(long[] out, boolean[] nulls, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      if (!nulls[i]) {
        out[i] = next();
      }
    }
  }

  /**
   * As {@link #next}, for numbers that count something.
   *
   * @throws IOException when the number is not from 0 to {@code max}
   */
  final int nextCount(int max, String what) throws IOException {
    long value = next();
    if (value < 0 || value > max) {
      throw new IOException(what + " is " + value + ", at most " + max + " makes sense");
    }
    return (int) value;
  }

  final long varint() throws IOException {
    long value = in.varint();
    return signed ? zigzag(value) : value;
  }

  static long zigzag(long value) {
    return value >>> 1 ^ -(value & 1);
  }

  private static final class Version1 extends IntegerRuns {
    Version1(StreamInput in, boolean signed) {
      super(in, signed);
    }

    @Override
    int run() throws IOException {
      int control = (byte) in.read();
      if (control < 0) {
        for (int i = 0; i < -control; i++) {
          values[i] = varint();
        }
        return -control;
      }
      int count = control + 3;
      int step = (byte) in.read();
      long value = varint();
      for (int i = 0; i < count; i++) {
        values[i] = value;
        value += step;
      }
      return count;
    }
  }

  private static final class Version2 extends IntegerRuns {
    private static final VarHandle LONGS =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int[] WIDTHS = {26, 28, 30, 32, 40, 48, 56, 64};

    /** Packed values at their widest, and room to read eight bytes anywhere. */
    private final byte[] packed = new byte[MOST * 8 + 8];

    private final long[] patches = new long[32];

    Version2(StreamInput in, boolean signed) {
      super(in, signed);
    }

    @Override
    int run() throws IOException {
      int first = in.read();
      int width = first >> 1 & 0x1f;
      if (first >> 6 == 0) {
        return shortRepeat(first);
      }
      int count = ((first & 1) << 8 | in.read()) + 1;
      switch (first >> 6) {
        case 1 -> {
          unpack(values, 0, count, width(width));
          if (signed) {
            for (int i = 0; i < count; i++) {
              values[i] = zigzag(values[i]);
            }
          }
        }
        case 2 -> patchedBase(count, width(width));
        default -> delta(count, width == 0 ? 0 : width(width));
      }
      return count;
    }

    private int shortRepeat(int first) throws IOException {
      long value = bigEndian((first >> 3 & 7) + 1);
      int count = (first & 7) + 3;
      Arrays.fill(values, 0, count, signed ? zigzag(value) : value);
      return count;
    }

    private void patchedBase(int count, int width) throws IOException {
      int third = in.read();
      int fourth = in.read();
      int baseBytes = (third >> 5) + 1;
      int patchWidth = width(third & 0x1f);
      int gapWidth = (fourth >> 5) + 1;
      int patchCount = fourth & 0x1f;
      long base = bigEndian(baseBytes);
      long signBit = 1L << baseBytes * 8 - 1;
      if ((base & signBit) != 0) {
        base = -(base & ~signBit);
      }
      if (patchWidth + gapWidth > 64 || width + patchWidth > 64) {
        throw new IOException("a run with patches of more than 64 bits");
      }
      unpack(values, 0, count, width);
      unpack(patches, 0, patchCount, closestWidth(patchWidth + gapWidth));
      int position = 0;
      for (int i = 0; i < patchCount; i++) {
        long patch = patches[i] & (1L << patchWidth) - 1;
        position += (int) (patches[i] >>> patchWidth);
        if (position >= count) {
          throw new IOException("a patch behind the end of its run");
        }
        values[position] |= patch << width;
      }
      for (int i = 0; i < count; i++) {
        values[i] += base;
      }
    }

    private void delta(int count, int width) throws IOException {
      long value = varint();
      long step = zigzag(in.varint());
      values[0] = value;
      if (width == 0) {
        for (int i = 1; i < count; i++) {
          value += step;
          values[i] = value;
        }
        return;
      }
      if (count < 2) {
        throw new IOException("a run of differences without any");
      }
      unpack(values, 2, count - 2, width);
      value += step;
      values[1] = value;
      for (int i = 2; i < count; i++) {
        value += step < 0 ? -values[i] : values[i];
        values[i] = value;
      }
    }

    private long bigEndian(int count) throws IOException {
      long value = 0;
      for (int i = 0; i < count; i++) {
        value = value << 8 | in.read();
      }
      return value;
    }

    private void unpack(long[] out, int from, int count, int width) throws IOException {
      in.readFully(packed, 0, (count * width + 7) / 8);
      int bit = 0;
      // No width above 56 but 64 exists, so that eight bytes hold any value.
      for (int i = from; i < from + count; i++) {
        out[i] = (long) LONGS.get(packed, bit >> 3) << (bit & 7) >>> 64 - width;
        bit += width;
      }
    }

    private static int width(int code) {
      return code < 24 ? code + 1 : WIDTHS[code - 24];
    }

    /** The narrowest width that has a code and holds so many bits. */
    private static int closestWidth(int bits) {
      if (bits <= 24) {
        return bits;
      }
      for (int width : WIDTHS) {
        if (width >= bits) {
          return width;
        }
      }
      return 64;
    }
  }
}

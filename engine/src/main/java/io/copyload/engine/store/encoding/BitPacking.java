package io.copyload.engine.store.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Unsigned integers of a fixed width, one behind the other, lowest bit first.
 *
 * <p><b>Format.</b> Value {@code i} takes bits {@code i * width .. (i + 1) * width} of a
 * little-endian bit string, whose last byte is filled up with zero bits. Widths are 0 to {@link
 * #MAX_WIDTH} and 64, so that any value can be cut out of one unaligned eight-byte read.
 */
final class BitPacking {
  /** Widest packed value; whatever needs more takes 64 bits. */
  static final int MAX_WIDTH = 56;

  /** A multiple of 8, so that every block but the last ends on a byte. */
  private static final int BLOCK_VALUES = 1024;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private BitPacking() {}

  /** Width for values from 0 to {@code max}, both unsigned. */
  static int width(long max) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(max);
    return bits > MAX_WIDTH ? Long.SIZE : bits;
  }

  static long packedBytes(int count, int width) {
    return ((long) count * width + 7) >>> 3;
  }

  /** Writes {@code values[i] - base} for the first {@code count} values. */
  static void pack(long[] values, int count, long base, int width, ChunkOutput out) {
    if (width == 0) {
      return;
    }
    byte[] buffer = out.buffer();
    for (int from = 0; from < count; from += BLOCK_VALUES) {
      int to = Math.min(count, from + BLOCK_VALUES);
      out.moveTo(packBlock(values, from, to, base, width, buffer, out.position()));
    }
  }

  /** Writes the first {@code count} values, which are not negative. */
  static void pack(int[] values, int count, int width, ChunkOutput out) {
    if (width == 0) {
      return;
    }
    byte[] buffer = out.buffer();
    for (int from = 0; from < count; from += BLOCK_VALUES) {
      int to = Math.min(count, from + BLOCK_VALUES);
      out.moveTo(packBlock(values, from, to, width, buffer, out.position()));
    }
  }

  /**
   * Keeps fewer than eight bits between values, so one store per group of values does without a
   * branch; narrow values go in groups of four or two, whose bits fit beside those seven in 64.
   */
  private static int packBlock(
      long[] values, int from, int to, long base, int width, byte[] out, int begin) {
    int at = begin;
    int i = from;
    if (width == Long.SIZE) {
      for (; i < to; i++, at += Long.BYTES) {
        LONG.set(out, at, values[i] - base);
      }
      return at;
    }
    long pending = 0;
    int used = 0;
    if (width <= MAX_WIDTH / 4) {
      int two = width * 2;
      int three = width * 3;
      int four = width * 4;
      for (; i + 4 <= to; i += 4) {
        long group =
            (values[i] - base)
                | (values[i + 1] - base) << width
                | (values[i + 2] - base) << two
                | (values[i + 3] - base) << three;
        pending |= group << used;
        LONG.set(out, at, pending);
        used += four;
        at += used >>> 3;
        pending >>>= used & ~7;
        used &= 7;
      }
    } else if (width <= MAX_WIDTH / 2) {
      int two = width * 2;
      for (; i + 2 <= to; i += 2) {
        long group = (values[i] - base) | (values[i + 1] - base) << width;
        pending |= group << used;
        LONG.set(out, at, pending);
        used += two;
        at += used >>> 3;
        pending >>>= used & ~7;
        used &= 7;
      }
    }
    for (; i < to; i++) {
      pending |= (values[i] - base) << used;
      LONG.set(out, at, pending);
      used += width;
      at += used >>> 3;
      pending >>>= used & ~7;
      used &= 7;
    }
    return used == 0 ? at : at + 1;
  }

  private static int packBlock(int[] values, int from, int to, int width, byte[] out, int begin) {
    int at = begin;
    int i = from;
    long pending = 0;
    int used = 0;
    if (width <= MAX_WIDTH / 4) {
      int two = width * 2;
      int three = width * 3;
      int four = width * 4;
      for (; i + 4 <= to; i += 4) {
        long group =
            values[i]
                | (long) values[i + 1] << width
                | (long) values[i + 2] << two
                | (long) values[i + 3] << three;
        pending |= group << used;
        LONG.set(out, at, pending);
        used += four;
        at += used >>> 3;
        pending >>>= used & ~7;
        used &= 7;
      }
    }
    for (; i < to; i++) {
      pending |= (long) values[i] << used;
      LONG.set(out, at, pending);
      used += width;
      at += used >>> 3;
      pending >>>= used & ~7;
      used &= 7;
    }
    return used == 0 ? at : at + 1;
  }

  /** Reads {@code count} values and adds {@code base} to each. */
  static void unpack(ChunkInput in, int count, long base, int width, long[] out) {
    checkWidth(width);
    int begin = in.skip(packedBytes(count, width));
    if (width == 0) {
      java.util.Arrays.fill(out, 0, count, base);
      return;
    }
    byte[] bytes = in.bytes();
    if (width == Long.SIZE) {
      for (int i = 0, at = begin; i < count; i++, at += Long.BYTES) {
        out[i] = base + (long) LONG.get(bytes, at);
      }
      return;
    }
    long mask = (1L << width) - 1;
    int wide = wideReads(bytes.length, begin, count, width);
    for (int i = 0; i < wide; i++) {
      int bit = i * width;
      out[i] = base + ((long) LONG.get(bytes, begin + (bit >>> 3)) >>> (bit & 7) & mask);
    }
    for (int i = wide; i < count; i++) {
      out[i] = base + narrowRead(bytes, begin, i * width, width);
    }
  }

  /** Reads {@code count} values that must lie in {@code 0 .. limit - 1}. */
  static void unpack(ChunkInput in, int count, int width, int limit, int[] out) {
    if (width > Integer.SIZE - 1) {
      throw new MalformedChunkException("a bit width of " + width + " is out of range");
    }
    int begin = in.skip(packedBytes(count, width));
    if (width == 0) {
      return;
    }
    byte[] bytes = in.bytes();
    int mask = (1 << width) - 1;
    int wide = wideReads(bytes.length, begin, count, width);
    for (int i = 0; i < wide; i++) {
      int bit = i * width;
      out[i] = (int) ((long) LONG.get(bytes, begin + (bit >>> 3)) >>> (bit & 7)) & mask;
    }
    for (int i = wide; i < count; i++) {
      out[i] = (int) narrowRead(bytes, begin, i * width, width);
    }
    int max = 0;
    for (int i = 0; i < count; i++) {
      max = Math.max(max, out[i]);
    }
    if (max >= limit) {
      throw new MalformedChunkException("a dictionary code of " + max + " is out of range");
    }
  }

  private static void checkWidth(int width) {
    if (width > MAX_WIDTH && width != Long.SIZE) {
      throw new MalformedChunkException("a bit width of " + width + " is out of range");
    }
  }

  /** How many of the values can be read with eight bytes at once without leaving the array. */
  private static int wideReads(int length, int begin, int count, int width) {
    long room = (long) length - Long.BYTES - begin;
    return room < 0 ? 0 : (int) Math.min(count, (room * 8 + 7) / width + 1);
  }

  private static long narrowRead(byte[] bytes, int begin, int bit, int width) {
    long value = 0;
    int at = begin + (bit >>> 3);
    int shift = bit & 7;
    for (int got = 0; got < shift + width; got += 8, at++) {
      long b = bytes[at] & 0xff;
      int to = got - shift;
      value |= to >= 0 ? b << to : b >>> -to;
    }
    return value & (1L << width) - 1;
  }
}

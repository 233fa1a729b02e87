package io.copyload.engine.compress;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Bits of a byte array, the highest of each byte first. */
final class Bzip2Bits {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /**
   * For a byte behind the one in which the magic of a block begins: for each number of bits by
   * which the begin is shifted, whether the byte is the right one.
   */
  private static final byte[] SECOND = shifts(1);

  private static final byte[] THIRD = shifts(2);

  private Bzip2Bits() {}

  private static byte[] shifts(int place) {
    byte[] table = new byte[256];
    for (int shift = 0; shift < 8; shift++) {
      int right = (int) (Bzip2Codec.BLOCK_MAGIC >>> (40 - 8 * place + shift)) & 255;
      table[right] |= (byte) (1 << shift);
    }
    return table;
  }

  /** At least 57 bits from {@code bit} on, left-aligned; reads eight bytes. */
  static long window(byte[] bytes, int bit) {
    return (long) LONGS.get(bytes, bit >> 3) << (bit & 7);
  }

  /** Up to 57 bits as a number. */
  static long get(byte[] bytes, int bit, int count) {
    return window(bytes, bit) >>> (64 - count);
  }

  /**
   * The first bit at or behind {@code from}, counted from byte {@code begin}, where the magic of a
   * block stands, which begins before byte {@code to}; -1 when there is none among the first {@code
   * available} bytes.
   */
  static int find(byte[] bytes, int begin, int from, int available, int to) {
    int stop = Math.min(to, available - 5);
    for (int i = from >> 3; i < stop; i++) {
      int p = begin + i;
      int shifts = SECOND[bytes[p + 1] & 255] & THIRD[bytes[p + 2] & 255];
      if (shifts != 0) {
        int found = check(bytes, p, shifts, available - i);
        if (found >= 0 && i * 8 + found >= from) {
          return i * 8 + found;
        }
      }
    }
    return -1;
  }

  private static int check(byte[] bytes, int p, int shifts, int available) {
    long value = 0;
    for (int i = 0; i < 7; i++) {
      value = value << 8 | (i < available ? bytes[p + i] & 255 : 0);
    }
    for (int shift = 0; shift < 8; shift++) {
      if ((shifts & 255 & 1 << shift) != 0
          && shift + 48 <= 8 * available
          && (value >>> (8 - shift) & 0xffffffffffffL) == Bzip2Codec.BLOCK_MAGIC) {
        return shift;
      }
    }
    return -1;
  }
}

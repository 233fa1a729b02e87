package io.copyload.engine.format.delimited;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes that are not well-formed UTF-8 (Unicode table 3-7), as PostgreSQL checks them. */
public final class Utf8Validation {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH = 0x8080808080808080L;
  private static final long ONES = 0x0101010101010101L;

  private Utf8Validation() {}

  /**
   * Position of the first byte of {@code b[begin .. end)} that does not begin a well-formed
   * character, or -1.
   *
   * @param zeroIsInvalid whether a zero byte is refused
   */
  public static int firstInvalid(byte[] b, int begin, int end, boolean zeroIsInvalid) {
    int i = begin;
    while (i < end) {
      int c = b[i];
      if (c >= 0) {
        if (c == 0 && zeroIsInvalid) {
          return i;
        }
        i++;
        while (i + 8 <= end) {
          long x = (long) LONGS.get(b, i);
          // Without high bits, a subtraction borrows only from a zero byte.
          if ((x & HIGH) != 0 || (zeroIsInvalid && (x - ONES & HIGH) != 0)) {
            break;
          }
          i += 8;
        }
        continue;
      }
      int length = length(b, i, end);
      if (length == 0) {
        return i;
      }
      i += length;
    }
    return -1;
  }

  /** Whether all of {@code length} bytes from {@code begin} on are 1 to 127. */
  public static boolean isAscii(byte[] b, int begin, int length) {
    if (length < 8) {
      if (begin > b.length - 8) {
        for (int i = begin; i < begin + length; i++) {
          if (b[i] <= 0) {
            return false;
          }
        }
        return true;
      }
      // Bytes behind the value count as ones.
      long others = length == 0 ? -1 : -1L << (length << 3);
      long x = (long) LONGS.get(b, begin) & ~others | ONES & others;
      return ((x | x - ONES) & HIGH) == 0;
    }
    int last = begin + length - 8;
    long x = (long) LONGS.get(b, last);
    long high = x | x - ONES;
    for (int i = begin; i < last; i += 8) {
      x = (long) LONGS.get(b, i);
      high |= x | x - ONES;
    }
    return (high & HIGH) == 0;
  }

  /**
   * Length of the well-formed character of two bytes or more at {@code i}, 0 when it is not one.
   */
  private static int length(byte[] b, int i, int end) {
    int c = b[i] & 255;
    if (c < 0xc2 || c > 0xf4 || i + 1 >= end) {
      return 0;
    }
    int d = b[i + 1] & 255;
    if (c < 0xe0) {
      return (d & 0xc0) == 0x80 ? 2 : 0;
    }
    if (c < 0xf0) {
      int low = c == 0xe0 ? 0xa0 : 0x80;
      int high = c == 0xed ? 0x9f : 0xbf;
      return d >= low && d <= high && isContinuation(b, i + 2, end) ? 3 : 0;
    }
    int low = c == 0xf0 ? 0x90 : 0x80;
    int high = c == 0xf4 ? 0x8f : 0xbf;
    return d >= low && d <= high && isContinuation(b, i + 2, end) && isContinuation(b, i + 3, end)
        ? 4
        : 0;
  }

  private static boolean isContinuation(byte[] b, int i, int end) {
    return i < end && (b[i] & 0xc0) == 0x80;
  }

  /**
   * The bytes of the bad character at {@code i} as PostgreSQL lists them: {@code 0xe4 0x20 0x61}.
   */
  public static String describe(byte[] b, int i, int end) {
    int c = b[i] & 255;
    int length =
        c < 0x80 ? 1 : (c & 0xe0) == 0xc0 ? 2 : (c & 0xf0) == 0xe0 ? 3 : (c & 0xf8) == 0xf0 ? 4 : 1;
    StringBuilder text = new StringBuilder();
    for (int k = i; k < Math.min(i + length, end); k++) {
      text.append(k > i ? " " : "").append(String.format("0x%02x", b[k] & 255));
    }
    return text.toString();
  }
}

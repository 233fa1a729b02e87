package io.copyload.engine.convert;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Decimal digits, eight at a time.
 *
 * <p>A word holds eight bytes of text little-endian, the first byte lowest. Fields shorter than
 * eight bytes are read by the word that <em>ends</em> with them, so that digits lie at the top and
 * what precedes the field is masked off; the only unreadable place is the first seven bytes of a
 * buffer. The multiplication that combines eight digits is the one in D. Lemire, "Quickly parsing
 * eight digits" (2018).
 */
final class Digits {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  static final long ZEROS = 0x3030303030303030L;
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;
  private static final long NOT_A_DIGIT = 0x7676767676767676L;

  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private Digits() {}

  /** 10 to the power {@code n}, 0 to 18. */
  static long power(int n) {
    return POWERS[n];
  }

  static long load(byte[] bytes, int offset) {
    return (long) LONG.get(bytes, offset);
  }

  /** Whether every byte of {@code digits}, text exclusive-or {@link #ZEROS}, is 0 to 9. */
  static boolean areDigits(long digits) {
    return nonDigits(digits) == 0;
  }

  /** Not 0 when a byte of {@code digits} is not 0 to 9. */
  static long nonDigits(long digits) {
    return ((digits + NOT_A_DIGIT) | digits) & HIGH_BITS;
  }

  /** Number written by eight digits 0 to 9, the first in the lowest byte. */
  static int combine(long digits) {
    long pairs = digits * 10 + (digits >>> 8);
    return (int)
        (((pairs & 0x000000FF000000FFL) * 0x000F424000000064L
                + ((pairs >>> 16) & 0x000000FF000000FFL) * 0x0000271000000001L)
            >>> 32);
  }

  /** The bytes of a word that belong to a field of {@code count} bytes, 1 to 8, at its top. */
  static long mask(int count) {
    return -1L << (64 - 8 * count);
  }

  /**
   * The number written by the {@code count} digits (1 to 8) before {@code end}, or -1 when one is
   * not a digit.
   *
   * @param end at least 8
   */
  static int upTo8(byte[] bytes, int end, int count) {
    long digits = (load(bytes, end - 8) ^ ZEROS) & mask(count);
    return areDigits(digits) ? combine(digits) : -1;
  }

  /** As {@link #upTo8} for 9 to 16 digits; {@code end} is at least 16. */
  static long upTo16(byte[] bytes, int end, int count) {
    long low = load(bytes, end - 8) ^ ZEROS;
    long high = (load(bytes, end - 16) ^ ZEROS) & mask(count - 8);
    return areDigits(low) && areDigits(high) ? combine(high) * 100_000_000L + combine(low) : -1;
  }

  /**
   * A bit in the lowest byte of {@code word} that is {@code c} within {@code mask}, 0 when there is
   * none. Bits above the lowest set one mean nothing.
   */
  static long find(long word, int c, long mask) {
    long x = (word ^ (ONES * c)) | ~mask;
    return (x - ONES) & ~x & HIGH_BITS;
  }

  /** {@link #decimal} of something else than digits and a point. */
  static final long NO_DECIMAL = -1;

  /** Bits of a {@link #decimal} that count the fraction digits. */
  static final int FRACTION_BITS = 4;

  /**
   * Digits with at most one point among the last eight bytes: the number without its point, shifted
   * left by {@link #FRACTION_BITS}, and the count of digits behind the point (0 to 7).
   *
   * @param count bytes before {@code end}, 1 to 16
   * @param end at least 16
   */
  static long decimal(byte[] bytes, int end, int count) {
    return count <= 8 ? decimal8(bytes, end, count) : decimal16(bytes, end, count);
  }

  private static long decimal8(byte[] bytes, int end, int count) {
    long word = load(bytes, end - 8);
    long mask = mask(count);
    long point = find(word, '.', mask);
    long digits = (word ^ ZEROS) & mask;
    long fraction = 0;
    if (point != 0) {
      // Take the point out: what precedes it moves one byte up.
      int shift = Long.numberOfTrailingZeros(point) & 0x38;
      digits = (digits & (-256L << shift)) | ((digits & ((1L << shift) - 1)) << 8);
      fraction = 7 - (shift >>> 3);
      if (count == 1) {
        return NO_DECIMAL;
      }
    }
    return areDigits(digits) ? (long) combine(digits) << FRACTION_BITS | fraction : NO_DECIMAL;
  }

  private static long decimal16(byte[] bytes, int end, int count) {
    long word = load(bytes, end - 8);
    long point = find(word, '.', -1L);
    long digits = word ^ ZEROS;
    long high = (load(bytes, end - 16) ^ ZEROS) & mask(count - 8);
    long fraction = 0;
    if (point != 0) {
      int shift = Long.numberOfTrailingZeros(point) & 0x38;
      digits = (digits & (-256L << shift)) | ((digits & ((1L << shift) - 1)) << 8) | (high >>> 56);
      high <<= 8;
      fraction = 7 - (shift >>> 3);
    }
    if ((nonDigits(digits) | nonDigits(high)) != 0) {
      return NO_DECIMAL;
    }
    return (combine(high) * 100_000_000L + combine(digits)) << FRACTION_BITS | fraction;
  }
}

package io.copyload.engine.convert;

import java.math.BigInteger;

/**
 * Decimal to binary floating point for up to 19 digits: the algorithm of M. Eisel and D. Lemire
 * ("Number Parsing at a Gigabyte per Second", 2021), with its table of the top 128 bits of the
 * powers of five.
 */
final class PowersOfFive {
  private static final int MIN_POWER = -342;
  private static final int MAX_POWER = 308;
  private static final int MANTISSA_BITS = 52;

  /** Returned when the result is subnormal, zero or infinite: another way must decide. */
  static final long UNDECIDED = -1;

  private static final long[] HIGH = new long[MAX_POWER - MIN_POWER + 1];
  private static final long[] LOW = new long[MAX_POWER - MIN_POWER + 1];

  static {
    BigInteger five = BigInteger.valueOf(5);
    for (int q = MIN_POWER; q <= MAX_POWER; q++) {
      BigInteger power = five.pow(Math.abs(q));
      // The reciprocal of a power is rounded up, a power down.
      BigInteger bits =
          q < 0
              ? BigInteger.ONE
                  .shiftLeft(q >= -27 ? ceilLog2(power) + 127 : 2 * ceilLog2(power) + 128)
                  .divide(power)
                  .add(BigInteger.ONE)
              : power;
      // A negative distance shifts left.
      BigInteger top = bits.shiftRight(bits.bitLength() - 128);
      HIGH[q - MIN_POWER] = top.shiftRight(64).longValue();
      LOW[q - MIN_POWER] = top.longValue();
    }
  }

  private PowersOfFive() {}

  private static int ceilLog2(BigInteger value) {
    return value.subtract(BigInteger.ONE).bitLength();
  }

  /**
   * Bits of the double nearest to {@code digits * 10^power}, ties to even.
   *
   * @param digits unsigned, not 0
   */
  static long toDoubleBits(long digits, int power) {
    if (power < MIN_POWER || power > MAX_POWER) {
      return UNDECIDED;
    }
    int shift = Long.numberOfLeadingZeros(digits);
    long w = digits << shift;
    long factor = HIGH[power - MIN_POWER];
    long high = multiplyHigh(w, factor);
    long low = w * factor;
    long precisionMask = -1L >>> (MANTISSA_BITS + 3);
    if ((high & precisionMask) == precisionMask) {
      long second = multiplyHigh(w, LOW[power - MIN_POWER]);
      low += second;
      if (Long.compareUnsigned(second, low) > 0) {
        high++;
      }
    }
    int upperBit = (int) (high >>> 63);
    int drop = upperBit + 64 - MANTISSA_BITS - 3;
    long mantissa = high >>> drop;
    // 217706 / 65536 is the binary logarithm of ten.
    int exponent = ((217_706 * power) >> 16) + 63 + upperBit - shift + 1023;
    if (exponent <= 0) {
      return UNDECIDED;
    }
    boolean tie =
        Long.compareUnsigned(low, 1) <= 0
            && power >= -4
            && power <= 23
            && (mantissa & 3) == 1
            && mantissa << drop == high;
    if (tie) {
      mantissa &= ~1L;
    }
    mantissa = (mantissa + (mantissa & 1)) >>> 1;
    if (mantissa >= 2L << MANTISSA_BITS) {
      mantissa = 1L << MANTISSA_BITS;
      exponent++;
    }
    if (exponent >= 2047) {
      return UNDECIDED;
    }
    return (mantissa & ((1L << MANTISSA_BITS) - 1)) | (long) exponent << MANTISSA_BITS;
  }

  /** High 64 bits of an unsigned product. */
  private static long multiplyHigh(long a, long b) {
    return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
  }
}

package io.copyload.engine.export;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** NUMERIC and DECFLOAT as text. */
final class DecimalText {
  /** Beyond, a DECFLOAT is shown with an exponent. */
  private static final int MAX_PLAIN_SCALE = 40;

  private static final long[] POWERS = powers();

  private DecimalText() {}

  private static long[] powers() {
    long[] powers = new long[19];
    powers[0] = 1;
    for (int i = 1; i < powers.length; i++) {
      powers[i] = powers[i - 1] * 10;
    }
    return powers;
  }

  /** The number {@code unscaled * 10^-scale}, with {@code scale} fractional digits. */
  static void append(long unscaled, int scale, OutputBuffer out) {
    if (scale == 0) {
      out.putLong(unscaled);
      return;
    }
    if (scale < 0 || scale > 18 || unscaled == Long.MIN_VALUE) {
      out.putAscii(BigDecimal.valueOf(unscaled, scale).toPlainString());
      return;
    }
    byte[] b = out.ensure(24);
    long rest = unscaled;
    if (rest < 0) {
      b[out.size++] = '-';
      rest = -rest;
    }
    if (scale == 2 && rest < 10_000_000_000L) {
      // Money, mostly.
      int units = (int) (rest / 100);
      int point = OutputBuffer.putSmall(b, out.size, units);
      b[point] = '.';
      OutputBuffer.putPair(b, point + 1, (int) (rest - units * 100L));
      out.size = point + 3;
      return;
    }
    long power = POWERS[scale];
    long whole = rest / power;
    int end = out.size + OutputBuffer.digits(whole);
    OutputBuffer.putPairs(b, end, whole);
    b[end] = '.';
    int fractionEnd = end + 1 + scale;
    int at = OutputBuffer.putPairs(b, fractionEnd, rest - whole * power);
    while (at > end + 1) {
      b[--at] = '0';
    }
    out.size = fractionEnd;
  }

  /** A NUMERIC that does not fit a lane: big-endian unscaled value. */
  static void appendWide(byte[] bytes, int begin, int length, int scale, OutputBuffer out) {
    out.putAscii(new BigDecimal(new BigInteger(bytes, begin, length), scale).toPlainString());
  }

  static void appendDecfloat(byte[] bytes, int begin, int length, OutputBuffer out) {
    int scale = ByteBuffer.wrap(bytes).getInt(begin);
    if (scale == Integer.MIN_VALUE) {
      byte which = bytes[begin + 4];
      out.putAscii(which == 0 ? "NaN" : which > 0 ? "Infinity" : "-Infinity");
      return;
    }
    BigDecimal number = new BigDecimal(new BigInteger(bytes, begin + 4, length - 4), scale);
    // A DECFLOAT keeps its scale: a plain form of a large one would read back with another.
    out.putAscii(
        scale >= 0 && scale <= MAX_PLAIN_SCALE ? number.toPlainString() : number.toString());
  }
}

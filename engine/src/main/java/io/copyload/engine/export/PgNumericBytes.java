package io.copyload.engine.export;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Decimal numbers in PostgreSQL's binary form: count of the digits of base 10000, weight of the
 * first one, sign, number of decimal digits behind the point, digits. Threads: one.
 */
final class PgNumericBytes {
  private static final int BASE = 10_000;
  private static final int NEGATIVE = 0x4000;
  private static final int NAN = 0xc000;
  private static final int INFINITY = 0xd000;
  private static final int MINUS_INFINITY = 0xf000;

  /** What PostgreSQL writes as the scale of an infinity; it has no meaning. */
  private static final int SCALE_OF_INFINITY = 0x20;

  private static final int MAX_SCALE = 0x3fff;
  private static final int MAX_WEIGHT = Short.MAX_VALUE;
  private static final long[] POWERS = new long[19];

  static {
    POWERS[0] = 1;
    for (int i = 1; i < POWERS.length; i++) {
      POWERS[i] = POWERS[i - 1] * 10;
    }
  }

  private int[] groups = new int[16];

  /** A value that is not a number: 0, or the sign of an infinity. */
  static void special(int code, OutputBuffer out) {
    BigEndianOutput.putInt32(0, out);
    BigEndianOutput.putInt16(code == 0 ? NAN : code > 0 ? INFINITY : MINUS_INFINITY, out);
    BigEndianOutput.putInt16(code == 0 ? 0 : SCALE_OF_INFINITY, out);
  }

  /** A number of at most 18 digits, all behind the point or before it. */
  void append(long unscaled, int scale, OutputBuffer out) {
    if (scale < 0 || scale > 18) {
      append(BigInteger.valueOf(unscaled), scale, out);
      return;
    }
    long value = Math.abs(unscaled);
    long integer = value / POWERS[scale];
    long fraction = value % POWERS[scale];
    int before = 0;
    for (long rest = integer; rest > 0; rest /= BASE) {
      before++;
    }
    int count = before;
    for (int i = before - 1; i >= 0; i--) {
      groups[i] = (int) (integer % BASE);
      integer /= BASE;
    }
    int digits = scale;
    while (fraction != 0) {
      int group;
      if (digits >= 4) {
        group = (int) (fraction / POWERS[digits - 4]);
        fraction %= POWERS[digits - 4];
      } else {
        group = (int) (fraction * POWERS[4 - digits]);
        fraction = 0;
      }
      groups[count++] = group;
      digits -= 4;
    }
    write(count, before - 1, unscaled < 0, scale, out);
  }

  void append(BigInteger unscaled, int scale, OutputBuffer out) {
    int shown = Math.max(0, scale);
    if (shown > MAX_SCALE) {
      throw overflow();
    }
    byte[] digits = unscaled.abs().toString().getBytes(StandardCharsets.US_ASCII);
    // Groups end at the point: digits of the first group, and zeros behind the last digit.
    long before = (long) digits.length - scale;
    int weight = (int) Math.floorDiv(before + 3, 4L) - 1;
    if (unscaled.signum() != 0 && weight > MAX_WEIGHT) {
      throw overflow();
    }
    int lead = (int) Math.floorMod(before, 4L);
    int count = (digits.length + (lead == 0 ? 0 : 4 - lead) + 3) / 4;
    if (groups.length < count) {
      groups = new int[count];
    }
    int next = lead == 0 ? 0 : lead - 4;
    for (int i = 0; i < count; i++) {
      int group = 0;
      for (int k = 0; k < 4; k++, next++) {
        group = group * 10 + (next >= 0 && next < digits.length ? digits[next] - '0' : 0);
      }
      groups[i] = group;
    }
    write(count, weight, unscaled.signum() < 0, shown, out);
  }

  private void write(
      int groupCount, int firstWeight, boolean negative, int scale, OutputBuffer out) {
    int begin = 0;
    int end = groupCount;
    while (end > 0 && groups[end - 1] == 0) {
      end--;
    }
    while (begin < end && groups[begin] == 0) {
      begin++;
    }
    int count = end - begin;
    BigEndianOutput.putInt16(count, out);
    BigEndianOutput.putInt16(count == 0 ? 0 : firstWeight - begin, out);
    BigEndianOutput.putInt16(negative && count > 0 ? NEGATIVE : 0, out);
    BigEndianOutput.putInt16(scale, out);
    for (int i = begin; i < end; i++) {
      BigEndianOutput.putInt16(groups[i], out);
    }
  }

  private static CopyException overflow() {
    return new CopyException(
        CopyErrorCode.NUMERIC_VALUE_OUT_OF_RANGE, "value overflows numeric format");
  }
}

package io.copyload.engine.export;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * REAL and DOUBLE as PostgreSQL prints them: the fewest digits that read back to the same number,
 * in scientific form from 1e+15 (REAL 1e+06) up and below 1e-04.
 */
final class FloatText {
  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

  private FloatText() {}

  static void append(double value, OutputBuffer out) {
    if (special(value, out)) {
      return;
    }
    double magnitude = Math.abs(value);
    if (magnitude < 1e15 && magnitude >= 1e-4) {
      // A quotient of two exact doubles is the double nearest to the decimal, and decimals of at
      // most 15 digits are all different doubles: the first scale that fits is the shortest.
      for (int scale = 0; scale < POWERS.length; scale++) {
        double scaled = Math.rint(magnitude * POWERS[scale]);
        if (scaled >= 1e15) {
          break;
        }
        if (scaled / POWERS[scale] == magnitude) {
          if (value < 0) {
            out.put((byte) '-');
          }
          DecimalText.append((long) scaled, scale, out);
          return;
        }
      }
    }
    append(shortest(magnitude), value < 0, 15, out);
  }

  static void append(float value, OutputBuffer out) {
    if (!special(value, out)) {
      append(shortest(Math.abs(value)), value < 0, 6, out);
    }
  }

  private static boolean special(double value, OutputBuffer out) {
    if (value == 0) {
      out.putAscii(1 / value < 0 ? "-0" : "0");
    } else if (Double.isNaN(value)) {
      out.putAscii("NaN");
    } else if (Double.isInfinite(value)) {
      out.putAscii(value < 0 ? "-Infinity" : "Infinity");
    } else {
      return false;
    }
    return true;
  }

  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = value < Double.MIN_NORMAL ? 1 : 15; digits < 17; digits++) {
      BigDecimal found = null;
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        if (rounded.doubleValue() == value && !isMiddle(exact, rounded, Math.ulp(value))) {
          found = nearer(exact, found, rounded);
        }
      }
      if (found != null) {
        return found;
      }
    }
    return exact.round(new MathContext(17, RoundingMode.HALF_EVEN));
  }

  private static BigDecimal shortest(float value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = value < Float.MIN_NORMAL ? 1 : 6; digits < 9; digits++) {
      BigDecimal found = null;
      for (RoundingMode mode : new RoundingMode[] {RoundingMode.DOWN, RoundingMode.UP}) {
        BigDecimal rounded = exact.round(new MathContext(digits, mode));
        if (rounded.floatValue() == value && !isMiddle(exact, rounded, Math.ulp(value))) {
          found = nearer(exact, found, rounded);
        }
      }
      if (found != null) {
        return found;
      }
    }
    return exact.round(new MathContext(9, RoundingMode.HALF_EVEN));
  }

  /**
   * Whether a decimal lies in the middle between the number and the next one: PostgreSQL does not
   * rely on how readers round it.
   */
  private static boolean isMiddle(BigDecimal exact, BigDecimal rounded, double ulp) {
    BigDecimal distance = exact.subtract(rounded).abs();
    return distance.signum() != 0
        && distance.multiply(BigDecimal.valueOf(2)).compareTo(new BigDecimal(ulp)) == 0;
  }

  /** The nearer of two; of two as near, the one whose last digit is even. */
  private static BigDecimal nearer(BigDecimal exact, BigDecimal one, BigDecimal other) {
    if (one == null) {
      return other;
    }
    int order = exact.subtract(one).abs().compareTo(exact.subtract(other).abs());
    boolean first = order < 0 || order == 0 && !one.unscaledValue().testBit(0);
    return first ? one : other;
  }

  private static void append(
      BigDecimal magnitude, boolean negative, int scientificFrom, OutputBuffer out) {
    BigDecimal value = magnitude.stripTrailingZeros();
    if (negative) {
      out.put((byte) '-');
    }
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < scientificFrom) {
      out.putAscii(value.toPlainString());
      return;
    }
    String digits = value.unscaledValue().toString();
    out.put((byte) digits.charAt(0));
    if (digits.length() > 1) {
      out.put((byte) '.');
      out.putAscii(digits.substring(1));
    }
    out.put((byte) 'e');
    out.put((byte) (exponent < 0 ? '-' : '+'));
    out.putTwoDigits(Math.abs(exponent));
  }
}

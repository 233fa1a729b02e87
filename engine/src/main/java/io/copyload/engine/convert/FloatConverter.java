package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * REAL and DOUBLE: what C's {@code strtod} reads (PostgreSQL's float8in), correctly rounded; for
 * Redshift without hexadecimal numbers. Overflow and underflow to zero are refused.
 */
final class FloatConverter implements FieldConverter {
  private static final double[] EXACT_POWERS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };
  private static final long MAX_EXACT = 1L << 53;

  private final boolean single;
  private final String typeName;
  private final boolean wholeText;
  private final boolean redshift;
  private final Complaint complaint = new Complaint();
  private double parsed;

  FloatConverter(boolean single, boolean redshift) {
    this(single, redshift, false);
  }

  /**
   * @param wholeText whether a message about overflow shows the whole field: PostgreSQL before 16
   *     does so for REAL
   */
  FloatConverter(boolean single, boolean redshift, boolean wholeText) {
    this.wholeText = wholeText;
    this.single = single;
    this.redshift = redshift;
    this.typeName = single ? "real" : "double precision";
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] lane = out.lanes[0];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (parseShort(bytes, b, e) || parseFast(bytes, b, e) || parse(bytes, b, e)) {
        nulls[r] = false;
        lane[r] =
            single ? Float.floatToRawIntBits((float) parsed) : Double.doubleToRawLongBits(parsed);
      } else {
        nulls[r] = true;
        complaint.report(r, rejects);
      }
    }
  }

  /** Sign, digits and a point, up to 16 bytes; false when another path must decide. */
  boolean parseShort(byte[] bytes, int begin, int end) {
    if (begin >= end || end < 16) {
      return false;
    }
    int minus = bytes[begin] == '-' ? 1 : 0;
    int count = end - begin - minus;
    if (count < 1 || count > 16) {
      return false;
    }
    long decimal = Digits.decimal(bytes, end, count);
    long mantissa = decimal >> Digits.FRACTION_BITS;
    if (mantissa < 0 || mantissa > MAX_EXACT) {
      return false;
    }
    double value = mantissa / EXACT_POWERS[(int) decimal & ((1 << Digits.FRACTION_BITS) - 1)];
    if (single && mantissa != 0 && !roundsOnceMore(value)) {
      return false;
    }
    parsed = minus != 0 ? -value : value;
    return true;
  }

  /**
   * Up to 19 significant digits with a point and an exponent: one multiplication or division where
   * the power of ten is exact (W. Clinger, 1990), else {@link PowersOfFive}. False when the general
   * path must decide.
   */
  boolean parseFast(byte[] bytes, int begin, int end) {
    int i = begin;
    boolean negative = i < end && bytes[i] == '-';
    if (negative) {
      i++;
    }
    long mantissa = 0;
    int digits = 0;
    int significant = 0;
    int exponent = 0;
    boolean point = false;
    int c = 0;
    while (i < end) {
      c = bytes[i] - '0';
      if (c >= 0 && c <= 9) {
        mantissa = mantissa * 10 + c;
        digits++;
        if (mantissa != 0 && ++significant > 19) {
          return false;
        }
        exponent -= point ? 1 : 0;
      } else if (c == '.' - '0' && !point) {
        point = true;
      } else {
        break;
      }
      i++;
    }
    if (digits == 0) {
      return false;
    }
    if (i < end) {
      if ((bytes[i] | 0x20) != 'e') {
        return false;
      }
      i++;
      boolean down = false;
      if (i < end && (bytes[i] == '-' || bytes[i] == '+')) {
        down = bytes[i++] == '-';
      }
      if (i == end || end - i > 3) {
        return false;
      }
      int written = 0;
      while (i < end) {
        int d = bytes[i++] - '0';
        if (d < 0 || d > 9) {
          return false;
        }
        written = written * 10 + d;
      }
      exponent += down ? -written : written;
    }
    double value;
    // The mantissa is unsigned.
    if (mantissa >= 0 && mantissa <= MAX_EXACT && exponent >= -22 && exponent <= 22) {
      value = exponent < 0 ? mantissa / EXACT_POWERS[-exponent] : mantissa * EXACT_POWERS[exponent];
    } else if (mantissa == 0) {
      value = 0;
    } else {
      long bits = PowersOfFive.toDoubleBits(mantissa, exponent);
      if (bits == PowersOfFive.UNDECIDED) {
        return false;
      }
      value = Double.longBitsToDouble(bits);
    }
    if (single && mantissa != 0 && !roundsOnceMore(value)) {
      return false;
    }
    parsed = negative ? -value : value;
    return true;
  }

  /**
   * Whether rounding this double to a float gives what rounding the decimal text would: true unless
   * the double lies beside the middle of two floats, or outside the normal floats.
   */
  private static boolean roundsOnceMore(double value) {
    if (value < Float.MIN_NORMAL || value > Float.MAX_VALUE) {
      return false;
    }
    int dropped = (int) (Double.doubleToRawLongBits(value) & 0x1fffffff);
    return Math.abs(dropped - 0x10000000) > 1;
  }

  double parsed() {
    return parsed;
  }

  /** The general path; the result is {@link #parsed}. */
  boolean parse(byte[] bytes, int begin, int end) {
    int b = Ascii.skipSpaces(bytes, begin, end);
    int e = Ascii.trimEnd(bytes, b, end);
    int i = b;
    boolean negative = false;
    if (i < e && (bytes[i] == '-' || bytes[i] == '+')) {
      negative = bytes[i++] == '-';
    }
    if (Ascii.equalsWord(bytes, i, e, "nan")) {
      parsed = Double.NaN;
      return true;
    }
    if (Ascii.equalsWord(bytes, i, e, "inf") || Ascii.equalsWord(bytes, i, e, "infinity")) {
      parsed = negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      return true;
    }
    boolean hex = !redshift && i + 1 < e && bytes[i] == '0' && (bytes[i + 1] | 0x20) == 'x';
    if (hex) {
      i += 2;
    }
    int digits = 0;
    boolean nonZero = false;
    boolean point = false;
    while (i < e) {
      int c = bytes[i];
      if (hex ? Ascii.hex(c) >= 0 : Ascii.isDigit(c)) {
        digits++;
        nonZero |= c != '0';
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
      i++;
    }
    boolean exponent = false;
    int mark = i;
    int scanned = i;
    if (digits > 0 && i < e && (bytes[i] | 0x20) == (hex ? 'p' : 'e')) {
      exponent = true;
      i++;
      if (i < e && (bytes[i] == '-' || bytes[i] == '+')) {
        i++;
      }
      int firstDigit = i;
      while (i < e && Ascii.isDigit(bytes[i])) {
        i++;
      }
      if (i == firstDigit) {
        // Not part of the number.
        exponent = false;
        scanned = i;
        i = mark;
      }
    }
    scanned = Math.max(scanned, i);
    if (redshift && (digits == 0 || i != e)) {
      return complaint.digit(
          RejectReason.INVALID_FLOAT,
          single ? "Float" : "Double",
          bytes,
          begin,
          scanned == e && scanned > b ? scanned - 1 : scanned,
          end);
    }
    if (digits == 0) {
      return complaint.syntax(RejectReason.INVALID_FLOAT, typeName, bytes, begin, end);
    }
    // As strtod, which PostgreSQL asks for overflow before it looks at what is behind the number.
    String text = Complaint.text(bytes, b, i);
    String java = hex && !exponent ? text + "p0" : text;
    parsed = single ? Float.parseFloat(java) : Double.parseDouble(java);
    if (Double.isInfinite(parsed) || (parsed == 0 && nonZero)) {
      if (redshift) {
        return complaint.set(
            RejectReason.FLOAT_OVERFLOW, "Overflow, Column type: " + (single ? "Float" : "Double"));
      }
      return complaint.set(
          RejectReason.FLOAT_OVERFLOW,
          "\""
              + (wholeText ? Complaint.text(bytes, begin, end) : text)
              + "\" is out of range for type "
              + typeName);
    }
    if (i != e) {
      return complaint.syntax(RejectReason.INVALID_FLOAT, typeName, bytes, begin, end);
    }
    return true;
  }
}

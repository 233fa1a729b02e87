package io.copyload.engine.convert;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The general parser of decimal text, PostgreSQL's numeric_in: white space, sign, digits, point,
 * exponent, NaN and Infinity, and since 16 the prefixes {@code 0x 0o 0b} and single underscores
 * between digits. Redshift knows plain numbers and exponents only.
 *
 * <p>Limits: work is proportional to the text and to the digits asked for, never to the exponent.
 * Threads: one owner.
 */
final class DecimalText {
  /** What the text is. */
  enum Kind {
    FINITE,
    NAN,
    POSITIVE_INFINITY,
    NEGATIVE_INFINITY
  }

  /** PostgreSQL's limit of digits before the point. */
  private static final int MAX_INTEGER_DIGITS = 131_072;

  /** PostgreSQL's limit of an exponent, which its majors before 16 do not take themselves. */
  private static final int MAX_EXPONENT = Integer.MAX_VALUE / 2;

  private static final int PG_HEADER_BYTES = 8;
  private static final int PG_MAX_SCALE = 0x3fff;
  private static final int[] POWERS = {1, 10, 100, 1000};

  Kind kind;
  boolean negative;

  /** Whether {@code 0x 0o 0b} and underscores between digits are read, as PostgreSQL 16 does. */
  boolean extended = true;

  /** Significant digits as ASCII, without leading zeros: {@code digits[0 .. digitCount)}. */
  private byte[] digits = new byte[64];

  private int digitCount;

  /** How many of the digits are behind the point; negative when zeros follow the digits. */
  private long fractionCount;

  /** Returns false with a complaint when the text is not a number. */
  boolean parse(byte[] bytes, int begin, int end, boolean plainOnly, Complaint complaint) {
    int i = Ascii.skipSpaces(bytes, begin, end);
    int e = Ascii.trimEnd(bytes, i, end);
    int signed = i;
    kind = Kind.FINITE;
    negative = false;
    digitCount = 0;
    fractionCount = 0;
    if (i < e && (bytes[i] == '-' || bytes[i] == '+')) {
      negative = bytes[i++] == '-';
    }
    if (i < e && Ascii.isLetter(bytes[i])) {
      if (plainOnly) {
        return syntax(bytes, begin, i, end, true, complaint);
      }
      if (signed == i && Ascii.equalsWord(bytes, i, e, "nan")) {
        kind = Kind.NAN;
        return true;
      }
      if (Ascii.equalsWord(bytes, i, e, "inf") || Ascii.equalsWord(bytes, i, e, "infinity")) {
        kind = negative ? Kind.NEGATIVE_INFINITY : Kind.POSITIVE_INFINITY;
        return true;
      }
      return syntax(bytes, begin, i, end, plainOnly, complaint);
    }
    if (digits.length < e - i) {
      digits = new byte[Math.max(e - i, digits.length * 2)];
    }
    if (extended && !plainOnly && i + 1 < e && bytes[i] == '0' && Ascii.isLetter(bytes[i + 1])) {
      int prefix = bytes[i + 1] | 0x20;
      int radix = prefix == 'x' ? 16 : prefix == 'o' ? 8 : prefix == 'b' ? 2 : 10;
      if (radix != 10) {
        return parseRadix(bytes, i + 2, e, radix)
            || syntax(bytes, begin, i, end, plainOnly, complaint);
      }
    }
    boolean point = false;
    int seen = 0;
    for (; i < e; i++) {
      int c = bytes[i];
      if (c >= '0' && c <= '9') {
        seen++;
        if (c != '0' || digitCount > 0) {
          digits[digitCount++] = (byte) c;
        }
        if (point) {
          fractionCount++;
        }
      } else if (c == '.' && !point) {
        point = true;
      } else if (c == '_' && extended && !plainOnly && i > begin && Ascii.isDigit(bytes[i - 1])) {
        if (i + 1 == e || !Ascii.isDigit(bytes[i + 1])) {
          return syntax(bytes, begin, i, end, plainOnly, complaint);
        }
      } else {
        break;
      }
    }
    if (seen == 0) {
      return syntax(bytes, begin, i, end, plainOnly, complaint);
    }
    if (i < e) {
      if ((bytes[i] | 0x20) != 'e') {
        return syntax(bytes, begin, i, end, plainOnly, complaint);
      }
      i++;
      if (!extended && !plainOnly) {
        // C's strtol reads the exponent.
        i = Ascii.skipSpaces(bytes, i, e);
      }
      boolean down = false;
      if (i < e && (bytes[i] == '-' || bytes[i] == '+')) {
        down = bytes[i++] == '-';
      }
      long exponent = 0;
      int first = i;
      for (; i < e; i++) {
        int c = bytes[i];
        if (c >= '0' && c <= '9') {
          exponent = exponent * 10 + (c - '0');
          if (exponent >= MAX_EXPONENT && (exponent > MAX_EXPONENT || !extended)) {
            return overflow(complaint);
          }
        } else if (c == '_'
            && extended
            && !plainOnly
            && i > first
            && i + 1 < e
            && Ascii.isDigit(bytes[i - 1])
            && Ascii.isDigit(bytes[i + 1])) {
          continue;
        } else {
          return syntax(bytes, begin, i, end, plainOnly, complaint);
        }
      }
      if (i == first) {
        return syntax(bytes, begin, i, end, plainOnly, complaint);
      }
      fractionCount -= down ? -exponent : exponent;
    }
    return true;
  }

  /**
   * Reads PostgreSQL's binary form, with the checks of its numeric_recv: digits of base 10000, the
   * weight of the first one, sign, and the number of decimal digits behind the point.
   */
  boolean parsePgBinary(byte[] bytes, int begin, int end, Complaint complaint) {
    kind = Kind.FINITE;
    negative = false;
    digitCount = 0;
    fractionCount = 0;
    if (end - begin < PG_HEADER_BYTES) {
      return complaint.width(end - begin, PG_HEADER_BYTES);
    }
    int count = BigEndian.int16(bytes, begin) & 0xffff;
    int weight = BigEndian.int16(bytes, begin + 2);
    int sign = BigEndian.int16(bytes, begin + 4) & 0xffff;
    int scale = BigEndian.int16(bytes, begin + 6) & 0xffff;
    switch (sign) {
      case 0 -> negative = false;
      case 0x4000 -> negative = true;
      case 0xc000 -> kind = Kind.NAN;
      case 0xd000 -> kind = Kind.POSITIVE_INFINITY;
      case 0xf000 -> kind = Kind.NEGATIVE_INFINITY;
      default -> {
        return complaint.set(
            RejectReason.BINARY_FORMAT, "invalid sign in external \"numeric\" value");
      }
    }
    if (scale > PG_MAX_SCALE) {
      return complaint.set(
          RejectReason.BINARY_FORMAT, "invalid scale in external \"numeric\" value");
    }
    int available = (end - begin - PG_HEADER_BYTES) / 2;
    for (int i = 0; i < Math.min(count, available); i++) {
      int digit = BigEndian.int16(bytes, begin + PG_HEADER_BYTES + 2 * i);
      if (digit < 0 || digit >= 10_000) {
        return complaint.set(
            RejectReason.BINARY_FORMAT, "invalid digit in external \"numeric\" value");
      }
    }
    if (end - begin != PG_HEADER_BYTES + 2 * count) {
      return complaint.width(end - begin, PG_HEADER_BYTES + 2 * count);
    }
    fractionCount = scale;
    // Digits before the point and behind it that the scale shows: the others are cut off.
    int wanted = Math.max(0, 4 * (weight + 1) + scale);
    if (digits.length < wanted) {
      digits = new byte[Math.max(wanted, digits.length * 2)];
    }
    for (int i = 0; i < wanted; i++) {
      int group = i / 4 < count ? BigEndian.int16(bytes, begin + PG_HEADER_BYTES + 2 * (i / 4)) : 0;
      int digit = group / POWERS[3 - i % 4] % 10;
      if (digit != 0 || digitCount > 0) {
        digits[digitCount++] = (byte) ('0' + digit);
      }
    }
    return true;
  }

  private boolean parseRadix(byte[] bytes, int begin, int end, int radix) {
    StringBuilder plain = new StringBuilder(end - begin);
    for (int i = begin; i < end; i++) {
      int c = bytes[i];
      int digit = Ascii.hex(c);
      if (digit >= 0 && digit < radix) {
        plain.append((char) c);
      } else if (c == '_') {
        int next = i + 1 < end ? Ascii.hex(bytes[i + 1]) : -1;
        if (next < 0 || next >= radix) {
          return false;
        }
      } else {
        return false;
      }
    }
    if (plain.length() == 0) {
      return false;
    }
    BigInteger value = new BigInteger(plain.toString(), radix);
    if (value.signum() != 0) {
      digits = value.toString().getBytes(StandardCharsets.US_ASCII);
      digitCount = digits.length;
    }
    return true;
  }

  /** Refuses what PostgreSQL's numeric without a precision cannot hold. */
  boolean checkSize(Complaint complaint) {
    return digitCount - fractionCount <= MAX_INTEGER_DIGITS
        || digitCount == 0
        || overflow(complaint);
  }

  private static boolean syntax(
      byte[] bytes, int begin, int at, int end, boolean plainOnly, Complaint complaint) {
    if (plainOnly) {
      return complaint.digit(
          RejectReason.INVALID_DIGIT,
          "Decimal",
          bytes,
          begin,
          at == end && at > begin ? at - 1 : at,
          end);
    }
    return complaint.syntax(RejectReason.INVALID_NUMERIC, "numeric", bytes, begin, end);
  }

  private static boolean overflow(Complaint complaint) {
    return complaint.set(RejectReason.NUMERIC_OVERFLOW, "value overflows numeric format");
  }

  /**
   * The unscaled value at {@code scale}, without its sign.
   *
   * @param maxDigits give up beyond so many digits
   * @param truncate cut excess fraction digits off rather than round half away from zero
   * @return null when it has more than {@code maxDigits} digits
   */
  BigInteger unscaled(int scale, long maxDigits, boolean truncate) {
    long kept = digitCount - fractionCount + scale;
    if (digitCount == 0 || kept < 0) {
      return BigInteger.ZERO;
    }
    if (kept > maxDigits) {
      return null;
    }
    BigInteger value = BigInteger.ZERO;
    int taken = (int) Math.min(kept, digitCount);
    if (taken > 0) {
      value = new BigInteger(new String(digits, 0, taken, StandardCharsets.US_ASCII));
      if (kept > taken) {
        value = value.multiply(BigInteger.TEN.pow((int) kept - taken));
      }
    }
    if (!truncate && kept < digitCount && digits[(int) kept] >= '5') {
      value = value.add(BigInteger.ONE);
    }
    return value;
  }

  /** As {@link #unscaled} for at most 18 digits; -1 when it has more than {@code maxDigits}. */
  long unscaledLong(int scale, int maxDigits, boolean truncate) {
    long kept = digitCount - fractionCount + scale;
    if (digitCount == 0 || kept < 0) {
      return 0;
    }
    if (kept > maxDigits) {
      return -1;
    }
    long value = 0;
    for (int i = 0; i < kept; i++) {
      value = value * 10 + (i < digitCount ? digits[i] - '0' : 0);
    }
    if (!truncate && kept < digitCount && digits[(int) kept] >= '5') {
      value++;
    }
    return value < Digits.power(maxDigits) ? value : -1;
  }

  /** The number itself, with the scale it was written with. */
  BigDecimal decimal() {
    BigInteger value =
        digitCount == 0
            ? BigInteger.ZERO
            : new BigInteger(
                new String(Arrays.copyOf(digits, digitCount), StandardCharsets.US_ASCII));
    return new BigDecimal(negative ? value.negate() : value, (int) fractionCount);
  }
}

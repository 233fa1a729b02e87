package io.copyload.engine.convert;

/**
 * The fixed-width ISO forms {@code YYYY-MM-DD} and {@code HH:MM:SS}, eight bytes at a time; everything else is for
 * {@link DateTimeText}.
 */
final class IsoDateTime {
  /** Not in the fixed form, or out of range: the general parser must decide. */
  static final long UNDECIDED = Long.MIN_VALUE;

  /** As {@link #UNDECIDED}, for offsets. */
  static final int NO_OFFSET = Integer.MIN_VALUE;

  /** Length of {@code YYYY-MM-DD}. */
  static final int DATE_LENGTH = 10;

  /** Length of {@code HH:MM:SS}. */
  static final int TIME_LENGTH = 8;

  /** {@code 0000-00-} as a word. */
  private static final long DATE_PATTERN = 0x2D30302D30303030L;

  private static final long DASHES = 0xFF0000FF00000000L;

  /** {@code 00:00:00} as a word. */
  private static final long TIME_PATTERN = 0x30303A30303A3030L;

  private static final long COLONS = 0x0000FF0000FF0000L;

  private IsoDateTime() {}

  /** Day number of the ten bytes at {@code begin}, years 0001 to 9999. */
  static long day(byte[] bytes, int begin) {
    long digits = Digits.load(bytes, begin) ^ DATE_PATTERN;
    int tens = bytes[begin + 8] - '0';
    int ones = bytes[begin + 9] - '0';
    if ((digits & DASHES) != 0
        || !Digits.areDigits(digits)
        || tens < 0
        || tens > 3
        || ones < 0
        || ones > 9) {
      return UNDECIDED;
    }
    long pairs = digits * 10 + (digits >>> 8);
    int year = (int) (pairs & 0xff) * 100 + (int) ((pairs >>> 16) & 0xff);
    int month = (int) ((pairs >>> 40) & 0xff);
    int day = tens * 10 + ones;
    if (year == 0
        || month < 1
        || month > 12
        || day < 1
        || (day > 28 && day > Calendar.daysInMonth(year, month))) {
      return UNDECIDED;
    }
    // Calendar.day for a positive int year.
    int y = month <= 2 ? year - 1 : year;
    int monthFromMarch = month <= 2 ? month + 9 : month - 3;
    int century = y / 100;
    return y * 365
        + (y >> 2)
        - century
        + (century >> 2)
        + (153 * monthFromMarch + 2) / 5
        + (day - 1)
        - 719_468;
  }

  /** Seconds since midnight of the eight bytes at {@code begin}. */
  static long secondOfDay(byte[] bytes, int begin) {
    long digits = Digits.load(bytes, begin) ^ TIME_PATTERN;
    if ((digits & COLONS) != 0 || !Digits.areDigits(digits)) {
      return UNDECIDED;
    }
    long pairs = digits * 10 + (digits >>> 8);
    int hour = (int) (pairs & 0xff);
    int minute = (int) ((pairs >>> 24) & 0xff);
    int second = (int) ((pairs >>> 48) & 0xff);
    if (hour > 23 || minute > 59 || second > 59) {
      return UNDECIDED;
    }
    return hour * 3600 + minute * 60 + second;
  }

  /** Nanoseconds written by 1 to 9 fraction digits. */
  static long fraction(byte[] bytes, int begin, int end) {
    int count = end - begin;
    if (count < 1 || count > 9) {
      return UNDECIDED;
    }
    int nanos = 0;
    for (int i = begin; i < end; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        return UNDECIDED;
      }
      nanos = nanos * 10 + digit;
    }
    return nanos * Digits.power(9 - count);
  }

  /** Seconds east of {@code +HH}, {@code +HHMM} or {@code +HH:MM}, at most 14:59; {@link #NO_OFFSET} for anything else. */
  static int offset(byte[] bytes, int begin, int end) {
    int count = end - begin;
    int sign = bytes[begin];
    if ((sign != '+' && sign != '-') || (count != 3 && count != 5 && count != 6)) {
      return NO_OFFSET;
    }
    int i = begin + 1;
    int hour = twoDigits(bytes, i);
    i += 2;
    if (count == 6 && bytes[i++] != ':') {
      return NO_OFFSET;
    }
    int minute = count == 3 ? 0 : twoDigits(bytes, i);
    if (hour < 0 || hour > 14 || minute < 0 || minute > 59) {
      return NO_OFFSET;
    }
    int seconds = hour * 3600 + minute * 60;
    return sign == '-' ? -seconds : seconds;
  }

  private static int twoDigits(byte[] bytes, int i) {
    return Ascii.isDigit(bytes[i]) && Ascii.isDigit(bytes[i + 1])
        ? (bytes[i] - '0') * 10 + bytes[i + 1] - '0'
        : -1;
  }

  /** Rounds nanoseconds half up to {@code scale} fraction digits; may reach the next second. */
  static long round(long nanos, int scale) {
    if (scale >= 9) {
      return nanos;
    }
    long unit = Digits.power(9 - scale);
    return (nanos + unit / 2) / unit * unit;
  }
}

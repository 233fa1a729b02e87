package io.copyload.engine.convert;

/**
 * The fixed-width ISO forms {@code YYYY-MM-DD} and {@code HH:MM:SS}, eight bytes at a time;
 * everything else is for {@link DateTimeText}.
 */
final class IsoDateTime {
  /** Not in the fixed form, or out of range: the general parser must decide. */
  static final long UNDECIDED = Long.MIN_VALUE;

  /** As {@link #UNDECIDED}, for offsets. */
  static final int NO_OFFSET = Integer.MIN_VALUE;

  /** Length of {@code YYYY-MM-DD}. */
  static final int DATE_LENGTH = 10;

  /** Fraction digits of a second that PostgreSQL holds. */
  static final int MICRO_DIGITS = 6;

  /** Fraction digits of a second that H2 holds. */
  static final int NANO_DIGITS = 9;

  /** Length of {@code HH:MM:SS}. */
  static final int TIME_LENGTH = 8;

  /** {@code 00-00-00} as a word. */
  private static final long DATE_PATTERN = 0x30302D30302D3030L;

  /**
   * By year * 16 + month: day number of the day before the month's first, times 32, plus the
   * month's length; 0 where there is no such month. Only the parts that the data needs come into
   * the processor's cache.
   */
  private static final int[] MONTHS = months();

  /** {@code 00:00:00} as a word. */
  private static final long TIME_PATTERN = 0x30303A30303A3030L;

  private static final long COLONS = 0x0000FF0000FF0000L;

  private IsoDateTime() {}

  private static int[] months() {
    int[] months = new int[10_000 * 16];
    for (int year = 1; year < 10_000; year++) {
      for (int month = 1; month <= 12; month++) {
        int before = (int) Calendar.day(year, month, 1) - 1;
        months[year * 16 + month] = before * 32 + Calendar.daysInMonth(year, month);
      }
    }
    return months;
  }

  /**
   * Day number of the ten bytes at {@code begin}, years 0001 to 9999. One table look-up: the
   * arithmetic of {@link Calendar#day} takes three times as long.
   */
  static long day(byte[] bytes, int begin) {
    long digits = Digits.load(bytes, begin + 2) ^ DATE_PATTERN;
    int first = bytes[begin] - '0';
    int second = bytes[begin + 1] - '0';
    if (((digits & COLONS) | Digits.nonDigits(digits)) != 0
        || (first & 0xff) > 9
        || (second & 0xff) > 9) {
      return UNDECIDED;
    }
    long pairs = digits * 10 + (digits >>> 8);
    int year = first * 1000 + second * 100 + ((int) pairs & 0xff);
    int month = (int) (pairs >>> 24) & 0xff;
    int day = (int) (pairs >>> 48) & 0xff;
    if (month > 15) {
      return UNDECIDED;
    }
    int entry = MONTHS[year * 16 + month];
    return day >= 1 && day <= (entry & 31) ? (entry >> 5) + day : UNDECIDED;
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

  /** Nanoseconds written by 1 to 9 fraction digits, for a column of this scale. */
  static long fraction(byte[] bytes, int begin, int end, int scale) {
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
    return count > MICRO_DIGITS && scale <= MICRO_DIGITS
        ? 1000 * micros(nanos / (double) Digits.power(count))
        : nanos * Digits.power(9 - count);
  }

  /**
   * Microseconds of a fraction of a second. PostgreSQL holds no more, and computes them like this;
   * columns that hold more keep more.
   */
  static long micros(double fraction) {
    return (long) Math.rint(fraction * 1_000_000);
  }

  /**
   * Seconds east of {@code +HH}, {@code +HHMM} or {@code +HH:MM}, at most 14:59; {@link #NO_OFFSET}
   * for anything else.
   */
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
    return round(nanos, scale, false);
  }

  /** Rounds half up, or half down. */
  static long round(long nanos, int scale, boolean halfDown) {
    if (scale >= 9) {
      return nanos;
    }
    long unit = Digits.power(9 - scale);
    return (nanos + (halfDown ? unit / 2 - 1 : unit / 2)) / unit * unit;
  }
}

package io.copyload.engine.convert;

/** The proleptic Gregorian calendar in day numbers, 1970-01-01 = 0; year 0 is 1 BC. */
final class Calendar {
  static final long NANOS_PER_SECOND = 1_000_000_000L;
  static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;

  /** Julian day number of 1970-01-01. */
  static final long JULIAN_EPOCH = 2_440_588;

  private Calendar() {}

  /**
   * Day number of a date. Counts from 1 March, so that the leap day ends the year (E. Richards'
   * method).
   *
   * @param month 1 to 12
   */
  static long day(long year, int month, int day) {
    long y = month <= 2 ? year - 1 : year;
    int monthFromMarch = month <= 2 ? month + 9 : month - 3;
    long era = Math.floorDiv(y, 400);
    int yearOfEra = (int) (y - era * 400);
    int dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1;
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468;
  }

  static boolean isLeap(long year) {
    return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  static int daysInMonth(long year, int month) {
    if (month == 2) {
      return isLeap(year) ? 29 : 28;
    }
    return 30 + ((month + (month >> 3)) & 1);
  }

  /** The date of a day number, packed for {@link #yearOf}, {@link #monthOf} and {@link #dayOf}. */
  static long civil(long day) {
    long shifted = day + 719_468;
    long era = Math.floorDiv(shifted, 146_097);
    int dayOfEra = (int) (shifted - era * 146_097);
    int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
    int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
    int monthFromMarch = (5 * dayOfYear + 2) / 153;
    int dayOfMonth = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
    int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
    long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
    return (year << 9) | (month << 5) | dayOfMonth;
  }

  static long yearOf(long civil) {
    return civil >> 9;
  }

  static int monthOf(long civil) {
    return (int) (civil >> 5) & 15;
  }

  static int dayOf(long civil) {
    return (int) civil & 31;
  }
}

package io.copyload.engine.format.orc;

import java.time.LocalDate;

/**
 * The calendar of files that do not say that theirs is the proleptic Gregorian one: Julian before
 * 1582-10-15. A date keeps its year, month and day, as ORC's reader does it.
 */
final class HybridCalendar {
  /** 1582-10-15. */
  private static final long FIRST_GREGORIAN_DAY = -141_427;

  /** Julian day number of 1970-01-01. */
  private static final long EPOCH_JULIAN_DAY = 2_440_588;

  private HybridCalendar() {}

  /** The day since 1970 that has the same date in the proleptic Gregorian calendar. */
  static long toProleptic(long day) {
    if (day >= FIRST_GREGORIAN_DAY) {
      return day;
    }
    // A Julian year begins in March here, so that the leap day is its last.
    long c = day + EPOCH_JULIAN_DAY + 32_082;
    long d = Math.floorDiv(4 * c + 3, 1461L);
    long e = c - Math.floorDiv(1461 * d, 4L);
    long m = (5 * e + 2) / 153;
    int dayOfMonth = (int) (e - (153 * m + 2) / 5 + 1);
    int month = (int) (m + 3 - 12 * (m / 10));
    int year = (int) (d - 4800 + m / 10);
    if (month == 2 && dayOfMonth == 29 && !java.time.Year.isLeap(year)) {
      return LocalDate.of(year, 3, 1).toEpochDay();
    }
    return LocalDate.of(year, month, dayOfMonth).toEpochDay();
  }
}

package io.copyload.engine.export;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.zone.ZoneRules;

/** Dates and times in PostgreSQL's ISO style. Threads: one. */
final class DateTimeText {
  private static final long DAY_SECONDS = 86_400;

  /** Days of 1970 to 2105 whose text is kept. */
  private static final int KEPT_DAYS = 1 << 14;

  static final int DATE_BYTES = 10;

  /** Two words a date, so that it is copied as such. */
  private static final int KEPT_BYTES = 16;

  private final byte[] keptDates = new byte[KEPT_DAYS * KEPT_BYTES];
  private final ZoneRules rules;
  private final boolean fixed;
  private final int fixedOffset;

  /**
   * @param zone in which a timestamp with time zone is shown
   */
  DateTimeText(ZoneId zone) {
    rules = zone.getRules();
    fixed = rules.isFixedOffset();
    fixedOffset = fixed ? rules.getOffset(Instant.EPOCH).getTotalSeconds() : 0;
  }

  /** Texts of dates, to which {@link #kept} points. */
  byte[] keptDates() {
    return keptDates;
  }

  /** Where the text of a day begins, -1 when it is not kept. Sixteen bytes can be read there. */
  int kept(long day, OutputBuffer scratch) {
    if (day < 0 || day >= KEPT_DAYS) {
      return -1;
    }
    int at = (int) day * KEPT_BYTES;
    if (keptDates[at] == 0) {
      int size = scratch.size;
      datePart(day, scratch);
      scratch.size = size;
    }
    return at;
  }

  void date(long day, OutputBuffer out) {
    if (!datePart(day, out)) {
      out.putAscii(" BC");
    }
  }

  void timestamp(long day, long nanos, OutputBuffer out) {
    boolean common = datePart(day, out);
    out.put((byte) ' ');
    time(nanos, out);
    if (!common) {
      out.putAscii(" BC");
    }
  }

  void timestampWithZone(long day, long nanos, long offset, OutputBuffer out) {
    long seconds = day * DAY_SECONDS + Math.floorDiv(nanos, 1_000_000_000L) - offset;
    int shown =
        fixed ? fixedOffset : rules.getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
    long local = seconds + shown;
    long localDay = Math.floorDiv(local, DAY_SECONDS);
    boolean common = datePart(localDay, out);
    out.put((byte) ' ');
    time(
        (local - localDay * DAY_SECONDS) * 1_000_000_000L + Math.floorMod(nanos, 1_000_000_000L),
        out);
    offset(shown, out);
    if (!common) {
      out.putAscii(" BC");
    }
  }

  void timeWithZone(long nanos, long offset, OutputBuffer out) {
    time(nanos, out);
    offset((int) offset, out);
  }

  /** Returns false when the year is before Christ, which is said behind the time. */
  private boolean datePart(long day, OutputBuffer out) {
    if (day >= 0 && day < KEPT_DAYS) {
      int at = (int) day * KEPT_BYTES;
      if (keptDates[at] == 0) {
        int begin = out.size;
        newDate(day, out);
        System.arraycopy(out.bytes, begin, keptDates, at, DATE_BYTES);
      } else {
        byte[] b = out.ensure(KEPT_BYTES);
        OutputBuffer.putWord(b, out.size, OutputBuffer.word(keptDates, at));
        OutputBuffer.putWord(b, out.size + 8, OutputBuffer.word(keptDates, at + 8));
        out.size += DATE_BYTES;
      }
      return true;
    }
    return newDate(day, out);
  }

  private static boolean newDate(long day, OutputBuffer out) {
    LocalDate date = LocalDate.ofEpochDay(day);
    boolean common = date.getYear() > 0;
    int year = common ? date.getYear() : 1 - date.getYear();
    if (year < 1000) {
      out.put((byte) '0');
      if (year < 100) {
        out.put((byte) '0');
      }
      out.putTwoDigits(year);
    } else {
      out.putLong(year);
    }
    out.put((byte) '-');
    out.putTwoDigits(date.getMonthValue());
    out.put((byte) '-');
    out.putTwoDigits(date.getDayOfMonth());
    return common;
  }

  /** Hours, minutes, seconds, and the fraction without trailing zeros. Hours may exceed 23. */
  static void time(long nanos, OutputBuffer out) {
    long seconds = nanos / 1_000_000_000L;
    hoursAndMinutes(seconds, out);
    out.put((byte) ':');
    out.putTwoDigits((int) (seconds % 60));
    fraction((int) (nanos - seconds * 1_000_000_000L), out);
  }

  private static void hoursAndMinutes(long seconds, OutputBuffer out) {
    long hours = seconds / 3600;
    if (hours > 99) {
      out.putLong(hours);
    } else {
      out.putTwoDigits((int) hours);
    }
    out.put((byte) ':');
    out.putTwoDigits((int) (seconds / 60 % 60));
  }

  private static void fraction(int nanos, OutputBuffer out) {
    if (nanos == 0) {
      return;
    }
    byte[] b = out.ensure(10);
    b[out.size++] = '.';
    int rest = nanos;
    for (int unit = 100_000_000; rest > 0; unit /= 10) {
      b[out.size++] = (byte) ('0' + rest / unit);
      rest %= unit;
    }
  }

  private static void offset(int seconds, OutputBuffer out) {
    out.put((byte) (seconds < 0 ? '-' : '+'));
    int rest = Math.abs(seconds);
    out.putTwoDigits(rest / 3600);
    if (rest % 3600 != 0) {
      out.put((byte) ':');
      out.putTwoDigits(rest / 60 % 60);
      if (rest % 60 != 0) {
        out.put((byte) ':');
        out.putTwoDigits(rest % 60);
      }
    }
  }
}

package io.copyload.engine.export;

import io.copyload.engine.store.TargetType.Kind;

/** Intervals in PostgreSQL's style {@code postgres}: {@code 1 year 2 mons 3 days 04:05:06.789}. */
final class IntervalText {
  private static final long SECOND = 1_000_000_000L;

  private IntervalText() {}

  static void append(Kind kind, long first, long remaining, OutputBuffer out) {
    boolean negative = first < 0;
    long leading = negative ? ~first : first;
    long months = 0;
    long days = 0;
    long seconds = 0;
    long nanos = 0;
    switch (kind) {
      case INTERVAL_YEAR -> months = Math.multiplyExact(leading, 12);
      case INTERVAL_YEAR_TO_MONTH -> months = Math.multiplyExact(leading, 12) + remaining;
      case INTERVAL_MONTH -> months = leading;
      case INTERVAL_DAY -> days = leading;
      case INTERVAL_DAY_TO_HOUR -> {
        days = leading;
        seconds = remaining * 3600;
      }
      case INTERVAL_DAY_TO_MINUTE -> {
        days = leading;
        seconds = remaining * 60;
      }
      case INTERVAL_DAY_TO_SECOND -> {
        days = leading;
        seconds = remaining / SECOND;
        nanos = remaining % SECOND;
      }
      case INTERVAL_HOUR -> seconds = Math.multiplyExact(leading, 3600);
      case INTERVAL_HOUR_TO_MINUTE -> seconds = Math.multiplyExact(leading, 3600) + remaining * 60;
      case INTERVAL_HOUR_TO_SECOND -> {
        seconds = Math.multiplyExact(leading, 3600) + remaining / SECOND;
        nanos = remaining % SECOND;
      }
      case INTERVAL_MINUTE -> seconds = Math.multiplyExact(leading, 60);
      case INTERVAL_MINUTE_TO_SECOND -> {
        seconds = Math.multiplyExact(leading, 60) + remaining / SECOND;
        nanos = remaining % SECOND;
      }
      case INTERVAL_SECOND -> {
        seconds = leading;
        nanos = remaining;
      }
      default -> throw new IllegalArgumentException("not an interval: " + kind);
    }
    int begin = out.size;
    part(months / 12, "year", negative, begin, out);
    part(months % 12, "mon", negative, begin, out);
    part(days, "day", negative, begin, out);
    if (out.size > begin && seconds == 0 && nanos == 0) {
      return;
    }
    if (out.size > begin) {
      out.put((byte) ' ');
    }
    if (negative && (seconds != 0 || nanos != 0)) {
      out.put((byte) '-');
    }
    time(seconds, nanos, out);
  }

  private static void time(long seconds, long nanos, OutputBuffer out) {
    long whole = seconds / 3600;
    if (whole > 99) {
      out.putLong(whole);
      int begin = out.size;
      DateTimeText.time(seconds % 3600 * SECOND + nanos, out);
      // The hours are there already: only what follows them stays.
      System.arraycopy(out.bytes, begin + 2, out.bytes, begin, out.size - begin - 2);
      out.size -= 2;
    } else {
      DateTimeText.time(seconds * SECOND + nanos, out);
    }
  }

  private static void part(long value, String unit, boolean negative, int begin, OutputBuffer out) {
    if (value == 0) {
      return;
    }
    if (out.size > begin) {
      out.put((byte) ' ');
    }
    out.putLong(negative ? -value : value);
    out.put((byte) ' ');
    out.putAscii(unit);
    if (value != 1 || negative) {
      out.put((byte) 's');
    }
  }
}

package io.copyload.engine.format.orc;

import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.util.TimeZone;

/**
 * Timestamps: seconds since 2015 and nanoseconds without their trailing zeros. A plain timestamp is
 * the writer's local time, whatever the zone of the reader; one with local time zone is an instant.
 *
 * <p>Zones are {@link TimeZone}s, whose rules for old dates are those that ORC's writer uses.
 * Threads: one.
 */
final class TimestampDecoder implements ValueDecoder {
  private static final long SECONDS_TO_2015 = 1_420_070_400L;
  private static final long SECONDS_PER_DAY = 86_400;

  /** Seconds around the year 290,000,000: no sum of them and an offset overflows in millis. */
  private static final long MOST_SECONDS = 9_000_000_000_000_000L;

  private static final int NANOS_PER_MILLI = 1_000_000;

  private final IntegerRuns seconds;
  private final IntegerRuns nanos;
  private final TimeZone zone;
  private final boolean utc;
  private final long base;
  private final boolean hybrid;
  private final boolean zoned;

  /**
   * @param zone of the writer; UTC for instants
   * @param hybrid whether the calendar is Julian before 1582
   * @param zoned whether the vectors have offsets
   */
  TimestampDecoder(
      IntegerRuns seconds, IntegerRuns nanos, TimeZone zone, boolean hybrid, boolean zoned) {
    this.seconds = seconds;
    this.nanos = nanos;
    this.zone = zone;
    this.hybrid = hybrid;
    this.zoned = zoned;
    utc = zone.getRawOffset() == 0 && zone.hasSameRules(TimeZone.getTimeZone("UTC"));
    // Local midnight: no zone changes its offset then.
    base =
        SECONDS_TO_2015
            - zone.getOffset((SECONDS_TO_2015 - zone.getRawOffset() / 1000) * 1000) / 1000;
  }

  @Override
  public void read(ColumnVector out, int count) throws IOException {
    for (int row = 0; row < count; row++) {
      if (out.nulls[row]) {
        continue;
      }
      long second = seconds.next();
      long nano = nano(nanos.next());
      if (second > MOST_SECONDS || second < -MOST_SECONDS) {
        throw new IOException("a timestamp " + second + " seconds from 2015");
      }
      second += base;
      if (second < 0 && nano >= NANOS_PER_MILLI) {
        // Writers cut the seconds before 1970 towards it.
        second--;
      }
      if (!utc) {
        second += zone.getOffset(second * 1000 + nano / NANOS_PER_MILLI) / 1000;
      }
      long day = Math.floorDiv(second, SECONDS_PER_DAY);
      out.lanes[1][row] = (second - day * SECONDS_PER_DAY) * 1_000_000_000L + nano;
      if (day != (int) day) {
        throw new IOException("a timestamp " + day + " days from 1970");
      }
      out.lanes[0][row] = hybrid ? HybridCalendar.toProleptic(day) : day;
      if (zoned) {
        out.lanes[2][row] = 0;
      }
    }
  }

  /** The low three bits are the number of zeros cut, less one. */
  private static long nano(long coded) throws IOException {
    long value = coded >>> 3;
    int zeros = (int) coded & 7;
    if (value < 1_000_000_000 && zeros > 0) {
      for (int i = 0; i <= zeros; i++) {
        value *= 10;
      }
    }
    if (value >= 1_000_000_000) {
      throw new IOException("a second of " + value + " nanoseconds");
    }
    return value;
  }
}

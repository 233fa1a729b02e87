package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * TIMESTAMP and TIMESTAMP WITH TIME ZONE. The ISO form by position, PostgreSQL's other syntaxes by
 * {@link DateTimeText}.
 *
 * <p>A zone in the text of a TIMESTAMP is ignored. TIMESTAMP WITH TIME ZONE keeps the offset that
 * was written, as H2 does; a zone name becomes its offset at that local time, and a missing zone
 * the session zone's. Fractions are rounded to the column's scale.
 */
final class TimestampConverter implements FieldConverter {
  /** 2000-01-01. */
  private static final long EPOCH_DAY = PgFixedConverter.EPOCH_DAY;

  private final DateTimeText text;
  private final int scale;
  private final boolean zoned;
  private final Complaint complaint = new Complaint();
  private long day;
  private long nanoOfDay;
  private long offset;

  TimestampConverter(DateTimeText text, int scale, boolean zoned) {
    this.text = text;
    this.scale = scale;
    this.zoned = zoned;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] days = out.lanes[0];
    long[] nanos = out.lanes[1];
    long[] offsets = zoned ? out.lanes[2] : null;
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (!parseFast(bytes, b, e) && !parse(bytes, b, e)) {
        nulls[r] = true;
        complaint.report(r, rejects);
        continue;
      }
      nulls[r] = false;
      days[r] = day;
      nanos[r] = nanoOfDay;
      if (offsets != null) {
        offsets[r] = offset;
      }
    }
  }

  /** {@code YYYY-MM-DD HH:MM:SS[.f][Z|+HH[[:]MM]]}; false when the general path must decide. */
  boolean parseFast(byte[] bytes, int begin, int end) {
    int timeBegin = begin + IsoDateTime.DATE_LENGTH + 1;
    int timeEnd = timeBegin + IsoDateTime.TIME_LENGTH;
    if (timeEnd > end || (bytes[timeBegin - 1] != ' ' && bytes[timeBegin - 1] != 'T')) {
      return false;
    }
    long newDay = IsoDateTime.day(bytes, begin);
    long second = IsoDateTime.secondOfDay(bytes, timeBegin);
    if (newDay == IsoDateTime.UNDECIDED || second == IsoDateTime.UNDECIDED) {
      return false;
    }
    long nanos = second * Calendar.NANOS_PER_SECOND;
    boolean exact = true;
    int i = timeEnd;
    if (i < end && bytes[i] == '.') {
      int fractionBegin = ++i;
      while (i < end && Ascii.isDigit(bytes[i])) {
        i++;
      }
      long fraction = IsoDateTime.fraction(bytes, fractionBegin, i, scale);
      if (fraction == IsoDateTime.UNDECIDED) {
        return false;
      }
      nanos += fraction;
      exact = i - fractionBegin <= scale;
    }
    if (zoned) {
      int newOffset = 0;
      if (i == end) {
        newOffset = text.sessionOffset(newDay, second);
      } else if (end - i != 1 || bytes[i] != 'Z') {
        newOffset = IsoDateTime.offset(bytes, i, end);
        if (newOffset == IsoDateTime.NO_OFFSET) {
          return false;
        }
      }
      offset = newOffset;
    } else if (i != end) {
      return false;
    }
    store(newDay, exact ? nanos : rounded(newDay, nanos));
    return true;
  }

  /** The general path. */
  boolean parse(byte[] bytes, int begin, int end) {
    if (!text.parseTimestamp(bytes, begin, end, zoned, complaint)) {
      return false;
    }
    offset = text.offset();
    store(text.day(), rounded(text.day(), text.nanoOfDay()));
    return true;
  }

  /** Rounds halves away from 2000-01-01 00:00 UTC, as PostgreSQL does, which counts from there. */
  private long rounded(long localDay, long nanos) {
    long utc =
        (localDay - EPOCH_DAY) * 86_400
            + Math.floorDiv(nanos, Calendar.NANOS_PER_SECOND)
            - (zoned ? offset : 0);
    boolean before = utc < 0 && scale <= IsoDateTime.MICRO_DIGITS;
    return IsoDateTime.round(nanos, scale, before);
  }

  private void store(long newDay, long rounded) {
    boolean over = rounded >= Calendar.NANOS_PER_DAY;
    day = over ? newDay + 1 : newDay;
    nanoOfDay = over ? rounded - Calendar.NANOS_PER_DAY : rounded;
  }

  long day() {
    return day;
  }

  long nanoOfDay() {
    return nanoOfDay;
  }

  long offset() {
    return offset;
  }
}

package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * TIME and TIME WITH TIME ZONE. {@code HH:MM:SS} by position, PostgreSQL's other syntaxes by {@link
 * DateTimeText}.
 *
 * <p>A zone in the text of a TIME is ignored. Fractions are rounded half up to the column's scale.
 * H2 cannot hold 24:00:00: as a text it is refused; a fraction that would round up to it becomes
 * the last time of the day, as in H2.
 */
final class TimeConverter implements FieldConverter {
  private static final int MAX_OFFSET = 18 * 3600;

  private final DateTimeText text;
  private final int scale;
  private final boolean zoned;
  private final Complaint complaint = new Complaint();
  private long nanoOfDay;
  private long offset;

  TimeConverter(DateTimeText text, int scale, boolean zoned) {
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
    long[] nanos = out.lanes[0];
    long[] offsets = zoned ? out.lanes[1] : null;
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
      nanos[r] = nanoOfDay;
      if (offsets != null) {
        offsets[r] = offset;
      }
    }
  }

  /** {@code HH:MM:SS[.f][Z|+HH[[:]MM]]}; false when the general path must decide. */
  boolean parseFast(byte[] bytes, int begin, int end) {
    int i = begin + IsoDateTime.TIME_LENGTH;
    if (i > end) {
      return false;
    }
    long second = IsoDateTime.secondOfDay(bytes, begin);
    if (second == IsoDateTime.UNDECIDED) {
      return false;
    }
    long nanos = second * Calendar.NANOS_PER_SECOND;
    boolean exact = true;
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
    offset = 0;
    if (i < end) {
      if (!zoned) {
        return false;
      }
      if (end - i != 1 || bytes[i] != 'Z') {
        int written = IsoDateTime.offset(bytes, i, end);
        if (written == IsoDateTime.NO_OFFSET) {
          return false;
        }
        offset = written;
      }
    } else if (zoned) {
      offset = text.sessionOffset(text.sessionDay(), second);
    }
    store(exact ? nanos : IsoDateTime.round(nanos, scale));
    return true;
  }

  /** The general path. */
  boolean parse(byte[] bytes, int begin, int end) {
    if (!text.parseTime(bytes, begin, end, complaint)) {
      return false;
    }
    if (text.nanoOfDay() >= Calendar.NANOS_PER_DAY) {
      return complaint.set(
          RejectReason.TIME_OUT_OF_RANGE,
          "time out of range: \"" + Complaint.text(bytes, begin, end) + "\"",
          "A time must be before 24:00:00.",
          null);
    }
    offset = text.offset();
    if (zoned && Math.abs(offset) > MAX_OFFSET) {
      return complaint.set(
          RejectReason.TIME_ZONE_DISPLACEMENT,
          "time zone displacement out of range: \"" + Complaint.text(bytes, begin, end) + "\"",
          "The column cannot hold a zone of more than 18 hours.",
          null);
    }
    store(IsoDateTime.round(text.nanoOfDay(), scale));
    return true;
  }

  private void store(long rounded) {
    nanoOfDay =
        rounded < Calendar.NANOS_PER_DAY
            ? rounded
            : Calendar.NANOS_PER_DAY - Digits.power(9 - scale);
  }

  long nanoOfDay() {
    return nanoOfDay;
  }

  long offset() {
    return offset;
  }
}

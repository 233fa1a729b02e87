package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;

/**
 * DATE, TIMESTAMP and TIMESTAMPTZ as Redshift's COPY reads them: in the shape of DATEFORMAT or
 * TIMEFORMAT. The ISO forms go by position, {@code auto} by {@link DateTimeText}, other shapes by
 * {@link DateTimePattern}.
 *
 * <p>A time behind a DATE is cut off, a zone behind a TIMESTAMP is ignored, and a TIMESTAMPTZ
 * without an offset has the session zone's. Fractions are rounded half up to the column's scale.
 */
final class RedshiftDateTimeConverter implements FieldConverter {
  /** What the column holds. */
  enum Target {
    DATE,
    TIMESTAMP,
    TIMESTAMP_TZ
  }

  private static final int MIN_DATE_LENGTH = 10;
  private static final long MIN_DAY = -Calendar.JULIAN_EPOCH;
  private static final long END_DAY = Calendar.day(294_277, 1, 1);

  private final Target target;
  private final int scale;
  private final DateTimeFormat format;
  private final boolean byDefault;
  private final boolean iso;
  private final boolean anyDate;
  private final DateTimeText text;
  private final DateTimePattern pattern;
  private final Complaint complaint = new Complaint();

  private long day;
  private long nanoOfDay;
  private long offset;

  RedshiftDateTimeConverter(Target target, int scale, ConversionSpec spec) {
    this.target = target;
    this.scale = scale;
    RedshiftConversion options = spec.redshift();
    format = target == Target.DATE ? options.dateFormat() : options.timeFormat();
    byDefault =
        format.equals(
            target == Target.DATE ? DateTimeFormat.DEFAULT_DATE : DateTimeFormat.DEFAULT_TIME);
    iso = format.kind() == DateTimeFormat.Kind.AUTO || format.isIso();
    anyDate = options.acceptAnyDate() && target != Target.TIMESTAMP_TZ;
    text =
        new DateTimeText(
            spec,
            switch (target) {
              case DATE -> "date";
              case TIMESTAMP -> "timestamp";
              case TIMESTAMP_TZ -> "timestamp with time zone";
            },
            IsoDateTime.NANO_DIGITS);
    pattern = format.kind() == DateTimeFormat.Kind.PATTERN ? new DateTimePattern(format) : null;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] days = out.lanes[0];
    long[] nanos = target == Target.DATE ? null : out.lanes[1];
    long[] offsets = target == Target.TIMESTAMP_TZ ? out.lanes[2] : null;
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (!(iso && parseIso(bytes, b, e)) && !parse(bytes, b, e)) {
        nulls[r] = true;
        if (!anyDate) {
          complain(bytes, b, e);
          complaint.report(r, rejects);
        }
        continue;
      }
      nulls[r] = false;
      days[r] = day;
      if (nanos != null) {
        nanos[r] = nanoOfDay;
      }
      if (offsets != null) {
        offsets[r] = offset;
      }
    }
  }

  /** By position; false when the general path must decide. */
  private boolean parseIso(byte[] bytes, int begin, int end) {
    int dateEnd = begin + IsoDateTime.DATE_LENGTH;
    if (end < dateEnd) {
      return false;
    }
    long newDay = IsoDateTime.day(bytes, begin);
    if (newDay == IsoDateTime.UNDECIDED) {
      return false;
    }
    if (target == Target.DATE) {
      day = newDay;
      return end == dateEnd;
    }
    int timeEnd = dateEnd + 1 + IsoDateTime.TIME_LENGTH;
    if (end < timeEnd || bytes[dateEnd] != ' ') {
      return false;
    }
    long second = IsoDateTime.secondOfDay(bytes, dateEnd + 1);
    if (second == IsoDateTime.UNDECIDED) {
      return false;
    }
    long nanos = second * Calendar.NANOS_PER_SECOND;
    if (end > timeEnd) {
      if (bytes[timeEnd] != '.') {
        return false;
      }
      long fraction = IsoDateTime.fraction(bytes, timeEnd + 1, end, IsoDateTime.NANO_DIGITS);
      if (fraction == IsoDateTime.UNDECIDED) {
        return false;
      }
      nanos = IsoDateTime.round(nanos + fraction, scale);
    }
    if (target == Target.TIMESTAMP_TZ) {
      offset = text.sessionOffset(newDay, second);
    }
    store(newDay, nanos);
    return true;
  }

  private boolean parse(byte[] bytes, int begin, int end) {
    int b = Ascii.skipSpaces(bytes, begin, end);
    int e = Ascii.trimEnd(bytes, b, end);
    if (b == e) {
      return false;
    }
    return switch (format.kind()) {
      case EPOCH_SECONDS -> parseEpoch(bytes, b, e, 9);
      case EPOCH_MILLISECONDS -> parseEpoch(bytes, b, e, 6);
      case AUTO -> parseAuto(bytes, b, e);
      case PATTERN -> parsePattern(bytes, b, e);
    };
  }

  /** A count of units of {@code 10^-(9 - digits)} seconds, with a sign and a fraction. */
  private boolean parseEpoch(byte[] bytes, int begin, int end, int digits) {
    boolean negative = bytes[begin] == '-';
    int i = negative ? begin + 1 : begin;
    int first = i;
    long whole = 0;
    while (i < end && Ascii.isDigit(bytes[i]) && whole < 1_000_000_000_000_000_000L / 10) {
      whole = whole * 10 + bytes[i++] - '0';
    }
    if (i == first) {
      return false;
    }
    long part = 0;
    if (i < end && bytes[i] == '.' && ++i < end) {
      first = i;
      while (i < end && Ascii.isDigit(bytes[i])) {
        i++;
      }
      part =
          IsoDateTime.fraction(
              bytes, first, Math.max(first + 1, Math.min(i, first + 9)), IsoDateTime.NANO_DIGITS);
      if (part == IsoDateTime.UNDECIDED) {
        return false;
      }
    }
    if (i != end) {
      return false;
    }
    long unit = Digits.power(digits);
    long perDay = Calendar.NANOS_PER_DAY / unit;
    long days = whole / perDay;
    long nanos = whole % perDay * unit + part / Digits.power(9 - digits);
    if (negative && nanos != 0) {
      days = -days - 1;
      nanos = Calendar.NANOS_PER_DAY - nanos;
    } else if (negative) {
      days = -days;
    }
    offset = 0;
    store(days, IsoDateTime.round(nanos, scale));
    return inRange(day);
  }

  /**
   * Every literal. Two forms more than PostgreSQL reads with MDY order: {@code 17.12.1997}, where
   * the first number cannot be a month; and one less: a run of more than eight digits, which would
   * be taken for a far year where it is an epoch.
   */
  private boolean parseAuto(byte[] bytes, int begin, int end) {
    int digits = begin;
    while (digits < end && Ascii.isDigit(bytes[digits])) {
      digits++;
    }
    if (digits == end && end - begin > 8) {
      return false;
    }
    byte[] source = bytes;
    int b = begin;
    int e = end;
    if (digits - begin == 2 && isDayFirst(bytes, begin, end)) {
      source = java.util.Arrays.copyOfRange(bytes, begin, end);
      source[0] = bytes[begin + 3];
      source[1] = bytes[begin + 4];
      source[3] = bytes[begin];
      source[4] = bytes[begin + 1];
      b = 0;
      e = source.length;
    }
    if (target == Target.DATE) {
      if (!text.parseDate(source, b, e, complaint)) {
        return false;
      }
      day = text.day();
      return inRange(day);
    }
    if (!text.parseTimestamp(source, b, e, target == Target.TIMESTAMP_TZ, complaint)) {
      return false;
    }
    offset = text.offset();
    store(text.day(), IsoDateTime.round(text.nanoOfDay(), scale));
    return inRange(day);
  }

  /** DD.MM. with a day that is no month. */
  private static boolean isDayFirst(byte[] bytes, int begin, int end) {
    return end - begin > 6
        && bytes[begin + 2] == '.'
        && bytes[begin + 5] == '.'
        && Ascii.isDigit(bytes[begin + 3])
        && Ascii.isDigit(bytes[begin + 4])
        && (bytes[begin] - '0') * 10 + bytes[begin + 1] - '0' > 12
        && (bytes[begin + 3] - '0') * 10 + bytes[begin + 4] - '0' <= 12;
  }

  private boolean parsePattern(byte[] bytes, int begin, int end) {
    if (!pattern.parse(bytes, begin, end)) {
      return false;
    }
    int i = pattern.stop();
    if (target == Target.DATE) {
      day = pattern.day();
      return i == end || isTimeBehind(bytes, i, end);
    }
    offset = 0;
    if (i < end) {
      i = Ascii.skipSpaces(bytes, i, end);
      long zone = zone(bytes, i, end);
      if (zone == IsoDateTime.NO_OFFSET) {
        return false;
      }
      offset = zone;
    } else if (target == Target.TIMESTAMP_TZ) {
      offset = text.sessionOffset(pattern.day(), pattern.nanoOfDay() / Calendar.NANOS_PER_SECOND);
    }
    store(pattern.day(), IsoDateTime.round(pattern.nanoOfDay(), scale));
    return true;
  }

  private static boolean isTimeBehind(byte[] bytes, int begin, int end) {
    if (bytes[begin] != ' ' && bytes[begin] != 'T') {
      return false;
    }
    int i = Ascii.skipSpaces(bytes, begin + 1, end);
    return i + 2 < end && Ascii.isDigit(bytes[i]);
  }

  /** Seconds east of {@code Z} or {@code [+-]H[H][[:]MM]}. */
  private static int zone(byte[] bytes, int begin, int end) {
    if (end - begin == 1 && (bytes[begin] | 0x20) == 'z') {
      return 0;
    }
    if (end - begin < 2 || (bytes[begin] != '+' && bytes[begin] != '-')) {
      return IsoDateTime.NO_OFFSET;
    }
    int i = begin + 1;
    int count = 0;
    int value = 0;
    while (i < end && Ascii.isDigit(bytes[i]) && count < 4) {
      value = value * 10 + bytes[i++] - '0';
      count++;
    }
    int hour = count > 2 ? value / 100 : value;
    int minute = count > 2 ? value % 100 : 0;
    if (i < end && bytes[i] == ':' && count <= 2 && end - i == 3) {
      if (!Ascii.isDigit(bytes[i + 1]) || !Ascii.isDigit(bytes[i + 2])) {
        return IsoDateTime.NO_OFFSET;
      }
      minute = (bytes[i + 1] - '0') * 10 + bytes[i + 2] - '0';
      i = end;
    }
    if (i != end || count == 0 || hour > 14 || minute > 59) {
      return IsoDateTime.NO_OFFSET;
    }
    int seconds = hour * 3600 + minute * 60;
    return bytes[begin] == '-' ? -seconds : seconds;
  }

  private static boolean inRange(long day) {
    return day >= MIN_DAY && day < END_DAY;
  }

  private void store(long newDay, long rounded) {
    boolean over = rounded >= Calendar.NANOS_PER_DAY;
    day = over ? newDay + 1 : newDay;
    nanoOfDay = over ? rounded - Calendar.NANOS_PER_DAY : rounded;
  }

  private void complain(byte[] bytes, int begin, int end) {
    complaint.detail = null;
    complaint.hint = null;
    if (target == Target.DATE) {
      complaint.set(
          RejectReason.INVALID_DATE,
          byDefault && end - begin < MIN_DATE_LENGTH
              ? "Invalid Date Format - length must be 10 or more"
              : "Invalid Date Format or value [" + format.text() + "]");
      return;
    }
    boolean zoned = target == Target.TIMESTAMP_TZ;
    complaint.set(
        RejectReason.INVALID_TIMESTAMP,
        "Invalid "
            + (zoned ? "timestamptz" : "timestamp")
            + " format or value ["
            + (byDefault ? "YYYY-MM-DD HH24:MI:SS" + (zoned ? "OF" : "") : format.text())
            + "]");
  }
}

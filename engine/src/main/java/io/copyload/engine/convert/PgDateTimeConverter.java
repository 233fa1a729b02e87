package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;

/**
 * PostgreSQL's binary times and timestamps: microseconds since midnight or since 2000-01-01.
 *
 * <p>A timestamp with time zone is an instant; it gets the session zone's offset, with which
 * PostgreSQL would show it. Rounding to the column's scale goes away from zero, seen from
 * 2000-01-01, as PostgreSQL's does. H2 cannot hold 24:00:00 nor the infinities.
 */
final class PgDateTimeConverter implements FieldConverter {
  private static final long MICROS_PER_DAY = Calendar.NANOS_PER_DAY / 1000;

  /** 4714-11-24 BC. */
  private static final long MIN_TIMESTAMP = -211_813_488_000_000_000L;

  /** 294277-01-01. */
  private static final long END_TIMESTAMP = 9_223_371_331_200_000_000L;

  /** Seconds; PostgreSQL's zones are less than 16 hours away. */
  private static final int END_ZONE = 16 * 3600;

  private final boolean date;
  private final boolean zoned;
  private final int width;
  private final int scale;

  /** Microseconds that values are rounded to. */
  private final long unit;

  private final ZoneRules rules;
  private final int fixedOffset;
  private final Complaint complaint = new Complaint();

  PgDateTimeConverter(TargetType type, ZoneId sessionZone) {
    date = type.kind() == TargetType.Kind.TIMESTAMP || type.kind() == TargetType.Kind.TIMESTAMP_TZ;
    zoned = type.kind() == TargetType.Kind.TIME_TZ || type.kind() == TargetType.Kind.TIMESTAMP_TZ;
    width = type.kind() == TargetType.Kind.TIME_TZ ? 12 : 8;
    scale = type.scale();
    unit = scale >= 0 && scale < 6 ? Digits.power(6 - scale) : 1;
    rules = sessionZone.getRules();
    fixedOffset = rules.isFixedOffset() ? rules.getOffset(Instant.EPOCH).getTotalSeconds() : 0;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      // PostgreSQL looks at the value first, then at bytes that are left over.
      boolean good =
          e - b < width
              ? complaint.width(e - b, width)
              : date
                  ? timestamp(BigEndian.int64(bytes, b), out.lanes, r)
                  : time(bytes, b, out.lanes, r);
      if (good && e - b > width) {
        good = complaint.width(e - b, width);
      }
      nulls[r] = !good;
      if (!good) {
        complaint.report(r, rejects);
      }
    }
  }

  private boolean time(byte[] bytes, int at, long[][] lanes, int row) {
    long micros = BigEndian.int64(bytes, at);
    if (micros < 0 || micros > MICROS_PER_DAY) {
      return complaint.set(RejectReason.TIME_OUT_OF_RANGE, "time out of range");
    }
    if (micros == MICROS_PER_DAY) {
      return complaint.set(
          RejectReason.TIME_OUT_OF_RANGE,
          "time out of range: \"24:00:00\"",
          "A time must be before 24:00:00.",
          null);
    }
    if (zoned) {
      int west = BigEndian.int32(bytes, at + 8);
      if (west <= -END_ZONE || west >= END_ZONE) {
        return complaint.set(
            RejectReason.TIME_ZONE_DISPLACEMENT, "time zone displacement out of range");
      }
      lanes[1][row] = -west;
    }
    long rounded = (micros + unit / 2) / unit * unit;
    // The last time of the day that the column holds, as for texts.
    lanes[0][row] = 1000 * (rounded < MICROS_PER_DAY ? rounded : MICROS_PER_DAY - unit);
    return true;
  }

  private boolean timestamp(long micros, long[][] lanes, int row) {
    if (micros < MIN_TIMESTAMP || micros >= END_TIMESTAMP) {
      boolean infinite = micros == Long.MAX_VALUE || micros == Long.MIN_VALUE;
      return complaint.set(
          RejectReason.TIMESTAMP_OUT_OF_RANGE,
          infinite
              ? "timestamp out of range: \"" + (micros < 0 ? "-infinity" : "infinity") + "\""
              : "timestamp out of range");
    }
    long rounded =
        micros >= 0 ? (micros + unit / 2) / unit * unit : -((-micros + unit / 2) / unit * unit);
    if (zoned) {
      int offset = fixedOffset;
      if (!rules.isFixedOffset()) {
        long second = Math.floorDiv(rounded, 1_000_000L) + PgFixedConverter.EPOCH_DAY * 86_400L;
        offset = rules.getOffset(Instant.ofEpochSecond(second)).getTotalSeconds();
      }
      lanes[2][row] = offset;
      rounded += offset * 1_000_000L;
    }
    lanes[0][row] = Math.floorDiv(rounded, MICROS_PER_DAY) + PgFixedConverter.EPOCH_DAY;
    lanes[1][row] = Math.floorMod(rounded, MICROS_PER_DAY) * 1000;
    return true;
  }
}

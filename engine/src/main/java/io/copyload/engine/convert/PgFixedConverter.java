package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;

/**
 * PostgreSQL's binary values of one width that need no session: booleans, integers, floats, dates,
 * UUIDs. A value of another width is refused, never converted.
 *
 * <p>PostgreSQL has no TINYINT; its values have the form of a smallint.
 */
final class PgFixedConverter implements FieldConverter {
  /** Days from 1970-01-01 to 2000-01-01, where PostgreSQL begins to count. */
  static final int EPOCH_DAY = 10_957;

  /** Earliest date of PostgreSQL, 4714-11-24 BC, in days since 2000-01-01. */
  private static final int MIN_DATE = -2_451_545;

  /** First date that PostgreSQL does not have, 5874898-01-01. */
  private static final int END_DATE = 2_145_031_949;

  private final TargetType.Kind kind;
  private final int width;
  private final Complaint complaint = new Complaint();

  PgFixedConverter(TargetType.Kind kind) {
    this.kind = kind;
    width =
        switch (kind) {
          case BOOLEAN -> 1;
          case TINYINT, SMALLINT -> 2;
          case INTEGER, REAL, DATE -> 4;
          case BIGINT, DOUBLE -> 8;
          case UUID -> 16;
          default -> throw new IllegalArgumentException("no fixed width: " + kind);
        };
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    long[] lane = out.lanes[0];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      if (e - b != width) {
        nulls[r] = true;
        complaint.width(e - b, width);
        complaint.report(r, rejects);
        continue;
      }
      long value = BigEndian.signed(bytes, b, Math.min(8, width));
      switch (kind) {
        case BOOLEAN -> lane[r] = value != 0 ? 1 : 0;
        case REAL ->
            // One NaN only, as for texts.
            lane[r] = Float.floatToIntBits(Float.intBitsToFloat((int) value));
        case DOUBLE -> lane[r] = Double.doubleToLongBits(Double.longBitsToDouble(value));
        case UUID -> {
          lane[r] = value;
          out.lanes[1][r] = BigEndian.signed(bytes, b + 8, 8);
        }
        case DATE -> lane[r] = value + EPOCH_DAY;
        default -> lane[r] = value;
      }
      nulls[r] = !inRange(value);
      if (nulls[r]) {
        complaint.report(r, rejects);
      }
    }
  }

  private boolean inRange(long value) {
    if (kind == TargetType.Kind.DATE && (value < MIN_DATE || value >= END_DATE)) {
      boolean infinite = value == Integer.MAX_VALUE || value == Integer.MIN_VALUE;
      return complaint.set(
          RejectReason.DATE_OUT_OF_RANGE,
          infinite
              ? "date out of range: \"" + (value < 0 ? "-infinity" : "infinity") + "\""
              : "date out of range");
    }
    if (kind == TargetType.Kind.TINYINT && value != (byte) value) {
      return complaint.set(
          RejectReason.INTEGER_OVERFLOW,
          "value \"" + value + "\" is out of range for type tinyint");
    }
    return true;
  }
}

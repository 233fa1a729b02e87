package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigInteger;

/**
 * INTERVAL columns: what {@link IntervalText} read, laid out by the column's qualifier as H2 keeps
 * it.
 *
 * <table>
 * <caption>unit of the second lane</caption>
 * <tr><td>YEAR, MONTH, DAY, HOUR, MINUTE</td><td>always 0</td></tr>
 * <tr><td>YEAR TO MONTH</td><td>months</td></tr>
 * <tr><td>DAY TO HOUR</td><td>hours</td></tr>
 * <tr><td>DAY TO MINUTE, HOUR TO MINUTE</td><td>minutes</td></tr>
 * <tr><td>SECOND, DAY TO SECOND, HOUR TO SECOND, MINUTE TO SECOND</td><td>nanoseconds</td></tr>
 * </table>
 *
 * <p>A day counts 24 hours. Fields below the qualifier's last one are cut off, seconds are rounded
 * half up to the column's scale. Months do not go into the day-time kinds, nor days and times into
 * the year-month kinds.
 */
final class IntervalConverter implements FieldConverter {
  private static final int MAX_PRECISION = 18;
  private static final BigInteger NANOS_PER_DAY = BigInteger.valueOf(Calendar.NANOS_PER_DAY);

  private final boolean yearMonth;
  private final long precision;

  /** Months or nanoseconds of the leading field and of the last one. */
  private final BigInteger leadingUnit;

  private final BigInteger lastUnit;
  private final boolean hasRemaining;

  /** What seconds are rounded to, in nanoseconds; null when the qualifier has none. */
  private final BigInteger rounding;

  private final IntervalText text;
  private final Complaint complaint = new Complaint();
  private long leading;
  private long remaining;

  IntervalConverter(TargetType type, int postgresMajor) {
    long second = Calendar.NANOS_PER_SECOND;
    long minute = 60 * second;
    long hour = 60 * minute;
    long day = 24 * hour;
    long[] units =
        switch (type.kind()) {
          case INTERVAL_YEAR -> new long[] {12, 12};
          case INTERVAL_MONTH -> new long[] {1, 1};
          case INTERVAL_YEAR_TO_MONTH -> new long[] {12, 1};
          case INTERVAL_DAY -> new long[] {day, day};
          case INTERVAL_HOUR -> new long[] {hour, hour};
          case INTERVAL_MINUTE -> new long[] {minute, minute};
          case INTERVAL_SECOND -> new long[] {second, 1};
          case INTERVAL_DAY_TO_HOUR -> new long[] {day, hour};
          case INTERVAL_DAY_TO_MINUTE -> new long[] {day, minute};
          case INTERVAL_DAY_TO_SECOND -> new long[] {day, 1};
          case INTERVAL_HOUR_TO_MINUTE -> new long[] {hour, minute};
          case INTERVAL_HOUR_TO_SECOND -> new long[] {hour, 1};
          case INTERVAL_MINUTE_TO_SECOND -> new long[] {minute, 1};
          default -> throw new IllegalArgumentException("not an interval: " + type.kind());
        };
    yearMonth =
        type.kind() == TargetType.Kind.INTERVAL_YEAR
            || type.kind() == TargetType.Kind.INTERVAL_MONTH
            || type.kind() == TargetType.Kind.INTERVAL_YEAR_TO_MONTH;
    precision =
        type.precision() < 1 || type.precision() > MAX_PRECISION ? MAX_PRECISION : type.precision();
    leadingUnit = BigInteger.valueOf(units[0]);
    lastUnit = BigInteger.valueOf(units[1]);
    hasRemaining = units[0] != units[1];
    rounding =
        !yearMonth && units[1] == 1
            ? BigInteger.valueOf(Digits.power(9 - Math.max(0, Math.min(9, type.scale()))))
            : null;
    text = new IntervalText(type.kind(), postgresMajor, type.scale() <= IsoDateTime.MICRO_DIGITS);
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      if (end[r] < 0) {
        out.nulls[r] = true;
        continue;
      }
      boolean good = parse(batch.bytes, begin[r], end[r]);
      out.nulls[r] = !good;
      if (good) {
        out.lanes[0][r] = leading;
        out.lanes[1][r] = remaining;
      } else {
        complaint.report(r, rejects);
      }
    }
  }

  private boolean parse(byte[] bytes, int begin, int end) {
    if (!text.parse(bytes, begin, end, complaint)) {
      return false;
    }
    if (text.infinite) {
      return infinite(complaint);
    }
    if (!fits(text.months.signum(), text.days.signum() != 0 || text.nanos.signum() != 0)) {
      complaint.syntax(RejectReason.INVALID_INTERVAL, "interval", bytes, begin, end);
      complaint.detail = wrongFields();
      return false;
    }
    return layOut(text.months, text.days.multiply(NANOS_PER_DAY).add(text.nanos), complaint);
  }

  static boolean infinite(Complaint complaint) {
    return complaint.set(
        RejectReason.INTERVAL_OUT_OF_RANGE,
        "interval out of range",
        "An interval column cannot hold an infinite value.",
        null);
  }

  /** Whether the column has the fields of an interval with such parts. */
  boolean fits(int months, boolean hasTime) {
    return yearMonth ? !hasTime : months == 0;
  }

  /** What to say about an interval that does not {@linkplain #fits fit}. */
  String wrongFields() {
    return yearMonth
        ? "The column holds years and months only, not days or times."
        : "The column holds days and times only, not years or months.";
  }

  /** Lays an interval of months, or one of nanoseconds, out as the column holds it. */
  boolean layOut(BigInteger months, BigInteger nanos, Complaint complaint) {
    BigInteger total = yearMonth ? months : nanos;
    boolean negative = total.signum() < 0;
    total = total.abs();
    if (rounding != null && !rounding.equals(BigInteger.ONE)) {
      total = total.add(rounding.shiftRight(1)).divide(rounding).multiply(rounding);
    }
    BigInteger[] parts = total.divideAndRemainder(leadingUnit);
    if (parts[0].bitLength() > 62 || parts[0].longValue() >= Digits.power((int) precision)) {
      return complaint.set(
          RejectReason.INTERVAL_OUT_OF_RANGE,
          "interval out of range",
          "The column's leading field must be less than 10^" + precision + ".",
          null);
    }
    long lead = parts[0].longValue();
    remaining = hasRemaining ? parts[1].divide(lastUnit).longValue() : 0;
    leading = negative && (lead != 0 || remaining != 0) ? ~lead : lead;
    return true;
  }

  long leading() {
    return leading;
  }

  long remaining() {
    return remaining;
  }
}

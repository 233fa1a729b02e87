package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigInteger;

/**
 * PostgreSQL's binary intervals: microseconds, days, months. Laid out as {@link IntervalConverter}
 * does.
 */
final class PgIntervalConverter implements FieldConverter {
  private static final int WIDTH = 16;

  private final IntervalConverter layout;
  private final Complaint complaint = new Complaint();

  PgIntervalConverter(TargetType type) {
    layout = new IntervalConverter(type, 18);
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
      boolean good =
          end[r] - begin[r] != WIDTH
              ? complaint.width(end[r] - begin[r], WIDTH)
              : read(batch.bytes, begin[r]);
      out.nulls[r] = !good;
      if (good) {
        out.lanes[0][r] = layout.leading();
        out.lanes[1][r] = layout.remaining();
      } else {
        complaint.report(r, rejects);
      }
    }
  }

  private boolean read(byte[] bytes, int at) {
    long micros = BigEndian.int64(bytes, at);
    int days = BigEndian.int32(bytes, at + 8);
    int months = BigEndian.int32(bytes, at + 12);
    boolean forever =
        micros == Long.MAX_VALUE && days == Integer.MAX_VALUE && months == Integer.MAX_VALUE;
    boolean sinceEver =
        micros == Long.MIN_VALUE && days == Integer.MIN_VALUE && months == Integer.MIN_VALUE;
    if (forever || sinceEver) {
      return IntervalConverter.infinite(complaint);
    }
    if (!layout.fits(months, days != 0 || micros != 0)) {
      return complaint.set(
          RejectReason.INVALID_INTERVAL,
          "interval does not fit the column's fields",
          layout.wrongFields(),
          null);
    }
    return layout.layOut(
        BigInteger.valueOf(months),
        BigInteger.valueOf(days)
            .multiply(BigInteger.valueOf(Calendar.NANOS_PER_DAY))
            .add(BigInteger.valueOf(micros).multiply(BigInteger.valueOf(1000))),
        complaint);
  }
}

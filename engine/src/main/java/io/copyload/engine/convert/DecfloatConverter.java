package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * DECFLOAT: NUMERIC's syntaxes, keeping the scale as written. Numbers with more digits than the
 * column's precision are rounded half up, as H2 does; NaN and the infinities are values.
 */
final class DecfloatConverter implements FieldConverter {
  /** H2's largest scale of a decimal number. */
  private static final int MAX_SCALE = 100_000;

  private final long precision;
  private final boolean binary;
  private final boolean redshift;
  private final Complaint complaint = new Complaint();
  private final DecimalText text = new DecimalText();

  /**
   * @param binary whether fields are PostgreSQL's binary values rather than texts
   */
  DecfloatConverter(long precision, boolean redshift, boolean binary) {
    this.precision = precision < 0 ? Integer.MAX_VALUE : precision;
    this.binary = binary;
    this.redshift = redshift;
  }

  /** Whether {@code 0x 0o 0b} and underscores are no part of a number. */
  DecfloatConverter plainDigits(boolean plain) {
    text.extended = !plain;
    return this;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      boolean isNull = end[r] < 0;
      if (!isNull && !append(batch.bytes, begin[r], end[r], out, r)) {
        complaint.report(r, rejects);
        isNull = true;
      }
      out.nulls[r] = isNull;
    }
  }

  private boolean append(byte[] bytes, int begin, int end, ColumnVector out, int row) {
    boolean good =
        binary
            ? text.parsePgBinary(bytes, begin, end, complaint)
            : text.parse(bytes, begin, end, redshift, complaint);
    if (!good || !text.checkSize(complaint)) {
      return false;
    }
    int scale = Integer.MIN_VALUE;
    byte[] unscaled;
    if (text.kind == DecimalText.Kind.FINITE) {
      BigDecimal value = text.decimal();
      if (value.precision() > precision) {
        value =
            value.setScale(
                (int) (value.scale() + precision - value.precision()), RoundingMode.HALF_UP);
      }
      if (value.signum() == 0 && Math.abs((long) value.scale()) > MAX_SCALE) {
        value = BigDecimal.ZERO;
      } else if (value.scale() > MAX_SCALE) {
        return complaint.set(RejectReason.NUMERIC_OVERFLOW, "value overflows numeric format");
      }
      scale = value.scale();
      unscaled = value.unscaledValue().toByteArray();
    } else {
      int code =
          text.kind == DecimalText.Kind.NAN
              ? 0
              : text.kind == DecimalText.Kind.POSITIVE_INFINITY ? 1 : -1;
      unscaled = new byte[] {(byte) code};
    }
    byte[] heap = out.reserve(4 + unscaled.length);
    int at = out.heapSize();
    heap[at] = (byte) (scale >> 24);
    heap[at + 1] = (byte) (scale >> 16);
    heap[at + 2] = (byte) (scale >> 8);
    heap[at + 3] = (byte) scale;
    System.arraycopy(unscaled, 0, heap, at + 4, unscaled.length);
    out.commit(row, 4 + unscaled.length);
    return true;
  }
}

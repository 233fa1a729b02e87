package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import java.math.BigInteger;

/**
 * NUMERIC(p, s), in a lane up to 18 digits and as bytes beyond.
 *
 * <p>Excess fraction digits are rounded half away from zero (PostgreSQL) or cut off (Redshift
 * without ROUNDEC). H2's NUMERIC holds neither NaN nor Infinity.
 */
final class NumericConverter implements FieldConverter {
  /** Returned by {@link #parseFast} when the general path must decide. */
  static final long UNDECIDED = Long.MIN_VALUE;

  /** Redshift keeps so many digits in eight bytes, and no more than fit. */
  private static final int LONG_PRECISION = 19;

  private final long precision;
  private final int scale;
  private final boolean redshift;
  private final boolean truncate;
  private final boolean wide;
  private final boolean binary;

  /** Digits that the fast path may produce: all of the column's, at most 18. */
  private final int fastDigits;

  /**
   * By fraction digits written: the most that still fits after scaling up; empty range when
   * rounding is needed.
   */
  private final long[] maxByFraction = new long[1 << Digits.FRACTION_BITS];

  private final long[] factorByFraction = new long[1 << Digits.FRACTION_BITS];
  private final Complaint complaint = new Complaint();
  private final DecimalText text = new DecimalText();
  private long parsedLane;
  private BigInteger parsedWide;

  /**
   * @param precision -1 is unbounded
   * @param truncate whether excess fraction digits are cut off
   * @param binary whether fields are PostgreSQL's binary values rather than texts
   */
  NumericConverter(
      long precision, int scale, boolean wide, boolean redshift, boolean truncate, boolean binary) {
    this.precision = precision < 0 ? Integer.MAX_VALUE : precision;
    this.scale = scale;
    this.redshift = redshift;
    this.truncate = truncate;
    this.wide = wide;
    this.binary = binary;
    this.fastDigits = (int) Math.min(18, this.precision);
    long limit = Digits.power(fastDigits) - 1;
    for (int f = 0; f < maxByFraction.length; f++) {
      int up = scale - f;
      maxByFraction[f] = up < 0 || up > 18 ? -1 : limit / Digits.power(up);
      factorByFraction[f] = up < 0 || up > 18 ? 0 : Digits.power(up);
    }
  }

  /** Whether {@code 0x 0o 0b} and underscores are no part of a number. */
  NumericConverter plainDigits(boolean plain) {
    text.extended = !plain;
    return this;
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    if (wide) {
      convertWide(batch, field, out, rejects);
    } else {
      convertLane(batch, field, out, rejects);
    }
  }

  private void convertLane(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
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
      long value = binary ? readFast(bytes, b, e) : parseFast(bytes, b, e);
      if (value != UNDECIDED) {
        nulls[r] = false;
        lane[r] = value;
      } else if (parse(bytes, b, e)) {
        nulls[r] = false;
        lane[r] = parsedLane;
      } else {
        nulls[r] = true;
        complaint.report(r, rejects);
      }
    }
  }

  private void convertWide(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    byte[] bytes = batch.bytes;
    int[] begin = batch.begin[field];
    int[] end = batch.end[field];
    boolean[] nulls = out.nulls;
    out.useHeap();
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      int e = end[r];
      if (e < 0) {
        nulls[r] = true;
        continue;
      }
      int b = begin[r];
      long value = binary ? readFast(bytes, b, e) : parseFast(bytes, b, e);
      if (value != UNDECIDED) {
        nulls[r] = false;
        int count = 8 - (Long.numberOfLeadingZeros(value ^ (value >> 63)) - 1) / 8;
        byte[] heap = out.reserve(count);
        int at = out.heapSize();
        for (int i = count - 1; i >= 0; i--) {
          heap[at++] = (byte) (value >> (8 * i));
        }
        out.commit(r, count);
      } else if (parse(bytes, b, e)) {
        nulls[r] = false;
        byte[] unscaled = parsedWide.toByteArray();
        out.append(r, unscaled, 0, unscaled.length);
      } else {
        nulls[r] = true;
        complaint.report(r, rejects);
      }
    }
  }

  /**
   * Sign, digits and a point, up to 16 bytes, without rounding; {@link #UNDECIDED} for anything
   * else.
   */
  long parseFast(byte[] bytes, int begin, int end) {
    if (begin >= end || end < 16) {
      return UNDECIDED;
    }
    long minus = bytes[begin] == '-' ? -1 : 0;
    int count = end - begin + (int) minus;
    if (count < 1 || count > 16) {
      return UNDECIDED;
    }
    long decimal = Digits.decimal(bytes, end, count);
    int fraction = (int) decimal & ((1 << Digits.FRACTION_BITS) - 1);
    long value = decimal >> Digits.FRACTION_BITS;
    if (value < 0 || value > maxByFraction[fraction]) {
      return UNDECIDED;
    }
    value *= factorByFraction[fraction];
    return (value ^ minus) - minus;
  }

  /**
   * A binary value of up to four digits of base 10000, without rounding; {@link #UNDECIDED} for
   * anything else.
   */
  private long readFast(byte[] bytes, int begin, int end) {
    int length = end - begin;
    if (length < 8 || length > 16) {
      return UNDECIDED;
    }
    int count = BigEndian.int16(bytes, begin);
    int weight = BigEndian.int16(bytes, begin + 2);
    int sign = BigEndian.int16(bytes, begin + 4);
    int shown = BigEndian.int16(bytes, begin + 6);
    int fraction = 4 * (count - 1 - weight);
    if (length != 8 + 2 * count
        || count == 0
        || (sign & ~0x4000) != 0
        || shown < 0
        || shown > Math.min(scale, 15)
        || fraction < 0
        || fraction > shown + 3) {
      return UNDECIDED;
    }
    long value = 0;
    for (int i = 0; i < count; i++) {
      int digit = BigEndian.int16(bytes, begin + 8 + 2 * i);
      if (digit < 0 || digit >= 10_000) {
        return UNDECIDED;
      }
      // What the scale does not show is cut off.
      switch (i < count - 1 ? 0 : fraction - shown) {
        case 1 -> value = value * 1000 + digit / 10;
        case 2 -> value = value * 100 + digit / 100;
        case 3 -> value = value * 10 + digit / 1000;
        default -> value = value * 10_000 + digit;
      }
    }
    fraction = Math.min(fraction, shown);
    if (value > maxByFraction[fraction]) {
      return UNDECIDED;
    }
    value *= factorByFraction[fraction];
    return sign != 0 ? -value : value;
  }

  /** The general path; the result is {@link #parsedLane} or {@link #parsedWide}. */
  boolean parse(byte[] bytes, int begin, int end) {
    boolean good =
        binary
            ? text.parsePgBinary(bytes, begin, end, complaint)
            : text.parse(bytes, begin, end, redshift, complaint);
    if (!good || precision == Integer.MAX_VALUE && !text.checkSize(complaint)) {
      return false;
    }
    if (text.kind != DecimalText.Kind.FINITE) {
      return complaint.set(
          RejectReason.NUMERIC_OVERFLOW,
          "numeric field overflow",
          "A field with precision "
              + precision
              + ", scale "
              + scale
              + (text.kind == DecimalText.Kind.NAN
                  ? " cannot hold NaN."
                  : " cannot hold an infinite value."),
          null);
    }
    if (wide) {
      BigInteger value = text.unscaled(scale, precision, truncate);
      if (value == null
          || (redshift && precision == LONG_PRECISION && value.bitLength() > 63)
          || (value.bitLength() > 3 * precision
              && value.compareTo(BigInteger.TEN.pow((int) precision)) >= 0)) {
        return overflow();
      }
      parsedWide = text.negative ? value.negate() : value;
    } else {
      long value = text.unscaledLong(scale, (int) precision, truncate);
      if (value < 0) {
        return overflow();
      }
      parsedLane = text.negative ? -value : value;
    }
    return true;
  }

  long parsedLane() {
    return parsedLane;
  }

  private boolean overflow() {
    if (redshift) {
      return complaint.set(
          RejectReason.NUMERIC_OVERFLOW, "Overflow for NUMERIC(" + precision + "," + scale + ")");
    }
    long integerDigits = precision - scale;
    return complaint.set(
        RejectReason.NUMERIC_OVERFLOW,
        "numeric field overflow",
        "A field with precision "
            + precision
            + ", scale "
            + scale
            + " must round to an absolute value less than "
            + (integerDigits == 0 ? "1" : "10^" + integerDigits)
            + ".",
        null);
  }
}

package io.copyload.engine.format.orc;

import io.copyload.engine.store.ColumnVector;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/** The ways in which single values are stored. */
final class ValueDecoders {
  private ValueDecoders() {}

  static ValueDecoder booleans(StreamInput data) {
    BooleanRuns bits = new BooleanRuns(data);
    return (out, count) -> {
      for (int row = 0; row < count; row++) {
        if (!out.nulls[row]) {
          out.lanes[0][row] = bits.next() ? 1 : 0;
        }
      }
    };
  }

  static ValueDecoder bytes(StreamInput data) {
    ByteRuns bytes = new ByteRuns(data);
    return (out, count) -> {
      for (int row = 0; row < count; row++) {
        if (!out.nulls[row]) {
          out.lanes[0][row] = bytes.next();
        }
      }
    };
  }

  /** Integers from {@code -max - 1} to {@code max}. */
  static ValueDecoder integers(IntegerRuns data, long max) {
    return (out, count) -> {
      long[] lane = out.lanes[0];
      data.next(lane, out.nulls, count);
      for (int row = 0; row < count; row++) {
        if ((lane[row] > max || lane[row] < -max - 1) && !out.nulls[row]) {
          throw new IOException("an integer out of its type's range: " + lane[row]);
        }
      }
    };
  }

  /** Decimals as integers of less than {@code limit}. */
  static ValueDecoder shortDecimals(IntegerRuns data, long limit) {
    return (out, count) -> {
      long[] lane = out.lanes[0];
      data.next(lane, out.nulls, count);
      for (int row = 0; row < count; row++) {
        if ((lane[row] >= limit || lane[row] <= -limit) && !out.nulls[row]) {
          throw new IOException("a decimal with too many digits: unscaled " + lane[row]);
        }
      }
    };
  }

  static ValueDecoder floats(StreamInput data) {
    return fixed(data, 4);
  }

  static ValueDecoder doubles(StreamInput data) {
    return fixed(data, 8);
  }

  private static ValueDecoder fixed(StreamInput data, int width) {
    byte[] raw = new byte[width];
    return (out, count) -> {
      for (int row = 0; row < count; row++) {
        if (!out.nulls[row]) {
          data.readFully(raw, 0, width);
          long value = raw[width - 1];
          for (int i = width - 2; i >= 0; i--) {
            value = value << 8 | raw[i] & 0xff;
          }
          out.lanes[0][row] = value;
        }
      }
    };
  }

  /** Days since 1970. */
  static ValueDecoder dates(IntegerRuns data, boolean hybrid) {
    return (out, count) -> {
      long[] lane = out.lanes[0];
      data.next(lane, out.nulls, count);
      for (int row = 0; row < count; row++) {
        if (out.nulls[row]) {
          continue;
        }
        if (lane[row] != (int) lane[row]) {
          throw new IOException("a date " + lane[row] + " days from 1970");
        }
        if (hybrid) {
          lane[row] = HybridCalendar.toProleptic(lane[row]);
        }
      }
    };
  }

  /** Decimals, each with a scale of its own. */
  static final class Decimals implements ValueDecoder {
    private static final int MOST_BYTES = 24;

    private final StreamInput data;
    private final IntegerRuns scales;
    private final int precision;
    private final int scale;
    private final boolean lane;
    private final long limit;
    private final byte[] digits = new byte[MOST_BYTES];

    Decimals(StreamInput data, IntegerRuns scales, int precision, int scale, boolean lane) {
      this.data = data;
      this.scales = scales;
      this.precision = precision;
      this.scale = scale;
      this.lane = lane;
      limit = BigInteger.TEN.pow(Math.min(precision, 18)).longValueExact();
    }

    @Override
    public void read(ColumnVector out, int count) throws IOException {
      if (!lane) {
        out.useHeap();
      }
      for (int row = 0; row < count; row++) {
        if (!out.nulls[row]) {
          value(out, row);
        }
      }
    }

    private void value(ColumnVector out, int row) throws IOException {
      int size = 0;
      int b;
      do {
        if (size == MOST_BYTES) {
          throw new IOException("a decimal of more than " + OrcType.MAX_DIGITS + " digits");
        }
        b = data.read();
        digits[size++] = (byte) (b & 0x7f);
      } while (b >= 0x80);
      long valueScale = scales.next();
      if (size <= 9 && valueScale == scale && lane) {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) {
          value = value << 7 | digits[i];
        }
        value = IntegerRuns.zigzag(value);
        if (value > -limit && value < limit) {
          out.lanes[0][row] = value;
          return;
        }
      }
      BigInteger zigzag = BigInteger.ZERO;
      for (int i = size - 1; i >= 0; i--) {
        zigzag = zigzag.shiftLeft(7).or(BigInteger.valueOf(digits[i]));
      }
      BigInteger unscaled = zigzag.shiftRight(1);
      if (zigzag.testBit(0)) {
        unscaled = unscaled.not();
      }
      if (valueScale < -OrcType.MAX_DIGITS || valueScale > 2 * OrcType.MAX_DIGITS) {
        throw new IOException("a decimal of scale " + valueScale);
      }
      BigDecimal value =
          new BigDecimal(unscaled, (int) valueScale).setScale(scale, RoundingMode.HALF_UP);
      if (value.precision() > precision) {
        throw new IOException("a decimal of more than " + precision + " digits: " + value);
      }
      if (lane) {
        out.lanes[0][row] = value.unscaledValue().longValueExact();
      } else {
        byte[] bytes = value.unscaledValue().toByteArray();
        out.append(row, bytes, 0, bytes.length);
      }
    }
  }

  /** Texts or bytes that are given once each, and values that name one of them. */
  static final class Dictionary implements ValueDecoder {
    private final IntegerRuns data;
    private final byte[] bytes;
    private final int[] begins;
    private final int[] lengths;

    Dictionary(
        IntegerRuns data,
        StreamInput dictionary,
        IntegerRuns lengths,
        int size,
        TextRule rule,
        HeapBudget heap)
        throws IOException {
      this.data = data;
      heap.take(8L * size);
      begins = new int[size];
      this.lengths = new int[size];
      long sum = 0;
      for (int i = 0; i < size; i++) {
        begins[i] = (int) sum;
        this.lengths[i] = lengths.nextCount(Integer.MAX_VALUE, "the length of a value");
        sum += this.lengths[i];
        if (sum > Integer.MAX_VALUE - 64) {
          throw new IOException("a dictionary of more than 2 GB");
        }
      }
      heap.take(sum);
      bytes = new byte[(int) sum];
      dictionary.readFully(bytes, 0, bytes.length);
      for (int i = 0; i < size; i++) {
        this.lengths[i] = rule.lengthOf(bytes, begins[i], this.lengths[i]);
      }
    }

    @Override
    public void read(ColumnVector out, int count) throws IOException {
      out.pointTo(bytes);
      for (int row = 0; row < count; row++) {
        if (!out.nulls[row]) {
          long entry = data.next();
          if (entry < 0 || entry >= begins.length) {
            throw new IOException("entry " + entry + " of a dictionary of " + begins.length);
          }
          out.begin[row] = begins[(int) entry];
          out.length[row] = lengths[(int) entry];
        }
      }
    }
  }
}

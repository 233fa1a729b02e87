package io.copyload.engine.h2;

import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.Utf8;
import java.util.Arrays;
import org.h2.engine.Database;
import org.h2.value.CompareMode;
import org.h2.value.Value;

/**
 * The order of one column's stored values, which is the order of their H2 Values, without making
 * Values where the layout allows it. NULLs are not its business. Threads: any.
 */
abstract class ColumnOrder {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long NANOS_PER_DAY = 86_400 * NANOS_PER_SECOND;
  private static final long MICROS_PER_DAY = NANOS_PER_DAY / 1000;

  /** A number that is smaller only for a smaller value. */
  abstract long prefix(DecodedColumn values, int row);

  /** Whether equal prefixes mean equal values. */
  boolean isExact() {
    return false;
  }

  abstract int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB);

  /**
   * Whether values are byte strings that {@link #prefix(DecodedColumn, int, int)} orders from any
   * offset on.
   */
  boolean isBytes() {
    return false;
  }

  /** As {@link #prefix(DecodedColumn, int)}, for values that are equal up to {@code offset}. */
  long prefix(DecodedColumn values, int row, int offset) {
    throw new UnsupportedOperationException();
  }

  static ColumnOrder of(TargetType type, ValueCodec codec, Database database) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, DATE, TIME, ENUM -> new Lane();
      case NUMERIC -> type.laneCount() == 1 ? new Lane() : new Numeric();
      case REAL -> new Real();
      case DOUBLE -> new Double64();
      case TIMESTAMP -> new Timestamp();
      case TIMESTAMP_TZ -> new TimestampTz();
      case TIME_TZ -> new TimeTz();
      case UUID -> new Uuid();
      case INTERVAL_YEAR,
          INTERVAL_MONTH,
          INTERVAL_DAY,
          INTERVAL_HOUR,
          INTERVAL_MINUTE,
          INTERVAL_SECOND,
          INTERVAL_YEAR_TO_MONTH,
          INTERVAL_DAY_TO_HOUR,
          INTERVAL_DAY_TO_MINUTE,
          INTERVAL_DAY_TO_SECOND,
          INTERVAL_HOUR_TO_MINUTE,
          INTERVAL_HOUR_TO_SECOND,
          INTERVAL_MINUTE_TO_SECOND ->
          new Interval();
      case CHAR, VARCHAR ->
          CompareMode.OFF.equals(database.getCompareMode().getName())
              ? new Text()
              : new Values(codec, database);
      case BINARY, VARBINARY -> new Binary();
      case VARCHAR_IGNORECASE, CLOB, BLOB, DECFLOAT, JSON, GEOMETRY, ARRAY, OTHER ->
          new Values(codec, database);
    };
  }

  /** Eight bytes of a byte string, zero-padded, as an unsigned number made signed. */
  private static long bytesPrefix(DecodedColumn values, int row, int offset, boolean text) {
    byte[] bytes = values.bytes();
    int begin = values.begin(row) + offset;
    int n = Math.max(0, Math.min(8, values.length(row) - offset));
    long prefix = 0;
    for (int i = 0; i < n; i++) {
      int b = bytes[begin + i] & 0xff;
      if (text && b >= 0xee) {
        // Utf8.compare: F0 to F4 come before EE and EF.
        b = b >= 0xf0 ? b - 2 : b + 5;
      }
      prefix = prefix << 8 | b;
    }
    return (n == 0 ? 0 : prefix << 8 * (8 - n)) ^ Long.MIN_VALUE;
  }

  private static long microsOf(long day, long nano) {
    if (day >= Long.MAX_VALUE / MICROS_PER_DAY) {
      return Long.MAX_VALUE;
    }
    if (day <= Long.MIN_VALUE / MICROS_PER_DAY) {
      return Long.MIN_VALUE;
    }
    return day * MICROS_PER_DAY + nano / 1000;
  }

  private static final class Lane extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return values.lane(0, row);
    }

    @Override
    boolean isExact() {
      return true;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      return Long.compare(a.lane(0, rowA), b.lane(0, rowB));
    }
  }

  /** Order of {@code Double.compare}, after H2's normalisation of -0.0 and NaN. */
  private static final class Double64 extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return order(Double.longBitsToDouble(values.lane(0, row)));
    }

    static long order(double number) {
      long bits = Double.doubleToLongBits(number == 0 ? 0.0 : number);
      return bits ^ bits >> 63 & Long.MAX_VALUE;
    }

    @Override
    boolean isExact() {
      return true;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      return Long.compare(prefix(a, rowA), prefix(b, rowB));
    }
  }

  private static final class Real extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return Double64.order(Float.intBitsToFloat((int) values.lane(0, row)));
    }

    @Override
    boolean isExact() {
      return true;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      return Long.compare(prefix(a, rowA), prefix(b, rowB));
    }
  }

  private static final class Timestamp extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return microsOf(values.lane(0, row), values.lane(1, row));
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      int c = Long.compare(a.lane(0, rowA), b.lane(0, rowB));
      return c != 0 ? c : Long.compare(a.lane(1, rowA), b.lane(1, rowB));
    }
  }

  /** Order of the moments, whatever their offsets. */
  private static final class TimestampTz extends ColumnOrder {
    private static long nano(DecodedColumn values, int row) {
      return values.lane(1, row) - values.lane(2, row) * NANOS_PER_SECOND;
    }

    private static long day(DecodedColumn values, int row) {
      return values.lane(0, row) + Math.floorDiv(nano(values, row), NANOS_PER_DAY);
    }

    @Override
    long prefix(DecodedColumn values, int row) {
      return microsOf(day(values, row), Math.floorMod(nano(values, row), NANOS_PER_DAY));
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      int c = Long.compare(day(a, rowA), day(b, rowB));
      return c != 0
          ? c
          : Long.compare(
              Math.floorMod(nano(a, rowA), NANOS_PER_DAY),
              Math.floorMod(nano(b, rowB), NANOS_PER_DAY));
    }
  }

  private static final class TimeTz extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return values.lane(0, row) - values.lane(1, row) * NANOS_PER_SECOND;
    }

    @Override
    boolean isExact() {
      return true;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      return Long.compare(prefix(a, rowA), prefix(b, rowB));
    }
  }

  private static final class Uuid extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return values.lane(0, row) ^ Long.MIN_VALUE;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      int c = Long.compareUnsigned(a.lane(0, rowA), b.lane(0, rowB));
      return c != 0 ? c : Long.compareUnsigned(a.lane(1, rowA), b.lane(1, rowB));
    }
  }

  /**
   * The leading field of a negative interval is stored as its complement: negative, and smaller
   * when longer.
   */
  private static final class Interval extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return values.lane(0, row);
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      long leading = a.lane(0, rowA);
      int c = Long.compare(leading, b.lane(0, rowB));
      if (c != 0) {
        return c;
      }
      c = Long.compare(a.lane(1, rowA), b.lane(1, rowB));
      return leading < 0 ? -c : c;
    }
  }

  private static final class Text extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return bytesPrefix(values, row, 0, true);
    }

    @Override
    boolean isBytes() {
      return true;
    }

    @Override
    long prefix(DecodedColumn values, int row, int offset) {
      return bytesPrefix(values, row, offset, true);
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      return Utf8.compare(
          a.bytes(), a.begin(rowA), a.length(rowA), b.bytes(), b.begin(rowB), b.length(rowB));
    }
  }

  private static final class Binary extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      return bytesPrefix(values, row, 0, false);
    }

    @Override
    boolean isBytes() {
      return true;
    }

    @Override
    long prefix(DecodedColumn values, int row, int offset) {
      return bytesPrefix(values, row, offset, false);
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      int beginA = a.begin(rowA);
      int beginB = b.begin(rowB);
      return Arrays.compareUnsigned(
          a.bytes(), beginA, beginA + a.length(rowA), b.bytes(), beginB, beginB + b.length(rowB));
    }
  }

  /**
   * Unscaled values of one scale, in shortest two's complement: a longer one is farther from zero.
   */
  private static final class Numeric extends ColumnOrder {
    @Override
    long prefix(DecodedColumn values, int row) {
      byte[] bytes = values.bytes();
      int begin = values.begin(row);
      int length = values.length(row);
      long top = 0;
      for (int i = 0; i < 7; i++) {
        top = top << 8 | (i < length ? bytes[begin + i] & 0xff : 0);
      }
      int size = Math.min(length, 126);
      // Beyond that length all have one prefix.
      if (length > 126) {
        top = 0;
      }
      return (bytes[begin] < 0 ? (long) (-1 - size) : (long) size) << 56 | top;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      int beginA = a.begin(rowA);
      int beginB = b.begin(rowB);
      int lengthA = a.length(rowA);
      int lengthB = b.length(rowB);
      boolean negative = a.bytes()[beginA] < 0;
      if (negative != b.bytes()[beginB] < 0) {
        return negative ? -1 : 1;
      }
      if (lengthA != lengthB) {
        return lengthA < lengthB == negative ? 1 : -1;
      }
      return Arrays.compareUnsigned(
          a.bytes(), beginA, beginA + lengthA, b.bytes(), beginB, beginB + lengthB);
    }
  }

  /** Everything else: by H2's own comparison. */
  private static final class Values extends ColumnOrder {
    private final ValueCodec codec;
    private final Database database;

    Values(ValueCodec codec, Database database) {
      this.codec = codec;
      this.database = database;
    }

    @Override
    long prefix(DecodedColumn values, int row) {
      return 0;
    }

    @Override
    int compare(DecodedColumn a, int rowA, DecodedColumn b, int rowB) {
      Value x = codec.read(a, rowA);
      Value y = codec.read(b, rowB);
      return x.compareTo(y, database, database.getCompareMode());
    }
  }
}

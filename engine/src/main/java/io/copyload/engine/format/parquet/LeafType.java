package io.copyload.engine.format.parquet;

import io.copyload.engine.format.delimited.Utf8Validation;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * What the values of a leaf column mean: the column type that holds all of them, and how a raw
 * value becomes one of it. The rules are those of the format's LogicalTypes page.
 */
final class LeafType {
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;
  private static final int JULIAN_DAY_OF_EPOCH = 2_440_588;

  /** How a raw value becomes a value of the type. */
  private enum Rule {
    /** Lanes as they are. */
    SAME,
    /** The low bits, without a sign. */
    UNSIGNED_8,
    UNSIGNED_16,
    UNSIGNED_32,
    /** An unsigned long as a wide NUMERIC. */
    UNSIGNED_64,
    /** Units since midnight. */
    TIME,
    /** Units since 1970. */
    TIMESTAMP,
    /** Nanoseconds of the day and Julian day. */
    INT96,
    /** A number that must have no more digits than the type. */
    SHORT_DECIMAL,
    /** Big-endian two's complement to a lane. */
    BYTES_TO_SHORT_DECIMAL,
    BYTES_TO_WIDE_DECIMAL,
    FLOAT16,
    UUID,
    TEXT,
    BYTES,
    /** Months, days and milliseconds to a text that intervals are read from. */
    INTERVAL
  }

  private final TargetType type;
  private final Rule rule;
  private final long nanosPerUnit;
  private final long limit;
  private final PrimitiveTypeName physical;

  /** Whether a time of day beyond the day's ends is meant within it. */
  private final boolean wraps;

  private LeafType(PrimitiveTypeName physical, TargetType type, Rule rule, long nanosPerUnit) {
    this(physical, type, rule, nanosPerUnit, false);
  }

  private LeafType(
      PrimitiveTypeName physical, TargetType type, Rule rule, long nanosPerUnit, boolean wraps) {
    this.wraps = wraps;
    this.physical = physical;
    this.type = type;
    this.rule = rule;
    this.nanosPerUnit = nanosPerUnit;
    limit =
        type.kind() == Kind.NUMERIC && !type.isBytes()
            ? BigInteger.TEN.pow((int) type.precision()).longValueExact()
            : 0;
  }

  /** The type that holds all values. */
  TargetType type() {
    return type;
  }

  boolean rawIsBytes() {
    return LeafValues.isBytes(physical);
  }

  /**
   * The meaning of a column.
   *
   * @param wanted of the column to fill: bytes without a meaning are text if it is, and a time in
   *     UTC has its zone if it does
   */
  static LeafType of(PrimitiveType column, Kind wanted) {
    boolean wantsText = wanted.isCharacter() || wanted == Kind.JSON;
    PrimitiveTypeName physical = column.getPrimitiveTypeName();
    LogicalTypeAnnotation logical = column.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return decimal(physical, decimal);
    }
    return switch (physical) {
      case BOOLEAN -> plain(physical, Kind.BOOLEAN);
      case FLOAT -> plain(physical, Kind.REAL);
      case DOUBLE -> plain(physical, Kind.DOUBLE);
      case INT32 -> ofInt32(logical, wanted);
      case INT64 -> ofInt64(logical, wanted);
      case INT96 -> new LeafType(physical, TargetType.of(Kind.TIMESTAMP, -1, 9), Rule.INT96, 1);
      case BINARY -> {
        boolean text =
            logical == LogicalTypeAnnotation.stringType()
                || logical == LogicalTypeAnnotation.enumType()
                || logical == LogicalTypeAnnotation.jsonType()
                || logical == null && wantsText;
        yield text
            ? new LeafType(physical, TargetType.of(Kind.VARCHAR), Rule.TEXT, 0)
            : new LeafType(physical, TargetType.of(Kind.VARBINARY), Rule.BYTES, 0);
      }
      case FIXED_LEN_BYTE_ARRAY -> {
        int length = column.getTypeLength();
        if (logical == LogicalTypeAnnotation.uuidType() && length == 16) {
          yield new LeafType(physical, TargetType.of(Kind.UUID), Rule.UUID, 0);
        }
        if (logical == LogicalTypeAnnotation.float16Type() && length == 2) {
          yield new LeafType(physical, TargetType.of(Kind.REAL), Rule.FLOAT16, 0);
        }
        if (logical instanceof LogicalTypeAnnotation.IntervalLogicalTypeAnnotation
            && length == 12) {
          yield new LeafType(physical, TargetType.of(Kind.VARCHAR), Rule.INTERVAL, 0);
        }
        yield logical == null && wantsText
            ? new LeafType(physical, TargetType.of(Kind.VARCHAR), Rule.TEXT, 0)
            : new LeafType(physical, TargetType.of(Kind.VARBINARY), Rule.BYTES, 0);
      }
    };
  }

  private static LeafType plain(PrimitiveTypeName physical, Kind kind) {
    return new LeafType(physical, TargetType.of(kind), Rule.SAME, 0);
  }

  private static LeafType ofInt32(LogicalTypeAnnotation logical, Kind wanted) {
    PrimitiveTypeName physical = PrimitiveTypeName.INT32;
    if (logical instanceof IntLogicalTypeAnnotation integer) {
      int width = integer.getBitWidth();
      if (integer.isSigned()) {
        return plain(
            physical, width == 8 ? Kind.TINYINT : width == 16 ? Kind.SMALLINT : Kind.INTEGER);
      }
      return switch (width) {
        case 8 -> new LeafType(physical, TargetType.of(Kind.SMALLINT), Rule.UNSIGNED_8, 0);
        case 16 -> new LeafType(physical, TargetType.of(Kind.INTEGER), Rule.UNSIGNED_16, 0);
        default -> new LeafType(physical, TargetType.of(Kind.BIGINT), Rule.UNSIGNED_32, 0);
      };
    }
    if (logical == LogicalTypeAnnotation.dateType()) {
      return plain(physical, Kind.DATE);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return time(physical, time, wanted);
    }
    return plain(physical, Kind.INTEGER);
  }

  private static LeafType ofInt64(LogicalTypeAnnotation logical, Kind wanted) {
    PrimitiveTypeName physical = PrimitiveTypeName.INT64;
    if (logical instanceof IntLogicalTypeAnnotation integer && !integer.isSigned()) {
      return new LeafType(physical, TargetType.of(Kind.NUMERIC, 20, 0), Rule.UNSIGNED_64, 0);
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return time(physical, time, wanted);
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      Kind kind = timestamp.isAdjustedToUTC() ? Kind.TIMESTAMP_TZ : Kind.TIMESTAMP;
      return new LeafType(
          physical,
          TargetType.of(kind, -1, digits(timestamp.getUnit())),
          Rule.TIMESTAMP,
          nanos(timestamp.getUnit()));
    }
    return plain(physical, Kind.BIGINT);
  }

  private static LeafType time(
      PrimitiveTypeName physical, TimeLogicalTypeAnnotation time, Kind wanted) {
    boolean zoned = time.isAdjustedToUTC() && wanted == Kind.TIME_TZ;
    return new LeafType(
        physical,
        TargetType.of(zoned ? Kind.TIME_TZ : Kind.TIME, -1, digits(time.getUnit())),
        Rule.TIME,
        nanos(time.getUnit()),
        time.isAdjustedToUTC());
  }

  private static int digits(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 3;
      case MICROS -> 6;
      case NANOS -> 9;
    };
  }

  private static long nanos(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> 1_000_000;
      case MICROS -> 1_000;
      case NANOS -> 1;
    };
  }

  private static LeafType decimal(
      PrimitiveTypeName physical, DecimalLogicalTypeAnnotation decimal) {
    TargetType type = TargetType.of(Kind.NUMERIC, decimal.getPrecision(), decimal.getScale());
    Rule rule =
        LeafValues.isBytes(physical)
            ? type.isBytes() ? Rule.BYTES_TO_WIDE_DECIMAL : Rule.BYTES_TO_SHORT_DECIMAL
            : Rule.SHORT_DECIMAL;
    if (rule == Rule.SHORT_DECIMAL && type.isBytes()) {
      // No INT64 has more digits than a lane but for the last one.
      rule = Rule.UNSIGNED_64;
      return new LeafType(physical, type, rule, -1);
    }
    return new LeafType(physical, type, rule, 0);
  }

  /**
   * Whether the lane of a raw value has the place of its value: {@link #settle} then makes the
   * values from what has been read into the vector's first lane.
   */
  boolean settles() {
    return switch (rule) {
      case SAME, UNSIGNED_8, UNSIGNED_16, UNSIGNED_32, TIME, TIMESTAMP, SHORT_DECIMAL -> true;
      default -> false;
    };
  }

  /** Makes values of {@code count} raw ones that lie in the first lane from {@code row} on. */
  void settle(ColumnVector out, int row, int count) throws IOException {
    long[] lane = out.lanes[0];
    int end = row + count;
    switch (rule) {
      case SAME -> {
        // Nothing is to be done.
      }
      case UNSIGNED_8 -> mask(lane, row, end, 0xff);
      case UNSIGNED_16 -> mask(lane, row, end, 0xffff);
      case UNSIGNED_32 -> mask(lane, row, end, 0xffff_ffffL);
      case SHORT_DECIMAL -> {
        long most = 0;
        long least = 0;
        for (int i = row; i < end; i++) {
          most = Math.max(most, lane[i]);
          least = Math.min(least, lane[i]);
        }
        if (most >= limit || least <= -limit) {
          for (int i = row; i < end; i++) {
            checked(lane[i]);
          }
        }
      }
      case TIMESTAMP -> {
        long unitsPerDay = NANOS_PER_DAY / nanosPerUnit;
        long[] nanos = out.lanes[1];
        for (int i = row; i < end; i++) {
          long units = lane[i];
          long day = Math.floorDiv(units, unitsPerDay);
          lane[i] = day;
          nanos[i] = (units - day * unitsPerDay) * nanosPerUnit;
        }
        if (type.kind() == Kind.TIMESTAMP_TZ) {
          Arrays.fill(out.lanes[2], row, end, 0);
        }
      }
      case TIME -> {
        for (int i = row; i < end; i++) {
          lane[i] = nanosOfDay(lane[i]);
        }
        if (type.kind() == Kind.TIME_TZ) {
          Arrays.fill(out.lanes[1], row, end, 0);
        }
      }
      default -> throw new IllegalStateException(rule.name());
    }
  }

  private static void mask(long[] lane, int begin, int end, long mask) {
    for (int i = begin; i < end; i++) {
      lane[i] &= mask;
    }
  }

  private long nanosOfDay(long units) throws IOException {
    long unitsPerDay = NANOS_PER_DAY / nanosPerUnit;
    // A time in UTC may lie in the day before or after.
    long ofDay = wraps ? Math.floorMod(units, unitsPerDay) : units;
    if (ofDay < 0 || ofDay >= unitsPerDay) {
      throw new IOException("a time of day of " + units + " units");
    }
    return ofDay * nanosPerUnit;
  }

  /**
   * Puts the first {@code count} raw values into rows of a vector.
   *
   * @param heap as of {@link #put}
   * @return whether they are texts, all of ASCII but NUL
   */
  boolean putAll(RawValues raw, ColumnVector out, int row, int count, boolean heap)
      throws IOException {
    if (rule != Rule.TEXT) {
      for (int i = 0; i < count; i++) {
        put(raw, i, out, row + i, heap);
      }
      return false;
    }
    boolean ascii = true;
    byte[] bytes = raw.bytes;
    for (int i = 0; i < count; i++) {
      int at = raw.begin[i];
      int length = raw.length[i];
      if (!Utf8Validation.isAscii(bytes, at, length)) {
        ascii = false;
        checkUtf8(bytes, at, length);
      }
    }
    if (heap) {
      for (int i = 0; i < count; i++) {
        out.append(row + i, bytes, raw.begin[i], raw.length[i]);
      }
    } else {
      System.arraycopy(raw.begin, 0, out.begin, row, count);
      System.arraycopy(raw.length, 0, out.length, row, count);
    }
    return ascii;
  }

  private static void checkUtf8(byte[] bytes, int at, int length) throws IOException {
    if (Utf8Validation.firstInvalid(bytes, at, at + length, true) >= 0) {
      throw new IOException("a text that is not valid UTF-8");
    }
  }

  /**
   * Puts a raw value into a row of a vector.
   *
   * @param heap whether bytes are to be copied to the vector's heap; otherwise the vector points
   *     into the raw bytes
   */
  void put(RawValues raw, int index, ColumnVector out, int row, boolean heap) throws IOException {
    switch (rule) {
      case SAME -> out.lanes[0][row] = raw.longs[index];
      case UNSIGNED_8 -> out.lanes[0][row] = raw.longs[index] & 0xff;
      case UNSIGNED_16 -> out.lanes[0][row] = raw.longs[index] & 0xffff;
      case UNSIGNED_32 -> out.lanes[0][row] = raw.longs[index] & 0xffff_ffffL;
      case UNSIGNED_64 -> {
        BigInteger value = BigInteger.valueOf(raw.longs[index]);
        if (nanosPerUnit >= 0 && value.signum() < 0) {
          value = value.add(BigInteger.ONE.shiftLeft(64));
        }
        byte[] bytes = value.toByteArray();
        out.append(row, bytes, 0, bytes.length);
      }
      case TIME -> {
        out.lanes[0][row] = nanosOfDay(raw.longs[index]);
        if (type.kind() == Kind.TIME_TZ) {
          out.lanes[1][row] = 0;
        }
      }
      case TIMESTAMP -> {
        long unitsPerDay = NANOS_PER_DAY / nanosPerUnit;
        long units = raw.longs[index];
        long day = Math.floorDiv(units, unitsPerDay);
        out.lanes[0][row] = day;
        out.lanes[1][row] = (units - day * unitsPerDay) * nanosPerUnit;
        if (type.kind() == Kind.TIMESTAMP_TZ) {
          out.lanes[2][row] = 0;
        }
      }
      case INT96 -> {
        int at = raw.begin[index];
        long nanos = Plain.int64(raw.bytes, at);
        long day = Plain.int32(raw.bytes, at + 8) - (long) JULIAN_DAY_OF_EPOCH;
        out.lanes[0][row] = day + Math.floorDiv(nanos, NANOS_PER_DAY);
        out.lanes[1][row] = Math.floorMod(nanos, NANOS_PER_DAY);
      }
      case SHORT_DECIMAL -> out.lanes[0][row] = checked(raw.longs[index]);
      case BYTES_TO_SHORT_DECIMAL -> out.lanes[0][row] = checked(bigEndian(raw, index));
      case BYTES_TO_WIDE_DECIMAL -> {
        byte[] bytes = raw.bytes;
        int at = raw.begin[index];
        int end = at + raw.length[index];
        if (at == end) {
          throw new IOException("a decimal without bytes");
        }
        while (end - at > 1 && bytes[at] == bytes[at + 1] >> 7) {
          at++;
        }
        out.append(row, bytes, at, end - at);
      }
      case FLOAT16 ->
          out.lanes[0][row] =
              Float.floatToRawIntBits(
                  halfToFloat(
                      raw.bytes[raw.begin[index]] & 0xff
                          | (raw.bytes[raw.begin[index] + 1] & 0xff) << 8));
      case UUID -> {
        int at = raw.begin[index];
        out.lanes[0][row] = Long.reverseBytes(Plain.int64(raw.bytes, at));
        out.lanes[1][row] = Long.reverseBytes(Plain.int64(raw.bytes, at + 8));
      }
      case TEXT -> {
        checkUtf8(raw.bytes, raw.begin[index], raw.length[index]);
        putBytes(raw, index, out, row, heap);
      }
      case BYTES -> putBytes(raw, index, out, row, heap);
      case INTERVAL -> {
        int at = raw.begin[index];
        long months = Plain.int32(raw.bytes, at) & 0xffff_ffffL;
        long days = Plain.int32(raw.bytes, at + 4) & 0xffff_ffffL;
        long millis = Plain.int32(raw.bytes, at + 8) & 0xffff_ffffL;
        byte[] text =
            (months + " mons " + days + " days " + millis / 1000 + "." + milli(millis) + " secs")
                .getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        out.append(row, text, 0, text.length);
      }
    }
  }

  /** Whether values are made in the vector's heap whatever the caller says. */
  boolean alwaysHeap() {
    return rule == Rule.UNSIGNED_64 || rule == Rule.BYTES_TO_WIDE_DECIMAL || rule == Rule.INTERVAL;
  }

  private static String milli(long millis) {
    return Long.toString(1000 + millis % 1000).substring(1);
  }

  private static void putBytes(RawValues raw, int index, ColumnVector out, int row, boolean heap) {
    if (heap) {
      out.append(row, raw.bytes, raw.begin[index], raw.length[index]);
    } else {
      out.begin[row] = raw.begin[index];
      out.length[row] = raw.length[index];
    }
  }

  private long checked(long unscaled) throws IOException {
    if (unscaled >= limit || unscaled <= -limit) {
      throw new IOException(
          "a decimal of more than " + type.precision() + " digits: unscaled " + unscaled);
    }
    return unscaled;
  }

  private long bigEndian(RawValues raw, int index) throws IOException {
    byte[] bytes = raw.bytes;
    int at = raw.begin[index];
    int end = at + raw.length[index];
    if (at == end) {
      throw new IOException("a decimal without bytes");
    }
    while (end - at > 8 && bytes[at] == bytes[at + 1] >> 7) {
      at++;
    }
    if (end - at > 8) {
      throw new IOException("a decimal of more than " + type.precision() + " digits");
    }
    long value = bytes[at++];
    while (at < end) {
      value = value << 8 | bytes[at++] & 0xff;
    }
    return value;
  }

  private static float halfToFloat(int half) {
    int exponent = half >> 10 & 0x1f;
    int fraction = half & 0x3ff;
    float magnitude =
        exponent == 0
            ? fraction * 0x1p-24f
            : exponent == 31
                ? fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN
                : Math.scalb(1 + fraction * 0x1p-10f, exponent - 15);
    return (half & 0x8000) == 0 ? magnitude : -magnitude;
  }
}

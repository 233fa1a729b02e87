package io.copyload.engine.convert;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.util.Locale;

/**
 * Chooses the cast between two column types: SQL's assignment casts. What a cast cannot hold is a
 * reject; nothing is ever cut or rounded silently but the fraction of a NUMERIC, as on assignment.
 */
public final class VectorCasts {
  private VectorCasts() {}

  /**
   * A fresh cast, or null when a column of type {@code to} cannot take values of type {@code from}.
   *
   * @param capacity most rows of a vector
   */
  public static VectorCast of(TargetType from, TargetType to, int capacity, ConversionSpec spec) {
    if (from.equals(to)
        || from.kind() == Kind.JSON && to.kind() == Kind.JSON
        || to.laneCount() > 0 && sameLanes(from, to)) {
      return (vector, count, rejects) -> vector;
    }
    Kind source = from.kind();
    Kind target = to.kind();
    if (isInteger(source) && isInteger(target)) {
      return source.compareTo(target) < 0 ? wider(to, capacity) : new Narrowing(to, capacity);
    }
    if (source == Kind.REAL && target == Kind.DOUBLE) {
      return new RealToDouble(to, capacity);
    }
    if (source == target && (isTime(source) || isDateTime(source))) {
      return new FewerDigits(to, capacity);
    }
    if (source == Kind.JSON && NestedConverter.takes(to)) {
      return new TextCast(from, to, capacity, spec);
    }
    if (!isCastable(source, target)) {
      return null;
    }
    return new TextCast(from, to, capacity, spec);
  }

  /** Lane types whose every value is a value of the other with the same lanes. */
  private static boolean sameLanes(TargetType from, TargetType to) {
    if (from.kind() != to.kind()) {
      return false;
    }
    return switch (from.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DATE, UUID -> true;
      case NUMERIC -> from.scale() == to.scale() && from.precision() <= to.precision();
      case TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ -> from.scale() <= to.scale();
      default -> false;
    };
  }

  private static boolean isInteger(Kind kind) {
    return kind.compareTo(Kind.TINYINT) >= 0 && kind.compareTo(Kind.BIGINT) <= 0;
  }

  private static boolean isNumber(Kind kind) {
    return kind.compareTo(Kind.TINYINT) >= 0 && kind.compareTo(Kind.DOUBLE) <= 0;
  }

  private static boolean isBinary(Kind kind) {
    return kind.compareTo(Kind.BINARY) >= 0 && kind.compareTo(Kind.BLOB) <= 0;
  }

  private static boolean isDateTime(Kind kind) {
    return kind == Kind.DATE || kind == Kind.TIMESTAMP || kind == Kind.TIMESTAMP_TZ;
  }

  private static boolean isCastable(Kind source, Kind target) {
    if (source.isCharacter() || source == Kind.JSON) {
      return !isBinary(target) && target != Kind.OTHER;
    }
    if (isBinary(source)) {
      return isBinary(target) || target == Kind.GEOMETRY || target == Kind.UUID;
    }
    if (target.isCharacter() || source == target) {
      return isPlain(source);
    }
    return isNumber(source) && isNumber(target)
        || isDateTime(source) && isDateTime(target)
        || isTime(source) && isTime(target);
  }

  private static boolean isTime(Kind kind) {
    return kind == Kind.TIME || kind == Kind.TIME_TZ;
  }

  /** Types whose values {@link ValueWords} can write. */
  private static boolean isPlain(Kind kind) {
    return kind == Kind.BOOLEAN
        || isNumber(kind)
        || isDateTime(kind)
        || isTime(kind)
        || kind == Kind.UUID
        || kind == Kind.ENUM;
  }

  private static VectorCast wider(TargetType to, int capacity) {
    ColumnVector out = new ColumnVector(to, capacity);
    return (from, count, rejects) -> {
      System.arraycopy(from.nulls, 0, out.nulls, 0, count);
      System.arraycopy(from.lanes[0], 0, out.lanes[0], 0, count);
      return out;
    };
  }

  /** A wider integer to a narrower one. */
  private static final class Narrowing implements VectorCast {
    private final ColumnVector out;
    private final long max;
    private final String typeName;

    Narrowing(TargetType to, int capacity) {
      out = new ColumnVector(to, capacity);
      max =
          switch (to.kind()) {
            case TINYINT -> Byte.MAX_VALUE;
            case SMALLINT -> Short.MAX_VALUE;
            default -> Integer.MAX_VALUE;
          };
      typeName = to.kind().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public ColumnVector cast(ColumnVector from, int count, FieldRejects rejects) {
      long[] values = from.lanes[0];
      System.arraycopy(from.nulls, 0, out.nulls, 0, count);
      System.arraycopy(values, 0, out.lanes[0], 0, count);
      for (int r = 0; r < count; r++) {
        if ((values[r] > max || values[r] < -max - 1) && !from.nulls[r]) {
          out.nulls[r] = true;
          rejects.reject(
              r,
              RejectReason.INTEGER_OVERFLOW,
              "value \"" + values[r] + "\" is out of range for type " + typeName,
              null,
              null,
              null);
        }
      }
      return out;
    }
  }

  /** A time or timestamp to fewer fractional digits: rounded, half up, as PostgreSQL does. */
  private static final class FewerDigits implements VectorCast {
    private static final long NANOS_PER_DAY = 86_400_000_000_000L;
    private final ColumnVector out;
    private final int nanoLane;
    private final long step;

    FewerDigits(TargetType to, int capacity) {
      out = new ColumnVector(to, capacity);
      nanoLane = isTime(to.kind()) ? 0 : 1;
      long nanos = 1;
      for (int i = to.scale(); i < 9; i++) {
        nanos *= 10;
      }
      step = nanos;
    }

    @Override
    public ColumnVector cast(ColumnVector from, int count, FieldRejects rejects) {
      System.arraycopy(from.nulls, 0, out.nulls, 0, count);
      for (int lane = 0; lane < from.lanes.length; lane++) {
        System.arraycopy(from.lanes[lane], 0, out.lanes[lane], 0, count);
      }
      long[] nanos = out.lanes[nanoLane];
      for (int r = 0; r < count; r++) {
        long rounded = (nanos[r] + step / 2) / step * step;
        if (rounded >= NANOS_PER_DAY && !out.nulls[r]) {
          rounded -= NANOS_PER_DAY;
          if (nanoLane == 1) {
            out.lanes[0][r]++;
          } else {
            // No time of day lies behind the last one.
            rounded = NANOS_PER_DAY - step;
          }
        }
        nanos[r] = rounded;
      }
      return out;
    }
  }

  private static final class RealToDouble implements VectorCast {
    private final ColumnVector out;

    RealToDouble(TargetType to, int capacity) {
      out = new ColumnVector(to, capacity);
    }

    @Override
    public ColumnVector cast(ColumnVector from, int count, FieldRejects rejects) {
      System.arraycopy(from.nulls, 0, out.nulls, 0, count);
      for (int r = 0; r < count; r++) {
        out.lanes[0][r] =
            Double.doubleToRawLongBits((double) Float.intBitsToFloat((int) from.lanes[0][r]));
      }
      return out;
    }
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import io.copyload.engine.store.Utf8;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.h2.engine.Database;
import org.h2.result.SearchRow;
import org.h2.table.Column;
import org.h2.value.CompareMode;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueDecfloat;
import org.h2.value.ValueNull;

/**
 * The bounds that H2 passes to a scan, as tests on zone maps and on stored values. H2 checks its
 * conditions again, so a bound that cannot be expressed exactly is widened or left out. Threads:
 * one, the cursor's.
 */
final class ScanFilter {
  private final List<Bound> bounds;
  private int[] selection = new int[0];
  private int selected;

  private ScanFilter(List<Bound> bounds) {
    this.bounds = bounds;
  }

  /** Null when there is nothing to test. */
  static ScanFilter of(HybridTable table, SearchRow low, SearchRow high) {
    if (low == null && high == null) {
      return null;
    }
    List<Bound> bounds = new ArrayList<>();
    Column[] columns = table.getColumns();
    for (int i = 0; i < columns.length; i++) {
      Value lowValue = low == null ? null : low.getValue(i);
      Value highValue = high == null ? null : high.getValue(i);
      if (lowValue != null || highValue != null) {
        Bound bound = bound(table.database(), i, columns[i].getType(), lowValue, highValue);
        if (bound != null) {
          bounds.add(bound);
        }
      }
    }
    return bounds.isEmpty() ? null : new ScanFilter(bounds);
  }

  /** Whether no row of a row group can match. */
  boolean excludes(Segment segment, int group) {
    List<ChunkInfo> chunks = segment.group(group).chunks();
    int rowCount = segment.group(group).rowCount();
    for (Bound bound : bounds) {
      ChunkInfo chunk = chunks.get(bound.column);
      if (bound.fits(segment) && bound.excludes(chunk, rowCount)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The rows that may match, ascending; null when nothing was tested. Valid until the next call.
   */
  int[] select(RowGroupView view) {
    int[] from = null;
    int count = view.rowCount();
    for (Bound bound : bounds) {
      if (bound.fits(view.segment())) {
        if (selection.length < view.rowCount()) {
          selection = new int[view.rowCount()];
        }
        count = bound.select(view.column(bound.column), from, count, selection);
        from = selection;
      }
    }
    selected = count;
    return from;
  }

  int selectedCount() {
    return selected;
  }

  private static Bound bound(Database database, int column, TypeInfo type, Value low, Value high) {
    boolean lowNull = low == ValueNull.INSTANCE;
    boolean highNull = high == ValueNull.INSTANCE;
    if (lowNull || highNull) {
      // IS NULL and IS NOT DISTINCT FROM NULL come as two NULLs.
      return lowNull && highNull ? new NullBound(column) : null;
    }
    TargetType target = TargetTypes.of(type);
    switch (target.kind()) {
      case VARCHAR:
        if (!CompareMode.OFF.equals(database.getCompareMode().getName())
            || isOther(low, Value.VARCHAR)
            || isOther(high, Value.VARCHAR)) {
          return null;
        }
        return new TextBound(column, target, utf8(low), utf8(high));
      case REAL, DOUBLE:
        return doubleBound(column, target, low, high);
      case BOOLEAN, DATE, TIME, ENUM:
        if (isOther(low, type.getValueType()) || isOther(high, type.getValueType())) {
          return null;
        }
        return laneBound(column, target, lane(type, low), lane(type, high), 0);
      case TIMESTAMP:
        return laneBound(column, target, timestampDay(type, low), timestampDay(type, high), 0);
      case TIMESTAMP_TZ:
        if (isOther(low, Value.TIMESTAMP_TZ) || isOther(high, Value.TIMESTAMP_TZ)) {
          return null;
        }
        // Stored in local time: offsets differ by 36 hours at most.
        return laneBound(column, target, lane(type, low), lane(type, high), 2);
      case UUID:
        if (low == null || high == null || isOther(low, Value.UUID) || !low.equals(high)) {
          return null;
        }
        return laneBound(column, target, lane(type, low), lane(type, high), 0);
      case TINYINT, SMALLINT, INTEGER, BIGINT:
        return integerBound(column, target, 0, low, high);
      case NUMERIC:
        return target.laneCount() == 1
            ? integerBound(column, target, target.scale(), low, high)
            : null;
      default:
        return null;
    }
  }

  private static boolean isOther(Value value, int valueType) {
    return value != null && value.getValueType() != valueType;
  }

  private static byte[] utf8(Value value) {
    return value == null ? null : value.getString().getBytes(StandardCharsets.UTF_8);
  }

  private static Long lane(TypeInfo type, Value value) {
    if (value == null) {
      return null;
    }
    ValueCodec codec = ValueCodec.of(type);
    ColumnVector vector = new ColumnVector(codec.targetType(), 1);
    vector.useHeap();
    codec.write(value, vector, 0);
    return vector.lanes[0][0];
  }

  private static Long timestampDay(TypeInfo type, Value value) {
    if (value == null) {
      return null;
    }
    return switch (value.getValueType()) {
      case Value.TIMESTAMP, Value.DATE -> lane(type, value.convertTo(TypeInfo.TYPE_TIMESTAMP));
      default -> null;
    };
  }

  private static Bound laneBound(int column, TargetType type, Long low, Long high, long widenedBy) {
    if (low == null && high == null) {
      return null;
    }
    return new LaneBound(
        column,
        type,
        low == null ? Long.MIN_VALUE : low - widenedBy,
        high == null ? Long.MAX_VALUE : high + widenedBy);
  }

  private static Bound integerBound(int column, TargetType type, int scale, Value low, Value high) {
    BigInteger from = unscaled(low, scale, RoundingMode.CEILING);
    BigInteger to = unscaled(high, scale, RoundingMode.FLOOR);
    if (from == null && to == null) {
      return null;
    }
    if (from != null && from.bitLength() > 63 && from.signum() > 0
        || to != null && to.bitLength() > 63 && to.signum() < 0) {
      return new LaneBound(column, type, Long.MAX_VALUE, Long.MIN_VALUE);
    }
    return new LaneBound(
        column,
        type,
        from == null || from.bitLength() > 63 ? Long.MIN_VALUE : from.longValue(),
        to == null || to.bitLength() > 63 ? Long.MAX_VALUE : to.longValue());
  }

  private static BigInteger unscaled(Value value, int scale, RoundingMode rounding) {
    if (value == null) {
      return null;
    }
    switch (value.getValueType()) {
      case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT, Value.NUMERIC:
        break;
      case Value.DECFLOAT:
        if (((ValueDecfloat) value).isFinite()) {
          break;
        }
        return null;
      default:
        // Comparisons with REAL and DOUBLE are inexact.
        return null;
    }
    BigDecimal number = value.getBigDecimal();
    if (number.precision() - (long) number.scale() > 40) {
      // Too large to be scaled for nothing; the sign decides.
      return BigInteger.ONE.shiftLeft(64).multiply(BigInteger.valueOf(number.signum()));
    }
    return number.setScale(scale, rounding).unscaledValue();
  }

  private static Bound doubleBound(int column, TargetType type, Value low, Value high) {
    Double from = doubleOf(low);
    Double to = doubleOf(high);
    if (from == null && to == null) {
      return null;
    }
    // Numbers of other types are rounded on the way: one step of a float more on each side.
    return new DoubleBound(
        column,
        type,
        from == null ? Double.NEGATIVE_INFINITY : Math.nextDown((float) Math.nextDown(from)),
        to == null ? Double.POSITIVE_INFINITY : Math.nextUp((float) Math.nextUp(to)));
  }

  private static Double doubleOf(Value value) {
    if (value == null) {
      return null;
    }
    switch (value.getValueType()) {
      case Value.TINYINT, Value.SMALLINT, Value.INTEGER, Value.BIGINT, Value.NUMERIC:
      case Value.REAL, Value.DOUBLE:
        double number = value.getDouble();
        return Double.isNaN(number) ? null : number;
      default:
        return null;
    }
  }

  /** Bounds of one column. */
  private abstract static class Bound {
    final int column;
    private final TargetType type;

    Bound(int column, TargetType type) {
      this.column = column;
      this.type = type;
    }

    /** Whether the segment stores the column in the way for which the bound was made. */
    final boolean fits(Segment segment) {
      if (type == null) {
        return true;
      }
      TargetType stored = segment.type(column);
      return stored.kind() == type.kind()
          && stored.scale() == type.scale()
          && stored.laneCount() == type.laneCount();
    }

    abstract boolean excludes(ChunkInfo chunk, int rowCount);

    /**
     * Copies the numbers of rows that may match from {@code from}, or of all rows, to {@code to}.
     */
    abstract int select(DecodedColumn values, int[] from, int count, int[] to);
  }

  private static final class NullBound extends Bound {
    NullBound(int column) {
      super(column, null);
    }

    @Override
    boolean excludes(ChunkInfo chunk, int rowCount) {
      return chunk.nullCount() == 0;
    }

    @Override
    int select(DecodedColumn values, int[] from, int count, int[] to) {
      int n = 0;
      for (int i = 0; i < count; i++) {
        int row = from == null ? i : from[i];
        if (values.isNull(row)) {
          to[n++] = row;
        }
      }
      return n;
    }
  }

  private static final class LaneBound extends Bound {
    private final long low;
    private final long high;

    LaneBound(int column, TargetType type, long low, long high) {
      super(column, type);
      this.low = low;
      this.high = high;
    }

    @Override
    boolean excludes(ChunkInfo chunk, int rowCount) {
      return low > high
          || chunk.nullCount() == rowCount
          || chunk.hasZone() && (chunk.max() < low || chunk.min() > high);
    }

    @Override
    int select(DecodedColumn values, int[] from, int count, int[] to) {
      long[] lane = values.lane(0);
      boolean nulls = values.hasNulls();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int row = from == null ? i : from[i];
        long v = lane[row];
        if (v >= low && v <= high && !(nulls && values.isNull(row))) {
          to[n++] = row;
        }
      }
      return n;
    }
  }

  private static final class DoubleBound extends Bound {
    private final double low;
    private final double high;
    private final boolean real;

    DoubleBound(int column, TargetType type, double low, double high) {
      super(column, type);
      this.low = low;
      this.high = high;
      real = type.kind() == Kind.REAL;
    }

    private double number(long lane) {
      return real ? Float.intBitsToFloat((int) lane) : Double.longBitsToDouble(lane);
    }

    @Override
    boolean excludes(ChunkInfo chunk, int rowCount) {
      return chunk.nullCount() == rowCount
          || chunk.hasZone() && (number(chunk.max()) < low || number(chunk.min()) > high);
    }

    @Override
    int select(DecodedColumn values, int[] from, int count, int[] to) {
      long[] lane = values.lane(0);
      boolean nulls = values.hasNulls();
      int n = 0;
      for (int i = 0; i < count; i++) {
        int row = from == null ? i : from[i];
        double v = number(lane[row]);
        // NaN is kept: H2 sorts it last, and knows what it equals.
        if (!(v < low) && !(v > high) && !(nulls && values.isNull(row))) {
          to[n++] = row;
        }
      }
      return n;
    }
  }

  private static final class TextBound extends Bound {
    private final byte[] low;
    private final byte[] high;

    TextBound(int column, TargetType type, byte[] low, byte[] high) {
      super(column, type);
      this.low = low;
      this.high = high;
    }

    @Override
    boolean excludes(ChunkInfo chunk, int rowCount) {
      if (chunk.nullCount() == rowCount) {
        return true;
      }
      if (!chunk.hasZone()) {
        return false;
      }
      return low != null && chunk.maxBytes() != null && compare(low, chunk.maxBytes().bytes()) > 0
          || high != null
              && chunk.minBytes() != null
              && compare(high, chunk.minBytes().bytes()) < 0;
    }

    private static int compare(byte[] a, byte[] b) {
      return Utf8.compare(a, 0, a.length, b, 0, b.length);
    }

    private boolean matches(byte[] bytes, int begin, int length) {
      return (low == null || Utf8.compare(bytes, begin, length, low, 0, low.length) >= 0)
          && (high == null || Utf8.compare(bytes, begin, length, high, 0, high.length) <= 0);
    }

    @Override
    int select(DecodedColumn values, int[] from, int count, int[] to) {
      byte[] bytes = values.bytes();
      boolean nulls = values.hasNulls();
      // Per dictionary entry: 0 unknown, 1 matches, 2 does not.
      byte[] known = values.dictionarySize() > 0 ? new byte[values.dictionarySize()] : null;
      int n = 0;
      for (int i = 0; i < count; i++) {
        int row = from == null ? i : from[i];
        if (nulls && values.isNull(row)) {
          continue;
        }
        boolean match;
        if (known == null) {
          match = matches(bytes, values.begin(row), values.length(row));
        } else {
          int code = values.code(row);
          if (known[code] == 0) {
            known[code] = (byte) (matches(bytes, values.begin(row), values.length(row)) ? 1 : 2);
          }
          match = known[code] == 1;
        }
        if (match) {
          to[n++] = row;
        }
      }
      return n;
    }
  }
}

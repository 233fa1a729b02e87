package io.copyload.engine.h2;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.math.BigDecimal;
import java.nio.ByteOrder;
import org.h2.api.IntervalQualifier;
import org.h2.engine.CastDataProvider;
import org.h2.util.DateTimeUtils;
import org.h2.value.ExtTypeInfoEnum;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueDate;
import org.h2.value.ValueDouble;
import org.h2.value.ValueEnum;
import org.h2.value.ValueInteger;
import org.h2.value.ValueInterval;
import org.h2.value.ValueNumeric;
import org.h2.value.ValueReal;
import org.h2.value.ValueSmallint;
import org.h2.value.ValueTime;
import org.h2.value.ValueTimeTimeZone;
import org.h2.value.ValueTimestamp;
import org.h2.value.ValueTimestampTimeZone;
import org.h2.value.ValueTinyint;
import org.h2.value.ValueUuid;

/** Codecs of the types whose values are 64-bit lanes. */
final class LaneCodec {
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private LaneCodec() {}

  static ValueCodec of(TypeInfo type, TargetType target, CastDataProvider provider) {
    return switch (target.kind()) {
      case BOOLEAN -> new OfBoolean(target);
      case TINYINT, SMALLINT, INTEGER, BIGINT -> integer(target);
      case NUMERIC -> new OfNumeric(target);
      case REAL -> new OfReal(target);
      case DOUBLE -> new OfDouble(target);
      case DATE -> new OfDate(target);
      case TIME -> new OfTime(target);
      case TIME_TZ -> new OfTimeWithZone(target);
      case TIMESTAMP -> new OfTimestamp(target);
      case TIMESTAMP_TZ -> new OfTimestampWithZone(target);
      case UUID -> new OfUuid(target);
      case ENUM -> new OfEnum(target, (ExtTypeInfoEnum) type.getExtTypeInfo(), provider);
      default -> {
        if (!target.kind().isInterval()) {
          throw new IllegalArgumentException("not a lane type: " + target.kind());
        }
        yield new OfInterval(
            target, IntervalQualifier.valueOf(type.getValueType() - Value.INTERVAL_YEAR));
      }
    };
  }

  private static ValueCodec integer(TargetType target) {
    return switch (target.kind()) {
      case TINYINT -> new OfTinyint(target);
      case SMALLINT -> new OfSmallint(target);
      case INTEGER -> new OfInteger(target);
      default -> new OfBigint(target);
    };
  }

  /** Types of one lane. */
  private abstract static class One extends ValueCodec {
    One(TargetType target) {
      super(target);
    }

    abstract Value value(long lane);

    abstract long lane(Value value);

    @Override
    final Value notNull(DecodedColumn column, int row) {
      return value(column.lane(0, row));
    }

    @Override
    final Value notNull(ColumnVector vector, int row) {
      return value(vector.lanes[0][row]);
    }

    @Override
    final void put(Value value, ColumnVector out, int row) {
      out.lanes[0][row] = lane(value);
    }

    @Override
    final byte[] toElement(Value value) {
      byte[] bytes = new byte[8];
      INT64.set(bytes, 0, lane(value));
      return bytes;
    }

    @Override
    final Value ofElement(byte[] bytes, int begin, int length) {
      return value((long) INT64.get(bytes, begin));
    }
  }

  /** Types of two or three lanes; the third is 0 where there are two. */
  private abstract static class More extends ValueCodec {
    More(TargetType target) {
      super(target);
    }

    abstract Value value(long first, long second, long third);

    abstract long first(Value value);

    abstract long second(Value value);

    long third(Value value) {
      return 0;
    }

    boolean hasThird() {
      return false;
    }

    @Override
    final Value notNull(DecodedColumn column, int row) {
      return value(column.lane(0, row), column.lane(1, row), hasThird() ? column.lane(2, row) : 0);
    }

    @Override
    final Value notNull(ColumnVector vector, int row) {
      return value(
          vector.lanes[0][row], vector.lanes[1][row], hasThird() ? vector.lanes[2][row] : 0);
    }

    @Override
    final void put(Value value, ColumnVector out, int row) {
      out.lanes[0][row] = first(value);
      out.lanes[1][row] = second(value);
      if (hasThird()) {
        out.lanes[2][row] = third(value);
      }
    }

    @Override
    final byte[] toElement(Value value) {
      byte[] bytes = new byte[hasThird() ? 24 : 16];
      INT64.set(bytes, 0, first(value));
      INT64.set(bytes, 8, second(value));
      if (hasThird()) {
        INT64.set(bytes, 16, third(value));
      }
      return bytes;
    }

    @Override
    final Value ofElement(byte[] bytes, int begin, int length) {
      return value(
          (long) INT64.get(bytes, begin),
          (long) INT64.get(bytes, begin + 8),
          hasThird() ? (long) INT64.get(bytes, begin + 16) : 0);
    }
  }

  private static final class OfBoolean extends One {
    OfBoolean(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueBoolean.get(lane != 0);
    }

    @Override
    long lane(Value value) {
      return value.getBoolean() ? 1 : 0;
    }
  }

  private static final class OfTinyint extends One {
    OfTinyint(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueTinyint.get((byte) lane);
    }

    @Override
    long lane(Value value) {
      return value.getByte();
    }
  }

  private static final class OfSmallint extends One {
    OfSmallint(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueSmallint.get((short) lane);
    }

    @Override
    long lane(Value value) {
      return value.getShort();
    }
  }

  private static final class OfInteger extends One {
    OfInteger(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueInteger.get((int) lane);
    }

    @Override
    long lane(Value value) {
      return value.getInt();
    }
  }

  private static final class OfBigint extends One {
    OfBigint(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueBigint.get(lane);
    }

    @Override
    long lane(Value value) {
      return value.getLong();
    }
  }

  private static final class OfNumeric extends One {
    private final int scale;

    OfNumeric(TargetType target) {
      super(target);
      scale = target.scale();
    }

    @Override
    Value value(long lane) {
      return ValueNumeric.get(BigDecimal.valueOf(lane, scale));
    }

    @Override
    long lane(Value value) {
      return atScale(value.getBigDecimal(), scale).unscaledValue().longValueExact();
    }
  }

  /** The same number at the column's scale. Only a smaller scale occurs, in modes that keep it. */
  static BigDecimal atScale(BigDecimal number, int scale) {
    return number.scale() == scale ? number : number.setScale(scale);
  }

  private static final class OfReal extends One {
    OfReal(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueReal.get(Float.intBitsToFloat((int) lane));
    }

    @Override
    long lane(Value value) {
      return Float.floatToRawIntBits(value.getFloat());
    }
  }

  private static final class OfDouble extends One {
    OfDouble(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueDouble.get(Double.longBitsToDouble(lane));
    }

    @Override
    long lane(Value value) {
      return Double.doubleToRawLongBits(value.getDouble());
    }
  }

  /**
   * Days to dates. H2 keeps a date as year, month and day in one long; going there from a day
   * number costs several divisions, so that days of 1880 to 2060 are kept once made. Races only
   * make a value twice.
   */
  private static final class Dates {
    private static final int FIRST = -(1 << 15);
    private static final int PAGE_BITS = 8;

    private final ValueDate[][] pages = new ValueDate[1 << 16 - PAGE_BITS][];

    ValueDate get(long day) {
      long index = day - FIRST;
      if (index < 0 || index >= 1 << 16) {
        return ValueDate.fromDateValue(DateTimeUtils.dateValueFromAbsoluteDay(day));
      }
      int i = (int) index;
      ValueDate[] page = pages[i >> PAGE_BITS];
      if (page == null) {
        page = new ValueDate[1 << PAGE_BITS];
        pages[i >> PAGE_BITS] = page;
      }
      ValueDate date = page[i & (1 << PAGE_BITS) - 1];
      if (date == null) {
        date = ValueDate.fromDateValue(DateTimeUtils.dateValueFromAbsoluteDay(day));
        page[i & (1 << PAGE_BITS) - 1] = date;
      }
      return date;
    }
  }

  private static final class OfDate extends One {
    private final Dates dates = new Dates();

    OfDate(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return dates.get(lane);
    }

    @Override
    long lane(Value value) {
      return DateTimeUtils.absoluteDayFromDateValue(((ValueDate) value).getDateValue());
    }
  }

  private static final class OfTime extends One {
    OfTime(TargetType target) {
      super(target);
    }

    @Override
    Value value(long lane) {
      return ValueTime.fromNanos(lane);
    }

    @Override
    long lane(Value value) {
      return ((ValueTime) value).getNanos();
    }
  }

  private static final class OfTimeWithZone extends More {
    OfTimeWithZone(TargetType target) {
      super(target);
    }

    @Override
    Value value(long first, long second, long third) {
      return ValueTimeTimeZone.fromNanos(first, (int) second);
    }

    @Override
    long first(Value value) {
      return ((ValueTimeTimeZone) value).getNanos();
    }

    @Override
    long second(Value value) {
      return ((ValueTimeTimeZone) value).getTimeZoneOffsetSeconds();
    }
  }

  private static final class OfTimestamp extends More {
    private final Dates dates = new Dates();

    OfTimestamp(TargetType target) {
      super(target);
    }

    @Override
    Value value(long first, long second, long third) {
      return ValueTimestamp.fromDateValueAndNanos(dates.get(first).getDateValue(), second);
    }

    @Override
    long first(Value value) {
      return DateTimeUtils.absoluteDayFromDateValue(((ValueTimestamp) value).getDateValue());
    }

    @Override
    long second(Value value) {
      return ((ValueTimestamp) value).getTimeNanos();
    }
  }

  private static final class OfTimestampWithZone extends More {
    private final Dates dates = new Dates();

    OfTimestampWithZone(TargetType target) {
      super(target);
    }

    @Override
    boolean hasThird() {
      return true;
    }

    @Override
    Value value(long first, long second, long third) {
      return ValueTimestampTimeZone.fromDateValueAndNanos(
          dates.get(first).getDateValue(), second, (int) third);
    }

    @Override
    long first(Value value) {
      return DateTimeUtils.absoluteDayFromDateValue(
          ((ValueTimestampTimeZone) value).getDateValue());
    }

    @Override
    long second(Value value) {
      return ((ValueTimestampTimeZone) value).getTimeNanos();
    }

    @Override
    long third(Value value) {
      return ((ValueTimestampTimeZone) value).getTimeZoneOffsetSeconds();
    }
  }

  private static final class OfInterval extends More {
    private final IntervalQualifier qualifier;

    OfInterval(TargetType target, IntervalQualifier qualifier) {
      super(target);
      this.qualifier = qualifier;
    }

    @Override
    Value value(long first, long second, long third) {
      return ValueInterval.from(qualifier, first < 0, first < 0 ? ~first : first, second);
    }

    @Override
    long first(Value value) {
      ValueInterval interval = (ValueInterval) value;
      return interval.isNegative() ? ~interval.getLeading() : interval.getLeading();
    }

    @Override
    long second(Value value) {
      return ((ValueInterval) value).getRemaining();
    }
  }

  private static final class OfUuid extends More {
    OfUuid(TargetType target) {
      super(target);
    }

    @Override
    Value value(long first, long second, long third) {
      return ValueUuid.get(first, second);
    }

    @Override
    long first(Value value) {
      return ((ValueUuid) value).getHigh();
    }

    @Override
    long second(Value value) {
      return ((ValueUuid) value).getLow();
    }
  }

  /** Ordinals in the lane count from 1; H2's may count from 0 by mode, so that labels decide. */
  private static final class OfEnum extends One {
    private final ValueEnum[] values;

    OfEnum(TargetType target, ExtTypeInfoEnum labels, CastDataProvider provider) {
      super(target);
      values = new ValueEnum[labels.getCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = labels.getValue(labels.getEnumerator(i), provider);
      }
    }

    @Override
    Value value(long lane) {
      return values[(int) lane - 1];
    }

    @Override
    long lane(Value value) {
      String label = value.getString();
      int guess = value.getInt() - 1;
      for (int i = Math.max(0, guess); i < values.length; i++) {
        if (values[i].getString().equals(label)) {
          return i + 1;
        }
      }
      throw new IllegalArgumentException("not a label of the column's type: " + label);
    }
  }
}

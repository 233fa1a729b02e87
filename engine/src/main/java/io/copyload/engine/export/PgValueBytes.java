package io.copyload.engine.export;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.pgbinary.PgTypes;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;

/**
 * One column's values as PostgreSQL's send functions write them. A value that PostgreSQL's type
 * cannot hold ends the export with an error. Threads: one.
 */
abstract class PgValueBytes {
  private static final int EPOCH_DAY = 10_957;
  private static final long MICROS_PER_DAY = 86_400_000_000L;

  /** 4714-11-24 BC and 5874898-01-01, in days since 2000-01-01. */
  private static final int MIN_DATE = -2_451_545;

  private static final int END_DATE = 2_145_031_949;

  /** 294277-01-01, in days since 2000-01-01. */
  private static final int END_TIMESTAMP_DATE = 106_751_983;

  /** Appends the bytes of a row's value, which is not NULL. */
  abstract void append(ExportColumn column, int row, OutputBuffer out);

  final void appendWithLength(ExportColumn column, int row, OutputBuffer out) {
    int at = out.size;
    BigEndianOutput.putInt32(0, out);
    append(column, row, out);
    BigEndianOutput.setLength(at, out);
  }

  /**
   * The bytes of a type.
   *
   * @throws IllegalArgumentException for a type that PostgreSQL has nothing like
   */
  static PgValueBytes of(TargetType type, boolean padsChar) {
    Kind kind = type.kind();
    if (kind.isInterval()) {
      return new OfInterval(kind);
    }
    return switch (kind) {
      case BOOLEAN -> new OfInteger(1);
      case TINYINT, SMALLINT -> new OfInteger(2);
      case INTEGER, REAL -> new OfInteger(4);
      case BIGINT, DOUBLE -> new OfInteger(8);
      case NUMERIC -> new OfNumeric(type.scale(), type.isBytes());
      case DECFLOAT -> new OfDecfloat();
      case VARCHAR, VARCHAR_IGNORECASE, CLOB, JSON, BINARY, VARBINARY, BLOB, GEOMETRY ->
          new OfBytes();
      case CHAR, ENUM -> new OfText(ValueText.of(type, ZoneOffset.UTC, padsChar));
      case DATE -> new OfDate();
      case TIME -> new OfTime(false);
      case TIME_TZ -> new OfTime(true);
      case TIMESTAMP -> new OfTimestamp(false);
      case TIMESTAMP_TZ -> new OfTimestamp(true);
      case UUID -> new OfUuid();
      case ARRAY -> new OfArray(type, padsChar);
      default -> throw new IllegalArgumentException("no binary form of " + kind);
    };
  }

  private static CopyException outOfRange(String what) {
    return new CopyException(CopyErrorCode.DATETIME_FIELD_OVERFLOW, what + " out of range");
  }

  private static long micros(long nanos) {
    if (nanos % 1000 != 0) {
      throw new CopyException(
              CopyErrorCode.DATETIME_FIELD_OVERFLOW,
              "the binary format holds microseconds, not nanoseconds")
          .withHint("Cast the column to six fraction digits, or write text or CSV.");
    }
    return nanos / 1000;
  }

  private static final class OfInteger extends PgValueBytes {
    private final int width;

    OfInteger(int width) {
      this.width = width;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      long value = column.lane(0, row);
      switch (width) {
        case 1 -> out.put((byte) value);
        case 2 -> BigEndianOutput.putInt16((int) value, out);
        case 4 -> BigEndianOutput.putInt32((int) value, out);
        default -> BigEndianOutput.putInt64(value, out);
      }
    }
  }

  private static final class OfNumeric extends PgValueBytes {
    private final int scale;
    private final boolean wide;
    private final PgNumericBytes numeric = new PgNumericBytes();

    OfNumeric(int scale, boolean wide) {
      this.scale = scale;
      this.wide = wide;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      if (wide) {
        numeric.append(
            new BigInteger(column.bytes(), column.begin(row), column.length(row)), scale, out);
      } else {
        numeric.append(column.lane(0, row), scale, out);
      }
    }
  }

  private static final class OfDecfloat extends PgValueBytes {
    private final PgNumericBytes numeric = new PgNumericBytes();

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      byte[] bytes = column.bytes();
      int begin = column.begin(row);
      int scale = ByteBuffer.wrap(bytes).getInt(begin);
      if (scale == Integer.MIN_VALUE) {
        PgNumericBytes.special(bytes[begin + 4], out);
      } else {
        numeric.append(new BigInteger(bytes, begin + 4, column.length(row) - 4), scale, out);
      }
    }
  }

  private static final class OfBytes extends PgValueBytes {
    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      out.put(column.bytes(), column.begin(row), column.length(row));
    }
  }

  private static final class OfText extends PgValueBytes {
    private final ValueText text;

    OfText(ValueText text) {
      this.text = text;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      text.append(column, row, out);
    }
  }

  private static final class OfUuid extends PgValueBytes {
    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      BigEndianOutput.putInt64(column.lane(0, row), out);
      BigEndianOutput.putInt64(column.lane(1, row), out);
    }
  }

  private static final class OfDate extends PgValueBytes {
    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      long day = column.lane(0, row) - EPOCH_DAY;
      if (day < MIN_DATE || day >= END_DATE) {
        throw outOfRange("date");
      }
      BigEndianOutput.putInt32((int) day, out);
    }
  }

  private static final class OfTime extends PgValueBytes {
    private final boolean zoned;

    OfTime(boolean zoned) {
      this.zoned = zoned;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      BigEndianOutput.putInt64(micros(column.lane(0, row)), out);
      if (zoned) {
        BigEndianOutput.putInt32((int) -column.lane(1, row), out);
      }
    }
  }

  private static final class OfTimestamp extends PgValueBytes {
    private final boolean zoned;

    OfTimestamp(boolean zoned) {
      this.zoned = zoned;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      long day = column.lane(0, row) - EPOCH_DAY;
      if (day < MIN_DATE || day >= END_TIMESTAMP_DATE) {
        throw outOfRange("timestamp");
      }
      long micros = day * MICROS_PER_DAY + micros(column.lane(1, row));
      BigEndianOutput.putInt64(zoned ? micros - column.lane(2, row) * 1_000_000L : micros, out);
    }
  }

  private static final class OfInterval extends PgValueBytes {
    private final Kind kind;

    OfInterval(Kind kind) {
      this.kind = kind;
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      long first = column.lane(0, row);
      boolean negative = first < 0;
      long leading = negative ? ~first : first;
      long remaining = column.lane(1, row);
      long months = 0;
      long days = 0;
      long micros = 0;
      try {
        switch (kind) {
          case INTERVAL_YEAR, INTERVAL_YEAR_TO_MONTH ->
              months = Math.addExact(Math.multiplyExact(leading, 12L), remaining);
          case INTERVAL_MONTH -> months = leading;
          case INTERVAL_DAY -> days = leading;
          case INTERVAL_DAY_TO_HOUR -> {
            days = leading;
            micros = remaining * 3_600_000_000L;
          }
          case INTERVAL_DAY_TO_MINUTE -> {
            days = leading;
            micros = remaining * 60_000_000L;
          }
          case INTERVAL_DAY_TO_SECOND -> {
            days = leading;
            micros = micros(remaining);
          }
          case INTERVAL_HOUR -> micros = Math.multiplyExact(leading, 3_600_000_000L);
          case INTERVAL_HOUR_TO_MINUTE ->
              micros =
                  Math.addExact(
                      Math.multiplyExact(leading, 3_600_000_000L), remaining * 60_000_000L);
          case INTERVAL_HOUR_TO_SECOND ->
              micros =
                  Math.addExact(Math.multiplyExact(leading, 3_600_000_000L), micros(remaining));
          case INTERVAL_MINUTE -> micros = Math.multiplyExact(leading, 60_000_000L);
          case INTERVAL_MINUTE_TO_SECOND ->
              micros = Math.addExact(Math.multiplyExact(leading, 60_000_000L), micros(remaining));
          case INTERVAL_SECOND ->
              micros = Math.addExact(Math.multiplyExact(leading, 1_000_000L), micros(remaining));
          default -> throw new IllegalArgumentException("not an interval: " + kind);
        }
        BigEndianOutput.putInt64(negative ? -micros : micros, out);
        BigEndianOutput.putInt32(Math.toIntExact(negative ? -days : days), out);
        BigEndianOutput.putInt32(Math.toIntExact(negative ? -months : months), out);
      } catch (ArithmeticException e) {
        throw outOfRange("interval");
      }
    }
  }

  /**
   * Arrays of one level or more. PostgreSQL's are boxes: sub-arrays of one level have the same
   * length and are not NULL.
   */
  private static final class OfArray extends PgValueBytes {
    private final int depth;
    private final int oid;
    private final PgValueBytes leaf;
    private final ColumnVector element;
    private final ExportColumn elementColumn;
    private final int[] lengths;
    private boolean anyNull;

    OfArray(TargetType type, boolean padsChar) {
      int levels = 0;
      TargetType inner = type;
      while (inner.kind() == Kind.ARRAY) {
        inner = inner.element();
        levels++;
      }
      depth = levels;
      lengths = new int[levels];
      oid = PgTypes.oid(inner.kind());
      leaf = of(inner, padsChar);
      element = new ColumnVector(inner, 1);
      elementColumn = ExportColumn.of(element);
    }

    @Override
    void append(ExportColumn column, int row, OutputBuffer out) {
      ByteBuffer in = ByteBuffer.wrap(column.bytes());
      int begin = column.begin(row);
      int at = begin;
      boolean empty = false;
      for (int level = 0; level < depth && !empty; level++) {
        lengths[level] = in.getInt(at);
        empty = lengths[level] == 0;
        boolean inner = !empty && level + 1 < depth;
        // PostgreSQL has one empty array only; one of empty arrays would not come back.
        if (empty ? level > 0 : inner && in.getInt(at + 4) < 0) {
          throw notABox();
        }
        at += 8;
      }
      int start = out.size;
      BigEndianOutput.putInt32(empty ? 0 : depth, out);
      BigEndianOutput.putInt32(0, out);
      BigEndianOutput.putInt32(oid, out);
      if (empty) {
        return;
      }
      for (int level = 0; level < depth; level++) {
        BigEndianOutput.putInt32(lengths[level], out);
        BigEndianOutput.putInt32(1, out);
      }
      anyNull = false;
      elements(in, begin, 0, out);
      if (anyNull) {
        out.bytes[start + 7] = 1;
      }
    }

    /** Appends the elements of the sub-array at a place; returns the place behind it. */
    private int elements(ByteBuffer in, int begin, int level, OutputBuffer out) {
      int count = in.getInt(begin);
      if (count != lengths[level]) {
        throw notABox();
      }
      int at = begin + 4;
      for (int i = 0; i < count; i++) {
        int length = in.getInt(at);
        at += 4;
        if (level + 1 < depth) {
          if (length < 0) {
            throw notABox();
          }
          at = elements(in, at, level + 1, out);
        } else if (length < 0) {
          anyNull = true;
          BigEndianOutput.putInt32(-1, out);
        } else {
          element(in, at, length, out);
          at += length;
        }
      }
      return at;
    }

    private void element(ByteBuffer in, int at, int length, OutputBuffer out) {
      if (element.type().isBytes()) {
        element.bytes = in.array();
        element.begin[0] = at;
        element.length[0] = length;
      } else {
        for (int lane = 0; lane < element.lanes.length; lane++) {
          element.lanes[lane][0] = in.getLong(at + 8 * lane);
        }
      }
      leaf.appendWithLength(elementColumn, 0, out);
    }

    private static CopyException notABox() {
      return new CopyException(
              CopyErrorCode.DATA_EXCEPTION,
              "multidimensional arrays must have sub-arrays with matching dimensions")
          .withHint("Write text or CSV.");
    }
  }
}

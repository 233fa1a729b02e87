package io.copyload.engine.export;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;

/**
 * Text of one column's values as PostgreSQL prints them, in UTF-8 and before any quoting or
 * escaping of a record. Threads: one.
 */
public abstract class ValueText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UPPER_HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);

  ValueText() {}

  /** Appends the value of a row, which is not NULL. */
  public abstract void append(ExportColumn column, int row, OutputBuffer out);

  /** Whether the text of a value is the bytes it is stored as. */
  boolean isOwnBytes() {
    return false;
  }

  /**
   * The text of a type.
   *
   * @param zone in which a timestamp with time zone is shown
   * @param padsChar whether a CHAR is shown with its trailing spaces
   * @throws IllegalArgumentException for a type that has no text
   */
  public static ValueText of(TargetType type, ZoneId zone, boolean padsChar) {
    return of(type, new DateTimeText(zone), padsChar);
  }

  /** The text of a type; columns of one writer share {@code times} and what it keeps. */
  static ValueText of(TargetType type, DateTimeText times, boolean padsChar) {
    Kind kind = type.kind();
    if (kind.isInterval()) {
      return new ValueText() {
        @Override
        public void append(ExportColumn column, int row, OutputBuffer out) {
          IntervalText.append(kind, column.lane(0, row), column.lane(1, row), out);
        }
      };
    }
    return switch (kind) {
      case BOOLEAN -> new OfBoolean();
      case TINYINT, SMALLINT, INTEGER, BIGINT -> new OfInteger();
      case NUMERIC ->
          type.isBytes() ? new OfWideNumeric(type.scale()) : new OfNumeric(type.scale());
      case DECFLOAT -> new OfDecfloat();
      case REAL -> new OfReal();
      case DOUBLE -> new OfDouble();
      case CHAR -> padsChar ? new OfChar(type.precision()) : new OfBytes();
      case VARCHAR, VARCHAR_IGNORECASE, CLOB, JSON -> new OfBytes();
      case BINARY, VARBINARY, BLOB -> new OfHex("\\x", HEX);
      case GEOMETRY -> new OfHex("", UPPER_HEX);
      case DATE, TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ -> dateTime(kind, times);
      case UUID -> new OfUuid();
      case ENUM -> new OfEnum(type);
      case ARRAY -> array(type.element(), times, padsChar);
      default -> throw new IllegalArgumentException("no text of " + kind);
    };
  }

  /**
   * Whether a type's text has no characters but digits, the letters of EeNaIfinty, and +-.: or
   * blank.
   */
  static boolean isPlain(TargetType type) {
    return switch (type.kind()) {
      case BOOLEAN,
          TINYINT,
          SMALLINT,
          INTEGER,
          BIGINT,
          NUMERIC,
          DECFLOAT,
          REAL,
          DOUBLE,
          DATE,
          TIME,
          TIME_TZ,
          TIMESTAMP,
          TIMESTAMP_TZ,
          UUID ->
          true;
      default -> false;
    };
  }

  private static ValueText array(TargetType element, DateTimeText times, boolean padsChar) {
    ArrayText text =
        new ArrayText(
            of(element, times, padsChar),
            element.kind() == Kind.ARRAY,
            new ColumnVector(element, 1));
    return new ValueText() {
      @Override
      public void append(ExportColumn column, int row, OutputBuffer out) {
        text.append(column.bytes(), column.begin(row), out);
      }
    };
  }

  private static ValueText dateTime(Kind kind, DateTimeText text) {
    return switch (kind) {
      case DATE ->
          new ValueText() {
            @Override
            public void append(ExportColumn column, int row, OutputBuffer out) {
              text.date(column.lane(0, row), out);
            }
          };
      case TIME ->
          new ValueText() {
            @Override
            public void append(ExportColumn column, int row, OutputBuffer out) {
              DateTimeText.time(column.lane(0, row), out);
            }
          };
      case TIME_TZ ->
          new ValueText() {
            @Override
            public void append(ExportColumn column, int row, OutputBuffer out) {
              text.timeWithZone(column.lane(0, row), column.lane(1, row), out);
            }
          };
      case TIMESTAMP ->
          new ValueText() {
            @Override
            public void append(ExportColumn column, int row, OutputBuffer out) {
              text.timestamp(column.lane(0, row), column.lane(1, row), out);
            }
          };
      default ->
          new ValueText() {
            @Override
            public void append(ExportColumn column, int row, OutputBuffer out) {
              text.timestampWithZone(
                  column.lane(0, row), column.lane(1, row), column.lane(2, row), out);
            }
          };
    };
  }

  private static final class OfBoolean extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      out.put((byte) (column.lane(0, row) != 0 ? 't' : 'f'));
    }
  }

  private static final class OfInteger extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      out.putLong(column.lane(0, row));
    }
  }

  private static final class OfNumeric extends ValueText {
    private final int scale;

    OfNumeric(int scale) {
      this.scale = scale;
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      DecimalText.append(column.lane(0, row), scale, out);
    }
  }

  private static final class OfWideNumeric extends ValueText {
    private final int scale;

    OfWideNumeric(int scale) {
      this.scale = scale;
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      DecimalText.appendWide(column.bytes(), column.begin(row), column.length(row), scale, out);
    }
  }

  private static final class OfDecfloat extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      DecimalText.appendDecfloat(column.bytes(), column.begin(row), column.length(row), out);
    }
  }

  private static final class OfReal extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      FloatText.append(Float.intBitsToFloat((int) column.lane(0, row)), out);
    }
  }

  private static final class OfDouble extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      FloatText.append(Double.longBitsToDouble(column.lane(0, row)), out);
    }
  }

  private static final class OfBytes extends ValueText {
    @Override
    boolean isOwnBytes() {
      return true;
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      out.put(column.bytes(), column.begin(row), column.length(row));
    }
  }

  private static final class OfChar extends ValueText {
    private final long characters;

    OfChar(long characters) {
      this.characters = characters;
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      byte[] bytes = column.bytes();
      int begin = column.begin(row);
      int length = column.length(row);
      out.put(bytes, begin, length);
      long missing = characters;
      for (int i = begin; i < begin + length; i++) {
        // Characters, as PostgreSQL counts: all but continuation bytes.
        missing -= bytes[i] >= -64 ? 1 : 0;
      }
      for (; missing > 0; missing--) {
        out.put((byte) ' ');
      }
    }
  }

  private static final class OfHex extends ValueText {
    private final String prefix;
    private final byte[] digits;

    OfHex(String prefix, byte[] digits) {
      this.prefix = prefix;
      this.digits = digits;
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      out.putAscii(prefix);
      byte[] bytes = column.bytes();
      int begin = column.begin(row);
      int length = column.length(row);
      byte[] b = out.ensure(Math.multiplyExact(length, 2));
      int at = out.size;
      for (int i = begin; i < begin + length; i++) {
        b[at++] = digits[bytes[i] >> 4 & 15];
        b[at++] = digits[bytes[i] & 15];
      }
      out.size = at;
    }
  }

  private static final class OfUuid extends ValueText {
    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      byte[] b = out.ensure(36);
      int at = out.size;
      for (int lane = 0; lane < 2; lane++) {
        long bits = column.lane(lane, row);
        for (int digit = 0; digit < 16; digit++) {
          int number = lane * 16 + digit;
          if (number == 8 || number == 12 || number == 16 || number == 20) {
            b[at++] = '-';
          }
          b[at++] = HEX[(int) (bits >>> 60 - 4 * digit) & 15];
        }
      }
      out.size = at;
    }
  }

  private static final class OfEnum extends ValueText {
    private final byte[][] labels;

    OfEnum(TargetType type) {
      labels =
          type.enumLabels().stream()
              .map(label -> label.getBytes(StandardCharsets.UTF_8))
              .toArray(byte[][]::new);
    }

    @Override
    public void append(ExportColumn column, int row, OutputBuffer out) {
      out.put(labels[(int) column.lane(0, row) - 1]);
    }
  }
}

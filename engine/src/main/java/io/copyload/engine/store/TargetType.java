package io.copyload.engine.store;

import java.util.List;
import java.util.Objects;

/**
 * The type of a table column as the load path sees it, free of H2's classes.
 *
 * <p>{@code precision} counts characters, bytes or decimal digits as the kind says (for times and
 * timestamps it is unused; the fractional digits are in {@code scale}); -1 means unbounded. {@code
 * enumLabels} is empty except for ENUM; {@code element} is null except for ARRAY; {@code fields} is
 * empty except for ROW, whose kind is OTHER. For GEOMETRY, {@code precision} is the code of type
 * and dimensions that the column demands (0 for any, -1 when the column demands nothing at all) and
 * {@code scale} the SRID that it demands, or {@code Integer.MIN_VALUE}.
 *
 * <p><b>Format.</b> The {@linkplain Kind kind} and precision fix how a value lies in a {@link
 * ColumnVector} and in a stored column chunk. Lanes are signed 64-bit integers:
 *
 * <table>
 * <caption>lanes of a value</caption>
 * <tr><td>BOOLEAN</td><td>lane 0: 0 or 1</td></tr>
 * <tr><td>TINYINT, SMALLINT, INTEGER, BIGINT</td><td>lane 0: the value</td></tr>
 * <tr><td>NUMERIC, precision 1-18</td><td>lane 0: unscaled value at the column's scale</td></tr>
 * <tr><td>NUMERIC, wider</td><td>bytes: unscaled value at the column's scale, big-endian two's complement, shortest</td></tr>
 * <tr><td>DECFLOAT</td><td>bytes: scale as big-endian int32, then the unscaled value as for NUMERIC; NaN, Infinity and
 * -Infinity have scale {@code Integer.MIN_VALUE} and one byte 0, 1, -1</td></tr>
 * <tr><td>REAL</td><td>lane 0: {@code Float.floatToRawIntBits}, sign-extended</td></tr>
 * <tr><td>DOUBLE</td><td>lane 0: {@code Double.doubleToRawLongBits}</td></tr>
 * <tr><td>CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB</td><td>bytes: UTF-8 (CHAR without trailing spaces)</td></tr>
 * <tr><td>BINARY, VARBINARY, BLOB</td><td>bytes as they are (BINARY(n) zero-padded to n)</td></tr>
 * <tr><td>DATE</td><td>lane 0: days since 1970-01-01, proleptic Gregorian</td></tr>
 * <tr><td>TIME</td><td>lane 0: nanoseconds since midnight</td></tr>
 * <tr><td>TIME_TZ</td><td>lane 0: local nanoseconds since midnight, lane 1: offset in seconds east of UTC</td></tr>
 * <tr><td>TIMESTAMP</td><td>lane 0: days since 1970-01-01, lane 1: nanoseconds since midnight</td></tr>
 * <tr><td>TIMESTAMP_TZ</td><td>as TIMESTAMP in local time, lane 2: offset in seconds east of UTC</td></tr>
 * <tr><td>INTERVAL_*</td><td>lane 0: leading field, or its bitwise complement when the interval is negative; lane 1: the
 * remaining fields as H2 keeps them ({@code ValueInterval.getRemaining})</td></tr>
 * <tr><td>UUID</td><td>lanes 0 and 1: most and least significant 64 bits</td></tr>
 * <tr><td>ENUM</td><td>lane 0: ordinal, first label = 1</td></tr>
 * <tr><td>JSON</td><td>bytes: normalised JSON text, UTF-8</td></tr>
 * <tr><td>GEOMETRY</td><td>bytes: EWKB</td></tr>
 * <tr><td>ARRAY</td><td>bytes: element count as big-endian int32, then per element an int32 length (-1 is NULL) and the
 * value: its lanes as big-endian int64 each, or its bytes</td></tr>
 * <tr><td>OTHER</td><td>no text field but a JSON object can fill it; ROW: bytes as ARRAY, each field by its own type; JAVA_OBJECT: its
 * bytes</td></tr>
 * </table>
 */
public record TargetType(
    Kind kind,
    long precision,
    int scale,
    List<String> enumLabels,
    TargetType element,
    List<Field> fields) {

  /** SQL types that a column can have. */
  public enum Kind {
    BOOLEAN,
    TINYINT,
    SMALLINT,
    INTEGER,
    BIGINT,
    NUMERIC,
    DECFLOAT,
    REAL,
    DOUBLE,
    CHAR,
    VARCHAR,
    VARCHAR_IGNORECASE,
    CLOB,
    BINARY,
    VARBINARY,
    BLOB,
    DATE,
    TIME,
    TIME_TZ,
    TIMESTAMP,
    TIMESTAMP_TZ,
    INTERVAL_YEAR,
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
    INTERVAL_MINUTE_TO_SECOND,
    UUID,
    ENUM,
    JSON,
    GEOMETRY,
    ARRAY,
    OTHER;

    public boolean isInterval() {
      return compareTo(INTERVAL_YEAR) >= 0 && compareTo(INTERVAL_MINUTE_TO_SECOND) <= 0;
    }

    /** Character types whose length limit counts characters. */
    public boolean isCharacter() {
      return compareTo(CHAR) >= 0 && compareTo(CLOB) <= 0;
    }
  }

  /** Widest NUMERIC that fits a 64-bit lane. */
  public static final int MAX_LANE_DIGITS = 18;

  public TargetType {
    Objects.requireNonNull(kind, "kind");
    enumLabels = enumLabels == null ? List.of() : List.copyOf(enumLabels);
    fields = fields == null ? List.of() : List.copyOf(fields);
    if ((kind == Kind.ARRAY) != (element != null)) {
      throw new IllegalArgumentException("element goes with ARRAY only");
    }
  }

  public TargetType(
      Kind kind, long precision, int scale, List<String> enumLabels, TargetType element) {
    this(kind, precision, scale, enumLabels, element, List.of());
  }

  /** A field of a ROW. */
  public record Field(String name, TargetType type) {}

  public static TargetType rowOf(List<Field> fields) {
    return new TargetType(Kind.OTHER, -1, 0, List.of(), null, fields);
  }

  /** Whether values are rows, which have fields. */
  public boolean isRow() {
    return !fields.isEmpty();
  }

  /** The field of a name, in any case if none is written like it; -1 when there is none. */
  public int fieldIndex(String name) {
    int alike = -1;
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
      if (alike < 0 && fields.get(i).name().equalsIgnoreCase(name)) {
        alike = i;
      }
    }
    return alike;
  }

  public static TargetType of(Kind kind) {
    return new TargetType(kind, -1, 0, List.of(), null);
  }

  public static TargetType of(Kind kind, long precision, int scale) {
    return new TargetType(kind, precision, scale, List.of(), null);
  }

  /** Number of 64-bit lanes of a value; 0 when a value is bytes. */
  public int laneCount() {
    return switch (kind) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DATE, TIME, ENUM -> 1;
      case NUMERIC -> precision >= 1 && precision <= MAX_LANE_DIGITS ? 1 : 0;
      case TIME_TZ, TIMESTAMP, UUID -> 2;
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
          2;
      case TIMESTAMP_TZ -> 3;
      case DECFLOAT,
          CHAR,
          VARCHAR,
          VARCHAR_IGNORECASE,
          CLOB,
          BINARY,
          VARBINARY,
          BLOB,
          JSON,
          GEOMETRY,
          ARRAY,
          OTHER ->
          0;
    };
  }

  /** Whether a value is a byte string rather than lanes. */
  public boolean isBytes() {
    return laneCount() == 0;
  }
}

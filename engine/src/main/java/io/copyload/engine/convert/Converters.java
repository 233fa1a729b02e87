package io.copyload.engine.convert;

import io.copyload.engine.convert.RedshiftDateTimeConverter.Target;
import io.copyload.engine.store.TargetType;

/** Chooses the converter of a column. */
public final class Converters {
  private Converters() {}

  /**
   * A fresh converter for columns of this type; every slice and column needs its own. The vectors
   * it is given must be of the same type.
   */
  public static FieldConverter of(TargetType type, ConversionSpec spec) {
    return of(type, spec, null);
  }

  /**
   * The same.
   *
   * @param domain name of the column's domain, or null: PostgreSQL's enumerations have names
   */
  public static FieldConverter of(TargetType type, ConversionSpec spec, String domain) {
    boolean redshift = spec.dialect() == ConversionSpec.Dialect.REDSHIFT;
    if (redshift) {
      FieldConverter own = ofRedshift(type, spec);
      if (own != null) {
        return own;
      }
    }
    boolean plainDigits = redshift || spec.postgresMajor() < 16;
    return switch (type.kind()) {
      case BOOLEAN -> new BooleanConverter(redshift);
      case TINYINT -> new IntegerConverter("tinyint", Byte.MAX_VALUE, redshift, plainDigits);
      case SMALLINT -> new IntegerConverter("smallint", Short.MAX_VALUE, redshift, plainDigits);
      case INTEGER -> new IntegerConverter("integer", Integer.MAX_VALUE, redshift, plainDigits);
      case BIGINT -> new IntegerConverter("bigint", Long.MAX_VALUE, redshift, plainDigits);
      case NUMERIC ->
          new NumericConverter(
                  type.precision(),
                  type.scale(),
                  type.isBytes(),
                  redshift,
                  redshift && !spec.redshift().roundDecimals(),
                  false)
              .plainDigits(plainDigits);
      case DECFLOAT ->
          new DecfloatConverter(type.precision(), redshift, false).plainDigits(plainDigits);
      case REAL -> new FloatConverter(true, redshift, !redshift && spec.postgresMajor() < 16);
      case DOUBLE -> new FloatConverter(false, redshift);
      case CHAR -> new CharacterConverter("character", type.precision(), true);
      case VARCHAR, VARCHAR_IGNORECASE ->
          new CharacterConverter("character varying", type.precision(), false);
      case CLOB -> new CharacterConverter("character large object", type.precision(), false);
      case BINARY -> new BinaryConverter("binary", type.precision(), true, redshift);
      case VARBINARY -> new BinaryConverter("binary varying", type.precision(), false, redshift);
      case BLOB -> new BinaryConverter("binary large object", type.precision(), false, redshift);
      case DATE -> new DateConverter(new DateTimeText(spec, "date", 0));
      case TIME ->
          new TimeConverter(new DateTimeText(spec, "time", type.scale()), type.scale(), false);
      case TIME_TZ ->
          new TimeConverter(
              new DateTimeText(spec, "time with time zone", type.scale()), type.scale(), true);
      case TIMESTAMP ->
          new TimestampConverter(
              new DateTimeText(spec, "timestamp", type.scale()), type.scale(), false);
      case TIMESTAMP_TZ ->
          new TimestampConverter(
              new DateTimeText(spec, "timestamp with time zone", type.scale()), type.scale(), true);
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
          new IntervalConverter(type, spec.postgresMajor());
      case UUID -> new UuidConverter();
      case ENUM -> new EnumConverter(type.enumLabels(), domain);
      case JSON, GEOMETRY -> new ForeignConverter(type, spec.foreignTypes());
      case ARRAY -> new ArrayConverter(type, spec, false);
      case OTHER -> new RefusingConverter();
    };
  }

  /**
   * A fresh converter of JSON values: into arrays and rows part by part, into all else as {@link
   * #of} reads the text.
   */
  public static FieldConverter ofJson(TargetType type, ConversionSpec spec, String domain) {
    return NestedConverter.takes(type) ? new NestedConverter(type, spec) : of(type, spec, domain);
  }

  /** Where Redshift's rules are another converter's; null where they are not. */
  private static FieldConverter ofRedshift(TargetType type, ConversionSpec spec) {
    return switch (type.kind()) {
      case CHAR -> new RedshiftCharacterConverter(true, type.precision(), spec.redshift());
      case VARCHAR, VARCHAR_IGNORECASE, CLOB ->
          new RedshiftCharacterConverter(false, type.precision(), spec.redshift());
      case DATE -> new RedshiftDateTimeConverter(Target.DATE, 0, spec);
      case TIMESTAMP -> new RedshiftDateTimeConverter(Target.TIMESTAMP, type.scale(), spec);
      case TIMESTAMP_TZ -> new RedshiftDateTimeConverter(Target.TIMESTAMP_TZ, type.scale(), spec);
      default -> null;
    };
  }

  /**
   * A fresh converter of PostgreSQL's binary values for columns of this type. It may change the
   * batch: a field that it refuses becomes NULL there.
   */
  public static FieldConverter ofPgBinary(TargetType type, ConversionSpec spec) {
    return ofPgBinary(type, spec, null);
  }

  /**
   * The same.
   *
   * @param domain name of the column's domain, or null
   */
  public static FieldConverter ofPgBinary(TargetType type, ConversionSpec spec, String domain) {
    return switch (type.kind()) {
      case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, DATE, UUID ->
          new PgFixedConverter(type.kind());
      case NUMERIC ->
          new NumericConverter(type.precision(), type.scale(), type.isBytes(), false, false, true);
      case DECFLOAT -> new DecfloatConverter(type.precision(), false, true);
      case CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB, ENUM ->
          new PgTextConverter(of(type, spec, domain), false);
      case JSON -> new PgTextConverter(of(type, spec), true);
      case BINARY -> new PgByteaConverter("binary", type.precision(), true);
      case VARBINARY -> new PgByteaConverter("binary varying", type.precision(), false);
      case BLOB -> new PgByteaConverter("binary large object", type.precision(), false);
      case TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ ->
          new PgDateTimeConverter(type, spec.sessionZone());
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
          new PgIntervalConverter(type);
      case GEOMETRY -> new PgGeometryConverter(type, spec.foreignTypes());
      case ARRAY -> new ArrayConverter(type, spec, true);
      case OTHER -> new RefusingConverter();
    };
  }
}

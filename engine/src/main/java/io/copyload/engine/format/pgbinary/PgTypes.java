package io.copyload.engine.format.pgbinary;

import io.copyload.engine.store.TargetType;

/** Numbers (OIDs) and names of PostgreSQL's built-in types, which never change. */
public final class PgTypes {
  private static final int TEXT = 25;

  private PgTypes() {}

  /** The type that PostgreSQL would have for columns of this kind; 0 when it has none. */
  public static int oid(TargetType.Kind kind) {
    return switch (kind) {
      case BOOLEAN -> 16;
      case BINARY, VARBINARY, BLOB -> 17;
      case BIGINT -> 20;
      case TINYINT, SMALLINT -> 21;
      case INTEGER -> 23;
      case VARCHAR, VARCHAR_IGNORECASE, CLOB, ENUM -> TEXT;
      case REAL -> 700;
      case DOUBLE -> 701;
      case CHAR -> 1042;
      case DATE -> 1082;
      case TIME -> 1083;
      case TIMESTAMP -> 1114;
      case TIMESTAMP_TZ -> 1184;
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
          1186;
      case TIME_TZ -> 1266;
      case NUMERIC, DECFLOAT -> 1700;
      case UUID -> 2950;
      case JSON -> 114;
      case GEOMETRY, ARRAY, OTHER -> 0;
    };
  }

  /**
   * Whether elements of the type have the form that columns of this kind read. PostgreSQL asks for
   * the very type; H2 does not tell text from varchar, nor json from jsonb, and its enums and
   * geometries have no numbers.
   */
  public static boolean isElement(int oid, TargetType.Kind kind) {
    return switch (kind) {
      case CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB ->
          oid == TEXT || oid == 1043 || oid == 1042 || oid == 19;
      case JSON -> oid == 114 || oid == 3802;
      case ENUM, GEOMETRY -> oid == TEXT || oid < 0 || oid >= 16_384;
      default -> oid == oid(kind);
    };
  }

  /** {@code 25 (text)}. */
  public static String oidAndName(int oid) {
    return Integer.toUnsignedString(oid) + " (" + name(oid) + ")";
  }

  private static String name(int oid) {
    return switch (oid) {
      case 0 -> "-";
      case 16 -> "boolean";
      case 17 -> "bytea";
      case 18 -> "\"char\"";
      case 19 -> "name";
      case 20 -> "bigint";
      case 21 -> "smallint";
      case 23 -> "integer";
      case TEXT -> "text";
      case 26 -> "oid";
      case 114 -> "json";
      case 142 -> "xml";
      case 600 -> "point";
      case 700 -> "real";
      case 701 -> "double precision";
      case 869 -> "inet";
      case 1042 -> "character";
      case 1043 -> "character varying";
      case 1082 -> "date";
      case 1083 -> "time without time zone";
      case 1114 -> "timestamp without time zone";
      case 1184 -> "timestamp with time zone";
      case 1186 -> "interval";
      case 1266 -> "time with time zone";
      case 1700 -> "numeric";
      case 2950 -> "uuid";
      case 3802 -> "jsonb";
      default -> "???";
    };
  }
}

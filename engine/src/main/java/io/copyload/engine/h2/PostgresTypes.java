package io.copyload.engine.h2;

import java.util.Locale;
import org.h2.value.Value;

/** PostgreSQL's names of H2's types, for messages. */
final class PostgresTypes {
  private PostgresTypes() {}

  static String name(int valueType) {
    return switch (valueType) {
      case Value.CHAR -> "character";
      case Value.VARCHAR, Value.VARCHAR_IGNORECASE -> "character varying";
      case Value.CLOB -> "text";
      case Value.BINARY, Value.VARBINARY, Value.BLOB -> "bytea";
      case Value.TINYINT, Value.SMALLINT -> "smallint";
      case Value.DOUBLE -> "double precision";
      case Value.DECFLOAT -> "numeric";
      case Value.TIME -> "time without time zone";
      case Value.TIME_TZ -> "time with time zone";
      case Value.TIMESTAMP -> "timestamp without time zone";
      case Value.TIMESTAMP_TZ -> "timestamp with time zone";
      case Value.ROW -> "record";
      default ->
          valueType >= Value.INTERVAL_YEAR && valueType <= Value.INTERVAL_MINUTE_TO_SECOND
              ? "interval"
              : Value.getTypeName(valueType).toLowerCase(Locale.ROOT);
    };
  }
}

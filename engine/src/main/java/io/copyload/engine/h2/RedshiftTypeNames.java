package io.copyload.engine.h2;

import java.util.Locale;
import org.h2.table.Column;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

/** Types as {@code pg_table_def} names them; those that Redshift does not have by H2's name. */
final class RedshiftTypeNames {
  private RedshiftTypeNames() {}

  /**
   * The name of a column's type.
   *
   * @param attributes of the table, for names that H2's type does not tell
   */
  static String of(Column column, TableAttributes attributes) {
    String kept = attributes.typeNames().get(column.getName());
    return kept != null ? kept : of(column.getType());
  }

  static String of(TypeInfo type) {
    return switch (type.getValueType()) {
      case Value.CHAR -> "character(" + type.getPrecision() + ")";
      case Value.VARCHAR, Value.VARCHAR_IGNORECASE, Value.CLOB ->
          type.getDeclaredPrecision() < 0
              ? "character varying"
              : "character varying(" + type.getDeclaredPrecision() + ")";
      case Value.VARBINARY, Value.BINARY, Value.BLOB ->
          type.getDeclaredPrecision() < 0
              ? "binary varying"
              : "binary varying(" + type.getDeclaredPrecision() + ")";
      case Value.BOOLEAN -> "boolean";
      case Value.SMALLINT -> "smallint";
      case Value.INTEGER -> "integer";
      case Value.BIGINT -> "bigint";
      case Value.NUMERIC -> "numeric(" + type.getPrecision() + "," + type.getScale() + ")";
      case Value.REAL -> "real";
      case Value.DOUBLE -> "double precision";
      case Value.DATE -> "date";
      case Value.TIME -> "time without time zone";
      case Value.TIME_TZ -> "time with time zone";
      case Value.TIMESTAMP -> "timestamp without time zone";
      case Value.TIMESTAMP_TZ -> "timestamp with time zone";
      case Value.JSON -> "super";
      case Value.GEOMETRY -> "geometry";
      default ->
          type.getSQL(new StringBuilder(), Column.DEFAULT_SQL_FLAGS)
              .toString()
              .toLowerCase(Locale.ROOT)
              // The digits that a leading field of an interval gets in RedshiftTypes.
              .replace("(18)", "");
    };
  }
}

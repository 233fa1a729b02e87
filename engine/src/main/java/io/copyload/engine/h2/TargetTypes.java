package io.copyload.engine.h2;

import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.value.ExtTypeInfoEnum;
import org.h2.value.ExtTypeInfoGeometry;
import org.h2.value.ExtTypeInfoRow;
import org.h2.value.TypeInfo;
import org.h2.value.Value;

/**
 * H2's column types as the load path sees them. Every H2 type has a {@link TargetType}; types that
 * no text field can fill (ROW, JAVA_OBJECT) are OTHER, a ROW with its fields.
 *
 * <p>Lengths of character types count UTF-16 units, as H2 does. A VARCHAR or VARBINARY without a
 * length has H2's limit of 1,000,000,000, because H2 refuses to make a longer value; CLOB and BLOB
 * without a length have -1.
 */
public final class TargetTypes {
  private TargetTypes() {}

  public static TargetType of(TypeInfo type) {
    int valueType = type.getValueType();
    return switch (valueType) {
      case Value.CHAR -> TargetType.of(Kind.CHAR, type.getPrecision(), 0);
      case Value.VARCHAR -> TargetType.of(Kind.VARCHAR, type.getPrecision(), 0);
      case Value.CLOB -> TargetType.of(Kind.CLOB, type.getDeclaredPrecision(), 0);
      case Value.VARCHAR_IGNORECASE ->
          TargetType.of(Kind.VARCHAR_IGNORECASE, type.getPrecision(), 0);
      case Value.BINARY -> TargetType.of(Kind.BINARY, type.getPrecision(), 0);
      case Value.VARBINARY -> TargetType.of(Kind.VARBINARY, type.getPrecision(), 0);
      case Value.BLOB -> TargetType.of(Kind.BLOB, type.getDeclaredPrecision(), 0);
      case Value.BOOLEAN -> TargetType.of(Kind.BOOLEAN);
      case Value.TINYINT -> TargetType.of(Kind.TINYINT);
      case Value.SMALLINT -> TargetType.of(Kind.SMALLINT);
      case Value.INTEGER -> TargetType.of(Kind.INTEGER);
      case Value.BIGINT -> TargetType.of(Kind.BIGINT);
      case Value.NUMERIC -> TargetType.of(Kind.NUMERIC, type.getPrecision(), type.getScale());
      case Value.REAL -> TargetType.of(Kind.REAL);
      case Value.DOUBLE -> TargetType.of(Kind.DOUBLE);
      case Value.DECFLOAT -> TargetType.of(Kind.DECFLOAT, type.getPrecision(), 0);
      case Value.DATE -> TargetType.of(Kind.DATE);
      case Value.TIME -> TargetType.of(Kind.TIME, -1, type.getScale());
      case Value.TIME_TZ -> TargetType.of(Kind.TIME_TZ, -1, type.getScale());
      case Value.TIMESTAMP -> TargetType.of(Kind.TIMESTAMP, -1, type.getScale());
      case Value.TIMESTAMP_TZ -> TargetType.of(Kind.TIMESTAMP_TZ, -1, type.getScale());
      case Value.INTERVAL_YEAR -> interval(Kind.INTERVAL_YEAR, type);
      case Value.INTERVAL_MONTH -> interval(Kind.INTERVAL_MONTH, type);
      case Value.INTERVAL_DAY -> interval(Kind.INTERVAL_DAY, type);
      case Value.INTERVAL_HOUR -> interval(Kind.INTERVAL_HOUR, type);
      case Value.INTERVAL_MINUTE -> interval(Kind.INTERVAL_MINUTE, type);
      case Value.INTERVAL_SECOND -> interval(Kind.INTERVAL_SECOND, type);
      case Value.INTERVAL_YEAR_TO_MONTH -> interval(Kind.INTERVAL_YEAR_TO_MONTH, type);
      case Value.INTERVAL_DAY_TO_HOUR -> interval(Kind.INTERVAL_DAY_TO_HOUR, type);
      case Value.INTERVAL_DAY_TO_MINUTE -> interval(Kind.INTERVAL_DAY_TO_MINUTE, type);
      case Value.INTERVAL_DAY_TO_SECOND -> interval(Kind.INTERVAL_DAY_TO_SECOND, type);
      case Value.INTERVAL_HOUR_TO_MINUTE -> interval(Kind.INTERVAL_HOUR_TO_MINUTE, type);
      case Value.INTERVAL_HOUR_TO_SECOND -> interval(Kind.INTERVAL_HOUR_TO_SECOND, type);
      case Value.INTERVAL_MINUTE_TO_SECOND -> interval(Kind.INTERVAL_MINUTE_TO_SECOND, type);
      case Value.UUID -> TargetType.of(Kind.UUID);
      case Value.ENUM -> enumeration(type);
      case Value.JSON -> TargetType.of(Kind.JSON, type.getDeclaredPrecision(), 0);
      case Value.GEOMETRY -> geometry(type);
      case Value.ARRAY -> array(type);
      case Value.ROW -> row(type);
      default -> TargetType.of(Kind.OTHER);
    };
  }

  private static TargetType interval(Kind kind, TypeInfo type) {
    return TargetType.of(kind, type.getPrecision(), type.getScale());
  }

  private static TargetType enumeration(TypeInfo type) {
    if (!(type.getExtTypeInfo() instanceof ExtTypeInfoEnum labels)) {
      return TargetType.of(Kind.OTHER);
    }
    List<String> list = new ArrayList<>(labels.getCount());
    for (int i = 0; i < labels.getCount(); i++) {
      list.add(labels.getEnumerator(i));
    }
    return new TargetType(Kind.ENUM, -1, 0, list, null);
  }

  private static TargetType geometry(TypeInfo type) {
    if (!(type.getExtTypeInfo() instanceof ExtTypeInfoGeometry constraint)) {
      return TargetType.of(Kind.GEOMETRY);
    }
    Integer srid = constraint.getSrid();
    return TargetType.of(
        Kind.GEOMETRY, constraint.getType(), srid == null ? Integer.MIN_VALUE : srid);
  }

  private static TargetType row(TypeInfo type) {
    if (!(type.getExtTypeInfo() instanceof ExtTypeInfoRow row)) {
      return TargetType.of(Kind.OTHER);
    }
    List<TargetType.Field> fields = new ArrayList<>();
    for (Map.Entry<String, TypeInfo> field : row.getFields()) {
      fields.add(new TargetType.Field(field.getKey(), of(field.getValue())));
    }
    return TargetType.rowOf(fields);
  }

  private static TargetType array(TypeInfo type) {
    TargetType element =
        type.getExtTypeInfo() instanceof TypeInfo component
            ? of(component)
            : TargetType.of(Kind.OTHER);
    return new TargetType(Kind.ARRAY, type.getPrecision(), 0, List.of(), element);
  }
}

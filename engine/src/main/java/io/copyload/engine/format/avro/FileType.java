package io.copyload.engine.format.avro;

import io.copyload.engine.format.NestedType;
import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.format.avro.AvroType.Kind;
import io.copyload.engine.store.TargetType;
import java.util.List;

/** The type of nested values. */
record FileType(AvroType written) implements NestedType {
  private static final int NANO_DIGITS = 9;

  /** Of a choice between null and one type, that type. */
  private AvroType type() {
    if (written.kind == Kind.UNION && written.inner.size() == 2) {
      for (int i = 0; i < 2; i++) {
        if (written.inner.get(i).kind == Kind.NULL) {
          return written.inner.get(1 - i);
        }
      }
    }
    return written;
  }

  @Override
  public Shape shape() {
    return switch (type().kind) {
      case ARRAY -> Shape.LIST;
      case MAP -> Shape.MAP;
      case RECORD -> Shape.STRUCT;
      case UNION -> Shape.OTHER;
      default -> Shape.SINGLE;
    };
  }

  @Override
  public TargetType single(TargetType target) {
    AvroType type = type();
    return switch (type.logical) {
      case DATE -> TargetType.of(TargetType.Kind.DATE);
      case TIME_MILLIS, TIME_MICROS -> TargetType.of(TargetType.Kind.TIME, -1, NANO_DIGITS);
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS ->
          TargetType.of(TargetType.Kind.TIMESTAMP_TZ, -1, NANO_DIGITS);
      case LOCAL_TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MICROS, LOCAL_TIMESTAMP_NANOS ->
          TargetType.of(TargetType.Kind.TIMESTAMP, -1, NANO_DIGITS);
      case DECIMAL -> TargetType.of(TargetType.Kind.NUMERIC, type.precision, type.scale);
      case UUID -> TargetType.of(TargetType.Kind.UUID);
      default ->
          TargetType.of(
              switch (type.kind) {
                case BOOLEAN -> TargetType.Kind.BOOLEAN;
                case INT -> TargetType.Kind.INTEGER;
                case LONG -> TargetType.Kind.BIGINT;
                case FLOAT -> TargetType.Kind.REAL;
                case DOUBLE -> TargetType.Kind.DOUBLE;
                case BYTES, FIXED ->
                    type.logical == AvroType.Logical.NONE
                        ? TargetType.Kind.VARBINARY
                        : TargetType.Kind.VARCHAR;
                default -> TargetType.Kind.VARCHAR;
              });
    };
  }

  @Override
  public List<String> names() {
    return type().fields.stream().map(Field::name).toList();
  }

  @Override
  public NestedType child(int index) {
    AvroType type = type();
    return switch (type.kind) {
      case RECORD -> new FileType(type.fields.get(index).type());
      case MAP -> new FileType(index == 0 ? new AvroType(Kind.STRING) : type.element());
      default -> new FileType(type.element());
    };
  }
}

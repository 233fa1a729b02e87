package io.copyload.engine.format.parquet;

import io.copyload.engine.format.NestedType;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.util.List;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/** The schema of a nested column, by the rules of {@link ColumnReaders}. */
record FileType(Type type, Shape shape) implements NestedType {
  /** A field as it stands in its group: a repeated one without a list around it is a list. */
  static FileType of(Type type) {
    return type.getRepetition() == Repetition.REPEATED
        ? new FileType(type, Shape.LIST)
        : value(type);
  }

  private static FileType value(Type type) {
    if (type.isPrimitive()) {
      return new FileType(type, Shape.SINGLE);
    }
    GroupType group = type.asGroupType();
    return new FileType(
        type,
        ColumnReaders.isList(group)
            ? Shape.LIST
            : ColumnReaders.isMap(group) ? Shape.MAP : Shape.STRUCT);
  }

  @Override
  public TargetType single(TargetType target) {
    return leaf(type, target).type();
  }

  /**
   * How single values are read: strings that the file does not call texts are bytes where such go.
   *
   * @param target null for JSON
   */
  static LeafType leaf(Type type, TargetType target) {
    boolean bytes =
        target != null
            && switch (target.kind()) {
              case BINARY, VARBINARY, BLOB, GEOMETRY, UUID -> true;
              default -> false;
            };
    return LeafType.of(type.asPrimitiveType(), bytes ? Kind.VARBINARY : Kind.VARCHAR);
  }

  @Override
  public List<String> names() {
    return type.asGroupType().getFields().stream().map(Type::getName).toList();
  }

  @Override
  public NestedType child(int index) {
    if (shape == Shape.LIST) {
      if (type.getRepetition() == Repetition.REPEATED) {
        return value(type);
      }
      GroupType list = type.asGroupType();
      Type repeated = list.getType(0);
      return ColumnReaders.isElement(list, repeated)
          ? value(repeated)
          : of(repeated.asGroupType().getType(0));
    }
    GroupType group = type.asGroupType();
    return of(
        shape == Shape.MAP ? group.getType(0).asGroupType().getType(index) : group.getType(index));
  }
}

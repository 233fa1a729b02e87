package io.copyload.engine.format.parquet;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.format.parquet.ParquetObject.BoundColumn;
import io.copyload.engine.format.parquet.RowGroupReader.Chunks;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;

/**
 * Builds the reader of a column of the top level from its schema: the shapes of lists and maps with
 * the format's rules for files of older writers ("Nested Types" of the LogicalTypes page).
 */
final class ColumnReaders {
  /** Deeper nesting than this is refused. */
  private static final int MAX_DEPTH = 100;

  private final Chunks chunks;
  private final List<LeafCursor> leaves = new ArrayList<>();
  private final List<String> path = new ArrayList<>();

  private ColumnReaders(Chunks chunks) {
    this.chunks = chunks;
  }

  static ColumnReader of(BoundColumn bound, Chunks chunks) throws IOException {
    Type column = bound.column();
    if (bound.form() == null) {
      ColumnDescriptor descriptor =
          chunks.schema().getColumnDescription(new String[] {column.getName()});
      return new FlatColumnReader(
          chunks.open(descriptor),
          LeafType.of(column.asPrimitiveType(), bound.type().kind()),
          new LeafValues(descriptor),
          descriptor.getMaxDefinitionLevel() > 0,
          chunks.capacity());
    }
    ColumnReaders builder = new ColumnReaders(chunks);
    boolean done = false;
    try {
      Shape shape =
          builder.field(
              column, 0, 0, bound.form() == NestedText.Form.TYPED ? bound.target() : null);
      done = true;
      return new NestedColumnReader(shape, bound.form(), builder.leaves);
    } finally {
      if (!done) {
        for (LeafCursor leaf : builder.leaves) {
          leaf.close();
        }
      }
    }
  }

  /** A field as it stands in its group: a repeated one without a list around it is a list. */
  private Shape field(Type type, int definition, int repetition, TargetType target)
      throws IOException {
    if (path.size() > MAX_DEPTH) {
      throw new IOException("it is nested more than " + MAX_DEPTH + " deep");
    }
    path.add(type.getName());
    try {
      if (type.getRepetition() == Repetition.REPEATED) {
        // A list that is not there cannot be told from an empty one.
        return new Shape.Sequence(
            definition,
            repetition + 1,
            definition + 1,
            value(type, definition + 1, repetition + 1, element(target)));
      }
      int own = type.getRepetition() == Repetition.OPTIONAL ? definition + 1 : definition;
      return value(type, own, repetition, target);
    } finally {
      path.remove(path.size() - 1);
    }
  }

  /** A field's value, whose own optionality or repetition is in the levels already. */
  private Shape value(Type type, int definition, int repetition, TargetType target)
      throws IOException {
    if (type.isPrimitive()) {
      ColumnDescriptor descriptor =
          chunks.schema().getColumnDescription(path.toArray(String[]::new));
      LeafCursor leaf =
          new LeafCursor(
              chunks.open(descriptor),
              new LeafValues(descriptor),
              FileType.leaf(type, target),
              descriptor.getMaxRepetitionLevel(),
              descriptor.getMaxDefinitionLevel());
      leaves.add(leaf);
      return new Shape.Scalar(leaf, definition);
    }
    GroupType group = type.asGroupType();
    if (isList(group)) {
      return list(group, definition, repetition, element(target));
    }
    if (isMap(group)) {
      return mapping(group, definition, repetition, element(target));
    }
    if (group.getFieldCount() == 0) {
      throw new IOException("group " + String.join(".", path) + " has no fields");
    }
    List<String> names = new ArrayList<>();
    List<Shape> fields = new ArrayList<>();
    for (Type field : group.getFields()) {
      names.add(field.getName());
      int at = target == null ? -1 : target.fieldIndex(field.getName());
      fields.add(field(field, definition, repetition, part(target, at)));
    }
    return new Shape.Struct(definition, names, fields);
  }

  private static TargetType element(TargetType target) {
    return target == null ? null : target.element();
  }

  private static TargetType part(TargetType target, int field) {
    return target == null || field < 0 || field >= target.fields().size()
        ? null
        : target.fields().get(field).type();
  }

  private static boolean holdsRepeated(GroupType group) {
    return group.getFieldCount() == 1 && group.getType(0).getRepetition() == Repetition.REPEATED;
  }

  static boolean isList(GroupType group) {
    return group.getLogicalTypeAnnotation() == LogicalTypeAnnotation.listType()
        && holdsRepeated(group);
  }

  static boolean isMap(GroupType group) {
    LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
    return (logical == LogicalTypeAnnotation.mapType()
            || logical instanceof LogicalTypeAnnotation.MapKeyValueTypeAnnotation)
        && holdsRepeated(group)
        && !group.getType(0).isPrimitive()
        && group.getType(0).asGroupType().getFieldCount() == 2;
  }

  private Shape list(GroupType list, int definition, int repetition, TargetType target)
      throws IOException {
    Type repeated = list.getType(0);
    int elementDefinition = definition + 1;
    int elementRepetition = repetition + 1;
    path.add(repeated.getName());
    try {
      Shape element =
          isElement(list, repeated)
              ? value(repeated, elementDefinition, elementRepetition, target)
              : field(
                  repeated.asGroupType().getType(0), elementDefinition, elementRepetition, target);
      return new Shape.Sequence(definition, elementRepetition, elementDefinition, element);
    } finally {
      path.remove(path.size() - 1);
    }
  }

  /** Whether the repeated field is the element itself and not a group around it. */
  static boolean isElement(GroupType list, Type repeated) {
    if (repeated.isPrimitive() || repeated.asGroupType().getFieldCount() != 1) {
      return true;
    }
    Type only = repeated.asGroupType().getType(0);
    return only.getRepetition() == Repetition.REPEATED
        || repeated.getName().equals("array")
        || repeated.getName().equals(list.getName() + "_tuple");
  }

  private Shape mapping(GroupType map, int definition, int repetition, TargetType target)
      throws IOException {
    GroupType entry = map.getType(0).asGroupType();
    path.add(entry.getName());
    try {
      return new Shape.Mapping(
          definition,
          repetition + 1,
          definition + 1,
          field(entry.getType(0), definition + 1, repetition + 1, part(target, 0)),
          field(entry.getType(1), definition + 1, repetition + 1, part(target, 1)));
    } finally {
      path.remove(path.size() - 1);
    }
  }
}

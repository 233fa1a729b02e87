package io.copyload.engine.format.orc;

import io.copyload.engine.format.NestedType;
import io.copyload.engine.store.TargetType;
import java.util.List;

/** The type of a nested column. */
record FileType(OrcType type) implements NestedType {
  @Override
  public Shape shape() {
    return switch (type.kind()) {
      case LIST -> Shape.LIST;
      case MAP -> Shape.MAP;
      case STRUCT -> Shape.STRUCT;
      case UNION -> Shape.OTHER;
      default -> Shape.SINGLE;
    };
  }

  @Override
  public TargetType single(TargetType target) {
    return OrcObject.valueType(type);
  }

  @Override
  public List<String> names() {
    return type.names();
  }

  @Override
  public NestedType child(int index) {
    return new FileType(type.children().get(index));
  }
}

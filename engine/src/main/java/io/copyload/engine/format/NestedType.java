package io.copyload.engine.format;

import io.copyload.engine.store.TargetType;
import java.util.List;

/** The type of nested values in a file, whatever its format. */
public interface NestedType {
  /** What a value is made of. */
  enum Shape {
    SINGLE,
    /** One child: the elements. */
    LIST,
    /** Two children: keys and values. */
    MAP,
    /** A child per field. */
    STRUCT,
    /** What only JSON can hold, such as a choice of types. */
    OTHER
  }

  Shape shape();

  /**
   * Type of single values.
   *
   * @param target where they go, if the file leaves open what they are
   */
  TargetType single(TargetType target);

  /** Names of a struct's fields. */
  List<String> names();

  NestedType child(int index);
}

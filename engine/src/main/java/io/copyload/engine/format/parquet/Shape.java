package io.copyload.engine.format.parquet;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.List;

/**
 * The shape of a nested column: puts the levels and values of its leaves together again. The first
 * leaf under a shape tells by its levels whether the shape is NULL, empty or there. Threads: one.
 */
abstract class Shape {
  /** Lowest definition level at which the shape is not NULL. */
  final int definition;

  Shape(int definition) {
    this.definition = definition;
  }

  /** The first leaf under the shape. */
  abstract LeafCursor first();

  /** Steps over one position of every leaf under the shape. */
  abstract void skip() throws IOException;

  /** Appends the value at the leaves' positions, which is not NULL, and steps over it. */
  abstract void appendPresent(NestedText out) throws IOException;

  final boolean isNull() throws IOException {
    return first().definition() < definition;
  }

  /** Appends the value at the leaves' positions and steps over it. */
  final void append(NestedText out) throws IOException {
    if (isNull()) {
      skip();
      out.appendNull();
    } else {
      appendPresent(out);
    }
  }

  /** A single value. */
  static final class Scalar extends Shape {
    private final LeafCursor leaf;
    private final ColumnVector one;

    Scalar(LeafCursor leaf, int definition) {
      super(definition);
      this.leaf = leaf;
      one = new ColumnVector(leaf.type().type(), 1);
    }

    @Override
    LeafCursor first() {
      return leaf;
    }

    @Override
    void skip() throws IOException {
      leaf.advance();
    }

    @Override
    void appendPresent(NestedText out) throws IOException {
      TargetType type = leaf.type().type();
      if (type.isBytes()) {
        one.useHeap();
      }
      leaf.type().put(leaf.raw(), leaf.valueIndex(), one, 0, true);
      leaf.advance();
      out.value(one);
    }
  }

  /** A group with fields of its own. */
  static final class Struct extends Shape {
    private final List<String> names;
    private final List<Shape> fields;

    Struct(int definition, List<String> names, List<Shape> fields) {
      super(definition);
      this.names = names;
      this.fields = fields;
    }

    @Override
    LeafCursor first() {
      return fields.get(0).first();
    }

    @Override
    void skip() throws IOException {
      for (Shape field : fields) {
        field.skip();
      }
    }

    @Override
    void appendPresent(NestedText out) throws IOException {
      out.append('{');
      for (int i = 0; i < fields.size(); i++) {
        if (i > 0) {
          out.append(',');
        }
        out.quoted(names.get(i));
        out.append(':');
        fields.get(i).append(out);
      }
      out.append('}');
    }
  }

  /** Values one behind the other. */
  static final class Sequence extends Shape {
    private final int repetition;
    private final int elementDefinition;
    private final Shape element;

    /**
     * @param repetition level of a position that goes on with the same sequence
     * @param elementDefinition lowest definition level at which there is an element
     */
    Sequence(int definition, int repetition, int elementDefinition, Shape element) {
      super(definition);
      this.repetition = repetition;
      this.elementDefinition = elementDefinition;
      this.element = element;
    }

    @Override
    LeafCursor first() {
      return element.first();
    }

    @Override
    void skip() throws IOException {
      element.skip();
    }

    @Override
    void appendPresent(NestedText out) throws IOException {
      out.beginList();
      if (first().definition() < elementDefinition) {
        skip();
      } else {
        element.append(out);
        while (first().repetition() == repetition) {
          out.append(',');
          element.append(out);
        }
      }
      out.endList();
    }
  }

  /** Keys with values, written as an object. */
  static final class Mapping extends Shape {
    private final int repetition;
    private final int entryDefinition;
    private final Shape key;
    private final Shape value;
    private final NestedText keyText = new NestedText(NestedText.Form.JSON);

    Mapping(int definition, int repetition, int entryDefinition, Shape key, Shape value) {
      super(definition);
      this.repetition = repetition;
      this.entryDefinition = entryDefinition;
      this.key = key;
      this.value = value;
    }

    @Override
    LeafCursor first() {
      return key.first();
    }

    @Override
    void skip() throws IOException {
      key.skip();
      value.skip();
    }

    @Override
    void appendPresent(NestedText out) throws IOException {
      out.append('{');
      if (first().definition() < entryDefinition) {
        skip();
      } else {
        entry(out);
        while (first().repetition() == repetition) {
          out.append(',');
          entry(out);
        }
      }
      out.append('}');
    }

    private void entry(NestedText out) throws IOException {
      keyText.clear();
      key.append(keyText);
      if (keyText.size() > 0 && keyText.bytes()[0] == '"') {
        for (int i = 0; i < keyText.size(); i++) {
          out.appendByte(keyText.bytes()[i]);
        }
      } else {
        out.quoted(keyText.bytes(), 0, keyText.size());
      }
      out.append(':');
      value.append(out);
    }
  }
}

package io.copyload.engine.format.parquet;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

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
    private final boolean exactNumber;

    Scalar(LeafCursor leaf, int definition) {
      super(definition);
      this.leaf = leaf;
      one = new ColumnVector(leaf.type().type(), 1);
      exactNumber =
          switch (leaf.type().type().kind()) {
            case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, NUMERIC -> true;
            default -> false;
          };
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
      switch (type.kind()) {
        case VARCHAR -> out.quoted(one.bytes, one.begin[0], one.length[0]);
        case VARBINARY ->
            out.quoted(
                HexFormat.of().formatHex(one.bytes, one.begin[0], one.begin[0] + one.length[0]));
        default -> {
          String text = text(type);
          boolean finite = Character.isDigit(text.charAt(text.length() - 1));
          if (exactNumber || isFloat(type) && finite) {
            out.append(text);
          } else {
            out.quoted(text);
          }
        }
      }
    }

    private static boolean isFloat(TargetType type) {
      return type.kind() == TargetType.Kind.REAL || type.kind() == TargetType.Kind.DOUBLE;
    }

    private String text(TargetType type) {
      if (type.isBytes()) {
        byte[] unscaled =
            java.util.Arrays.copyOfRange(one.bytes, one.begin[0], one.begin[0] + one.length[0]);
        return new BigDecimal(new BigInteger(unscaled), type.scale()).toPlainString();
      }
      long value = one.lanes[0][0];
      return switch (type.kind()) {
        case BOOLEAN -> value == 0 ? "false" : "true";
        case NUMERIC -> BigDecimal.valueOf(value, type.scale()).toPlainString();
        case REAL -> number(Float.intBitsToFloat((int) value));
        case DOUBLE -> number(Double.longBitsToDouble(value));
        case DATE -> date(value);
        case TIME -> time(value);
        case TIMESTAMP -> date(value) + " " + time(one.lanes[1][0]);
        case TIMESTAMP_TZ -> date(value) + " " + time(one.lanes[1][0]) + "+00";
        case UUID -> new UUID(value, one.lanes[1][0]).toString();
        default -> Long.toString(value);
      };
    }

    private static String number(float value) {
      return Float.isFinite(value) ? plain(Float.toString(value)) : Float.toString(value);
    }

    private static String number(double value) {
      return Double.isFinite(value) ? plain(Double.toString(value)) : Double.toString(value);
    }

    private static String plain(String number) {
      return new BigDecimal(number).stripTrailingZeros().toString();
    }

    private static String date(long epochDay) {
      String text = LocalDate.ofEpochDay(epochDay).toString();
      return text.startsWith("+") ? text.substring(1) : text;
    }

    /** With seconds always, as SQL writes times. */
    private static String time(long nanos) {
      String text = LocalTime.ofNanoOfDay(nanos).toString();
      return text.length() == 5 ? text + ":00" : text;
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

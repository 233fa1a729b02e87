package io.copyload.engine.format.avro;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.NestedMatch;
import io.copyload.engine.format.NestedText;
import io.copyload.engine.format.VectorFormat.Wanted;
import io.copyload.engine.format.avro.AvroType.Kind;
import io.copyload.engine.format.avro.AvroType.Logical;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * How the values of one type of the file fill one column: the type of the vectors, and what is done
 * with each value. Threads: one; {@link #fresh} makes one for another.
 */
final class ColumnFiller {
  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  /** What is done with a value that is not null. */
  private enum Rule {
    /** There is none. */
    NULL,
    BOOLEAN,
    INT,
    LONG,
    FLOAT,
    DOUBLE,
    /** A float into a vector of doubles. */
    FLOAT_TO_DOUBLE,
    /** The string's or the bytes' own bytes. */
    STRING,
    FIXED,
    SYMBOL,
    TIME,
    TIMESTAMP,
    SHORT_DECIMAL,
    WIDE_DECIMAL,
    UUID,
    /** The text of a single value. */
    SCALAR_TEXT,
    /** JSON or array text. */
    NESTED_TEXT,
    /** One of several types: a text of the branch. */
    UNION_TEXT
  }

  private final TargetType type;
  private final AvroType source;
  private final Rule rule;

  /** Which branch of a union is null, or -1; -2 where the type is no union. */
  private final int nullBranch;

  private final AvroType value;
  private final NullTexts nullTexts;
  private final NestedText.Form form;
  private final NestedText text;

  private ColumnFiller(
      AvroType source,
      AvroType value,
      int nullBranch,
      TargetType type,
      Rule rule,
      NullTexts nullTexts,
      NestedText.Form form) {
    this.source = source;
    this.value = value;
    this.nullBranch = nullBranch;
    this.type = type;
    this.rule = rule;
    this.nullTexts = nullTexts;
    this.form = form;
    text = new NestedText(form);
  }

  ColumnFiller fresh() {
    return new ColumnFiller(source, value, nullBranch, type, rule, nullTexts, form);
  }

  /** The type of the vectors. */
  TargetType type() {
    return type;
  }

  /** Whether values are ranges of the block rather than made in the vector's heap. */
  boolean pointsIntoBlock() {
    return rule == Rule.STRING || rule == Rule.FIXED;
  }

  /**
   * The filler of a column.
   *
   * @param inCharacters which texts are NULL in columns of characters
   * @throws CopyException DATATYPE_MISMATCH when the column cannot hold such values
   */
  static ColumnFiller of(
      AvroType source, Wanted wanted, NullTexts inCharacters, String objectName) {
    AvroType value = source;
    int nullBranch = -2;
    if (source.kind == Kind.UNION && source.inner.size() <= 2) {
      nullBranch = -1;
      for (int i = 0; i < source.inner.size(); i++) {
        if (source.inner.get(i).kind == Kind.NULL) {
          nullBranch = i;
        } else {
          value = source.inner.get(i);
        }
      }
      if (nullBranch < 0 && source.inner.size() == 2) {
        nullBranch = -2;
        value = source;
      } else if (value == source) {
        value = new AvroType(Kind.NULL);
      }
    }
    TargetType.Kind kind = wanted.type().kind();
    NullTexts nullTexts =
        kind == TargetType.Kind.JSON
            ? NullTexts.NONE
            : kind.isCharacter() ? inCharacters : new NullTexts(true, true);
    if (kind == TargetType.Kind.JSON) {
      return new ColumnFiller(
          source,
          value,
          nullBranch,
          wanted.type(),
          value.kind == Kind.NULL ? Rule.NULL : Rule.NESTED_TEXT,
          nullTexts,
          NestedText.Form.JSON);
    }
    Rule rule = rule(value, kind);
    if (kind == TargetType.Kind.ARRAY && value.isNested() || wanted.type().isRow()) {
      NestedText.Form form =
          NestedMatch.form(value.toString(), new FileType(value), wanted, objectName);
      return new ColumnFiller(
          source,
          value,
          nullBranch,
          NestedMatch.vectorType(form, wanted.type()),
          value.kind == Kind.NULL ? Rule.NULL : Rule.NESTED_TEXT,
          nullTexts,
          form);
    }
    if (rule == null) {
      throw new CopyException(
          CopyErrorCode.DATATYPE_MISMATCH,
          "column \""
              + wanted.name()
              + "\" of type "
              + kind
              + " cannot hold the values of type "
              + value
              + " of \""
              + objectName
              + "\"",
          null,
          value.isNested()
              ? "Nested values go into JSON or character columns, lists also into ARRAY columns, structs into"
                  + " ROW columns."
              : null,
          null,
          0,
          null);
    }
    return new ColumnFiller(
        source,
        value,
        nullBranch,
        type(rule, value, wanted.type()),
        rule,
        nullTexts,
        NestedText.Form.JSON);
  }

  private static boolean isNumber(TargetType.Kind kind) {
    return kind.compareTo(TargetType.Kind.TINYINT) >= 0
        && kind.compareTo(TargetType.Kind.DOUBLE) <= 0;
  }

  private static boolean isBinary(TargetType.Kind kind) {
    return kind.compareTo(TargetType.Kind.BINARY) >= 0 && kind.compareTo(TargetType.Kind.BLOB) <= 0;
  }

  private static boolean isDateTime(TargetType.Kind kind) {
    return kind.compareTo(TargetType.Kind.DATE) >= 0
        && kind.compareTo(TargetType.Kind.TIMESTAMP_TZ) <= 0;
  }

  /** The rule, or null when the column cannot hold the values. */
  private static Rule rule(AvroType value, TargetType.Kind wanted) {
    boolean text = wanted.isCharacter();
    return switch (value.kind) {
      case NULL -> Rule.NULL;
      case BOOLEAN -> Rule.BOOLEAN;
      case FLOAT -> wanted == TargetType.Kind.DOUBLE ? Rule.FLOAT_TO_DOUBLE : Rule.FLOAT;
      case DOUBLE -> Rule.DOUBLE;
      case INT, LONG -> integerRule(value, wanted);
      case STRING -> isBinary(wanted) ? null : Rule.STRING;
      case ENUM -> isBinary(wanted) ? null : Rule.SYMBOL;
      case RECORD, MAP -> text ? Rule.NESTED_TEXT : null;
      case ARRAY -> text ? Rule.NESTED_TEXT : null;
      case BYTES, FIXED -> {
        if (isBinary(wanted)) {
          yield value.kind == Kind.BYTES ? Rule.STRING : Rule.FIXED;
        }
        yield switch (value.logical) {
          case DECIMAL ->
              value.precision <= TargetType.MAX_LANE_DIGITS
                  ? Rule.SHORT_DECIMAL
                  : Rule.WIDE_DECIMAL;
          case UUID -> Rule.UUID;
          case DURATION -> Rule.SCALAR_TEXT;
          default ->
              wanted == TargetType.Kind.GEOMETRY
                  ? value.kind == Kind.BYTES ? Rule.STRING : Rule.FIXED
                  : text ? Rule.NESTED_TEXT : null;
        };
      }
      case UNION -> isBinary(wanted) ? null : Rule.UNION_TEXT;
    };
  }

  /** A number is what it counts, where the column is not one of numbers. */
  private static Rule integerRule(AvroType value, TargetType.Kind wanted) {
    Rule plain = value.kind == Kind.INT ? Rule.INT : Rule.LONG;
    if (isNumber(wanted)) {
      return plain;
    }
    return switch (value.logical) {
      // TIMEFORMAT says what numbers in columns of times are.
      case NONE -> isDateTime(wanted) ? Rule.SCALAR_TEXT : plain;
      case DATE -> Rule.INT;
      case TIME_MILLIS, TIME_MICROS -> Rule.TIME;
      default -> Rule.TIMESTAMP;
    };
  }

  private static TargetType type(Rule rule, AvroType value, TargetType wanted) {
    TargetType.Kind kind = wanted.kind();
    // Texts are converted even into the same type, which checks them.
    TargetType text =
        TargetType.of(
            kind == TargetType.Kind.CLOB ? TargetType.Kind.VARCHAR : TargetType.Kind.CLOB);
    boolean binary = isBinary(kind) || kind == TargetType.Kind.GEOMETRY;
    return switch (rule) {
      case NULL -> wanted;
      case BOOLEAN -> TargetType.of(TargetType.Kind.BOOLEAN);
      case INT ->
          TargetType.of(
              value.logical == Logical.DATE && !isNumber(kind)
                  ? TargetType.Kind.DATE
                  : TargetType.Kind.INTEGER);
      case LONG -> TargetType.of(TargetType.Kind.BIGINT);
      case FLOAT -> TargetType.of(TargetType.Kind.REAL);
      case DOUBLE, FLOAT_TO_DOUBLE -> TargetType.of(TargetType.Kind.DOUBLE);
      case STRING, FIXED -> binary ? TargetType.of(TargetType.Kind.VARBINARY) : text;
      case TIME -> TargetType.of(TargetType.Kind.TIME, -1, digits(value));
      case TIMESTAMP ->
          // A column without a zone gets UTC's time, as Redshift stores it.
          TargetType.of(
              ValueText.isInstant(value)
                      && (kind == TargetType.Kind.TIMESTAMP_TZ || kind.isCharacter())
                  ? TargetType.Kind.TIMESTAMP_TZ
                  : TargetType.Kind.TIMESTAMP,
              -1,
              digits(value));
      case SHORT_DECIMAL, WIDE_DECIMAL ->
          TargetType.of(TargetType.Kind.NUMERIC, value.precision, value.scale);
      case UUID -> TargetType.of(TargetType.Kind.UUID);
      case SYMBOL, SCALAR_TEXT, NESTED_TEXT, UNION_TEXT -> text;
    };
  }

  private static int digits(AvroType value) {
    return switch ((int) ValueText.nanosPerUnit(value)) {
      case 1_000_000 -> 3;
      case 1_000 -> 6;
      default -> 9;
    };
  }

  /** Fills a row with the value at the cursor. */
  void fill(BlockCursor in, ColumnVector out, int row) throws IOException {
    if (nullBranch > -2) {
      out.nulls[row] = in.readIndex(source.inner.size(), "branch") == nullBranch;
      if (out.nulls[row]) {
        return;
      }
    } else {
      out.nulls[row] = false;
    }
    switch (rule) {
      case NULL -> out.nulls[row] = true;
      case BOOLEAN -> out.lanes[0][row] = in.readBoolean() ? 1 : 0;
      case INT -> out.lanes[0][row] = in.readInt();
      case LONG -> out.lanes[0][row] = in.readLong();
      case FLOAT -> out.lanes[0][row] = in.readFloatBits();
      case DOUBLE -> out.lanes[0][row] = in.readDoubleBits();
      case FLOAT_TO_DOUBLE ->
          out.lanes[0][row] =
              Double.doubleToRawLongBits((double) Float.intBitsToFloat(in.readFloatBits()));
      case STRING -> range(in, in.readLength(), out, row);
      case FIXED -> {
        in.need(value.size);
        range(in, value.size, out, row);
      }
      case SYMBOL -> {
        byte[] symbol = value.symbols[in.readIndex(value.symbols.length, "symbol")];
        out.append(row, symbol, 0, symbol.length);
      }
      case TIME ->
          out.lanes[0][row] =
              ValueText.timeOfDay(value, value.kind == Kind.INT ? in.readInt() : in.readLong());
      case TIMESTAMP -> timestamp(in.readLong(), out, row);
      case SHORT_DECIMAL, WIDE_DECIMAL -> decimal(in, out, row);
      case UUID -> {
        in.need(16);
        out.lanes[0][row] = ValueText.bigEndian(in.bytes, in.position);
        out.lanes[1][row] = ValueText.bigEndian(in.bytes, in.position + 8);
        in.position += 16;
      }
      case SCALAR_TEXT -> text(ValueText.scalar(value, in), out, row);
      case NESTED_TEXT -> nested(value, in, out, row);
      case UNION_TEXT -> union(in, out, row);
    }
  }

  private void range(BlockCursor in, int length, ColumnVector out, int row) {
    out.begin[row] = in.position;
    out.length[row] = length;
    in.position += length;
    if (!isBinary(type.kind()) && nullTexts.isNull(in.bytes, out.begin[row], length)) {
      out.nulls[row] = true;
    }
  }

  private void timestamp(long units, ColumnVector out, int row) {
    long nanosPerUnit = ValueText.nanosPerUnit(value);
    long unitsPerDay = NANOS_PER_DAY / nanosPerUnit;
    out.lanes[0][row] = Math.floorDiv(units, unitsPerDay);
    out.lanes[1][row] = Math.floorMod(units, unitsPerDay) * nanosPerUnit;
    if (out.lanes.length > 2) {
      out.lanes[2][row] = 0;
    }
  }

  private void decimal(BlockCursor in, ColumnVector out, int row) throws IOException {
    int length = value.kind == Kind.BYTES ? in.readLength() : value.size;
    in.need(length);
    int at = ValueText.decimalBegin(value, in.bytes, in.position, length);
    int end = in.position + length;
    in.position = end;
    if (rule == Rule.WIDE_DECIMAL) {
      out.append(row, in.bytes, at, end - at);
      return;
    }
    long unscaled = in.bytes[at];
    for (int i = at + 1; i < end; i++) {
      unscaled = unscaled << 8 | in.bytes[i] & 0xff;
    }
    out.lanes[0][row] = unscaled;
  }

  private static void text(String text, ColumnVector out, int row) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.append(row, bytes, 0, bytes.length);
  }

  private void nested(AvroType what, BlockCursor in, ColumnVector out, int row) throws IOException {
    text.clear();
    ValueText.append(what, in, text);
    out.append(row, text.bytes(), 0, text.size());
  }

  /** Strings and symbols as they are, other single values as their text, nested ones as JSON. */
  private void union(BlockCursor in, ColumnVector out, int row) throws IOException {
    AvroType branch = source.inner.get(in.readIndex(source.inner.size(), "branch"));
    switch (branch.kind) {
      case NULL -> out.nulls[row] = true;
      case STRING -> {
        int length = in.readLength();
        out.append(row, in.bytes, in.position, length);
        out.nulls[row] = nullTexts.isNull(in.bytes, in.position, length);
        in.position += length;
      }
      case ENUM -> {
        byte[] symbol = branch.symbols[in.readIndex(branch.symbols.length, "symbol")];
        out.append(row, symbol, 0, symbol.length);
      }
      case BOOLEAN, INT, LONG, FLOAT, DOUBLE -> text(ValueText.scalar(branch, in), out, row);
      default -> {
        if (branch.logical == Logical.NONE) {
          nested(branch, in, out, row);
        } else {
          text(ValueText.scalar(branch, in), out, row);
        }
      }
    }
  }
}

package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.format.RedshiftColumns;
import io.copyload.engine.format.json.JsonStrings;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Field;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * JSON into ARRAY and ROW: lists become arrays of any lengths, objects rows by the names of their
 * fields, or arrays of rows with key and value; single values are read by the converters of their
 * types. A field that an object lacks is NULL; keys that the row lacks are passed over, and of a
 * key that comes twice the last counts. An array may also be a string with PostgreSQL's text of
 * one.
 */
final class NestedConverter implements FieldConverter {
  private static final int MAX_DEPTH = 200;

  private final Part root;
  private final ArrayConverter literals;
  private final RecordBatch literal = new RecordBatch(1, 1);
  private final ColumnVector literalValue;
  private final Complaint complaint = new Complaint();
  private byte[] bytes;
  private int at;
  private int end;

  /** Where the part at hand lies in the value, for messages. */
  private final StringBuilder path = new StringBuilder();

  private byte[] encoded = new byte[256];
  private int encodedSize;

  NestedConverter(TargetType type, ConversionSpec spec) {
    root = part(type, spec);
    boolean flat = type.kind() == Kind.ARRAY && leaf(type).kind() != Kind.OTHER;
    literals = flat ? new ArrayConverter(type, spec, false) : null;
    literalValue = new ColumnVector(type, 1);
  }

  /** Whether it reads values of a type. */
  static boolean takes(TargetType type) {
    return type.kind() == Kind.ARRAY || type.isRow();
  }

  private static TargetType leaf(TargetType type) {
    TargetType inner = type;
    while (inner.kind() == Kind.ARRAY) {
      inner = inner.element();
    }
    return inner;
  }

  private Part part(TargetType type, ConversionSpec spec) {
    if (type.kind() == Kind.ARRAY) {
      return new ArrayPart(type, part(type.element(), spec));
    }
    if (type.isRow()) {
      Part[] parts = new Part[type.fields().size()];
      for (int i = 0; i < parts.length; i++) {
        parts[i] = part(type.fields().get(i).type(), spec);
      }
      return new RowPart(type, parts);
    }
    return new SinglePart(type, spec);
  }

  @Override
  public void convert(RecordBatch batch, int field, ColumnVector out, FieldRejects rejects) {
    out.useHeap();
    bytes = batch.bytes;
    for (int r = 0, n = batch.recordCount; r < n; r++) {
      out.nulls[r] = true;
      if (batch.end[field][r] < 0) {
        continue;
      }
      at = batch.begin[field][r];
      end = batch.end[field][r];
      path.setLength(0);
      encodedSize = 0;
      skipSpace();
      if (literals != null && at < end && bytes[at] == '"') {
        literal(r, out, rejects);
      } else if (!root.read(0)) {
        complaint.report(r, rejects);
      } else if (int32(0) >= 0) {
        // The value has its own length before it.
        out.append(r, encoded, 4, encodedSize - 4);
        out.nulls[r] = false;
      }
    }
  }

  private void literal(int row, ColumnVector out, FieldRejects rejects) {
    byte[] text = new byte[end - at];
    int stringEnd = stringEnd(at);
    int length = JsonStrings.unescape(bytes, at + 1, stringEnd - 1, text, 0);
    literal.bytes = Arrays.copyOf(text, length + 16);
    literal.begin[0][0] = 0;
    literal.end[0][0] = length;
    literal.recordCount = 1;
    literals.convert(
        literal,
        0,
        literalValue,
        (record, reason, message, detail, hint, context) ->
            rejects.reject(row, reason, message, detail, hint, context));
    out.nulls[row] = literalValue.nulls[0];
    if (!out.nulls[row]) {
      out.append(row, literalValue.bytes, literalValue.begin[0], literalValue.length[0]);
    }
  }

  /** What becomes of one part of a value. */
  private abstract class Part {
    final TargetType type;

    Part(TargetType type) {
      this.type = type;
    }

    /** Appends the value at the position, with its length, and steps over it. */
    final boolean read(int depth) {
      skipSpace();
      if (at >= end || depth > MAX_DEPTH) {
        return malformed();
      }
      if (bytes[at] == 'n') {
        at = scalarEnd(at);
        putInt(-1);
        return true;
      }
      int lengthAt = encodedSize;
      putInt(0);
      if (!readPresent(depth)) {
        return false;
      }
      setInt(lengthAt, int32(lengthAt) < 0 ? -1 : encodedSize - lengthAt - 4);
      return true;
    }

    /** Appends the value at the position, which is not null. */
    abstract boolean readPresent(int depth);

    final boolean mismatch() {
      String found =
          switch (bytes[at]) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "boolean";
            default -> "number";
          };
      return complain(
          RejectReason.INVALID_JSON,
          "column of type " + RedshiftColumns.sqlName(type) + " cannot hold a JSON " + found,
          null);
    }
  }

  private final class ArrayPart extends Part {
    private final Part element;

    ArrayPart(TargetType type, Part element) {
      super(type);
      this.element = element;
    }

    @Override
    boolean readPresent(int depth) {
      boolean map = bytes[at] == '{' && element.type.fields().size() == 2;
      if (bytes[at] != '[' && !map) {
        return mismatch();
      }
      byte close = (byte) (map ? '}' : ']');
      int countAt = encodedSize;
      putInt(0);
      int count = 0;
      int pathLength = path.length();
      at++;
      skipSpace();
      while (at < end && bytes[at] != close) {
        if (count > 0 && !comma()) {
          return malformed();
        }
        path.append('[').append(count).append(']');
        if (!(map ? entry(depth) : element.read(depth + 1))) {
          return false;
        }
        path.setLength(pathLength);
        count++;
        skipSpace();
      }
      at++;
      setInt(countAt, count);
      if (type.precision() >= 0 && count > type.precision()) {
        return complain(
            RejectReason.TOO_LONG,
            "value too long for type array(" + type.precision() + ")",
            "The array has " + count + " elements.");
      }
      return true;
    }

    private boolean entry(int depth) {
      int lengthAt = encodedSize;
      putInt(0);
      putInt(2);
      Part[] parts = ((RowPart) element).parts;
      skipSpace();
      if (at >= end || bytes[at] != '"') {
        return malformed();
      }
      if (!parts[0].read(depth + 2)) {
        return false;
      }
      if (!colon()) {
        return malformed();
      }
      if (!parts[1].read(depth + 2)) {
        return false;
      }
      setInt(lengthAt, encodedSize - lengthAt - 4);
      return true;
    }
  }

  private final class RowPart extends Part {
    private final Part[] parts;
    private final byte[][] names;
    private final int[][] begins = new int[MAX_DEPTH + 2][];

    RowPart(TargetType type, Part[] parts) {
      super(type);
      this.parts = parts;
      names = new byte[parts.length][];
      for (int i = 0; i < names.length; i++) {
        names[i] = type.fields().get(i).name().getBytes(StandardCharsets.UTF_8);
      }
    }

    @Override
    boolean readPresent(int depth) {
      if (bytes[at] != '{') {
        return mismatch();
      }
      if (begins[depth] == null) {
        begins[depth] = new int[parts.length];
      }
      int[] begin = begins[depth];
      Arrays.fill(begin, -1);
      if (!members(begin)) {
        return malformed();
      }
      int behind = at;
      int pathLength = path.length();
      putInt(parts.length);
      for (int i = 0; i < parts.length; i++) {
        if (begin[i] < 0) {
          putInt(-1);
          continue;
        }
        at = begin[i];
        Field field = type.fields().get(i);
        path.append('.').append(field.name());
        if (!parts[i].read(depth + 1)) {
          return false;
        }
        path.setLength(pathLength);
      }
      at = behind;
      return true;
    }

    /** Finds where the values of the fields begin, and steps over the object. */
    private boolean members(int[] begin) {
      at++;
      skipSpace();
      boolean first = true;
      while (at < end && bytes[at] != '}') {
        if (!first && !comma()) {
          return false;
        }
        first = false;
        if (at >= end || bytes[at] != '"') {
          return false;
        }
        int keyEnd = stringEnd(at);
        int field = field(at + 1, keyEnd - 1);
        at = keyEnd;
        if (!colon()) {
          return false;
        }
        if (field >= 0) {
          begin[field] = at;
        }
        if (!skipValue()) {
          return false;
        }
        skipSpace();
      }
      at++;
      return at <= end;
    }

    private int field(int begin, int keyEnd) {
      boolean plain = true;
      for (int i = begin; i < keyEnd; i++) {
        plain &= bytes[i] != '\\';
      }
      if (plain) {
        for (int i = 0; i < names.length; i++) {
          if (Arrays.equals(names[i], 0, names[i].length, bytes, begin, keyEnd)) {
            return i;
          }
        }
      }
      byte[] key = new byte[keyEnd - begin];
      int length = JsonStrings.unescape(bytes, begin, keyEnd, key, 0);
      return type.fieldIndex(new String(key, 0, length, StandardCharsets.UTF_8));
    }
  }

  private final class SinglePart extends Part {
    private final FieldConverter converter;
    private final RecordBatch one = new RecordBatch(1, 1);
    private final ColumnVector value;
    private final boolean binary;
    private byte[] text = new byte[64];
    private boolean refused;

    SinglePart(TargetType type, ConversionSpec spec) {
      super(type);
      converter = Converters.of(type, spec);
      value = new ColumnVector(type, 1);
      binary =
          switch (type.kind()) {
            case BINARY, VARBINARY, BLOB -> true;
            default -> false;
          };
      one.recordCount = 1;
    }

    @Override
    boolean readPresent(int depth) {
      int begin = at;
      byte first = bytes[at];
      boolean json = type.kind() == Kind.JSON;
      if ((first == '{' || first == '[') && !json && !type.kind().isCharacter()) {
        return mismatch();
      }
      if (!skipValue()) {
        return malformed();
      }
      int length = at - begin;
      if (text.length < length + 18) {
        text = new byte[2 * length + 18];
      }
      int size;
      if (first == '"' && !json) {
        int prefix = binary && bytes[begin + 1] != '\\' ? 2 : 0;
        text[0] = '\\';
        text[1] = 'x';
        size = JsonStrings.unescape(bytes, begin + 1, at - 1, text, prefix);
      } else {
        System.arraycopy(bytes, begin, text, 0, length);
        size = length;
      }
      one.bytes = text;
      one.begin[0][0] = 0;
      one.end[0][0] = size;
      one.recordEnd[0] = size;
      refused = false;
      converter.convert(one, 0, value, this::refuse);
      if (refused) {
        return false;
      }
      if (value.nulls[0]) {
        setInt(encodedSize - 4, -1);
      } else if (type.isBytes()) {
        reserve(value.length[0]);
        System.arraycopy(value.bytes, value.begin[0], encoded, encodedSize, value.length[0]);
        encodedSize += value.length[0];
      } else {
        for (long[] lane : value.lanes) {
          putInt((int) (lane[0] >> 32));
          putInt((int) lane[0]);
        }
      }
      return true;
    }

    private void refuse(
        int record,
        RejectReason reason,
        String message,
        String detail,
        String hint,
        String context) {
      refused = true;
      complaint.set(reason, message, detail, hint);
      complaint.context = place();
    }
  }

  private String place() {
    return path.isEmpty() ? null : "nested value at $" + path;
  }

  private boolean complain(RejectReason reason, String message, String detail) {
    complaint.set(reason, message, detail, null);
    complaint.context = place();
    return false;
  }

  private boolean malformed() {
    return complain(RejectReason.INVALID_JSON, "invalid input syntax for type json", null);
  }

  private void skipSpace() {
    while (at < end
        && (bytes[at] == ' ' || bytes[at] == '\n' || bytes[at] == '\r' || bytes[at] == '\t')) {
      at++;
    }
  }

  private boolean comma() {
    if (at < end && bytes[at] == ',') {
      at++;
      skipSpace();
      return true;
    }
    return false;
  }

  private boolean colon() {
    skipSpace();
    if (at < end && bytes[at] == ':') {
      at++;
      skipSpace();
      return true;
    }
    return false;
  }

  /** Behind the closing quote of a string. */
  private int stringEnd(int begin) {
    int i = begin + 1;
    while (i < end && bytes[i] != '"') {
      i += bytes[i] == '\\' ? 2 : 1;
    }
    return Math.min(end, i + 1);
  }

  private int scalarEnd(int begin) {
    int i = begin;
    while (i < end && ",]}: \t\r\n".indexOf(bytes[i]) < 0) {
      i++;
    }
    return i;
  }

  /** Steps over the value at the position. */
  private boolean skipValue() {
    int depth = 0;
    do {
      skipSpace();
      if (at >= end) {
        return false;
      }
      switch (bytes[at]) {
        case '"' -> at = stringEnd(at);
        case '{', '[' -> {
          depth++;
          at++;
        }
        case '}', ']' -> {
          depth--;
          at++;
        }
        case ',', ':' -> at++;
        default -> at = scalarEnd(at);
      }
    } while (depth > 0);
    return depth == 0;
  }

  private int int32(int offset) {
    return encoded[offset] << 24
        | (encoded[offset + 1] & 0xff) << 16
        | (encoded[offset + 2] & 0xff) << 8
        | encoded[offset + 3] & 0xff;
  }

  private void setInt(int offset, int value) {
    for (int i = 0; i < 4; i++) {
      encoded[offset + i] = (byte) (value >> 24 - 8 * i);
    }
  }

  private void reserve(int count) {
    if (encoded.length - encodedSize < count) {
      encoded = Arrays.copyOf(encoded, Math.max(encodedSize + count, encoded.length * 2));
    }
  }

  private void putInt(int value) {
    reserve(4);
    encodedSize += 4;
    setInt(encodedSize - 4, value);
  }
}

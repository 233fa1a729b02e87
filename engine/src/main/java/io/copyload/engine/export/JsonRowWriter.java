package io.copyload.engine.export;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * A JSON object per row and line, as PostgreSQL's row_to_json has it: numbers and booleans bare,
 * JSON as it is, arrays as arrays, rows as objects, all else as the text that PostgreSQL prints,
 * with a T in timestamps.
 */
public final class JsonRowWriter implements RowWriter {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Item[] items;
  private final byte[][] keys;
  private boolean marks;

  /**
   * @param columnNames keys of the objects
   * @param zone in which a timestamp with time zone is shown
   * @param padsChar whether a CHAR has its trailing spaces
   */
  public JsonRowWriter(
      List<String> columnNames, List<TargetType> types, ZoneId zone, boolean padsChar) {
    this(columnNames, types, zone, padsChar, true);
  }

  /**
   * The same.
   *
   * @param iso whether timestamps have ISO 8601's T; else they are as Redshift's COPY takes them
   */
  public JsonRowWriter(
      List<String> columnNames,
      List<TargetType> types,
      ZoneId zone,
      boolean padsChar,
      boolean iso) {
    items = new Item[types.size()];
    keys = new byte[items.length][];
    for (int i = 0; i < items.length; i++) {
      items[i] = new Item(types.get(i), zone, padsChar, iso);
      keys[i] = key(i, columnNames.get(i));
    }
  }

  /** What stands before the n-th value of an object. */
  private static byte[] key(int index, String shownName) {
    OutputBuffer key = new OutputBuffer(64);
    key.put((byte) (index == 0 ? '{' : ','));
    key.put((byte) '"');
    byte[] name = shownName.getBytes(StandardCharsets.UTF_8);
    key.put(name);
    escape(key, key.size - name.length);
    key.putAscii("\":");
    return Arrays.copyOf(key.bytes, key.size);
  }

  /** Tells the buffers where rows end, for output that is split. */
  public JsonRowWriter markingRows() {
    marks = true;
    return this;
  }

  @Override
  public void begin(List<String> columnNames, OutputBuffer out) {
    // Nothing stands before the rows.
  }

  @Override
  public void rows(ExportColumn[] columns, int begin, int end, BitSet skipped, OutputBuffer out) {
    for (int row = begin; row < end; row++) {
      if (skipped != null && skipped.get(row)) {
        continue;
      }
      for (int i = 0; i < columns.length; i++) {
        out.put(keys[i]);
        if (columns[i].isNull(row)) {
          out.putAscii("null");
        } else {
          items[i].append(columns[i], row, out);
        }
      }
      out.putAscii(columns.length == 0 ? "{}\n" : "}\n");
      if (marks) {
        out.endUnit(1);
      }
    }
  }

  @Override
  public void end(OutputBuffer out) {
    // Nothing stands behind the rows.
  }

  /** One value that is not NULL. */
  private static final class Item {
    private final Kind kind;
    private final ValueText text;
    private final Item element;

    /** One element, in the layout of a column. */
    private final ColumnVector one;

    private final ExportColumn oneColumn;

    /** Of a row; empty for other types. */
    private final Item[] fields;

    private final byte[][] names;
    private final ColumnVector[] fieldValues;

    private final boolean iso;

    Item(TargetType type, ZoneId zone, boolean padsChar, boolean iso) {
      this.iso = iso;
      kind = type.kind();
      fields = new Item[type.fields().size()];
      names = new byte[fields.length][];
      fieldValues = new ColumnVector[fields.length];
      for (int i = 0; i < fields.length; i++) {
        fields[i] = new Item(type.fields().get(i).type(), zone, padsChar, iso);
        names[i] = key(i, type.fields().get(i).name());
        fieldValues[i] = new ColumnVector(type.fields().get(i).type(), 1);
      }
      if (type.isRow()) {
        text = null;
        element = null;
        one = null;
        oneColumn = null;
      } else if (kind == Kind.ARRAY) {
        text = null;
        element = new Item(type.element(), zone, padsChar, iso);
        one = new ColumnVector(type.element(), 1);
        oneColumn = ExportColumn.of(one);
      } else {
        text = ValueText.of(type, zone, padsChar);
        element = null;
        one = null;
        oneColumn = null;
      }
    }

    void append(ExportColumn column, int row, OutputBuffer out) {
      int start = out.size;
      switch (kind) {
        case BOOLEAN -> out.putAscii(column.lane(0, row) == 0 ? "false" : "true");
        case JSON, TINYINT, SMALLINT, INTEGER, BIGINT, NUMERIC -> text.append(column, row, out);
        case REAL, DOUBLE, DECFLOAT -> {
          text.append(column, row, out);
          byte last = out.bytes[out.size - 1];
          if (last < '0' || last > '9') {
            quote(start, out);
          }
        }
        case ARRAY -> array(column.bytes(), column.begin(row), out);
        case OTHER -> row(column.bytes(), column.begin(row), out);
        case TIMESTAMP, TIMESTAMP_TZ -> {
          text.append(column, row, out);
          for (int i = start; iso && i < out.size; i++) {
            if (out.bytes[i] == ' ') {
              out.bytes[i] = 'T';
              break;
            }
          }
          if (iso
              && kind == Kind.TIMESTAMP_TZ
              && out.size - start > 3
              && (out.bytes[out.size - 3] == '+' || out.bytes[out.size - 3] == '-')) {
            out.putAscii(":00");
          }
          quote(start, out);
        }
        default -> {
          text.append(column, row, out);
          quote(start, out);
        }
      }
    }

    private void row(byte[] bytes, int begin, OutputBuffer out) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int at = begin + 4;
      for (int i = 0; i < fields.length; i++) {
        out.put(names[i]);
        int length = in.getInt(at);
        at += 4;
        if (length < 0) {
          out.putAscii("null");
          continue;
        }
        point(fieldValues[i], bytes, at, length);
        fields[i].append(ExportColumn.of(fieldValues[i]), 0, out);
        at += length;
      }
      out.put((byte) '}');
    }

    private static void point(ColumnVector one, byte[] bytes, int at, int length) {
      if (one.type().isBytes()) {
        one.bytes = bytes;
        one.begin[0] = at;
        one.length[0] = length;
      } else {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        for (int lane = 0; lane < one.lanes.length; lane++) {
          one.lanes[lane][0] = in.getLong(at + 8 * lane);
        }
      }
    }

    private void array(byte[] bytes, int begin, OutputBuffer out) {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int count = in.getInt(begin);
      int at = begin + 4;
      out.put((byte) '[');
      for (int i = 0; i < count; i++) {
        if (i > 0) {
          out.put((byte) ',');
        }
        int length = in.getInt(at);
        at += 4;
        if (length < 0) {
          out.putAscii("null");
          continue;
        }
        point(one, bytes, at, length);
        element.append(oneColumn, 0, out);
        at += length;
      }
      out.put((byte) ']');
    }
  }

  /** Puts what has been written from {@code start} on into quotes. */
  private static void quote(int start, OutputBuffer out) {
    escape(out, start);
    int length = out.size - start;
    out.ensure(2);
    System.arraycopy(out.bytes, start, out.bytes, start + 1, length);
    out.bytes[start] = '"';
    out.size++;
    out.put((byte) '"');
  }

  /** Escapes quotes, backslashes and control characters from {@code start} on. */
  private static void escape(OutputBuffer out, int start) {
    int end = out.size;
    int more = 0;
    for (int i = start; i < end; i++) {
      byte b = out.bytes[i];
      if (b == '"' || b == '\\') {
        more++;
      } else if (b >= 0 && b < ' ') {
        more += "\b\t\n\f\r".indexOf(b) >= 0 ? 1 : 5;
      }
    }
    if (more == 0) {
      return;
    }
    byte[] bytes = out.ensure(more);
    int to = end + more;
    out.size = to;
    for (int i = end - 1; i >= start; i--) {
      byte b = bytes[i];
      if (b == '"' || b == '\\') {
        bytes[--to] = b;
        bytes[--to] = '\\';
      } else if (b >= 0 && b < ' ') {
        int known = "\b\t\n\f\r".indexOf(b);
        if (known >= 0) {
          bytes[--to] = (byte) "btnfr".charAt(known);
        } else {
          bytes[--to] = HEX[b & 15];
          bytes[--to] = HEX[b >> 4];
          bytes[--to] = '0';
          bytes[--to] = '0';
          bytes[--to] = 'u';
        }
        bytes[--to] = '\\';
      } else {
        bytes[--to] = b;
      }
    }
  }
}

package io.copyload.engine.export;

import io.copyload.engine.store.ColumnVector;
import java.nio.ByteBuffer;

/** Arrays as PostgreSQL prints them: {@code {1,NULL,"a b"}}. Threads: one. */
final class ArrayText {
  private final ValueText element;
  private final boolean nested;

  /** One element, in the layout of a column. */
  private final ColumnVector vector;

  private final ExportColumn column;

  ArrayText(ValueText element, boolean nested, ColumnVector vector) {
    this.element = element;
    this.nested = nested;
    this.vector = vector;
    column = ExportColumn.of(vector);
  }

  void append(byte[] bytes, int begin, OutputBuffer out) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int count = in.getInt(begin);
    int at = begin + 4;
    out.put((byte) '{');
    for (int i = 0; i < count; i++) {
      if (i > 0) {
        out.put((byte) ',');
      }
      int length = in.getInt(at);
      at += 4;
      if (length < 0) {
        out.putAscii("NULL");
        continue;
      }
      if (vector.type().isBytes()) {
        vector.bytes = bytes;
        vector.begin[0] = at;
        vector.length[0] = length;
      } else {
        for (int lane = 0; lane < vector.lanes.length; lane++) {
          vector.lanes[lane][0] = in.getLong(at + 8 * lane);
        }
      }
      int start = out.size;
      element.append(column, 0, out);
      if (!nested) {
        quote(start, out);
      }
      at += length;
    }
    out.put((byte) '}');
  }

  private static void quote(int start, OutputBuffer out) {
    int end = out.size;
    boolean needed = end == start || isNull(out.bytes, start, end);
    int escapes = 0;
    for (int i = start; i < end; i++) {
      byte b = out.bytes[i];
      switch (b) {
        case '"', '\\' -> {
          escapes++;
          needed = true;
        }
        case '{', '}', ',', ' ', '\t', '\n', '\r', 0x0b, '\f' -> needed = true;
        default -> {}
      }
    }
    if (!needed) {
      return;
    }
    byte[] b = out.ensure(escapes + 2);
    int to = end + escapes + 2;
    out.size = to;
    b[--to] = '"';
    for (int i = end - 1; i >= start; i--) {
      b[--to] = b[i];
      if (b[i] == '"' || b[i] == '\\') {
        b[--to] = '\\';
      }
    }
    b[--to] = '"';
  }

  private static boolean isNull(byte[] b, int start, int end) {
    return end - start == 4
        && (b[start] | 32) == 'n'
        && (b[start + 1] | 32) == 'u'
        && (b[start + 2] | 32) == 'l'
        && (b[start + 3] | 32) == 'l';
  }
}

package io.copyload.engine.format.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The text of a nested value: JSON without blanks, as H2 writes it, or for target columns that are
 * arrays PostgreSQL's array text. Threads: one.
 */
final class NestedText {
  /** Which text is written. */
  enum Form {
    JSON,
    ARRAY
  }

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  final Form form;
  private byte[] bytes = new byte[256];
  private int size;

  NestedText(Form form) {
    this.form = form;
  }

  void clear() {
    size = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  private void room(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
  }

  void append(char c) {
    room(1);
    bytes[size++] = (byte) c;
  }

  /** Appends ASCII as it is. */
  void append(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
  }

  void appendByte(byte b) {
    room(1);
    bytes[size++] = b;
  }

  void appendNull() {
    append(form == Form.JSON ? "null" : "NULL");
  }

  void beginList() {
    append(form == Form.JSON ? '[' : '{');
  }

  void endList() {
    append(form == Form.JSON ? ']' : '}');
  }

  /** Appends a text in quotes. */
  void quoted(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    quoted(utf8, 0, utf8.length);
  }

  /** Appends a text in quotes, from its UTF-8. */
  void quoted(byte[] utf8, int begin, int length) {
    append('"');
    room(length);
    for (int i = begin; i < begin + length; i++) {
      byte c = utf8[i];
      if (c == '"' || c == '\\') {
        append('\\');
        append((char) c);
      } else if (c >= 0 && c < ' ' && form == Form.JSON) {
        control(c);
      } else {
        room(1);
        bytes[size++] = c;
      }
    }
    append('"');
  }

  private void control(byte c) {
    int known = "\b\t\n\f\r".indexOf(c);
    append('\\');
    if (known >= 0) {
      append("btnfr".charAt(known));
    } else {
      append("u00");
      append((char) HEX[c >> 4]);
      append((char) HEX[c & 15]);
    }
  }
}

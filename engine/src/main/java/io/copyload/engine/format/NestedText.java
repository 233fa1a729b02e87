package io.copyload.engine.format;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/** The text of a nested value: JSON without blanks, as H2 writes it. Threads: one. */
public final class NestedText {
  /** Which text is written. */
  public enum Form {
    JSON,
    /** For columns that give each part a type: bytes are hexadecimal, maps are objects always. */
    TYPED
  }

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final Form form;
  private byte[] bytes = new byte[256];
  private int size;

  public NestedText(Form form) {
    this.form = form;
  }

  public void clear() {
    size = 0;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int size() {
    return size;
  }

  /** Whether each part will have a type. */
  public boolean isTyped() {
    return form == Form.TYPED;
  }

  /** Puts what stands from {@code begin} on into quotes, unless it is a text in quotes. */
  public void quoteFrom(int begin) {
    if (size > begin && bytes[begin] == '"') {
      return;
    }
    byte[] inner = Arrays.copyOfRange(bytes, begin, size);
    size = begin;
    quoted(inner, 0, inner.length);
  }

  private void room(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(size + count, bytes.length * 2));
    }
  }

  public void append(char c) {
    room(1);
    bytes[size++] = (byte) c;
  }

  /** Appends ASCII as it is. */
  public void append(String ascii) {
    room(ascii.length());
    for (int i = 0; i < ascii.length(); i++) {
      bytes[size++] = (byte) ascii.charAt(i);
    }
  }

  public void appendByte(byte b) {
    room(1);
    bytes[size++] = b;
  }

  public void appendNull() {
    append("null");
  }

  public void beginList() {
    append('[');
  }

  public void endList() {
    append(']');
  }

  /** Appends a text in quotes. */
  public void quoted(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    quoted(utf8, 0, utf8.length);
  }

  /** Appends a text in quotes, from its UTF-8. */
  public void quoted(byte[] utf8, int begin, int length) {
    append('"');
    room(length);
    for (int i = begin; i < begin + length; i++) {
      byte c = utf8[i];
      if (c == '"' || c == '\\') {
        append('\\');
        append((char) c);
      } else if (c >= 0 && c < ' ') {
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

  /**
   * Appends the value of a vector's first row, which is not NULL: numbers bare, all else quoted.
   */
  public void value(ColumnVector one) {
    TargetType type = one.type();
    switch (type.kind()) {
      case VARCHAR -> quoted(one.bytes, one.begin[0], one.length[0]);
      case VARBINARY ->
          quoted(HexFormat.of().formatHex(one.bytes, one.begin[0], one.begin[0] + one.length[0]));
      default -> {
        String text = text(one);
        boolean exact =
            switch (type.kind()) {
              case BOOLEAN, TINYINT, SMALLINT, INTEGER, BIGINT, NUMERIC -> true;
              default -> false;
            };
        boolean finite = Character.isDigit(text.charAt(text.length() - 1));
        if (exact || isFloat(type) && finite) {
          append(text);
        } else {
          quoted(text);
        }
      }
    }
  }

  private static boolean isFloat(TargetType type) {
    return type.kind() == TargetType.Kind.REAL || type.kind() == TargetType.Kind.DOUBLE;
  }

  private static String text(ColumnVector one) {
    TargetType type = one.type();
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

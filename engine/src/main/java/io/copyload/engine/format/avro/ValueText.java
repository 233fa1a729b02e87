package io.copyload.engine.format.avro;

import io.copyload.engine.format.NestedText;
import io.copyload.engine.format.avro.AvroType.Field;
import io.copyload.engine.format.avro.AvroType.Kind;
import io.copyload.engine.format.avro.AvroType.Logical;
import io.copyload.engine.format.delimited.Utf8Validation;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Writes values as text: nested ones as JSON, single ones as such a text has them. Bytes are
 * strings whose characters are the bytes, as in Avro's own JSON encoding.
 */
final class ValueText {
  /** Longest text of a nested value, Redshift's limit of a SUPER. */
  private static final int MAX_BYTES = 16 << 20;

  private static final long NANOS_PER_DAY = 86_400_000_000_000L;

  private ValueText() {}

  /** Appends the value at the cursor. */
  static void append(AvroType type, BlockCursor in, NestedText out) throws IOException {
    append(type, in, out, 0);
  }

  private static void append(AvroType type, BlockCursor in, NestedText out, int depth)
      throws IOException {
    if (depth > BlockCursor.MAX_DEPTH) {
      throw new IOException("values nested more than " + BlockCursor.MAX_DEPTH + " deep");
    }
    if (out.size() > MAX_BYTES) {
      throw new IOException("a nested value whose text is longer than " + MAX_BYTES + " bytes");
    }
    switch (type.kind) {
      case RECORD -> {
        out.append('{');
        String comma = "";
        for (Field field : type.fields) {
          out.append(comma);
          out.quoted(field.name());
          out.append(':');
          append(field.type(), in, out, depth + 1);
          comma = ",";
        }
        out.append('}');
      }
      case MAP -> {
        out.append('{');
        appendItems(type, in, out, depth);
        out.append('}');
      }
      case ARRAY -> {
        out.beginList();
        appendItems(type, in, out, depth);
        out.endList();
      }
      case UNION ->
          append(type.inner.get(in.readIndex(type.inner.size(), "branch")), in, out, depth + 1);
      case STRING -> {
        int length = in.readLength();
        checkText(in.bytes, in.position, length);
        out.quoted(in.bytes, in.position, length);
        in.position += length;
      }
      case ENUM -> {
        byte[] symbol = type.symbols[in.readIndex(type.symbols.length, "symbol")];
        out.quoted(symbol, 0, symbol.length);
      }
      case NULL -> out.appendNull();
      case BYTES, FIXED -> {
        if (out.isTyped() && type.logical == Logical.NONE) {
          int length = type.kind == Kind.BYTES ? in.readLength() : type.size;
          in.need(length);
          out.quoted(HexFormat.of().formatHex(in.bytes, in.position, in.position + length));
          in.position += length;
        } else {
          single(type, in, out);
        }
      }
      default -> single(type, in, out);
    }
  }

  private static void single(AvroType type, BlockCursor in, NestedText out) throws IOException {
    String text = scalar(type, in);
    if (isBare(type, text)) {
      out.append(text);
    } else {
      out.quoted(text);
    }
  }

  private static void appendItems(AvroType type, BlockCursor in, NestedText out, int depth)
      throws IOException {
    AvroType item = type.element();
    boolean first = true;
    for (long count = in.readItemCount(item); count > 0; count = in.readItemCount(item)) {
      for (long i = 0; i < count; i++) {
        if (!first) {
          out.append(',');
        }
        first = false;
        if (type.kind == Kind.MAP) {
          int length = in.readLength();
          checkText(in.bytes, in.position, length);
          out.quoted(in.bytes, in.position, length);
          in.position += length;
          out.append(':');
        }
        append(item, in, out, depth + 1);
      }
    }
  }

  private static void checkText(byte[] bytes, int begin, int length) throws IOException {
    if (Utf8Validation.firstInvalid(bytes, begin, begin + length, true) >= 0) {
      throw new IOException("a text that is not valid UTF-8");
    }
  }

  /** Whether JSON has the text of a value without quotes. */
  private static boolean isBare(AvroType type, String text) {
    if (type.logical == Logical.DECIMAL) {
      return true;
    }
    return switch (type.kind) {
      case BOOLEAN -> true;
      case INT, LONG -> type.logical == Logical.NONE;
      case FLOAT, DOUBLE -> Character.isDigit(text.charAt(text.length() - 1));
      default -> false;
    };
  }

  /** The text of the value at the cursor, which is neither nested, null nor a string. */
  static String scalar(AvroType type, BlockCursor in) throws IOException {
    return switch (type.kind) {
      case BOOLEAN -> in.readBoolean() ? "true" : "false";
      case FLOAT -> {
        float value = Float.intBitsToFloat(in.readFloatBits());
        yield Float.isFinite(value) ? plain(Float.toString(value)) : Float.toString(value);
      }
      case DOUBLE -> {
        double value = Double.longBitsToDouble(in.readDoubleBits());
        yield Double.isFinite(value) ? plain(Double.toString(value)) : Double.toString(value);
      }
      case INT, LONG -> number(type, type.kind == Kind.INT ? in.readInt() : in.readLong());
      case BYTES, FIXED -> {
        int length = type.kind == Kind.BYTES ? in.readLength() : type.size;
        in.need(length);
        int begin = in.position;
        in.position += length;
        yield bytes(type, in.bytes, begin, length);
      }
      default -> throw new IllegalStateException(type.toString());
    };
  }

  private static String plain(String number) {
    return new BigDecimal(number).stripTrailingZeros().toString();
  }

  private static String number(AvroType type, long value) throws IOException {
    return switch (type.logical) {
      case DATE -> date(value);
      case TIME_MILLIS, TIME_MICROS -> time(timeOfDay(type, value));
      case TIMESTAMP_MILLIS,
          TIMESTAMP_MICROS,
          TIMESTAMP_NANOS,
          LOCAL_TIMESTAMP_MILLIS,
          LOCAL_TIMESTAMP_MICROS,
          LOCAL_TIMESTAMP_NANOS -> {
        long unitsPerDay = NANOS_PER_DAY / nanosPerUnit(type);
        yield date(Math.floorDiv(value, unitsPerDay))
            + " "
            + time(Math.floorMod(value, unitsPerDay) * nanosPerUnit(type))
            + (isInstant(type) ? "+00" : "");
      }
      default -> Long.toString(value);
    };
  }

  static long nanosPerUnit(AvroType type) {
    return switch (type.logical) {
      case TIME_MILLIS, TIMESTAMP_MILLIS, LOCAL_TIMESTAMP_MILLIS -> 1_000_000;
      case TIME_MICROS, TIMESTAMP_MICROS, LOCAL_TIMESTAMP_MICROS -> 1_000;
      default -> 1;
    };
  }

  /** Whether a timestamp is one in UTC, not in local time. */
  static boolean isInstant(AvroType type) {
    return switch (type.logical) {
      case TIMESTAMP_MILLIS, TIMESTAMP_MICROS, TIMESTAMP_NANOS -> true;
      default -> false;
    };
  }

  /** Nanoseconds since midnight. */
  static long timeOfDay(AvroType type, long units) throws IOException {
    if (units < 0 || units >= NANOS_PER_DAY / nanosPerUnit(type)) {
      throw new IOException("a time of day of " + units + " units");
    }
    return units * nanosPerUnit(type);
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

  private static String bytes(AvroType type, byte[] bytes, int begin, int length)
      throws IOException {
    return switch (type.logical) {
      case DECIMAL -> decimal(type, bytes, begin, length);
      case UUID -> new UUID(bigEndian(bytes, begin), bigEndian(bytes, begin + 8)).toString();
      case DURATION -> duration(bytes, begin);
      default -> new String(bytes, begin, length, StandardCharsets.ISO_8859_1);
    };
  }

  static long bigEndian(byte[] bytes, int begin) {
    long value = 0;
    for (int i = begin; i < begin + 8; i++) {
      value = value << 8 | bytes[i] & 0xff;
    }
    return value;
  }

  private static long littleEndian(byte[] bytes, int begin) {
    return (bytes[begin] & 0xffL)
        | (bytes[begin + 1] & 0xffL) << 8
        | (bytes[begin + 2] & 0xffL) << 16
        | (bytes[begin + 3] & 0xffL) << 24;
  }

  /** Months, days and milliseconds in the words of an interval. */
  static String duration(byte[] bytes, int begin) {
    long millis = littleEndian(bytes, begin + 8);
    return littleEndian(bytes, begin)
        + " mons "
        + littleEndian(bytes, begin + 4)
        + " days "
        + millis / 1000
        + "."
        + Long.toString(1000 + millis % 1000).substring(1)
        + " secs";
  }

  /**
   * Where the shortest form of a decimal's big-endian two's complement begins.
   *
   * @throws IOException when it has no bytes or more than its digits can take
   */
  static int decimalBegin(AvroType type, byte[] bytes, int begin, int length) throws IOException {
    if (length == 0) {
      throw new IOException("a decimal without bytes");
    }
    int at = begin;
    int end = begin + length;
    while (end - at > 1 && bytes[at] == bytes[at + 1] >> 7) {
      at++;
    }
    // A digit has 3.32 bits, and there is one for the sign: what is shorter has no more digits.
    int sure = (int) (type.precision * 3321L / 8000);
    if (end - at > sure + 2
        || end - at >= sure
            && new BigInteger(bytes, at, end - at).abs().compareTo(type.limit) >= 0) {
      throw tooManyDigits(type);
    }
    return at;
  }

  static IOException tooManyDigits(AvroType type) {
    return new IOException("a decimal of more than " + type.precision + " digits");
  }

  private static String decimal(AvroType type, byte[] bytes, int begin, int length)
      throws IOException {
    int at = decimalBegin(type, bytes, begin, length);
    BigInteger unscaled = new BigInteger(Arrays.copyOfRange(bytes, at, begin + length));
    return new BigDecimal(unscaled, type.scale).toPlainString();
  }
}

package io.copyload.engine.convert;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Prints values of column vectors as PostgreSQL prints them, straight from the format that
 * TargetType documents.
 */
final class LaneText {
  private LaneText() {}

  static String format(TargetType type, ColumnVector vector, int row) {
    if (type.isBytes()) {
      byte[] value =
          Arrays.copyOfRange(
              vector.bytes, vector.begin[row], vector.begin[row] + vector.length[row]);
      return format(type, null, value);
    }
    long[] lanes = new long[type.laneCount()];
    for (int i = 0; i < lanes.length; i++) {
      lanes[i] = vector.lanes[i][row];
    }
    return format(type, lanes, null);
  }

  static String format(TargetType type, long[] lanes, byte[] bytes) {
    return switch (type.kind()) {
      case BOOLEAN -> lanes[0] == 1 ? "true" : "false";
      case TINYINT, SMALLINT, INTEGER, BIGINT, ENUM -> Long.toString(lanes[0]);
      case NUMERIC ->
          new BigDecimal(
                  lanes != null ? BigInteger.valueOf(lanes[0]) : new BigInteger(bytes),
                  type.scale())
              .toPlainString();
      case DECFLOAT -> decfloat(bytes);
      case REAL -> floating(shortest(Float.intBitsToFloat((int) lanes[0])));
      case DOUBLE -> floating(Double.toString(Double.longBitsToDouble(lanes[0])));
      case CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB, JSON ->
          new String(bytes, StandardCharsets.UTF_8);
      case BINARY, VARBINARY, BLOB, GEOMETRY -> "\\x" + HexFormat.of().formatHex(bytes);
      case DATE -> date(lanes[0]) + era(lanes[0]);
      case TIME -> time(lanes[0]);
      case TIME_TZ -> time(lanes[0]) + offset(lanes[1]);
      case TIMESTAMP -> date(lanes[0]) + " " + time(lanes[1]) + era(lanes[0]);
      case TIMESTAMP_TZ -> date(lanes[0]) + " " + time(lanes[1]) + offset(lanes[2]) + era(lanes[0]);
      case UUID -> new UUID(lanes[0], lanes[1]).toString();
      case ARRAY -> array(type, bytes);
      default -> type.kind().isInterval() ? interval(lanes) : HexFormat.of().formatHex(bytes);
    };
  }

  private static String interval(long[] lanes) {
    boolean negative = lanes[0] < 0;
    return (negative ? "-" : "") + (negative ? ~lanes[0] : lanes[0]) + "/" + lanes[1];
  }

  private static String decfloat(byte[] bytes) {
    int scale = ByteBuffer.wrap(bytes).getInt();
    if (scale == Integer.MIN_VALUE) {
      return bytes[4] == 0 ? "NaN" : bytes[4] > 0 ? "Infinity" : "-Infinity";
    }
    return new BigDecimal(new BigInteger(bytes, 4, bytes.length - 4), scale).toPlainString();
  }

  /** Java 17's own text of a float may have a digit too many. */
  private static String shortest(float value) {
    for (int digits = 1; digits < 9 && Float.isFinite(value); digits++) {
      String text = new BigDecimal(value).round(new MathContext(digits)).toString();
      if (Float.parseFloat(text) == value) {
        return text;
      }
    }
    return Float.toString(value);
  }

  private static String floating(String java) {
    if (java.equals("NaN") || java.endsWith("Infinity")) {
      return java;
    }
    BigDecimal value = new BigDecimal(java).stripTrailingZeros();
    int exponent = value.precision() - value.scale() - 1;
    if (exponent >= -4 && exponent < 7) {
      return value.toPlainString();
    }
    String digits = value.unscaledValue().abs().toString();
    return (value.signum() < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + "e"
        + (exponent < 0 ? "-" : "+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }

  private static String date(long day) {
    LocalDate date = LocalDate.ofEpochDay(day);
    int year = date.getYear();
    return String.format(
        java.util.Locale.ROOT,
        "%04d-%02d-%02d",
        year <= 0 ? 1 - year : year,
        date.getMonthValue(),
        date.getDayOfMonth());
  }

  private static String era(long day) {
    return LocalDate.ofEpochDay(day).getYear() <= 0 ? " BC" : "";
  }

  private static String time(long nanos) {
    long second = nanos / 1_000_000_000;
    String fraction =
        String.format(java.util.Locale.ROOT, ".%09d", nanos % 1_000_000_000)
            .replaceAll("\\.?0+$", "");
    return String.format(
            java.util.Locale.ROOT, "%02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60)
        + fraction;
  }

  private static String offset(long seconds) {
    long s = Math.abs(seconds);
    StringBuilder text = new StringBuilder(seconds < 0 ? "-" : "+");
    text.append(String.format(java.util.Locale.ROOT, "%02d", s / 3600));
    if (s % 3600 != 0) {
      text.append(String.format(java.util.Locale.ROOT, ":%02d", s / 60 % 60));
    }
    if (s % 60 != 0) {
      text.append(String.format(java.util.Locale.ROOT, ":%02d", s % 60));
    }
    return text.toString();
  }

  private static String array(TargetType type, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    int count = in.getInt();
    StringBuilder text = new StringBuilder("{");
    for (int i = 0; i < count; i++) {
      text.append(i > 0 ? "," : "");
      int length = in.getInt();
      if (length < 0) {
        text.append("NULL");
        continue;
      }
      byte[] value = new byte[length];
      in.get(value);
      TargetType element = type.element();
      if (element.isBytes()) {
        String inner = format(element, null, value);
        text.append(element.kind() == TargetType.Kind.ARRAY ? inner : quote(inner));
      } else {
        long[] lanes = new long[element.laneCount()];
        ByteBuffer.wrap(value).asLongBuffer().get(lanes);
        text.append(quote(format(element, lanes, null)));
      }
    }
    if (in.hasRemaining()) {
      throw new IllegalStateException("bytes behind the last element");
    }
    return text.append('}').toString();
  }

  private static String quote(String element) {
    boolean plain =
        !element.isEmpty()
            && !element.equalsIgnoreCase("null")
            && element.chars().noneMatch(c -> "{}\",\\ \t\n".indexOf(c) >= 0);
    return plain ? element : '"' + element.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

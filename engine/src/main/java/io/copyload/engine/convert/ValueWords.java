package io.copyload.engine.convert;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.UUID;

/** Text of a converted value, in a form that the converters of all types read back. */
final class ValueWords {
  private ValueWords() {}

  /** The text of a row's value, which is not NULL and not one of a character or binary type. */
  static String of(ColumnVector vector, int row) {
    TargetType type = vector.type();
    if (type.isBytes()) {
      return ofBytes(type, ByteBuffer.wrap(vector.bytes, vector.begin[row], vector.length[row]));
    }
    long value = vector.lanes[0][row];
    return switch (type.kind()) {
      case BOOLEAN -> value != 0 ? "true" : "false";
      case NUMERIC -> BigDecimal.valueOf(value, type.scale()).toPlainString();
      case REAL -> Float.toString(Float.intBitsToFloat((int) value));
      case DOUBLE -> Double.toString(Double.longBitsToDouble(value));
      case DATE -> date(value, "");
      case TIME -> LocalTime.ofNanoOfDay(value).toString();
      case TIME_TZ -> LocalTime.ofNanoOfDay(value) + offset(vector.lanes[1][row]);
      case TIMESTAMP -> date(value, " " + LocalTime.ofNanoOfDay(vector.lanes[1][row]));
      case TIMESTAMP_TZ ->
          date(
              value,
              " " + LocalTime.ofNanoOfDay(vector.lanes[1][row]) + offset(vector.lanes[2][row]));
      case UUID -> new UUID(value, vector.lanes[1][row]).toString();
      case ENUM -> type.enumLabels().get((int) value - 1);
      default -> Long.toString(value);
    };
  }

  private static String date(long epochDay, String behind) {
    LocalDate date = LocalDate.ofEpochDay(epochDay);
    boolean bc = date.getYear() < 1;
    String year = String.format("%04d", bc ? 1 - date.getYear() : date.getYear());
    return year
        + String.format("-%02d-%02d", date.getMonthValue(), date.getDayOfMonth())
        + behind
        + (bc ? " BC" : "");
  }

  private static String offset(long seconds) {
    String id = ZoneOffset.ofTotalSeconds((int) seconds).getId();
    return id.equals("Z") ? "+00" : id;
  }

  private static String ofBytes(TargetType type, ByteBuffer value) {
    int scale = type.scale();
    if (type.kind() == TargetType.Kind.DECFLOAT) {
      scale = value.getInt();
    }
    byte[] unscaled = new byte[value.remaining()];
    value.get(unscaled);
    if (scale == Integer.MIN_VALUE) {
      return unscaled[0] == 0 ? "NaN" : unscaled[0] > 0 ? "Infinity" : "-Infinity";
    }
    return new BigDecimal(new BigInteger(unscaled), scale).toPlainString();
  }
}

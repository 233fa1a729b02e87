package io.copyload.engine.load;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.HexFormat;
import java.util.UUID;

/** Text of a converted value for a message about a row whose input is binary. */
final class VectorText {
  private static final int MAX_BYTES = 64;

  private VectorText() {}

  /** The value of a row, cut to 64 bytes as PostgreSQL does. */
  static String of(ColumnVector vector, int row) {
    if (vector.nulls[row]) {
      return "null";
    }
    TargetType type = vector.type();
    return type.isBytes() ? ofBytes(vector, row) : ofLanes(type, vector.lanes, row);
  }

  private static String ofLanes(TargetType type, long[][] lanes, int row) {
    long value = lanes[0][row];
    return switch (type.kind()) {
      case BOOLEAN -> value != 0 ? "t" : "f";
      case NUMERIC -> BigDecimal.valueOf(value, type.scale()).toPlainString();
      case REAL -> Float.toString(Float.intBitsToFloat((int) value));
      case DOUBLE -> Double.toString(Double.longBitsToDouble(value));
      case DATE -> LocalDate.ofEpochDay(value).toString();
      case TIME, TIME_TZ -> LocalTime.ofNanoOfDay(value).toString();
      case TIMESTAMP, TIMESTAMP_TZ ->
          LocalDate.ofEpochDay(value) + " " + LocalTime.ofNanoOfDay(lanes[1][row]);
      case UUID -> new UUID(value, lanes[1][row]).toString();
      case ENUM -> type.enumLabels().get((int) value - 1);
      default -> Long.toString(value);
    };
  }

  private static String ofBytes(ColumnVector vector, int row) {
    byte[] bytes = vector.bytes;
    int begin = vector.begin[row];
    int end = begin + vector.length[row];
    return switch (vector.type().kind()) {
      case CHAR, VARCHAR, VARCHAR_IGNORECASE, CLOB, JSON -> cut(bytes, begin, end);
      case NUMERIC ->
          new BigDecimal(new BigInteger(bytes, begin, end - begin), vector.type().scale())
              .toPlainString();
      case BINARY, VARBINARY, BLOB -> {
        int stop = Math.min(end, begin + MAX_BYTES / 2 - 1);
        yield "\\x" + HexFormat.of().formatHex(bytes, begin, stop) + (stop < end ? "..." : "");
      }
      default -> "...";
    };
  }

  private static String cut(byte[] bytes, int begin, int end) {
    int stop = end;
    if (end - begin > MAX_BYTES) {
      stop = begin + MAX_BYTES;
      while ((bytes[stop] & 0xc0) == 0x80) {
        stop--;
      }
    }
    return Failures.text(bytes, begin, stop) + (stop < end ? "..." : "");
  }
}

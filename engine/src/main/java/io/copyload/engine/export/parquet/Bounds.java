package io.copyload.engine.export.parquet;

import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.parquet.ParquetColumn.Form;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Least and greatest value of a column, in the order that the Parquet format gives its type. There
 * are none with NaN among the values, whose order is open, and with long ones. Threads: one.
 */
final class Bounds {
  /** Longest value that is worth its place in the footer, which readers keep. */
  private static final int MAX_LENGTH = 128;

  private static final int NONE = -1;
  private static final int UNKNOWN = -2;

  private final Form form;
  private final byte[] min = new byte[MAX_LENGTH];
  private final byte[] max = new byte[MAX_LENGTH];

  /** Bytes of the least value, or {@link #NONE} or {@link #UNKNOWN}. */
  private int minLength = NONE;

  private int maxLength = NONE;

  Bounds(Form form) {
    this.form = form;
  }

  void clear() {
    minLength = NONE;
    maxLength = NONE;
  }

  /** Takes a value, without the length before it that it has on pages. */
  void add(byte[] bytes, int begin, int length) {
    if (minLength == UNKNOWN) {
      return;
    }
    if (length > MAX_LENGTH || isNaN(bytes, begin)) {
      minLength = UNKNOWN;
      return;
    }
    if (minLength == NONE || compare(bytes, begin, length, min, minLength) < 0) {
      System.arraycopy(bytes, begin, min, 0, length);
      minLength = length;
    }
    if (maxLength == NONE || compare(bytes, begin, length, max, maxLength) > 0) {
      System.arraycopy(bytes, begin, max, 0, length);
      maxLength = length;
    }
  }

  private boolean isNaN(byte[] bytes, int begin) {
    return switch (form) {
      case FLOAT -> Float.isNaN(Float.intBitsToFloat(int32(bytes, begin)));
      case DOUBLE -> Double.isNaN(Double.longBitsToDouble(int64(bytes, begin)));
      default -> false;
    };
  }

  private int compare(byte[] bytes, int begin, int length, byte[] other, int otherLength) {
    return switch (form) {
      case INT32, DATE, DECIMAL32 -> Integer.compare(int32(bytes, begin), int32(other, 0));
      case INT64, TIME, TIME_TZ, TIMESTAMP, TIMESTAMP_TZ, DECIMAL64 ->
          Long.compare(int64(bytes, begin), int64(other, 0));
      case FLOAT ->
          Float.compare(
              Float.intBitsToFloat(int32(bytes, begin)), Float.intBitsToFloat(int32(other, 0)));
      case DOUBLE ->
          Double.compare(
              Double.longBitsToDouble(int64(bytes, begin)),
              Double.longBitsToDouble(int64(other, 0)));
      case DECIMAL128 -> {
        // Two's complement with the highest byte first: its sign decides, then all bytes.
        int first = Byte.compare(bytes[begin], other[0]);
        yield first != 0
            ? first
            : Arrays.compareUnsigned(bytes, begin, begin + length, other, 0, otherLength);
      }
      case BOOLEAN, UUID, BYTES, TEXT, JSON, PRINTED ->
          Arrays.compareUnsigned(bytes, begin, begin + length, other, 0, otherLength);
    };
  }

  private static int int32(byte[] b, int at) {
    return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getInt(at);
  }

  private static long int64(byte[] b, int at) {
    return ByteBuffer.wrap(b).order(ByteOrder.LITTLE_ENDIAN).getLong(at);
  }

  /** Appends both for {@link #add(ByteBuffer)}. */
  void write(OutputBuffer out) {
    out.putInt(minLength);
    if (minLength >= 0) {
      out.put(min, 0, minLength);
      out.putInt(maxLength);
      out.put(max, 0, maxLength);
    }
  }

  /** Takes what {@link #write} has written for other values. */
  void add(ByteBuffer in) {
    int length = in.getInt();
    if (length == UNKNOWN) {
      minLength = UNKNOWN;
    } else if (length >= 0) {
      add(in.array(), in.position(), length);
      in.position(in.position() + length);
      length = in.getInt();
      add(in.array(), in.position(), length);
      in.position(in.position() + length);
    }
  }

  /** Whether there are bounds. */
  boolean areKnown() {
    return minLength >= 0;
  }

  byte[] min() {
    byte[] value = Arrays.copyOf(min, minLength);
    if (minLength > 0 && isZero(value)) {
      // Readers may take -0 and 0 for one: as the format asks, the bound is the lesser.
      value[value.length - 1] = (byte) 0x80;
    }
    return value;
  }

  byte[] max() {
    byte[] value = Arrays.copyOf(max, maxLength);
    if (maxLength > 0 && isZero(value)) {
      value[value.length - 1] = 0;
    }
    return value;
  }

  private boolean isZero(byte[] value) {
    return switch (form) {
      case FLOAT -> Float.intBitsToFloat(int32(value, 0)) == 0;
      case DOUBLE -> Double.longBitsToDouble(int64(value, 0)) == 0;
      default -> false;
    };
  }
}

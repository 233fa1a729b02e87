package io.copyload.engine.convert;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Integers in network byte order. */
final class BigEndian {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndian() {}

  /** The signed integer of 1, 2, 4 or 8 bytes. */
  static long signed(byte[] bytes, int at, int width) {
    return switch (width) {
      case 1 -> bytes[at];
      case 2 -> (short) SHORTS.get(bytes, at);
      case 4 -> (int) INTS.get(bytes, at);
      default -> (long) LONGS.get(bytes, at);
    };
  }

  static int int16(byte[] bytes, int at) {
    return (short) SHORTS.get(bytes, at);
  }

  static int int32(byte[] bytes, int at) {
    return (int) INTS.get(bytes, at);
  }

  static long int64(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }
}

package io.copyload.engine.export;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Puts integers in network byte order. */
final class BigEndianOutput {
  private static final VarHandle SHORTS =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private BigEndianOutput() {}

  static void putInt16(int value, OutputBuffer out) {
    SHORTS.set(out.ensure(2), out.size, (short) value);
    out.size += 2;
  }

  static void putInt32(int value, OutputBuffer out) {
    INTS.set(out.ensure(4), out.size, value);
    out.size += 4;
  }

  static void putInt64(long value, OutputBuffer out) {
    LONGS.set(out.ensure(8), out.size, value);
    out.size += 8;
  }

  /** Writes the count of the bytes behind a place into the four bytes there. */
  static void setLength(int at, OutputBuffer out) {
    INTS.set(out.bytes, at, out.size - at - 4);
  }
}

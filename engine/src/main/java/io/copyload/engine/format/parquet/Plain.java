package io.copyload.engine.format.parquet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Little-endian numbers, as PLAIN writes them. */
final class Plain {
  static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private Plain() {}

  static int int32(byte[] bytes, int position) {
    return (int) INTS.get(bytes, position);
  }

  static long int64(byte[] bytes, int position) {
    return (long) LONGS.get(bytes, position);
  }
}

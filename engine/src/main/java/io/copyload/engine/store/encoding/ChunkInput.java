package io.copyload.engine.store.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Little-endian cursor over one stored value. Reading past the end throws {@link
 * MalformedChunkException}. Threads: one owner.
 */
public final class ChunkInput {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final int limit;
  private int position;

  public ChunkInput(byte[] bytes, int begin, int end) {
    this.bytes = bytes;
    position = begin;
    limit = end;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int position() {
    return position;
  }

  public int limit() {
    return limit;
  }

  public int remaining() {
    return limit - position;
  }

  /** Moves over {@code count} bytes and returns where they begin. */
  public int skip(long count) {
    if (count < 0 || count > limit - position) {
      throw new MalformedChunkException("it ends too early");
    }
    int begin = position;
    position += (int) count;
    return begin;
  }

  public int readUnsignedByte() {
    return bytes[skip(1)] & 0xff;
  }

  public int readInt() {
    return (int) INT.get(bytes, skip(Integer.BYTES));
  }

  public long readLong() {
    return (long) LONG.get(bytes, skip(Long.BYTES));
  }

  public void readLongs(long[] target, int count) {
    int at = skip((long) count * Long.BYTES);
    for (int i = 0; i < count; i++, at += Long.BYTES) {
      target[i] = (long) LONG.get(bytes, at);
    }
  }

  /** Reads a count that must lie in {@code 0 .. max}. */
  public int readCount(int max) {
    int count = readInt();
    if (count < 0 || count > max) {
      throw new MalformedChunkException("a count of " + count + " is out of range");
    }
    return count;
  }
}

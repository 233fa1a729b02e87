package io.copyload.engine.store.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;

/**
 * Little-endian output of one stored value after the other, cut into parts of a fixed size and
 * closed by a CRC32C of everything before it. Holds one part in memory, whatever the size of the
 * value.
 *
 * <p>Threads: one owner. Order of calls: {@link #begin}, writes, {@link #finish}; then the facts
 * about the value.
 */
public final class ChunkOutput {
  /** Receives finished parts, numbered from 0. */
  public interface PartSink {
    void part(int index, byte[] bytes);
  }

  /** Bytes that a kernel may write from {@link #position} on before it calls {@link #moveTo}. */
  static final int BLOCK_BYTES = 16 << 10;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final int partBytes;
  private final byte[] buffer;
  private final CRC32C crc = new CRC32C();
  private PartSink sink;
  private int position;
  private int partCount;
  private int checksum;
  private long flushedBytes;

  /**
   * @param partBytes size of every part but the last
   */
  public ChunkOutput(int partBytes) {
    this.partBytes = partBytes;
    buffer = new byte[partBytes + BLOCK_BYTES + Long.BYTES];
  }

  /** Starts a value whose parts go to {@code sink}. */
  public void begin(PartSink newSink) {
    sink = Objects.requireNonNull(newSink, "newSink");
    crc.reset();
    position = 0;
    partCount = 0;
    flushedBytes = 0;
  }

  /** Writes the checksum and hands over the last part. */
  public void finish() {
    crc.update(buffer, 0, position);
    checksum = (int) crc.getValue();
    writeInt(checksum);
    if (position > 0) {
      sink.part(partCount++, Arrays.copyOf(buffer, position));
      flushedBytes += position;
      position = 0;
    }
    sink = null;
  }

  /** Parts of the finished value. */
  public int partCount() {
    return partCount;
  }

  /** Bytes of the value so far, checksum included when it is finished. */
  public int byteCount() {
    return Math.toIntExact(flushedBytes + position);
  }

  /** The finished value's checksum. */
  public int checksum() {
    return checksum;
  }

  byte[] buffer() {
    return buffer;
  }

  int position() {
    return position;
  }

  /** The bytes from {@link #position} to {@code newPosition} have been written by the caller. */
  void moveTo(int newPosition) {
    position = newPosition;
    if (position >= partBytes) {
      flush();
    }
  }

  public void writeByte(int value) {
    buffer[position] = (byte) value;
    moveTo(position + 1);
  }

  public void writeInt(int value) {
    INT.set(buffer, position, value);
    moveTo(position + Integer.BYTES);
  }

  public void writeLong(long value) {
    LONG.set(buffer, position, value);
    moveTo(position + Long.BYTES);
  }

  public void writeBytes(byte[] source, int offset, int count) {
    int from = offset;
    int end = offset + count;
    while (end - from >= partBytes - position) {
      // A part that gets full is put together without a detour over the buffer.
      byte[] part = new byte[partBytes];
      System.arraycopy(buffer, 0, part, 0, position);
      int n = partBytes - position;
      System.arraycopy(source, from, part, position, n);
      from += n;
      position = 0;
      hand(part);
    }
    System.arraycopy(source, from, buffer, position, end - from);
    position += end - from;
  }

  public void writeLongs(long[] source, int count) {
    int block = BLOCK_BYTES / Long.BYTES;
    for (int from = 0; from < count; from += block) {
      int to = Math.min(count, from + block);
      int at = position;
      for (int i = from; i < to; i++, at += Long.BYTES) {
        LONG.set(buffer, at, source[i]);
      }
      moveTo(at);
    }
  }

  private void flush() {
    while (position >= partBytes) {
      hand(Arrays.copyOf(buffer, partBytes));
      System.arraycopy(buffer, partBytes, buffer, 0, position - partBytes);
      position -= partBytes;
    }
  }

  private void hand(byte[] part) {
    crc.update(part, 0, part.length);
    sink.part(partCount++, part);
    flushedBytes += part.length;
  }
}

package io.copyload.engine.format.avro;

import io.copyload.engine.source.ByteReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;

/** The stored bytes of a container file from some place on, which know their offset. */
final class ContainerInput implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final ByteReader reader;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int begin;
  private int end;

  /** Offset in the object of the byte at {@code begin}. */
  private long offset;

  ContainerInput(ByteReader reader, long offset) {
    this.reader = reader;
    this.offset = offset;
  }

  /** Offset of the next byte. */
  long offset() {
    return offset;
  }

  /** The array that holds the bytes of {@link #take} until the next call of any method. */
  byte[] buffer() {
    return buffer;
  }

  /** Makes {@code count} bytes available; false when the object ends before. */
  private boolean fill(int count) throws IOException {
    if (end - begin >= count) {
      return true;
    }
    if (buffer.length < count) {
      byte[] larger = new byte[Math.max(count, Math.min(2 * buffer.length, 8 << 20))];
      System.arraycopy(buffer, begin, larger, 0, end - begin);
      buffer = larger;
      end -= begin;
      begin = 0;
    } else if (buffer.length - begin < count) {
      System.arraycopy(buffer, begin, buffer, 0, end - begin);
      end -= begin;
      begin = 0;
    }
    while (end - begin < count) {
      int read = reader.read(buffer, end, buffer.length - end);
      if (read < 0) {
        return false;
      }
      end += read;
    }
    return true;
  }

  boolean atEnd() throws IOException {
    return !fill(1);
  }

  /**
   * Takes the next bytes; returns where in {@link #buffer} they begin.
   *
   * @throws EOFException when there are fewer
   */
  int take(int count, String what) throws IOException {
    if (!fill(count)) {
      throw new EOFException(
          "the file ends inside " + what + " at byte " + (offset + (end - begin)));
    }
    int at = begin;
    begin += count;
    offset += count;
    return at;
  }

  long readLong(String what) throws IOException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      int at = take(1, what);
      byte b = buffer[at];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value >>> 1 ^ -(value & 1);
      }
    }
    throw new IOException("a number of more than 64 bits in " + what + " before byte " + offset);
  }

  /** Moves behind the next sync marker; false when there is none. */
  boolean skipTo(byte[] sync) throws IOException {
    while (fill(sync.length)) {
      int at = indexOf(sync, buffer, begin, end);
      if (at >= 0) {
        offset += at + sync.length - begin;
        begin = at + sync.length;
        return true;
      }
      int passed = end - begin - sync.length + 1;
      begin += passed;
      offset += passed;
    }
    return false;
  }

  /** Where {@code sync} lies whole within a range, or -1. */
  static int indexOf(byte[] sync, byte[] bytes, int from, int to) {
    byte first = sync[0];
    for (int i = from; i <= to - sync.length; i++) {
      if (bytes[i] == first && Arrays.equals(bytes, i, i + sync.length, sync, 0, sync.length)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

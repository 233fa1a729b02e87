package io.copyload.engine.format.shapefile;

import io.copyload.engine.source.ByteReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of one file of the set from some place on, forwards. Threads: one. */
final class ComponentInput implements Closeable {
  private static final int BUFFER_BYTES = 64 << 10;

  private final String name;
  private final ByteReader reader;
  private byte[] buffer = new byte[BUFFER_BYTES];
  private int begin;
  private int end;
  private long position;

  ComponentInput(String name, ByteReader reader, long position) {
    this.name = name;
    this.reader = reader;
    this.position = position;
  }

  /** Offset of the next byte in the decompressed file. */
  long position() {
    return position;
  }

  /**
   * Takes the next bytes: a view that holds until the next call of any method. The buffer grows as
   * bytes come, not as a damaged file claims.
   *
   * @throws EOFException when there are fewer
   */
  ByteBuffer take(int count) throws IOException {
    while (end - begin < count) {
      if (begin > 0) {
        System.arraycopy(buffer, begin, buffer, 0, end - begin);
        end -= begin;
        begin = 0;
      }
      if (end == buffer.length) {
        buffer = java.util.Arrays.copyOf(buffer, (int) Math.min(2L * end, count));
      }
      int read = reader.read(buffer, end, buffer.length - end);
      if (read < 0) {
        throw new EOFException("\"" + name + "\" ends at byte " + (position + end) + ", too early");
      }
      end += read;
    }
    ByteBuffer taken = ByteBuffer.wrap(buffer, begin, count).slice();
    begin += count;
    position += count;
    return taken;
  }

  /** Moves on to an offset that is not behind the present one. */
  void skipTo(long target) throws IOException {
    while (position < target) {
      if (begin == end) {
        begin = 0;
        end = reader.read(buffer, 0, buffer.length);
        if (end < 0) {
          end = 0;
          throw new EOFException("\"" + name + "\" ends at byte " + position + ", too early");
        }
      }
      int count = (int) Math.min(end - begin, target - position);
      begin += count;
      position += count;
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

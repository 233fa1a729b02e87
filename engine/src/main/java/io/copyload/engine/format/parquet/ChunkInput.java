package io.copyload.engine.format.parquet;

import io.copyload.engine.source.ByteReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * The bytes of one column chunk, from its first page to its last, through a window that moves
 * forward. Threads: one.
 */
final class ChunkInput extends InputStream implements Closeable {
  private static final int LEAST_WINDOW = 8 << 10;
  private static final byte[] NO_BYTES = new byte[0];

  /** Null when the whole chunk is in the window. */
  private final ByteReader reader;

  private byte[] window;
  private int position;
  private int end;
  private long unread;

  /** A chunk that is in memory. */
  ChunkInput(byte[] bytes, int begin, int end) {
    reader = null;
    window = bytes;
    position = begin;
    this.end = end;
  }

  /**
   * A chunk that is read as it is needed.
   *
   * @param reader at the chunk's first byte; closed with this
   * @param length of the chunk in bytes
   * @param windowBytes how much is read at a time
   */
  ChunkInput(ByteReader reader, long length, int windowBytes) {
    this.reader = reader;
    window = new byte[(int) Math.min(length, Math.max(LEAST_WINDOW, windowBytes))];
    unread = length;
  }

  /** Whether no byte is left. */
  boolean atEnd() {
    return position == end && unread == 0;
  }

  /** Bytes that are left. */
  long remaining() {
    return end - position + unread;
  }

  /**
   * Makes the next {@code count} bytes one range of {@link #bytes} and steps over them.
   *
   * @return where they begin
   * @throws EOFException when the chunk has fewer
   */
  int take(int count) throws IOException {
    if (count > end - position) {
      if (count > remaining()) {
        throw new EOFException(
            "a page of " + count + " bytes is longer than the rest of its column chunk");
      }
      byte[] target = count > window.length ? new byte[count] : window;
      System.arraycopy(window, position, target, 0, end - position);
      end -= position;
      position = 0;
      window = target;
      while (end < count) {
        fill();
      }
    }
    int begin = position;
    position += count;
    return begin;
  }

  /** How much larger the window would become by taking so many bytes. */
  int growth(int count) {
    return reader == null ? 0 : Math.max(0, count - window.length);
  }

  /** What {@link #take} points into, until the next call. */
  byte[] bytes() {
    return window;
  }

  private void fill() throws IOException {
    int count = reader.read(window, end, (int) Math.min(window.length - end, unread));
    if (count < 0) {
      throw new EOFException("the file ends inside a column chunk");
    }
    end += count;
    unread -= count;
  }

  @Override
  public int read() throws IOException {
    if (position == end) {
      if (unread == 0) {
        return -1;
      }
      position = 0;
      end = 0;
      fill();
    }
    return window[position++] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    int first = read();
    if (first < 0) {
      return -1;
    }
    buffer[offset] = (byte) first;
    int more = Math.min(length - 1, end - position);
    System.arraycopy(window, position, buffer, offset + 1, more);
    position += more;
    return 1 + more;
  }

  @Override
  public void close() throws IOException {
    window = NO_BYTES;
    position = 0;
    end = 0;
    if (reader != null) {
      reader.close();
    }
  }
}

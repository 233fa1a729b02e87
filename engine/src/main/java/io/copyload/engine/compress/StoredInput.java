package io.copyload.engine.compress;

import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.util.Arrays;

/** A window on stored bytes that only moves forward. Threads: one at a time. */
final class StoredInput {
  private static final int READ_BYTES = 64 << 10;

  private final ByteReader in;

  /** Valid from {@link #next} to {@link #end}. */
  byte[] bytes;

  int next;
  int end;

  /** Offset in the object of {@code bytes[0]}. */
  private long base;

  private boolean atEnd;

  StoredInput(byte[] head, int length, ByteReader in) {
    this.in = in;
    bytes = Arrays.copyOf(head, Math.max(length, READ_BYTES));
    end = length;
  }

  int available() {
    return end - next;
  }

  /** Offset in the object of {@link #next}. */
  long offset() {
    return base + next;
  }

  /**
   * Reads until {@code count} bytes are available; false when the object ends before, and then all
   * that is left is available.
   */
  boolean has(int count) throws IOException {
    while (end - next < count) {
      if (atEnd) {
        return false;
      }
      if (bytes.length - next < count) {
        System.arraycopy(bytes, next, bytes, 0, end - next);
        base += next;
        end -= next;
        next = 0;
        if (bytes.length < count) {
          bytes = Arrays.copyOf(bytes, (int) Math.max(count, Math.min(2L * bytes.length, 1 << 30)));
        }
      }
      if (next == end) {
        base += next;
        next = 0;
        end = 0;
      }
      int read = in.read(bytes, end, bytes.length - end);
      if (read < 0) {
        atEnd = true;
      } else {
        end += read;
      }
    }
    return true;
  }

  /** Whether the object has no bytes left. */
  boolean ended() throws IOException {
    return !has(1);
  }

  int byteAt(int ahead) {
    return bytes[next + ahead] & 255;
  }

  int intLe(int ahead) {
    return byteAt(ahead)
        | byteAt(ahead + 1) << 8
        | byteAt(ahead + 2) << 16
        | byteAt(ahead + 3) << 24;
  }

  int intBe(int ahead) {
    return Integer.reverseBytes(intLe(ahead));
  }

  void copy(byte[] target, int count) {
    System.arraycopy(bytes, next, target, 0, count);
  }

  void skip(int count) {
    next += count;
  }

  void close() throws IOException {
    in.close();
  }
}

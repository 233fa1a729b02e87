package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.delimited.RecordCutter;
import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.util.Arrays;

/**
 * The bytes of a slice's load unit: a window of decoded bytes of one object that only moves
 * forward.
 */
final class UnitBuffer {
  private static final int READ_BYTES = 1 << 20;

  private final CancelToken cancel;

  /** The window, and room behind it. */
  byte[] bytes = new byte[0];

  /** End of the valid bytes. */
  int end;

  /** Offset in the decoded object of {@code bytes[0]}. */
  long base;

  /** The object ends at {@link #end}. */
  boolean atEnd;

  private ByteReader reader;

  UnitBuffer(CancelToken cancel) {
    this.cancel = cancel;
  }

  /** Empties the window, which then begins at {@code base} and is filled from {@code reader}. */
  void reset(ByteReader newReader, long newBase) {
    reader = newReader;
    base = newBase;
    end = 0;
    atEnd = false;
  }

  /** Reads until {@link #end} is at least {@code wanted} or the object ends. */
  void fill(int wanted) throws IOException {
    if (bytes.length < wanted + RecordCutter.PADDING) {
      // The bytes behind the window serve for unescaped text.
      long room = (long) wanted + wanted / 16 + 4096;
      bytes = Arrays.copyOf(bytes, (int) Math.min(room, Integer.MAX_VALUE - 8));
    }
    while (end < wanted && !atEnd) {
      cancel.check();
      int count = reader.read(bytes, end, Math.min(wanted - end, READ_BYTES));
      if (count < 0) {
        atEnd = true;
      } else {
        end += count;
      }
    }
  }

  /** Puts bytes that were read before in front of those to be read. */
  void prepend(byte[] source, int count) {
    if (bytes.length < count + RecordCutter.PADDING) {
      bytes = new byte[count + count / 16 + 4096];
    }
    System.arraycopy(source, 0, bytes, 0, count);
    end = count;
  }

  /** Drops the bytes before {@code from}. */
  void dropBefore(int from) {
    System.arraycopy(bytes, from, bytes, 0, end - from);
    end -= from;
    base += from;
  }

  /** Gives a large array back after an unusually long record. */
  void shrink(int usualBytes) {
    if (bytes.length > 4L * usualBytes + (1 << 20)) {
      bytes = new byte[0];
    }
  }
}

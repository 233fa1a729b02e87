package io.copyload.engine.format.orc;

import io.airlift.compress.MalformedInputException;
import io.copyload.engine.format.DamageText;
import io.copyload.engine.source.ByteReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/**
 * The bytes of one stream of a stripe, decompressed block by block. Threads: one.
 *
 * <p><b>Format.</b> A compressed stream is blocks, each behind three bytes, little-endian: the
 * stored length times two, plus one when the block is stored as it is.
 */
final class StreamInput implements Closeable {
  private static final int HEADER_BYTES = 3;

  private final OrcCodec codec;
  private final int blockBytes;
  private final HeapBudget heap;

  /** Null when everything is in the window. */
  private final ByteReader reader;

  private byte[] window;
  private int windowAt;
  private int windowEnd;
  private long unread;

  private byte[] block = new byte[0];

  /** What is ready: the block, or a part of the window. */
  private byte[] plain;

  private int at;
  private int end;

  /** A stream that is in memory. */
  StreamInput(byte[] bytes, int begin, int end, OrcCodec codec, int blockBytes, HeapBudget heap) {
    this.codec = codec;
    this.blockBytes = blockBytes;
    this.heap = heap;
    reader = null;
    window = bytes;
    windowAt = begin;
    windowEnd = end;
    plain = bytes;
  }

  /**
   * A stream that is read as it is needed.
   *
   * @param reader at its first byte; closed with this
   * @param length stored bytes
   * @param windowBytes how much is read at a time
   */
  StreamInput(
      ByteReader reader,
      long length,
      int windowBytes,
      OrcCodec codec,
      int blockBytes,
      HeapBudget heap)
      throws IOException {
    this.codec = codec;
    this.blockBytes = blockBytes;
    this.heap = heap;
    this.reader = reader;
    int size = (int) Math.min(length, windowBytes);
    heap.take(size);
    window = new byte[size];
    plain = window;
    unread = length;
  }

  /** The next byte, from 0 to 255. */
  int read() throws IOException {
    while (at == end) {
      refill();
    }
    return plain[at++] & 0xff;
  }

  void readFully(byte[] target, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      while (at == end) {
        refill();
      }
      int part = Math.min(count - done, end - at);
      System.arraycopy(plain, at, target, offset + done, part);
      at += part;
      done += part;
    }
  }

  /** Reads what there is, at most {@code count} bytes. */
  int readMost(byte[] target, int offset, int count) throws IOException {
    int done = 0;
    while (done < count) {
      while (at == end) {
        if (windowAt == windowEnd && unread == 0) {
          return done;
        }
        refill();
      }
      int part = Math.min(count - done, end - at);
      System.arraycopy(plain, at, target, offset + done, part);
      at += part;
      done += part;
    }
    return done;
  }

  /** An unsigned number in base 128, least significant first. */
  long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int b = read();
      value |= (b & 0x7fL) << shift;
      if (b < 0x80) {
        return value;
      }
    }
    throw new IOException("a number of more than 64 bits");
  }

  private void refill() throws IOException {
    if (codec == OrcCodec.NONE) {
      if (windowAt == windowEnd) {
        fillWindow();
      }
      plain = window;
      at = windowAt;
      end = windowEnd;
      windowAt = windowEnd;
      return;
    }
    int begin = take(HEADER_BYTES);
    int header =
        window[begin] & 0xff | (window[begin + 1] & 0xff) << 8 | (window[begin + 2] & 0xff) << 16;
    int length = header >>> 1;
    if (length > blockBytes) {
      throw new IOException(
          "a block of " + length + " bytes where the file says that none has over " + blockBytes);
    }
    begin = take(length);
    if ((header & 1) != 0) {
      plain = window;
      at = begin;
      end = begin + length;
      return;
    }
    if (block.length == 0) {
      heap.take(blockBytes);
      block = new byte[blockBytes];
    }
    try {
      end = codec.decompress(window, begin, length, block, blockBytes);
    } catch (MalformedInputException | IllegalArgumentException | IndexOutOfBoundsException e) {
      end = at;
      throw new IOException("a damaged " + codec + " block: " + DamageText.of(e), e);
    }
    plain = block;
    at = 0;
  }

  /** Makes the next stored bytes one range of the window. */
  private int take(int count) throws IOException {
    if (count > windowEnd - windowAt) {
      if (count > windowEnd - windowAt + unread) {
        throw new EOFException("a stream ends too early");
      }
      byte[] target = window;
      if (count > window.length) {
        heap.take(count - window.length);
        target = new byte[count];
      }
      System.arraycopy(window, windowAt, target, 0, windowEnd - windowAt);
      windowEnd -= windowAt;
      windowAt = 0;
      window = target;
      while (windowEnd < count) {
        more();
      }
    }
    int begin = windowAt;
    windowAt += count;
    return begin;
  }

  private void fillWindow() throws IOException {
    if (unread == 0) {
      throw new EOFException("a stream ends too early");
    }
    windowAt = 0;
    windowEnd = 0;
    more();
  }

  private void more() throws IOException {
    int count = reader.read(window, windowEnd, (int) Math.min(window.length - windowEnd, unread));
    if (count < 0) {
      throw new EOFException("the file ends inside a stripe");
    }
    windowEnd += count;
    unread -= count;
  }

  @Override
  public void close() throws IOException {
    if (reader != null) {
      reader.close();
    }
  }
}

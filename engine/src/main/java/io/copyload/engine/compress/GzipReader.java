package io.copyload.engine.compress;

import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses gzip (RFC 1952), any number of members one behind the other.
 *
 * <p>Failures: {@code IOException} with the offset of the damage in the stored bytes: a member that
 * ends too early, bytes behind the last member, a wrong checksum or length. Ownership: closes the
 * reader of the stored bytes. Threads: one.
 */
public final class GzipReader implements ByteReader {
  private static final int INPUT_BYTES = 64 << 10;
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  private final ByteReader in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private final byte[] input = new byte[INPUT_BYTES];
  private int inputNext;
  private int inputEnd;

  /** Stored bytes before {@code input[0]}. */
  private long inputBase;

  private boolean inMember;
  private boolean ended;
  private boolean closed;

  /**
   * @param head the first stored bytes, already read
   * @param in the stored bytes behind them
   */
  public GzipReader(byte[] head, ByteReader in) {
    this.in = in;
    System.arraycopy(head, 0, input, 0, head.length);
    inputEnd = head.length;
  }

  /** Whether these first bytes of an object say gzip; two are enough. */
  public static boolean isGzip(byte[] head, int length) {
    return length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      if (!inMember && !beginMember()) {
        ended = true;
        break;
      }
      int count;
      try {
        count = inflater.inflate(buffer, offset, length);
      } catch (DataFormatException e) {
        throw damaged("gzip data is damaged");
      }
      if (count > 0) {
        checksum.update(buffer, offset, count);
      }
      if (inflater.finished()) {
        inputNext = inputEnd - inflater.getRemaining();
        endMember();
      } else if (inflater.needsDictionary()) {
        throw damaged("gzip data is damaged");
      } else if (count == 0 && inflater.needsInput()) {
        inputNext = inputEnd;
        if (!more()) {
          throw damaged("gzip data ends too early");
        }
        inflater.setInput(input, inputNext, inputEnd - inputNext);
      }
      if (count > 0) {
        return count;
      }
    }
    return -1;
  }

  private IOException damaged(String what) {
    return new IOException(what + " (stored byte " + (inputBase + inputNext) + ")");
  }

  /** Reads more input once all of it is used; false at the end. */
  private boolean more() throws IOException {
    if (inputNext < inputEnd) {
      return true;
    }
    inputBase += inputEnd;
    inputNext = 0;
    inputEnd = 0;
    int count = in.read(input, 0, input.length);
    if (count < 0) {
      return false;
    }
    inputEnd = count;
    return true;
  }

  private int next() throws IOException {
    if (!more()) {
      throw damaged("gzip data ends too early");
    }
    return input[inputNext++] & 255;
  }

  /** Reads a member's header; false at the end of the data. */
  private boolean beginMember() throws IOException {
    if (!more()) {
      return false;
    }
    int first = next();
    if (first != 0x1f || next() != 0x8b) {
      throw damaged("there is something else behind the gzip data");
    }
    if (next() != 8) {
      throw damaged("gzip data has an unknown method of compression");
    }
    int flags = next();
    skip(6);
    if ((flags & FLAG_EXTRA) != 0) {
      int length = next();
      length |= next() << 8;
      skip(length);
    }
    for (int flag : new int[] {FLAG_NAME, FLAG_COMMENT}) {
      if ((flags & flag) != 0) {
        while (next() != 0) {
          // The name or comment is of no use.
        }
      }
    }
    if ((flags & FLAG_HEADER_CRC) != 0) {
      skip(2);
    }
    inflater.reset();
    checksum.reset();
    inflater.setInput(input, inputNext, inputEnd - inputNext);
    inMember = true;
    return true;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void endMember() throws IOException {
    long expectedSum = nextInt();
    if (expectedSum != checksum.getValue()) {
      throw damaged("gzip data has a wrong checksum");
    }
    if (nextInt() != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw damaged("gzip data has a wrong length");
    }
    inMember = false;
  }

  private long nextInt() throws IOException {
    long value = next();
    value |= next() << 8;
    value |= next() << 16;
    return value | (long) next() << 24;
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      inflater.end();
      in.close();
    }
  }
}

package io.copyload.jdbc.postgres;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FormatSpec;
import java.util.Arrays;

/**
 * Cuts what COPY TO writes into the arrays that PostgreSQL's server sends: one per record with its
 * line end, the header line alone, and in binary format the file header with the first record.
 * Threads: one.
 */
final class RecordFrames {
  /** Signature, flags, and length of the extension, which is always empty. */
  private static final int BINARY_HEADER_BYTES = 19;

  private final boolean binary;
  private final int quote;
  private final int escape;
  private byte[] bytes = new byte[0];
  private int begin;

  /** Everything before it is known not to end a record. */
  private int scanned;

  private boolean quoted;
  private boolean escaped;
  private boolean first = true;

  RecordFrames(FormatSpec format) {
    boolean csv = format instanceof DelimitedSpec spec && spec.isCsv();
    this.binary = !(format instanceof DelimitedSpec);
    this.quote = csv ? ((DelimitedSpec) format).quote() : -1;
    this.escape = csv ? ((DelimitedSpec) format).escape() : -1;
  }

  /** Adds bytes, which are kept. */
  void add(byte[] block) {
    if (begin == bytes.length) {
      bytes = block;
    } else {
      int rest = bytes.length - begin;
      byte[] joined = new byte[rest + block.length];
      System.arraycopy(bytes, begin, joined, 0, rest);
      System.arraycopy(block, 0, joined, rest, block.length);
      bytes = joined;
    }
    scanned -= begin;
    begin = 0;
  }

  /** The next record, or null when it is not complete. */
  byte[] next() {
    int end = binary ? binaryEnd() : lineEnd();
    if (end < 0) {
      return null;
    }
    byte[] record = Arrays.copyOfRange(bytes, begin, end);
    begin = end;
    scanned = end;
    first = false;
    return record;
  }

  /** What is left at the end, or null for nothing. */
  byte[] rest() {
    return begin == bytes.length ? null : Arrays.copyOfRange(bytes, begin, bytes.length);
  }

  private int lineEnd() {
    for (int i = scanned; i < bytes.length; i++) {
      byte b = bytes[i];
      if (escaped) {
        escaped = false;
      } else if (quoted && b == escape && escape != quote) {
        escaped = true;
      } else if (b == quote && quote >= 0) {
        quoted = !quoted;
      } else if (b == '\n' && !quoted) {
        return i + 1;
      }
    }
    scanned = bytes.length;
    return -1;
  }

  private int binaryEnd() {
    int at = begin + (first ? BINARY_HEADER_BYTES : 0);
    if (at + 2 > bytes.length) {
      return -1;
    }
    int fields = (short) (bytes[at] << 8 | bytes[at + 1] & 0xff);
    at += 2;
    for (int i = 0; i < fields; i++) {
      if (at + 4 > bytes.length) {
        return -1;
      }
      int length =
          bytes[at] << 24
              | (bytes[at + 1] & 0xff) << 16
              | (bytes[at + 2] & 0xff) << 8
              | bytes[at + 3] & 0xff;
      at += 4 + Math.max(length, 0);
      if (at > bytes.length) {
        return -1;
      }
    }
    return at;
  }
}

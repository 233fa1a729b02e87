package io.copyload.engine.compress;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decodes gzip members from stored bytes that come bit by bit. Threads: one. */
final class GzipMembers {
  private static final int FLAG_HEADER_CRC = 2;
  private static final int FLAG_EXTRA = 4;
  private static final int FLAG_NAME = 8;
  private static final int FLAG_COMMENT = 16;

  /** What the next stored byte is. */
  private enum State {
    BEGIN,
    SECOND,
    METHOD,
    FLAGS,
    TIME,
    EXTRA_LENGTH,
    EXTRA,
    NAME,
    COMMENT,
    HEADER_CRC,
    BODY,
    TRAILER,
    PADDING
  }

  private final GzipCodec codec;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private State state = State.BEGIN;
  private int flags;

  /** Bytes left of the part that {@link #state} names, where it has a length. */
  private int left;

  private long number;
  private boolean anyMember;
  private boolean closed;

  private byte[] stored = new byte[0];
  private int next;
  private int end;

  /** Offset in the object of {@code stored[0]}. */
  private long base;

  private IOException failure;

  GzipMembers(GzipCodec codec) {
    this.codec = codec;
  }

  /** Adds stored bytes; those given before must be used up. */
  void give(byte[] bytes, int count) {
    base += end;
    stored = bytes;
    next = 0;
    end = count;
    if (state == State.BODY) {
      inflater.setInput(bytes, 0, count);
    }
  }

  /** Leaves out stored bytes that are whole members. */
  void passOver(int count) {
    base += count;
    anyMember = true;
  }

  /** Whether all bytes given are used, and a member may begin or the data end. */
  boolean mayBegin() {
    return state == State.BEGIN && next == end;
  }

  /** Decodes; 0 when more stored bytes are needed. */
  int read(byte[] buffer, int offset, int length) throws IOException {
    if (failure != null) {
      throw failure;
    }
    while (true) {
      if (state == State.BODY) {
        int count = inflate(buffer, offset, length);
        if (count > 0) {
          return count;
        }
        if (failure != null) {
          throw failure;
        }
        if (state == State.BODY) {
          return 0;
        }
      } else if (next == end) {
        return 0;
      } else {
        step(stored[next++] & 255);
      }
    }
  }

  private int inflate(byte[] buffer, int offset, int length) {
    long before = inflater.getBytesWritten();
    int count;
    try {
      count = inflater.inflate(buffer, offset, length);
      if (inflater.needsDictionary()) {
        failure = codec.damaged(base + next);
      }
    } catch (DataFormatException e) {
      // What was decoded before the damage counts.
      count = (int) (inflater.getBytesWritten() - before);
      failure = codec.damaged(base + end - inflater.getRemaining());
    }
    checksum.update(buffer, offset, count);
    next = end - inflater.getRemaining();
    if (failure == null && inflater.finished()) {
      begin(State.TRAILER, 8);
    }
    return count;
  }

  private void begin(State part, int length) {
    state = part;
    left = length;
    number = 0;
  }

  private void step(int b) throws IOException {
    switch (state) {
      case BEGIN -> {
        if (b == 0x1f) {
          state = State.SECOND;
        } else if (b == 0 && anyMember) {
          state = State.PADDING;
        } else {
          throw codec.trailing(base + next - 1);
        }
      }
      case SECOND -> {
        if (b != 0x8b) {
          throw codec.trailing(base + next - 2);
        }
        state = State.METHOD;
      }
      case METHOD -> {
        if (b != 8) {
          throw codec.damaged("has an unknown method of compression", base + next - 1);
        }
        state = State.FLAGS;
      }
      case FLAGS -> {
        flags = b;
        begin(State.TIME, 6);
      }
      case TIME -> {
        if (--left == 0) {
          if ((flags & FLAG_EXTRA) != 0) {
            begin(State.EXTRA_LENGTH, 2);
          } else {
            afterExtra();
          }
        }
      }
      case EXTRA_LENGTH -> {
        number |= (long) b << 8 * (2 - left);
        if (--left == 0) {
          if (number == 0) {
            afterExtra();
          } else {
            begin(State.EXTRA, (int) number);
          }
        }
      }
      case EXTRA -> {
        if (--left == 0) {
          afterExtra();
        }
      }
      case NAME -> {
        if (b == 0) {
          afterName();
        }
      }
      case COMMENT -> {
        if (b == 0) {
          afterComment();
        }
      }
      case HEADER_CRC -> {
        if (--left == 0) {
          beginBody();
        }
      }
      case TRAILER -> {
        number |= (long) b << 8 * (8 - left);
        if (--left == 0) {
          endMember();
        }
      }
      case PADDING -> {
        if (b != 0) {
          throw codec.trailing(base + next - 1);
        }
      }
      case BODY -> throw new IllegalStateException("not a byte of a header");
    }
  }

  private void afterExtra() {
    if ((flags & FLAG_NAME) != 0) {
      state = State.NAME;
    } else {
      afterName();
    }
  }

  private void afterName() {
    if ((flags & FLAG_COMMENT) != 0) {
      state = State.COMMENT;
    } else {
      afterComment();
    }
  }

  private void afterComment() {
    if ((flags & FLAG_HEADER_CRC) != 0) {
      begin(State.HEADER_CRC, 2);
    } else {
      beginBody();
    }
  }

  private void beginBody() {
    state = State.BODY;
    inflater.reset();
    checksum.reset();
    inflater.setInput(stored, next, end - next);
  }

  private void endMember() throws IOException {
    if ((number & 0xffffffffL) != checksum.getValue()) {
      throw codec.wrongChecksum(base + next);
    }
    if (number >>> 32 != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw codec.damaged("has a wrong length", base + next);
    }
    state = State.BEGIN;
    anyMember = true;
  }

  /** The stored bytes have ended. */
  void end() throws IOException {
    if (!mayBegin() && state != State.PADDING) {
      throw codec.truncated(base + end);
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      inflater.end();
    }
  }
}

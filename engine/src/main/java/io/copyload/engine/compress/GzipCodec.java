package io.copyload.engine.compress;

import java.io.IOException;

/**
 * Gzip (RFC 1952): any number of members one behind the other, as {@code cat} and bgzip make them.
 *
 * <p>Bytes that look like the header of a member are where pieces begin. A piece is decoded ahead
 * as if a member began there, and counts only if the members before it end exactly there, and its
 * own exactly at its end; otherwise its bytes are decoded in their turn. Zeros behind the last
 * member are padding, as for the gzip program.
 */
final class GzipCodec extends Codec {
  private static final int HEADER_BYTES = 10;
  private static final int SCAN_BYTES = 64 << 10;

  /** Most decoded bytes of a piece, per byte of its limit. */
  private static final int MAX_EXPANSION = 4;

  GzipCodec() {
    super("gzip", ".gz", ".gzip", ".bgz", ".bgzf");
  }

  @Override
  boolean matches(byte[] head, int length) {
    return length >= 2 && head[0] == 0x1f && head[1] == (byte) 0x8b;
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in, how);
  }

  private final class Reader implements Decompressor {
    private final StoredInput in;
    private final Decompression how;
    private final PieceQueue<Piece> queue;
    private final ByteArrays arrays;
    private final GzipMembers members = new GzipMembers(GzipCodec.this);

    /** Whether the next piece begins with what looks like a member. */
    private boolean atCandidate = true;

    /** The piece whose decoded bytes are being given out, or null. */
    private Piece ready;

    private int readyNext;

    /** The piece whose stored bytes are being decoded, or null. */
    private Piece feeding;

    Reader(StoredInput in, Decompression how) {
      this.in = in;
      this.how = how;
      arrays = new ByteArrays(4 * how.threads());
      queue = new PieceQueue<>(in, this::scan, how);
    }

    private Piece scan() throws IOException {
      if (in.ended()) {
        return null;
      }
      int limit = how.pieceLimit();
      int length = -1;
      for (int from = Math.max(1, how.pieceBytes()); length < 0; ) {
        boolean more = in.has(Math.min(limit, from + SCAN_BYTES) + HEADER_BYTES);
        int to = more ? Math.min(limit, from + SCAN_BYTES) : in.available();
        length = candidate(from, to);
        if (length < 0 && !more) {
          length = in.available();
        } else if (length < 0 && to == limit) {
          break;
        }
        from = to;
      }
      boolean alone = atCandidate && length >= 0;
      atCandidate = length >= 0;
      if (length < 0) {
        length = limit;
      }
      byte[] stored = arrays.take(length);
      in.copy(stored, length);
      Piece piece = new Piece(this, in.offset(), stored, length, alone && how.threads() > 1);
      in.skip(length);
      return piece;
    }

    /** Where in the window a member may begin, or -1. */
    private int candidate(int from, int to) {
      byte[] b = in.bytes;
      int last = Math.min(in.next + to, in.end - HEADER_BYTES + 1);
      for (int p = in.next + from; p < last; p++) {
        if (b[p] == 0x1f
            && b[p + 1] == (byte) 0x8b
            && b[p + 2] == 8
            && (b[p + 3] & 0xe0) == 0
            && (b[p + 8] == 0 || b[p + 8] == 2 || b[p + 8] == 4)
            && (b[p + 9] == -1 || (b[p + 9] >= 0 && b[p + 9] < 14))) {
          return p - in.next;
        }
      }
      return -1;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      while (length > 0) {
        if (ready != null) {
          int count = Math.min(length, ready.decodedCount - readyNext);
          System.arraycopy(ready.decoded, readyNext, buffer, offset, count);
          readyNext += count;
          if (readyNext == ready.decodedCount) {
            ready.release();
            ready = null;
          }
          if (count > 0) {
            return count;
          }
          continue;
        }
        int count = members.read(buffer, offset, length);
        if (count > 0) {
          return count;
        }
        if (feeding != null) {
          feeding.release();
        }
        Piece piece = queue.next();
        feeding = piece;
        if (piece == null) {
          members.end();
          return -1;
        }
        if (piece.decoded != null && members.mayBegin()) {
          ready = piece;
          feeding = null;
          readyNext = 0;
          members.passOver(piece.storedCount);
        } else {
          members.give(piece.stored, piece.storedCount);
        }
      }
      return 0;
    }

    @Override
    public boolean help() {
      return queue.help();
    }

    @Override
    public void close() throws IOException {
      members.close();
      queue.close();
    }
  }

  private final class Piece implements PieceQueue.Piece {
    private final Reader reader;
    final long begin;
    byte[] stored;
    final int storedCount;
    private final boolean alone;

    /** What the piece holds by itself, or null. */
    byte[] decoded;

    int decodedCount;

    Piece(Reader reader, long begin, byte[] stored, int storedCount, boolean alone) {
      this.reader = reader;
      this.begin = begin;
      this.stored = stored;
      this.storedCount = storedCount;
      this.alone = alone;
    }

    @Override
    public long heldBytes() {
      return storedCount * (alone ? 6L : 1L);
    }

    @Override
    public void prepare() {
      if (!alone) {
        return;
      }
      long most = (long) MAX_EXPANSION * Math.max(1 << 16, reader.how.pieceLimit());
      byte[] out = reader.arrays.take((int) Math.min(most, Math.max(64, 5L * storedCount)));
      int count = 0;
      GzipMembers alone = new GzipMembers(GzipCodec.this);
      try {
        alone.give(stored, storedCount);
        while (true) {
          if (count == out.length) {
            if (out.length >= most) {
              break;
            }
            byte[] larger = reader.arrays.take((int) Math.min(most, 2L * out.length));
            System.arraycopy(out, 0, larger, 0, count);
            reader.arrays.give(out);
            out = larger;
          }
          int n = alone.read(out, count, out.length - count);
          if (n > 0) {
            count += n;
          } else if (alone.mayBegin()) {
            decoded = out;
            decodedCount = count;
            return;
          } else {
            break;
          }
        }
      } catch (IOException e) {
        // Will be found again, if it counts.
      } finally {
        alone.close();
      }
      reader.arrays.give(out);
    }

    void release() {
      reader.arrays.give(stored);
      reader.arrays.give(decoded);
      stored = null;
      decoded = null;
    }
  }
}

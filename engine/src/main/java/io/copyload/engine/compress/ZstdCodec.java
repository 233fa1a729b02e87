package io.copyload.engine.compress;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.zstd.ZstdDecompressor;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Zstandard (RFC 8878): any number of frames one behind the other, with skippable frames between,
 * as pzstd and the seekable format make them. A frame's blocks say how long they are, so frames are
 * found without being decoded. Small frames are decoded ahead, a large one in its turn.
 *
 * <p>Frames that need a dictionary, or a window above 8 MB as only {@code --long} and {@code
 * --ultra} make them, are refused.
 */
final class ZstdCodec extends Codec {
  private static final int MAGIC = 0xfd2fb528;
  private static final int MAX_BLOCK_BYTES = 128 << 10;
  private static final long MAX_WINDOW_BYTES = 8 << 20;

  /** Decoded bytes of a piece, unless one frame has more. */
  private static final int PIECE_DECODED_BYTES = 1 << 20;

  ZstdCodec() {
    super("zstd", ".zst", ".zstd");
  }

  @Override
  boolean matches(byte[] head, int length) {
    if (length < 4) {
      return false;
    }
    int magic = (head[0] & 255) | (head[1] & 255) << 8 | (head[2] & 255) << 16 | head[3] << 24;
    return magic == MAGIC || Lz4Codec.isSkippable(magic);
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in, how);
  }

  /**
   * A frame or a part of one.
   *
   * @param offset in the object, of the frame
   * @param begin of the part, in the stored bytes of the piece
   * @param first whether the part begins the frame
   * @param last whether it ends it
   */
  private record Part(
      long offset, int begin, int count, long decodedMost, boolean first, boolean last) {
    boolean whole() {
      return first && last;
    }
  }

  private static final class Piece implements PieceQueue.Piece {
    private final Reader reader;
    final List<Part> parts;
    final byte[] stored;
    private final int storedCount;
    private final int decodedMost;

    /** The decoded frames, or null. */
    byte[] decoded;

    int decodedCount;

    /**
     * @param decodedMost 0 when the piece is decoded in its turn
     */
    Piece(Reader reader, List<Part> parts, byte[] stored, int storedCount, int decodedMost) {
      this.reader = reader;
      this.parts = parts;
      this.stored = stored;
      this.storedCount = storedCount;
      this.decodedMost = decodedMost;
    }

    @Override
    public long heldBytes() {
      return (long) storedCount + decodedMost;
    }

    @Override
    public void prepare() {
      if (decodedMost == 0) {
        return;
      }
      byte[] out = reader.arrays.take(decodedMost);
      int end = 0;
      ZstdDecompressor decompressor = new ZstdDecompressor();
      try {
        for (Part part : parts) {
          if (part.decodedMost() == 0) {
            // The library does not check the checksum of an empty frame here, but in its stream.
            reader.arrays.give(out);
            return;
          }
          end +=
              decompressor.decompress(
                  stored, part.begin(), part.count(), out, end, decodedMost - end);
        }
        decoded = out;
        decodedCount = end;
      } catch (MalformedInputException | IndexOutOfBoundsException e) {
        // Will be found again in its turn, behind what can be decoded.
        reader.arrays.give(out);
      }
    }
  }

  private final class Reader implements Decompressor {
    private final StoredInput in;
    private final Decompression how;
    final ByteArrays arrays;
    private final PieceQueue<Piece> queue;

    // Of the scanner.
    private boolean anyFrame;
    private long skipLeft;
    private IOException scanFailure;

    /** In a frame, what its next part is made of. */
    private boolean inFrame;

    private boolean frameBegins;
    private long frameOffset;
    private boolean frameHasSum;
    private long blockMost;
    private boolean lastBlockPassed;

    // Of the reader.
    private Piece piece;
    private int nextPart;
    private int decodedNext;
    private ChunkedStream frame;
    private FrameStream frameStream;
    private IOException failure;

    Reader(StoredInput in, Decompression how) {
      this.in = in;
      this.how = how;
      arrays = new ByteArrays(4 * how.threads());
      queue = new PieceQueue<>(in, this::scan, how);
    }

    private Piece scan() throws IOException {
      if (scanFailure != null) {
        throw scanFailure;
      }
      List<Part> parts = new ArrayList<>();
      int ahead = 0;
      long decodedMost = 0;
      try {
        while (true) {
          Part part = inFrame || begin(ahead) ? part(ahead) : null;
          if (part == null) {
            break;
          }
          parts.add(part);
          ahead = part.begin() + part.count();
          decodedMost += part.decodedMost();
          if (!part.whole()
              || ahead >= how.pieceBytes()
              || decodedMost + part.decodedMost() > PIECE_DECODED_BYTES) {
            break;
          }
        }
      } catch (IOException e) {
        scanFailure = e;
      }
      if (parts.isEmpty()) {
        if (scanFailure != null) {
          throw scanFailure;
        }
        return null;
      }
      byte[] stored = arrays.take(ahead);
      in.copy(stored, ahead);
      in.skip(ahead);
      boolean whole = parts.get(0).whole() && parts.get(parts.size() - 1).whole();
      return new Piece(this, parts, stored, ahead, whole ? (int) Math.max(1, decodedMost) : 0);
    }

    private void need(int count) throws IOException {
      if (!in.has(count)) {
        throw truncated(in.offset() + in.available());
      }
    }

    /** Goes to the begin of the next frame; false at the end of the data or of the piece. */
    private boolean begin(int ahead) throws IOException {
      while (true) {
        if (!in.has(ahead + 1)) {
          return false;
        }
        long offset = in.offset() + ahead;
        if (!in.has(ahead + 4)) {
          throw anyFrame ? trailing(offset) : truncated(in.offset() + in.available());
        }
        int magic = in.intLe(ahead);
        if (magic == MAGIC) {
          anyFrame = true;
          inFrame = true;
          frameBegins = true;
          frameOffset = offset;
          lastBlockPassed = false;
          return true;
        }
        if (!Lz4Codec.isSkippable(magic)) {
          throw trailing(offset);
        }
        if (ahead > 0) {
          return false;
        }
        anyFrame = true;
        need(8);
        skipLeft = in.intLe(4) & 0xffffffffL;
        in.skip(8);
        while (skipLeft > 0) {
          need(1);
          int count = (int) Math.min(skipLeft, in.available());
          in.skip(count);
          skipLeft -= count;
        }
      }
    }

    /** The rest of the frame, or as much of it as a piece may have. */
    private Part part(int begin) throws IOException {
      int p = begin;
      long decodedMost = 0;
      boolean first = frameBegins;
      if (first) {
        p += header(begin);
        frameBegins = false;
      }
      while (true) {
        if (lastBlockPassed) {
          int count = frameHasSum ? 4 : 0;
          need(p + count);
          p += count;
          inFrame = false;
          return new Part(frameOffset, begin, p - begin, decodedMost, first, true);
        }
        if (p - begin >= how.pieceLimit()
            || decodedMost >= (long) PIECE_DECODED_BYTES * 4
            || (begin > 0 && p - begin >= how.pieceBytes())) {
          return new Part(frameOffset, begin, p - begin, decodedMost, first, false);
        }
        need(p + 3);
        int header = in.byteAt(p) | in.byteAt(p + 1) << 8 | in.byteAt(p + 2) << 16;
        int size = header >>> 3;
        int type = header >>> 1 & 3;
        if (type == 3 || size > MAX_BLOCK_BYTES) {
          throw damaged(in.offset() + p);
        }
        int stored = type == 1 ? 1 : size;
        decodedMost += type == 2 ? blockMost : size;
        need(p + 3 + stored);
        p += 3 + stored;
        lastBlockPassed = (header & 1) != 0;
      }
    }

    /** Reads a frame's header and returns its length. */
    private int header(int begin) throws IOException {
      need(begin + 5);
      int descriptor = in.byteAt(begin + 4);
      boolean single = (descriptor & 0x20) != 0;
      int dictionaryBytes = (descriptor & 3) == 3 ? 4 : descriptor & 3;
      int sizeBytes = descriptor >>> 6 == 0 ? (single ? 1 : 0) : 1 << (descriptor >>> 6);
      int length = 5 + (single ? 0 : 1) + dictionaryBytes + sizeBytes;
      need(begin + length);
      if ((descriptor & 8) != 0) {
        throw damaged("has an unknown kind of frame", frameOffset);
      }
      long window;
      if (single) {
        window = 0;
        for (int i = sizeBytes - 1; i >= 0; i--) {
          window = window << 8 | in.byteAt(begin + length - sizeBytes + i);
        }
        window += sizeBytes == 2 ? 256 : 0;
      } else {
        int code = in.byteAt(begin + 5);
        window = (1L << 10 + (code >>> 3)) / 8 * (8 + (code & 7));
      }
      for (int i = 0; i < dictionaryBytes; i++) {
        if (in.byteAt(begin + 5 + (single ? 0 : 1) + i) != 0) {
          throw new IOException(
              "zstd data needs a dictionary, which is not supported (stored byte "
                  + frameOffset
                  + ")");
        }
      }
      if (window < 0 || window > MAX_WINDOW_BYTES) {
        throw new IOException(
            "zstd data needs a window of "
                + Long.toUnsignedString(window)
                + " bytes, and the most supported is "
                + MAX_WINDOW_BYTES
                + "; compress without --long and --ultra (stored byte "
                + frameOffset
                + ")");
      }
      frameHasSum = (descriptor & 4) != 0;
      blockMost = MAX_BLOCK_BYTES;
      return length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (true) {
        if (failure != null) {
          throw failure;
        }
        if (frame != null) {
          int count = readFrame(buffer, offset, length);
          if (count > 0) {
            return count;
          }
          frame = null;
        }
        if (piece != null && piece.decoded != null && decodedNext < piece.decodedCount) {
          int count = Math.min(length, piece.decodedCount - decodedNext);
          System.arraycopy(piece.decoded, decodedNext, buffer, offset, count);
          decodedNext += count;
          return count;
        }
        if (piece == null || piece.decoded != null || nextPart == piece.parts.size()) {
          if (!nextPiece()) {
            return -1;
          }
          continue;
        }
        frameStream = new FrameStream(piece.parts.get(nextPart));
        nextPart++;
        frame = new ChunkedStream(new ZstdInputStream(frameStream));
      }
    }

    private boolean nextPiece() throws IOException {
      if (piece != null) {
        arrays.give(piece.stored);
        arrays.give(piece.decoded);
      }
      try {
        piece = queue.next();
      } catch (IOException e) {
        failure = e;
        throw e;
      }
      nextPart = 0;
      decodedNext = 0;
      return piece != null;
    }

    private int readFrame(byte[] buffer, int offset, int length) throws IOException {
      try {
        return frame.read(buffer, offset, length);
      } catch (IOException e) {
        failure =
            frameStream.failure != null ? frameStream.failure : damaged(frameStream.part.offset());
        throw failure;
      }
    }

    @Override
    public boolean help() {
      return queue.help();
    }

    @Override
    public void close() throws IOException {
      queue.close();
    }

    /** The stored bytes of one frame, over as many pieces as it has. */
    private final class FrameStream extends InputStream {
      private Part part;
      private Piece piece = Reader.this.piece;
      private int used;
      private IOException failure;

      FrameStream(Part first) {
        part = first;
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        while (used == part.count()) {
          if (part.last()) {
            return -1;
          }
          try {
            if (!nextPiece()) {
              throw truncated(in.offset());
            }
          } catch (IOException e) {
            failure = e;
            throw e;
          }
          piece = Reader.this.piece;
          part = piece.parts.get(0);
          nextPart = 1;
          used = 0;
        }
        int count = Math.min(length, part.count() - used);
        System.arraycopy(piece.stored, part.begin() + used, buffer, offset, count);
        used += count;
        return count;
      }
    }
  }
}

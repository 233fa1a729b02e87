package io.copyload.engine.compress;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Decompressor of formats whose blocks say how many stored bytes they have. Blocks are grouped into
 * pieces and decoded ahead; each keeps its own failure.
 *
 * @param <B> the format's blocks
 */
abstract class BlockDecompressor<B extends BlockDecompressor.Block> implements Decompressor {
  /** Decoded bytes of a piece, unless one block has more. */
  private static final int PIECE_DECODED_BYTES = 1 << 20;

  /** One block, or a mark between blocks that holds no data. */
  static class Block {
    /** Offset in the object of the block's header. */
    final long offset;

    /** Where the block's data are in the stored bytes of the piece. */
    int begin;

    final int count;

    /** Most bytes that the block has when decoded. */
    final int decodedMost;

    int decodedBegin;
    int decodedCount;
    IOException failure;

    Block(long offset, int count, int decodedMost) {
      this.offset = offset;
      this.count = count;
      this.decodedMost = decodedMost;
    }
  }

  private final StoredInput in;
  private final Decompression how;
  private final ByteArrays arrays;
  private final PieceQueue<Piece> queue;

  // Of the scanner: stored bytes of the piece so far, and what ends the data behind it.
  private int ahead;
  private IOException scanFailure;
  private boolean scanEnded;

  // Of the reader.
  private Piece piece;
  private int nextBlock;
  private byte[] giving;
  private int givingNext;
  private int givingEnd;
  private IOException failure;

  BlockDecompressor(StoredInput in, Decompression how) {
    this.in = in;
    this.how = how;
    arrays = new ByteArrays(4 * how.threads());
    queue = new PieceQueue<>(in, this::scan, how);
  }

  /**
   * Reads headers up to the next block or mark and passes over its data; null at the end. Called in
   * order, by one thread at a time.
   */
  abstract B nextBlock() throws IOException;

  /** Decodes a block into {@code out}, and returns its size. Called by any thread. */
  abstract int decode(B block, byte[] stored, byte[] out, int outBegin) throws IOException;

  /** Whether the block needs what was decoded before it. */
  boolean isLinked(B block) {
    return false;
  }

  /** Decodes a linked block in its turn; returns the array that holds it at the block's place. */
  byte[] decodeLinked(B block, byte[] stored) throws IOException {
    throw new IllegalStateException("no linked blocks here");
  }

  /** Takes note of a decoded block or mark in its turn. */
  abstract void pass(B block, byte[] bytes) throws IOException;

  /** Whether that many more stored bytes are there. */
  final boolean has(int count) throws IOException {
    return in.has(ahead + count);
  }

  final int byteAt(int place) {
    return in.byteAt(ahead + place);
  }

  final int intLe(int place) {
    return in.intLe(ahead + place);
  }

  final int intBe(int place) {
    return in.intBe(ahead + place);
  }

  final byte[] window() {
    return in.bytes;
  }

  /** Index in {@link #window} of a stored byte ahead. */
  final int windowIndex(int place) {
    return in.next + ahead + place;
  }

  /** Offset in the object of the next stored byte. */
  final long position() {
    return in.offset() + ahead;
  }

  /** Offset in the object of its end, once it has been reached. */
  final long storedEnd() {
    return in.offset() + in.available();
  }

  final void skip(int count) {
    ahead += count;
  }

  private Piece scan() throws IOException {
    if (scanFailure != null) {
      throw scanFailure;
    }
    ahead = 0;
    List<B> blocks = new ArrayList<>();
    long decodedMost = 0;
    try {
      while (!scanEnded) {
        long before = position();
        B block = nextBlock();
        if (block == null) {
          scanEnded = true;
          break;
        }
        block.begin = ahead - block.count;
        blocks.add(block);
        decodedMost += block.decodedMost;
        if (ahead >= how.pieceBytes()
            || decodedMost + block.decodedMost > PIECE_DECODED_BYTES
            || position() == before) {
          break;
        }
      }
    } catch (IOException e) {
      scanFailure = e;
    }
    if (blocks.isEmpty()) {
      if (scanFailure != null) {
        throw scanFailure;
      }
      return null;
    }
    byte[] stored = arrays.take(ahead);
    in.copy(stored, ahead);
    in.skip(ahead);
    Piece scanned = new Piece(blocks, stored, ahead, (int) decodedMost);
    ahead = 0;
    return scanned;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (givingNext == givingEnd) {
      if (failure != null) {
        throw failure;
      }
      try {
        if (!next()) {
          return -1;
        }
      } catch (IOException e) {
        failure = e;
      }
    }
    int count = Math.min(length, givingEnd - givingNext);
    System.arraycopy(giving, givingNext, buffer, offset, count);
    givingNext += count;
    return count;
  }

  /** Goes to the next block; false at the end. */
  private boolean next() throws IOException {
    if (piece == null || nextBlock == piece.blocks.size()) {
      if (piece != null) {
        arrays.give(piece.stored);
        arrays.give(piece.decoded);
      }
      piece = queue.next();
      nextBlock = 0;
      if (piece == null) {
        return false;
      }
    }
    B block = piece.blocks.get(nextBlock++);
    if (block.failure != null) {
      throw block.failure;
    }
    byte[] bytes = isLinked(block) ? decodeLinked(block, piece.stored) : piece.decoded;
    pass(block, bytes);
    giving = bytes;
    givingNext = block.decodedBegin;
    givingEnd = block.decodedBegin + block.decodedCount;
    return true;
  }

  @Override
  public final boolean help() {
    return queue.help();
  }

  @Override
  public final void close() throws IOException {
    queue.close();
  }

  private final class Piece implements PieceQueue.Piece {
    final List<B> blocks;
    final byte[] stored;
    private final int storedCount;
    private final int decodedMost;
    byte[] decoded;

    Piece(List<B> blocks, byte[] stored, int storedCount, int decodedMost) {
      this.blocks = blocks;
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
      decoded = arrays.take(decodedMost);
      int end = 0;
      for (B block : blocks) {
        if (isLinked(block)) {
          continue;
        }
        block.decodedBegin = end;
        try {
          block.decodedCount = decode(block, stored, decoded, end);
        } catch (IOException e) {
          block.failure = e;
          return;
        }
        end += block.decodedCount;
      }
    }
  }
}

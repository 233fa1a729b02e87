package io.copyload.engine.compress;

import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Bzip2: any number of streams one behind the other. A stream is the bytes {@code BZh1} to {@code
 * BZh9}, blocks, and an end mark with a checksum; blocks and end mark begin at any bit.
 *
 * <p>Each place where the 48 bits that begin a block are found, at any bit, begins a piece. Its
 * block is decoded ahead, and counts only if the block or header before it ends exactly there.
 * Where that fails, because the bits stood inside a block by chance or the data are damaged, the
 * block is decoded again in its turn, over as many pieces as it has.
 *
 * <p>Blocks with the scrambling of bzip2 0.9 (1997) are refused.
 */
final class Bzip2Codec extends Codec {
  static final long BLOCK_MAGIC = 0x314159265359L;
  private static final long END_MAGIC = 0x177245385090L;
  private static final int MAGIC_BITS = 48;

  /** No block takes as many stored bytes. */
  private static final int MAX_BLOCK_BYTES = 4 << 20;

  private static final int BLOCK_SIZE_STEP = 100_000;

  Bzip2Codec() {
    super("bzip2", ".bz2", ".bz", ".tbz2");
  }

  @Override
  boolean matches(byte[] head, int length) {
    if (length < 4
        || head[0] != 'B'
        || head[1] != 'Z'
        || head[2] != 'h'
        || head[3] < '1'
        || head[3] > '9') {
      return false;
    }
    long magic = 0;
    int known = Math.min(length, 10) - 4;
    for (int i = 0; i < known; i++) {
      magic = magic << 8 | (head[4 + i] & 255);
    }
    int cut = MAGIC_BITS - 8 * known;
    return magic == BLOCK_MAGIC >>> cut || magic == END_MAGIC >>> cut;
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in, how);
  }

  /** Stored bytes from one bit that may begin a block to the next. */
  private static final class Piece implements PieceQueue.Piece {
    private final Reader reader;

    /** Bit of the object at which the piece begins, in the first of {@link #stored}. */
    final long beginBit;

    final long endBit;
    byte[] stored;
    private final boolean candidate;

    /** The block, when it could be decoded. */
    Bzip2Block block;

    Piece(Reader reader, long beginBit, long endBit, byte[] stored, boolean candidate) {
      this.reader = reader;
      this.beginBit = beginBit;
      this.endBit = endBit;
      this.stored = stored;
      this.candidate = candidate;
    }

    int firstBit() {
      return (int) (beginBit & 7);
    }

    int bitCount() {
      return (int) (endBit - beginBit);
    }

    @Override
    public long heldBytes() {
      return (candidate ? 4 << 20 : 0) + bitCount() / 8;
    }

    @Override
    public void prepare() {
      if (!candidate) {
        return;
      }
      Bzip2Block decoded = reader.takeBlock();
      int first = firstBit();
      if (decoded.decode(stored, first + MAGIC_BITS, first + bitCount())
          == Bzip2Block.Result.DONE) {
        block = decoded;
      } else {
        reader.giveBlock(decoded);
      }
    }
  }

  private final class Reader implements Decompressor {
    private final StoredInput in;
    private final PieceQueue<Piece> queue;
    private final ByteArrays arrays;
    private final ConcurrentLinkedDeque<Bzip2Block> blocks = new ConcurrentLinkedDeque<>();
    private final ConcurrentLinkedDeque<int[]> chains = new ConcurrentLinkedDeque<>();

    // Of the scanner.
    private int scanFirstBit;
    private boolean atCandidate;

    // Of the reader. Bits from bit to bitEnd of bytes are the next to be decoded.
    private byte[] bytes = new byte[Bzip2Block.PADDING];
    private int bit;
    private int bitEnd;

    /** Offset in the object of {@code bytes[0]}. */
    private long base;

    private boolean inStream;
    private boolean anyStream;
    private int level;
    private int streamSum;

    /** The block being given out, or null. */
    private Bzip2Block giving;

    private IOException failure;

    Reader(StoredInput in, Decompression how) {
      this.in = in;
      arrays = new ByteArrays(3 * how.threads());
      queue = new PieceQueue<>(in, this::scan, how);
    }

    Bzip2Block takeBlock() {
      Bzip2Block block = blocks.poll();
      return block == null ? new Bzip2Block(chains) : block;
    }

    void giveBlock(Bzip2Block block) {
      blocks.push(block);
    }

    private Piece scan() throws IOException {
      if (in.ended()) {
        return null;
      }
      long beginBit = in.offset() * 8 + scanFirstBit;
      int found = -1;
      int length = MAX_BLOCK_BYTES;
      // Behind the piece's own magic.
      for (int from = scanFirstBit + (atCandidate ? 1 : 0); ; ) {
        int window = Math.min(MAX_BLOCK_BYTES, from / 8 + (256 << 10));
        boolean more = in.has(window + 7);
        int to = more ? window : in.available();
        found = Bzip2Bits.find(in.bytes, in.next, from, in.available(), to);
        if (found >= 0) {
          break;
        }
        if (!more) {
          length = in.available();
          break;
        }
        if (to == MAX_BLOCK_BYTES) {
          break;
        }
        from = to * 8;
      }
      int endBit = found >= 0 ? found : length * 8;
      int byteCount = (endBit + 7) / 8;
      byte[] stored = arrays.take(byteCount + Bzip2Block.PADDING);
      in.copy(stored, byteCount);
      Piece piece =
          new Piece(this, beginBit, beginBit + endBit - scanFirstBit, stored, atCandidate);
      in.skip(endBit / 8);
      scanFirstBit = endBit & 7;
      atCandidate = found >= 0;
      return piece;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      while (true) {
        if (giving != null) {
          int count = giving.read(buffer, offset, length);
          if (count > 0) {
            return count;
          }
          Bzip2Block given = giving;
          giving = null;
          boolean sumIsRight = given.sumIsRight();
          streamSum = Integer.rotateLeft(streamSum, 1) ^ given.expectedSum();
          giveBlock(given);
          if (!sumIsRight) {
            failure = wrongChecksum(blockOffset);
          }
        }
        if (failure != null) {
          throw failure;
        }
        try {
          if (!(inStream ? nextBlock() : beginStream())) {
            return -1;
          }
        } catch (IOException e) {
          failure = e;
        }
      }
    }

    private long blockOffset;

    private long position() {
      return base + (bit >> 3);
    }

    /** Has at least that many bits, taking further pieces; false when there are fewer. */
    private boolean has(int count) throws IOException {
      while (bitEnd - bit < count) {
        Piece piece = queue.next();
        if (piece == null) {
          return false;
        }
        append(piece);
      }
      return true;
    }

    private void append(Piece piece) {
      if (piece.block != null) {
        giveBlock(piece.block);
        piece.block = null;
      }
      if (bit == bitEnd) {
        replace(piece);
        return;
      }
      int keepFrom = bit >> 3;
      int kept = ((bitEnd + 7) >> 3) - keepFrom;
      int first = piece.firstBit();
      // A piece that begins inside a byte has the whole byte, as the one before it does.
      int joint = (bitEnd >> 3) - keepFrom;
      int pieceBytes = (first + piece.bitCount() + 7) >> 3;
      byte[] joined = arrays.take(joint + pieceBytes + Bzip2Block.PADDING);
      System.arraycopy(bytes, keepFrom, joined, 0, kept);
      System.arraycopy(piece.stored, 0, joined, joint, pieceBytes);
      arrays.give(bytes);
      arrays.give(piece.stored);
      bytes = joined;
      bitEnd = joint * 8 + first + piece.bitCount();
      bit -= keepFrom * 8;
      base += keepFrom;
    }

    private void replace(Piece piece) {
      arrays.give(bytes);
      bytes = piece.stored;
      base = piece.beginBit >> 3;
      bit = piece.firstBit();
      bitEnd = bit + piece.bitCount();
    }

    /** At the begin of a stream or the end of the data; false at the end. */
    private boolean beginStream() throws IOException {
      if (!has(1)) {
        if (!anyStream) {
          throw truncated(position());
        }
        return false;
      }
      boolean complete = has(32);
      long header = Bzip2Bits.get(bytes, bit, 32);
      int digit = (int) (header & 255);
      if (!complete) {
        throw anyStream ? trailing(position()) : truncated(base + (bitEnd >> 3));
      }
      if (header >>> 8 != 0x425a68 || digit < '1' || digit > '9') {
        throw trailing(position());
      }
      bit += 32;
      level = digit - '0';
      streamSum = 0;
      inStream = true;
      anyStream = true;
      return true;
    }

    private boolean nextBlock() throws IOException {
      if (bit == bitEnd) {
        Piece piece = queue.next();
        if (piece == null) {
          throw truncated(base + (bitEnd >> 3));
        }
        replace(piece);
        Bzip2Block ahead = piece.block;
        if (ahead != null && ahead.size() <= level * BLOCK_SIZE_STEP) {
          blockOffset = position();
          giving = ahead;
          bit = ahead.endBit();
          return true;
        }
        if (ahead != null) {
          giveBlock(ahead);
        }
      }
      if (!has(MAGIC_BITS + 32)) {
        throw truncated(base + (bitEnd >> 3));
      }
      long magic = Bzip2Bits.get(bytes, bit, MAGIC_BITS);
      if (magic == BLOCK_MAGIC) {
        decodeInTurn();
      } else if (magic == END_MAGIC) {
        int expected = (int) Bzip2Bits.get(bytes, bit + MAGIC_BITS, 32);
        if (expected != streamSum) {
          throw wrongChecksum(position());
        }
        int length = ((bit + MAGIC_BITS + 32 + 7) & ~7) - bit;
        if (!has(length)) {
          throw truncated(base + (bitEnd >> 3));
        }
        bit += length;
        inStream = false;
      } else {
        throw damaged(position());
      }
      return true;
    }

    private void decodeInTurn() throws IOException {
      blockOffset = position();
      Bzip2Block block = takeBlock();
      while (true) {
        Bzip2Block.Result result = block.decode(bytes, bit + MAGIC_BITS, bitEnd);
        if (result == Bzip2Block.Result.DONE && block.size() <= level * BLOCK_SIZE_STEP) {
          giving = block;
          bit = block.endBit();
          return;
        }
        if (result == Bzip2Block.Result.OLD) {
          throw new IOException(
              "bzip2 data has a block of bzip2 0.9, which is not supported (stored byte "
                  + blockOffset
                  + ")");
        }
        if (result != Bzip2Block.Result.NEEDS_INPUT || bitEnd - bit > 8 * MAX_BLOCK_BYTES) {
          throw damaged(blockOffset);
        }
        if (!has(bitEnd - bit + 1)) {
          throw truncated(base + (bitEnd >> 3));
        }
      }
    }

    @Override
    public boolean help() {
      return queue.help();
    }

    @Override
    public void close() throws IOException {
      queue.close();
      blocks.clear();
      bytes = Arrays.copyOf(bytes, 0);
    }
  }
}

package io.copyload.engine.compress;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.io.IOException;
import java.util.Arrays;

/**
 * LZ4 frames (lz4_Frame_format.md of the lz4 project) and the legacy frames of {@code lz4 -l}, any
 * number of them one behind the other, with skippable frames between. Independent blocks are
 * decoded ahead, linked ones in their turn. Frames that need a dictionary are refused.
 */
final class Lz4Codec extends Codec {
  private static final int FRAME_MAGIC = 0x184d2204;
  private static final int LEGACY_MAGIC = 0x184c2102;
  private static final int SKIPPABLE_MAGIC = 0x184d2a50;
  private static final int LEGACY_BLOCK_BYTES = 8 << 20;
  private static final int HISTORY_BYTES = 64 << 10;
  private static final int SKIP_BYTES = 64 << 10;

  Lz4Codec() {
    super("lz4", ".lz4");
  }

  @Override
  boolean matches(byte[] head, int length) {
    if (length < 4) {
      return false;
    }
    int magic = (head[0] & 255) | (head[1] & 255) << 8 | (head[2] & 255) << 16 | head[3] << 24;
    return magic == FRAME_MAGIC || magic == LEGACY_MAGIC || isSkippable(magic);
  }

  static boolean isSkippable(int magic) {
    return (magic & ~15) == SKIPPABLE_MAGIC;
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in, how);
  }

  /** A block, or with {@link #ends} the end of a frame. */
  private static final class Lz4Block extends BlockDecompressor.Block {
    boolean begins;
    boolean plain;
    boolean linked;
    boolean hasSum;
    int sum;

    /** The frame ends here; of its content, checksum and size. */
    boolean ends;

    boolean hasContentSum;
    int contentSum;
    long contentSize = -1;

    Lz4Block(long offset, int count, int decodedMost) {
      super(offset, count, decodedMost);
    }
  }

  private final class Reader extends BlockDecompressor<Lz4Block> {
    private enum State {
      BETWEEN,
      FRAME,
      LEGACY,
      SKIPPING
    }

    // Of the scanner.
    private State state = State.BETWEEN;
    private boolean anyFrame;
    private boolean frameBegins;
    private boolean linked;
    private boolean blockSums;
    private boolean contentSum;
    private long contentSize;
    private int blockMost;
    private long skipLeft;

    // Of the reader.
    private final XxHash32 contentHash = new XxHash32();
    private long contentCount;
    private byte[] history = new byte[0];
    private int historyCount;

    Reader(StoredInput in, Decompression how) {
      super(in, how);
    }

    private void need(int count) throws IOException {
      if (!has(count)) {
        throw truncated(storedEnd());
      }
    }

    @Override
    Lz4Block nextBlock() throws IOException {
      while (true) {
        switch (state) {
          case BETWEEN -> {
            if (!has(1)) {
              return null;
            }
            begin();
          }
          case SKIPPING -> {
            long offset = position();
            int count = (int) Math.min(skipLeft, SKIP_BYTES);
            need(count);
            skip(count);
            skipLeft -= count;
            if (skipLeft == 0) {
              state = State.BETWEEN;
            }
            return new Lz4Block(offset, 0, 0);
          }
          case FRAME -> {
            return frameBlock();
          }
          case LEGACY -> {
            if (!has(1)) {
              return null;
            }
            need(4);
            int size = intLe(0);
            if (size == FRAME_MAGIC || size == LEGACY_MAGIC || isSkippable(size)) {
              state = State.BETWEEN;
              continue;
            }
            long offset = position();
            if (size <= 0 || size > LEGACY_BLOCK_BYTES + LEGACY_BLOCK_BYTES / 255 + 16) {
              throw damaged(offset);
            }
            need(4 + size);
            skip(4 + size);
            return new Lz4Block(offset, size, most(size, LEGACY_BLOCK_BYTES));
          }
        }
      }
    }

    private void begin() throws IOException {
      long offset = position();
      if (!has(4)) {
        throw anyFrame ? trailing(offset) : truncated(storedEnd());
      }
      int magic = intLe(0);
      if (magic == LEGACY_MAGIC) {
        skip(4);
        state = State.LEGACY;
      } else if (magic == FRAME_MAGIC) {
        beginFrame(offset);
        state = State.FRAME;
      } else if (isSkippable(magic)) {
        need(8);
        skipLeft = intLe(4) & 0xffffffffL;
        skip(8);
        state = State.SKIPPING;
      } else {
        throw trailing(offset);
      }
      anyFrame = true;
    }

    private void beginFrame(long offset) throws IOException {
      need(7);
      int flags = byteAt(4);
      int sizes = byteAt(5);
      if (flags >>> 6 != 1 || (flags & 2) != 0 || (sizes & 0x8f) != 0 || sizes >>> 4 < 4) {
        throw damaged("has an unknown kind of frame", offset);
      }
      linked = (flags & 0x20) == 0;
      blockSums = (flags & 0x10) != 0;
      contentSum = (flags & 4) != 0;
      blockMost = 1 << 2 * (sizes >>> 4) + 8;
      int p = 6;
      contentSize = -1;
      if ((flags & 8) != 0) {
        need(p + 9);
        contentSize = (intLe(p) & 0xffffffffL) | (long) intLe(p + 4) << 32;
        p += 8;
      }
      boolean dictionary = (flags & 1) != 0;
      if (dictionary) {
        p += 4;
        need(p + 1);
      }
      int sum = XxHash32.of(window(), windowIndex(4), p - 4);
      if ((sum >>> 8 & 255) != byteAt(p)) {
        throw wrongChecksum(offset);
      }
      if (dictionary) {
        throw new IOException(
            "lz4 data needs a dictionary, which is not supported (stored byte " + offset + ")");
      }
      skip(p + 1);
      frameBegins = true;
    }

    private Lz4Block frameBlock() throws IOException {
      long offset = position();
      need(4);
      int word = intLe(0);
      Lz4Block block;
      if (word == 0) {
        int size = contentSum ? 8 : 4;
        need(size);
        block = new Lz4Block(offset, 0, 0);
        block.ends = true;
        block.hasContentSum = contentSum;
        if (contentSum) {
          block.contentSum = intLe(4);
        }
        block.contentSize = contentSize;
        skip(size);
        state = State.BETWEEN;
      } else {
        int count = word & 0x7fffffff;
        if (count > blockMost) {
          throw damaged(offset);
        }
        need(4 + count + (blockSums ? 4 : 0));
        if (blockSums) {
          // The checksum behind the data counts as a part of them.
          block = new Lz4Block(offset, count + 4, most(count, blockMost));
          block.hasSum = true;
          block.sum = intLe(4 + count);
          skip(4);
        } else {
          block = new Lz4Block(offset, count, most(count, blockMost));
        }
        block.plain = word < 0;
        block.hasContentSum = contentSum;
        skip(4 + count);
      }
      block.begins = frameBegins;
      // Blocks stored plain belong to the history of linked ones.
      block.linked = linked && !block.ends;
      frameBegins = false;
      return block;
    }

    /** No stored byte means more than 255 decoded ones. */
    private static int most(int count, int blockMost) {
      return (int) Math.min(blockMost, 255L * count + 64);
    }

    private static int dataCount(Lz4Block block) {
      return block.count - (block.hasSum ? 4 : 0);
    }

    @Override
    boolean isLinked(Lz4Block block) {
      return block.linked;
    }

    private void checkSum(Lz4Block block, byte[] stored) throws IOException {
      if (block.hasSum && XxHash32.of(stored, block.begin, dataCount(block)) != block.sum) {
        throw wrongChecksum(block.offset);
      }
    }

    @Override
    int decode(Lz4Block block, byte[] stored, byte[] out, int outBegin) throws IOException {
      if (block.count == 0) {
        return 0;
      }
      checkSum(block, stored);
      int count = dataCount(block);
      if (block.plain) {
        System.arraycopy(stored, block.begin, out, outBegin, count);
        return count;
      }
      try {
        return new Lz4Decompressor()
            .decompress(stored, block.begin, count, out, outBegin, block.decodedMost);
      } catch (MalformedInputException | IndexOutOfBoundsException e) {
        throw damaged(block.offset);
      }
    }

    @Override
    byte[] decodeLinked(Lz4Block block, byte[] stored) throws IOException {
      checkSum(block, stored);
      if (block.begins) {
        historyCount = 0;
      }
      if (history.length < HISTORY_BYTES + block.decodedMost) {
        history = Arrays.copyOf(history, HISTORY_BYTES + block.decodedMost);
      }
      if (historyCount > HISTORY_BYTES) {
        System.arraycopy(history, historyCount - HISTORY_BYTES, history, 0, HISTORY_BYTES);
        historyCount = HISTORY_BYTES;
      }
      int count = dataCount(block);
      if (block.plain) {
        System.arraycopy(stored, block.begin, history, historyCount, count);
        block.decodedCount = count;
      } else {
        int end =
            Lz4LinkedBlock.decode(
                stored,
                block.begin,
                count,
                history,
                historyCount,
                historyCount + block.decodedMost);
        if (end < 0) {
          throw damaged(block.offset);
        }
        block.decodedCount = end - historyCount;
      }
      block.decodedBegin = historyCount;
      historyCount += block.decodedCount;
      return history;
    }

    @Override
    void pass(Lz4Block block, byte[] bytes) throws IOException {
      if (block.begins) {
        contentHash.reset();
        contentCount = 0;
      }
      contentCount += block.decodedCount;
      if (block.hasContentSum && !block.ends) {
        contentHash.update(bytes, block.decodedBegin, block.decodedCount);
      }
      if (block.ends) {
        if (block.hasContentSum && contentHash.value() != block.contentSum) {
          throw wrongChecksum(block.offset);
        }
        if (block.contentSize >= 0 && block.contentSize != contentCount) {
          throw damaged("has a wrong length", block.offset);
        }
      }
    }
  }
}

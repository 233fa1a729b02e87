package io.copyload.engine.compress;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lzo.LzoDecompressor;
import java.io.IOException;
import java.util.zip.Adler32;
import java.util.zip.CRC32;
import java.util.zip.Checksum;

/**
 * Lzop: any number of files one behind the other. A file is a header with a checksum, blocks of
 * LZO1X, each with the checksums that the header announces, and a block of length zero. All numbers
 * are big-endian. Files made with a filter are refused.
 */
final class LzopCodec extends Codec {
  private static final byte[] MAGIC = {(byte) 0x89, 'L', 'Z', 'O', 0, '\r', '\n', 0x1a, '\n'};

  private static final int ADLER_RAW = 0x1;
  private static final int ADLER_PACKED = 0x2;
  private static final int EXTRA_FIELD = 0x40;
  private static final int CRC_RAW = 0x100;
  private static final int CRC_PACKED = 0x200;
  private static final int FILTER = 0x800;
  private static final int HEADER_CRC = 0x1000;

  /** Lzop's own limit. */
  private static final int MAX_BLOCK_BYTES = 64 << 20;

  /** From this version on the header has three more fields. */
  private static final int VERSION_WITH_LEVEL = 0x0940;

  LzopCodec() {
    super("lzop", ".lzo", ".lzop");
  }

  @Override
  boolean matches(byte[] head, int length) {
    if (length < 4) {
      return false;
    }
    for (int i = 0; i < Math.min(length, MAGIC.length); i++) {
      if (head[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in, how);
  }

  private static final class LzopBlock extends BlockDecompressor.Block {
    private final int flags;
    private final int[] sums;

    LzopBlock(long offset, int packed, int raw, int flags, int[] sums) {
      super(offset, packed, raw);
      this.flags = flags;
      this.sums = sums;
    }
  }

  private final class Reader extends BlockDecompressor<LzopBlock> {
    private boolean inFile;
    private boolean anyFile;
    private int flags;

    Reader(StoredInput in, Decompression how) {
      super(in, how);
    }

    private void need(int count) throws IOException {
      if (!has(count)) {
        throw truncated(storedEnd());
      }
    }

    @Override
    LzopBlock nextBlock() throws IOException {
      while (true) {
        if (!inFile) {
          if (!has(1)) {
            return null;
          }
          readHeader();
        }
        need(4);
        int raw = intBe(0);
        if (raw != 0) {
          return block(raw);
        }
        skip(4);
        inFile = false;
      }
    }

    private LzopBlock block(int raw) throws IOException {
      long offset = position();
      need(8);
      int packed = intBe(4);
      if (raw < 0 || raw > MAX_BLOCK_BYTES || packed <= 0 || packed > raw) {
        throw damaged(offset);
      }
      skip(8);
      int[] sums = new int[4];
      int wanted = packed < raw ? flags : flags & (ADLER_RAW | CRC_RAW);
      int i = 0;
      for (int flag : new int[] {ADLER_RAW, CRC_RAW, ADLER_PACKED, CRC_PACKED}) {
        if ((wanted & flag) != 0) {
          need(4);
          sums[i] = intBe(0);
          skip(4);
        }
        i++;
      }
      need(packed);
      skip(packed);
      return new LzopBlock(offset, packed, raw, wanted, sums);
    }

    private void readHeader() throws IOException {
      long offset = position();
      if (!has(MAGIC.length)) {
        throw anyFile ? trailing(offset) : truncated(storedEnd());
      }
      for (int i = 0; i < MAGIC.length; i++) {
        if (byteAt(i) != (MAGIC[i] & 255)) {
          throw anyFile ? trailing(offset) : damaged(offset);
        }
      }
      int p = MAGIC.length;
      need(p + 7);
      int version = byteAt(p) << 8 | byteAt(p + 1);
      boolean withLevel = version >= VERSION_WITH_LEVEL;
      p += withLevel ? 6 : 4;
      need(p + 6);
      int method = byteAt(p);
      p += withLevel ? 2 : 1;
      if (method < 1 || method > 3) {
        throw damaged("has an unknown method of compression", offset);
      }
      need(p + 4);
      flags = intBe(p);
      p += 4;
      if ((flags & FILTER) != 0) {
        throw new IOException(
            "lzop data was made with a filter, which is not supported (stored byte "
                + offset
                + ")");
      }
      p += withLevel ? 12 : 8;
      need(p + 1);
      p += 1 + byteAt(p);
      need(p + 4);
      checkHeader(p, offset);
      p += 4;
      if ((flags & EXTRA_FIELD) != 0) {
        need(p + 4);
        int length = intBe(p);
        if (length < 0 || length > 1 << 20) {
          throw damaged(offset);
        }
        need(p + length + 8);
        p += length + 8;
      }
      skip(p);
      inFile = true;
      anyFile = true;
    }

    private void checkHeader(int end, long offset) throws IOException {
      Checksum sum = (flags & HEADER_CRC) != 0 ? new CRC32() : new Adler32();
      sum.update(window(), windowIndex(MAGIC.length), end - MAGIC.length);
      if ((int) sum.getValue() != intBe(end)) {
        throw wrongChecksum(offset);
      }
    }

    @Override
    int decode(LzopBlock block, byte[] stored, byte[] out, int outBegin) throws IOException {
      check(block, 2, ADLER_PACKED, new Adler32(), stored, block.begin, block.count);
      check(block, 3, CRC_PACKED, new CRC32(), stored, block.begin, block.count);
      int raw = block.decodedMost;
      if (block.count == raw) {
        System.arraycopy(stored, block.begin, out, outBegin, raw);
      } else {
        int decoded;
        try {
          decoded =
              new LzoDecompressor()
                  .decompress(stored, block.begin, block.count, out, outBegin, raw);
        } catch (MalformedInputException | IndexOutOfBoundsException e) {
          throw damaged(block.offset);
        }
        if (decoded != raw) {
          throw damaged(block.offset);
        }
      }
      check(block, 0, ADLER_RAW, new Adler32(), out, outBegin, raw);
      check(block, 1, CRC_RAW, new CRC32(), out, outBegin, raw);
      return raw;
    }

    private void check(
        LzopBlock block, int place, int flag, Checksum sum, byte[] bytes, int begin, int count)
        throws IOException {
      if ((block.flags & flag) != 0) {
        sum.update(bytes, begin, count);
        if ((int) sum.getValue() != block.sums[place]) {
          throw wrongChecksum(block.offset);
        }
      }
    }

    @Override
    void pass(LzopBlock block, byte[] bytes) {}
  }
}

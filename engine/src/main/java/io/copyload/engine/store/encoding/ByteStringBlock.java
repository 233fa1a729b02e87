package io.copyload.engine.store.encoding;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import java.util.Arrays;

/**
 * A decoded byte-string block. With {@code codes == null} row {@code i} is {@code bytes[offsets[i]
 * .. offsets[i + 1])}; else that is entry {@code i} of a dictionary of which row {@code i} is entry
 * {@code codes[i]}.
 *
 * <p>{@code bytes} may be the stored value itself, so it must not be changed.
 */
public final class ByteStringBlock {
  /** LZ4 cannot make more out of a byte. */
  private static final long MAX_LZ4_GAIN = 255;

  /** Bytes that the values of a chunk can have. */
  private static final int MAX_BYTES = Integer.MAX_VALUE - 64;

  private final int[] codes;
  private final int[] offsets;
  private final byte[] bytes;

  private ByteStringBlock(int[] codes, int[] offsets, byte[] bytes) {
    this.codes = codes;
    this.offsets = offsets;
    this.bytes = bytes;
  }

  public int[] codes() {
    return codes;
  }

  public int[] offsets() {
    return offsets;
  }

  public byte[] bytes() {
    return bytes;
  }

  /** Code of text that has none. */
  static final int LITERAL = 0xffff;

  /** Reads {@code count} rows; the caller vouches for {@code count} being a sane size. */
  public static ByteStringBlock decode(ChunkInput in, int count) {
    return decode(in, count, true);
  }

  private static ByteStringBlock decode(ChunkInput in, int count, boolean nests) {
    return switch (ByteStringEncoding.ofTag(in.readUnsignedByte())) {
      case CONSTANT -> {
        int length = in.readCount(in.remaining() - Integer.BYTES);
        int begin = in.skip(length);
        yield new ByteStringBlock(new int[count], new int[] {begin, begin + length}, in.bytes());
      }
      case DICTIONARY -> {
        int size = in.readCount(count);
        long[] lengths = LaneDecoder.decode(in, size);
        int total = in.readCount(in.remaining() - Integer.BYTES);
        int[] offsets = offsets(lengths, size, in.skip(total), total);
        int[] codes = new int[count];
        BitPacking.unpack(in, count, in.readUnsignedByte(), size, codes);
        yield new ByteStringBlock(codes, offsets, in.bytes());
      }
      case PLAIN -> {
        long[] lengths = LaneDecoder.decode(in, count);
        int total = in.readCount(in.remaining() - Integer.BYTES);
        int[] offsets = offsets(lengths, count, in.skip(total), total);
        yield new ByteStringBlock(null, offsets, in.bytes());
      }
      case PLAIN_LZ4 -> {
        long[] lengths = LaneDecoder.decode(in, count);
        int total = in.readInt();
        if (total < 0 || total > in.remaining() * MAX_LZ4_GAIN) {
          throw new MalformedChunkException("a size of " + total + " is out of range");
        }
        int[] offsets = offsets(lengths, count, 0, total);
        yield new ByteStringBlock(null, offsets, decompress(in, total));
      }
      case RUNS -> {
        if (!nests) {
          throw new MalformedChunkException("its encodings are nested too deeply");
        }
        yield decodeRuns(in, count);
      }
      case COMPRESSED -> {
        BlockCodec codec = BlockCodec.ofTag(in.readUnsignedByte());
        long[] lengths = LaneDecoder.decode(in, count);
        int total = in.readInt();
        byte[] bytes = codec.read(in, total);
        yield new ByteStringBlock(null, offsets(lengths, count, 0, total), bytes);
      }
      case WORDS -> decodeWords(in, count);
    };
  }

  private static ByteStringBlock decodeRuns(ChunkInput in, int count) {
    int runCount = in.readCount(count);
    long[] lengths = LaneDecoder.decode(in, runCount);
    ByteStringBlock values = decode(in, runCount, false);
    int[] runs = new int[count];
    int row = 0;
    for (int run = 0; run < runCount; run++) {
      if (lengths[run] < 1 || lengths[run] > count - row) {
        throw new MalformedChunkException("its runs do not add up");
      }
      int end = row + (int) lengths[run];
      Arrays.fill(runs, row, end, values.codes == null ? run : values.codes[run]);
      row = end;
    }
    if (row != count) {
      throw new MalformedChunkException("its runs do not add up");
    }
    return values.codes == null
        ? values.repeated(runs, count)
        : new ByteStringBlock(runs, values.offsets, values.bytes);
  }

  /**
   * Plain values for rows that repeat those of this block: entries of a dictionary are distinct.
   */
  private ByteStringBlock repeated(int[] rows, int count) {
    int[] begins = new int[count + 1];
    long total = 0;
    for (int i = 0; i < count; i++) {
      begins[i] = (int) total;
      total += offsets[rows[i] + 1] - offsets[rows[i]];
      if (total > MAX_BYTES) {
        throw new MalformedChunkException("its runs have too many bytes");
      }
    }
    begins[count] = (int) total;
    byte[] repeated = new byte[(int) total];
    for (int i = 0; i < count; i++) {
      System.arraycopy(bytes, offsets[rows[i]], repeated, begins[i], begins[i + 1] - begins[i]);
    }
    return new ByteStringBlock(null, begins, repeated);
  }

  private static ByteStringBlock decodeWords(ChunkInput in, int count) {
    int codeBytes = in.readUnsignedByte();
    if (codeBytes != 1 && codeBytes != 2) {
      throw new MalformedChunkException("codes of " + codeBytes + " bytes are out of range");
    }
    long[] lengths = LaneDecoder.decode(in, count);
    int total = in.readCount(MAX_BYTES);
    int[] rows = offsets(lengths, count, 0, total);
    int wordCount = in.readCount(in.remaining());
    long[] wordLengths = LaneDecoder.decode(in, wordCount);
    int wordTotal = in.readCount(in.remaining() - Integer.BYTES);
    int[] words = offsets(wordLengths, wordCount, in.skip(wordTotal), wordTotal);
    int streamLength = in.readCount(in.remaining());
    int begin = in.skip(streamLength);
    ChunkInput stream = new ChunkInput(in.bytes(), begin, begin + streamLength);
    byte[] text = new byte[total];
    int at = 0;
    for (int row = 0; row < count; row++) {
      int end = rows[row + 1];
      while (at < end) {
        int code = stream.readUnsignedByte();
        boolean literal = code == (LITERAL & 0xff);
        if (codeBytes == 2) {
          code |= stream.readUnsignedByte() << Byte.SIZE;
          literal = code == LITERAL;
        }
        if (!literal && code >= wordCount) {
          throw new MalformedChunkException("a word code of " + code + " is out of range");
        }
        int n = literal ? stream.readUnsignedByte() : words[code + 1] - words[code];
        if (n > end - at || n == 0) {
          throw new MalformedChunkException("its words do not add up");
        }
        System.arraycopy(in.bytes(), literal ? stream.skip(n) : words[code], text, at, n);
        at += n;
        if (!literal && at < end) {
          text[at++] = ' ';
        }
      }
    }
    if (stream.remaining() > 0) {
      throw new MalformedChunkException("its words do not add up");
    }
    return new ByteStringBlock(null, rows, text);
  }

  private static int[] offsets(long[] lengths, int count, int begin, int total) {
    int[] offsets = new int[count + 1];
    long at = 0;
    for (int i = 0; i < count; i++) {
      long length = lengths[i];
      offsets[i] = begin + (int) at;
      if (length < 0 || length > total - at) {
        throw new MalformedChunkException("its lengths do not add up");
      }
      at += length;
    }
    if (at != total) {
      throw new MalformedChunkException("its lengths do not add up");
    }
    offsets[count] = begin + total;
    return offsets;
  }

  private static byte[] decompress(ChunkInput in, int total) {
    byte[] bytes = new byte[total];
    Lz4Decompressor lz4 = new Lz4Decompressor();
    int block = ByteStringEncoder.LZ4_BLOCK_BYTES;
    for (int at = 0; at < total; at += block) {
      int expected = Math.min(block, total - at);
      int length = in.readCount(in.remaining() - Integer.BYTES);
      int from = in.skip(length);
      int got;
      try {
        got = lz4.decompress(in.bytes(), from, length, bytes, at, expected);
      } catch (MalformedInputException e) {
        throw new MalformedChunkException("its LZ4 block does not decompress");
      }
      if (got != expected) {
        throw new MalformedChunkException("its LZ4 block is too short");
      }
    }
    return bytes;
  }
}

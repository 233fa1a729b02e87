package io.copyload.engine.store.encoding;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;

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

  /** Reads {@code count} rows; the caller vouches for {@code count} being a sane size. */
  public static ByteStringBlock decode(ChunkInput in, int count) {
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
    };
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

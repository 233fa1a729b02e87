package io.copyload.engine.store.encoding;

import io.airlift.compress.Compressor;
import io.airlift.compress.Decompressor;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lzo.LzoCompressor;
import io.airlift.compress.lzo.LzoDecompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.util.function.Supplier;

/** Compression of bytes in blocks of {@link #BLOCK_BYTES}, as the specification has it. */
public enum BlockCodec {
  LZO(1, LzoCompressor::new, LzoDecompressor::new),
  ZSTD(2, ZstdCompressor::new, ZstdDecompressor::new);

  /** Bytes that the compressor sees at once. */
  static final int BLOCK_BYTES = 64 << 10;

  /** More than any of them makes out of a byte of a block. */
  private static final long MAX_GAIN = BLOCK_BYTES;

  private final int tag;
  private final Supplier<Compressor> compressor;
  private final Supplier<Decompressor> decompressor;

  BlockCodec(int tag, Supplier<Compressor> compressor, Supplier<Decompressor> decompressor) {
    this.tag = tag;
    this.compressor = compressor;
    this.decompressor = decompressor;
  }

  int tag() {
    return tag;
  }

  static BlockCodec ofTag(int tag) {
    for (BlockCodec codec : values()) {
      if (codec.tag == tag) {
        return codec;
      }
    }
    throw new MalformedChunkException("codec " + tag + " is unknown");
  }

  /** Writes the blocks; a block that does not get smaller is written as it is. */
  void write(byte[] bytes, int total, ChunkOutput out) {
    Compressor running = compressor.get();
    byte[] compressed = new byte[running.maxCompressedLength(Math.min(BLOCK_BYTES, total))];
    for (int from = 0; from < total; from += BLOCK_BYTES) {
      int count = Math.min(BLOCK_BYTES, total - from);
      int size = running.compress(bytes, from, count, compressed, 0, compressed.length);
      if (size < count) {
        out.writeInt(size);
        out.writeBytes(compressed, 0, size);
      } else {
        out.writeInt(count);
        out.writeBytes(bytes, from, count);
      }
    }
  }

  /** Reads blocks of {@code total} bytes. */
  byte[] read(ChunkInput in, int total) {
    if (total < 0 || total > in.remaining() * MAX_GAIN) {
      throw new MalformedChunkException("a size of " + total + " is out of range");
    }
    byte[] bytes = new byte[total];
    Decompressor running = decompressor.get();
    for (int at = 0; at < total; at += BLOCK_BYTES) {
      int expected = Math.min(BLOCK_BYTES, total - at);
      int length = in.readCount(in.remaining() - Integer.BYTES);
      int from = in.skip(length);
      if (length == expected) {
        System.arraycopy(in.bytes(), from, bytes, at, length);
      } else if (decompress(running, in.bytes(), from, length, bytes, at, expected) != expected) {
        throw new MalformedChunkException("its " + this + " block is too short");
      }
    }
    return bytes;
  }

  private int decompress(
      Decompressor running, byte[] in, int from, int length, byte[] out, int at, int expected) {
    try {
      return running.decompress(in, from, length, out, at, expected);
    } catch (MalformedInputException e) {
      throw new MalformedChunkException("its " + this + " block does not decompress");
    }
  }
}

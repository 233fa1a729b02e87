package io.copyload.engine.format.orc;

import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.lzo.LzoDecompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.brotli.dec.BrotliInputStream;

/** Decompression of blocks, in the order of the numbers that files have. Threads: any. */
enum OrcCodec {
  NONE {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room) {
      throw new IllegalStateException("nothing is compressed");
    }
  },
  ZLIB {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room)
        throws IOException {
      Inflater inflater = new Inflater(true);
      try {
        inflater.setInput(source, from, stored);
        int size = 0;
        while (!inflater.finished()) {
          int count = inflater.inflate(target, size, room - size);
          size += count;
          if (count == 0 && !inflater.finished()) {
            throw new IOException(
                size == room ? "a block is larger than the file says" : "a block is cut off");
          }
        }
        return size;
      } catch (DataFormatException e) {
        throw new IOException("a damaged zlib block: " + e.getMessage(), e);
      } finally {
        inflater.end();
      }
    }
  },
  SNAPPY {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room) {
      return new SnappyDecompressor().decompress(source, from, stored, target, 0, room);
    }
  },
  LZO {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room) {
      return new LzoDecompressor().decompress(source, from, stored, target, 0, room);
    }
  },
  LZ4 {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room) {
      return new Lz4Decompressor().decompress(source, from, stored, target, 0, room);
    }
  },
  ZSTD {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room) {
      return new ZstdDecompressor().decompress(source, from, stored, target, 0, room);
    }
  },
  BROTLI {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int room)
        throws IOException {
      try (InputStream in = new BrotliInputStream(new ByteArrayInputStream(source, from, stored))) {
        int size = in.readNBytes(target, 0, room);
        if (size == room && in.read() >= 0) {
          throw new IOException("a block is larger than the file says");
        }
        return size;
      }
    }
  };

  /**
   * Decompresses a block.
   *
   * @param room most bytes that the target takes
   * @return bytes written
   * @throws IOException or MalformedInputException when the block is damaged
   */
  abstract int decompress(byte[] source, int from, int stored, byte[] target, int room)
      throws IOException;
}

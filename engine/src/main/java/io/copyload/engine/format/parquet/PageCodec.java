package io.copyload.engine.format.parquet;

import io.airlift.compress.Decompressor;
import io.airlift.compress.MalformedInputException;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.lzo.LzoDecompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.airlift.compress.zstd.ZstdDecompressor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.brotli.dec.BrotliInputStream;

/** Decompression of pages. Threads: any; no state is kept between pages. */
enum PageCodec {
  UNCOMPRESSED {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain) {
      System.arraycopy(source, from, target, 0, stored);
      return stored;
    }
  },
  SNAPPY {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain) {
      return new SnappyDecompressor().decompress(source, from, stored, target, 0, plain);
    }
  },
  GZIP {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain)
        throws IOException {
      try (InputStream in =
          new GZIPInputStream(new ByteArrayInputStream(source, from, stored), 16 << 10)) {
        return readFully(in, target, plain);
      }
    }
  },
  BROTLI {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain)
        throws IOException {
      try (InputStream in = new BrotliInputStream(new ByteArrayInputStream(source, from, stored))) {
        return readFully(in, target, plain);
      }
    }
  },
  ZSTD {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain) {
      return new ZstdDecompressor().decompress(source, from, stored, target, 0, plain);
    }
  },
  LZ4_RAW {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain) {
      return new Lz4Decompressor().decompress(source, from, stored, target, 0, plain);
    }
  },
  /** LZ4 in Hadoop's frames, or, by writers that misread the name, without. */
  LZ4 {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain)
        throws IOException {
      Lz4Decompressor block = new Lz4Decompressor();
      int framed = hadoopFrames(block, source, from, stored, target, plain);
      return framed >= 0 ? framed : block.decompress(source, from, stored, target, 0, plain);
    }
  },
  LZO {
    @Override
    int decompress(byte[] source, int from, int stored, byte[] target, int plain)
        throws IOException {
      int framed = hadoopFrames(new LzoDecompressor(), source, from, stored, target, plain);
      if (framed < 0) {
        throw new IOException("damaged LZO frames");
      }
      return framed;
    }
  };

  /**
   * Decompresses a page.
   *
   * @param plain size of the page, which the target has room for
   * @return bytes written
   * @throws IOException or MalformedInputException when the page is damaged
   */
  abstract int decompress(byte[] source, int from, int stored, byte[] target, int plain)
      throws IOException;

  static PageCodec of(CompressionCodecName name) {
    return switch (name) {
      case UNCOMPRESSED -> UNCOMPRESSED;
      case SNAPPY -> SNAPPY;
      case GZIP -> GZIP;
      case BROTLI -> BROTLI;
      case ZSTD -> ZSTD;
      case LZ4_RAW -> LZ4_RAW;
      case LZ4 -> LZ4;
      case LZO -> LZO;
    };
  }

  private static int readFully(InputStream in, byte[] target, int plain) throws IOException {
    int size = in.readNBytes(target, 0, plain);
    return size == plain && in.read() >= 0 ? plain + 1 : size;
  }

  /**
   * Hadoop's block framing: big-endian plain size, then blocks of big-endian stored size and bytes.
   *
   * @return bytes written, or -1 when the bytes are no such frames
   */
  private static int hadoopFrames(
      Decompressor block, byte[] source, int from, int stored, byte[] target, int plain) {
    int p = from;
    int end = from + stored;
    int size = 0;
    while (p < end) {
      if (end - p < 8) {
        return -1;
      }
      int frame = bigEndian(source, p);
      p += 4;
      if (frame < 0 || frame > plain - size) {
        return -1;
      }
      int frameEnd = size + frame;
      while (size < frameEnd) {
        if (end - p < 4) {
          return -1;
        }
        int length = bigEndian(source, p);
        p += 4;
        if (length <= 0 || length > end - p) {
          return -1;
        }
        try {
          int written = block.decompress(source, p, length, target, size, frameEnd - size);
          if (written == 0) {
            return -1;
          }
          size += written;
        } catch (MalformedInputException e) {
          return -1;
        }
        p += length;
      }
    }
    return size;
  }

  private static int bigEndian(byte[] b, int p) {
    return (b[p] & 0xff) << 24 | (b[p + 1] & 0xff) << 16 | (b[p + 2] & 0xff) << 8 | b[p + 3] & 0xff;
  }
}

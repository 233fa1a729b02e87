package io.copyload.engine.format.parquet;

import io.airlift.compress.zstd.ZstdInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.zip.GZIPInputStream;
import org.brotli.dec.BrotliInputStream;

/** The decompressed bytes of pages that are too large to be decompressed as a whole. */
final class PageStream {
  private static final int BUFFER_BYTES = 8 << 10;

  /** Plain and stored size that Hadoop puts before LZ4 blocks. */
  private static final int FRAME_HEAD = 8;

  private PageStream() {}

  /**
   * Opens a page.
   *
   * @param stored its bytes and no more
   * @param storedBytes their number
   * @param plain number of decompressed bytes
   * @return null when the codec can be decoded as a whole only
   */
  static InputStream open(PageCodec codec, InputStream stored, int storedBytes, int plain)
      throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> stored;
      case GZIP -> new GZIPInputStream(stored, BUFFER_BYTES);
      case BROTLI -> new BrotliInputStream(stored, BUFFER_BYTES);
      case ZSTD -> new ZstdInputStream(stored);
      case SNAPPY -> BlockStream.snappy(stored);
      case LZ4_RAW -> BlockStream.lz4(stored);
      case LZ4 -> lz4(stored, storedBytes, plain);
      case LZO -> null;
    };
  }

  /** LZ4 in Hadoop's frames, or, by writers that misread the name, without. */
  private static InputStream lz4(InputStream stored, int storedBytes, int plain)
      throws IOException {
    byte[] head = stored.readNBytes(FRAME_HEAD);
    PushbackInputStream all = new PushbackInputStream(stored, FRAME_HEAD);
    all.unread(head);
    if (head.length == FRAME_HEAD) {
      int framePlain = bigEndian(head, 0);
      int block = bigEndian(head, 4);
      if (framePlain > 0 && framePlain <= plain && block > 0 && block <= storedBytes - FRAME_HEAD) {
        return new HadoopFrames(all);
      }
    }
    return BlockStream.lz4(all);
  }

  private static int bigEndian(byte[] b, int p) {
    return (b[p] & 0xff) << 24 | (b[p + 1] & 0xff) << 16 | (b[p + 2] & 0xff) << 8 | b[p + 3] & 0xff;
  }

  /**
   * LZ4 blocks in Hadoop's frames: plain size, then blocks with their sizes until it is reached.
   */
  private static final class HadoopFrames extends InputStream {
    private final InputStream in;
    private long frameLeft;
    private InputStream block;

    HadoopFrames(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      while (true) {
        if (block != null) {
          int count = block.read(buffer, offset, length);
          if (count >= 0) {
            frameLeft -= count;
            return count;
          }
          block = null;
        }
        if (frameLeft < 0) {
          throw new IOException("a compressed page has more bytes than it says");
        }
        if (frameLeft == 0) {
          byte[] size = in.readNBytes(4);
          if (size.length == 0) {
            return -1;
          }
          frameLeft = number(size);
        } else {
          block = BlockStream.lz4(new Bounded(in, number(in.readNBytes(4))));
        }
      }
    }

    private static int number(byte[] bytes) throws IOException {
      if (bytes.length < 4 || bytes[0] < 0) {
        throw new EOFException("the frames of a compressed page end too early");
      }
      return bigEndian(bytes, 0);
    }
  }

  /** The next so many bytes of a stream. */
  static final class Bounded extends InputStream {
    private final InputStream in;
    private long left;

    Bounded(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      if (left == 0) {
        return -1;
      }
      int b = in.read();
      left -= b < 0 ? 0 : 1;
      return b;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0 || left == 0) {
        return length == 0 ? 0 : -1;
      }
      int count = in.read(buffer, offset, (int) Math.min(length, left));
      left -= Math.max(0, count);
      return count;
    }

    /** Steps over what has not been read. */
    void skipRest() throws IOException {
      byte[] nowhere = new byte[(int) Math.min(left, BUFFER_BYTES)];
      while (left > 0) {
        if (read(nowhere, 0, nowhere.length) < 0) {
          throw new EOFException("a page is longer than the rest of its column chunk");
        }
      }
    }
  }
}

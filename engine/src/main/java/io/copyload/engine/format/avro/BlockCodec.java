package io.copyload.engine.format.avro;

import io.airlift.compress.MalformedInputException;
import io.airlift.compress.snappy.SnappyDecompressor;
import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.compress.Decompression;
import io.copyload.engine.source.ByteReader;
import java.io.Closeable;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** How the blocks of a container file are compressed. */
enum BlockCodec {
  NULL("null"),
  DEFLATE("deflate"),
  SNAPPY("snappy"),
  BZIP2("bzip2"),
  ZSTANDARD("zstandard"),
  XZ("xz");

  /**
   * Heap for the dictionary of a block that is compressed like a file; writers of xz like 64 MB.
   */
  private static final long MEMORY_BYTES = 72 << 20;

  private final String name;

  BlockCodec(String name) {
    this.name = name;
  }

  static BlockCodec of(String name) throws IOException {
    for (BlockCodec codec : values()) {
      if (codec.name.equals(name)) {
        return codec;
      }
    }
    throw new IOException(
        "its codec \""
            + (name.length() > 40 ? name.substring(0, 40) + "..." : name)
            + "\" is not one of null, deflate, snappy, bzip2, zstandard and xz");
  }

  /** Decodes blocks. Threads: one; buffers are used again. */
  static final class Decoder implements Closeable {
    private final BlockCodec codec;
    private final int limit;
    private final CancelToken cancel;
    private byte[] out = new byte[64 << 10];
    private final CRC32 sum = new CRC32();
    private Inflater inflater;

    /**
     * @param limit most bytes of a decoded block
     */
    Decoder(BlockCodec codec, int limit, CancelToken cancel) {
      this.codec = codec;
      this.limit = limit;
      this.cancel = cancel;
    }

    /** The array with the decoded bytes, from 0. */
    byte[] bytes() {
      return out;
    }

    /**
     * Decodes a block; returns its decoded size.
     *
     * @throws IOException when it is damaged or too large
     */
    int decode(byte[] stored, int begin, int length) throws IOException {
      return switch (codec) {
        case NULL -> throw new IllegalStateException("nothing to decode");
        case DEFLATE -> inflate(stored, begin, length);
        case SNAPPY -> snappy(stored, begin, length);
        case BZIP2 -> stream("bzip2", stored, begin, length);
        case ZSTANDARD -> stream("zstd", stored, begin, length);
        case XZ -> stream("xz", stored, begin, length);
      };
    }

    @Override
    public void close() {
      if (inflater != null) {
        inflater.end();
      }
    }

    private void room(int size) throws IOException {
      if (size > limit) {
        throw new IOException("its decoded bytes are more than the limit of " + limit);
      }
      if (out.length < size) {
        out = new byte[Math.min(limit, Math.max(size, 2 * out.length))];
      }
    }

    private void more() throws IOException {
      if (out.length >= limit) {
        throw new IOException("its decoded bytes are more than the limit of " + limit);
      }
      out = Arrays.copyOf(out, Math.min(limit, 2 * out.length));
    }

    private int inflate(byte[] stored, int begin, int length) throws IOException {
      if (inflater == null) {
        inflater = new Inflater(true);
      }
      inflater.reset();
      inflater.setInput(stored, begin, length);
      int size = 0;
      try {
        while (!inflater.finished()) {
          if (size == out.length) {
            more();
          }
          int count = inflater.inflate(out, size, out.length - size);
          if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
            throw new IOException("its deflate data ends too early");
          }
          size += count;
        }
      } catch (DataFormatException e) {
        throw new IOException("its deflate data is damaged: " + e.getMessage(), e);
      }
      return size;
    }

    private int snappy(byte[] stored, int begin, int length) throws IOException {
      int end = begin + length - 4;
      if (end <= begin) {
        throw new IOException("its snappy data ends too early");
      }
      int size;
      try {
        size = SnappyDecompressor.getUncompressedLength(stored, begin);
        if (size < 0) {
          throw new IOException("its snappy data is damaged");
        }
        room(size);
        size = new SnappyDecompressor().decompress(stored, begin, end - begin, out, 0, size);
      } catch (MalformedInputException | IndexOutOfBoundsException e) {
        throw new IOException("its snappy data is damaged", e);
      }
      sum.reset();
      sum.update(out, 0, size);
      int expected =
          (stored[end] & 0xff) << 24
              | (stored[end + 1] & 0xff) << 16
              | (stored[end + 2] & 0xff) << 8
              | stored[end + 3] & 0xff;
      if ((int) sum.getValue() != expected) {
        throw new IOException("its snappy data has a wrong checksum");
      }
      return size;
    }

    private int stream(String name, byte[] stored, int begin, int length) throws IOException {
      int head = Math.min(length, Codecs.HEAD_BYTES);
      ByteReader behind = new Range(stored, begin + head, begin + length);
      try (ByteReader decoded =
          Codecs.named(name)
              .open(
                  Arrays.copyOfRange(stored, begin, begin + head),
                  head,
                  behind,
                  Decompression.of(cancel, 1, MEMORY_BYTES, () -> {}))) {
        int size = 0;
        while (true) {
          if (size == out.length) {
            more();
          }
          int count = decoded.read(out, size, out.length - size);
          if (count < 0) {
            return size;
          }
          size += count;
        }
      }
    }
  }

  private static final class Range implements ByteReader {
    private final byte[] bytes;
    private int next;
    private final int end;

    Range(byte[] bytes, int begin, int end) {
      this.bytes = bytes;
      this.next = begin;
      this.end = end;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (next == end) {
        return -1;
      }
      int count = Math.min(length, end - next);
      System.arraycopy(bytes, next, buffer, offset, count);
      next += count;
      return count;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}

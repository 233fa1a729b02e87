package io.copyload.engine.compress;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Arrays;
import org.tukaani.xz.MemoryLimitException;
import org.tukaani.xz.SingleXZInputStream;
import org.tukaani.xz.UnsupportedOptionsException;
import org.tukaani.xz.XZFormatException;

/** Xz: any number of streams one behind the other, read by one thread. */
final class XzCodec extends Codec {
  private static final byte[] MAGIC = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0};

  /** Heap that the format's usual settings need, which is always allowed. */
  private static final long MIN_MEMORY_BYTES = 16 << 20;

  XzCodec() {
    super("xz", ".xz");
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
    return new Reader(in, Math.max(MIN_MEMORY_BYTES, how.memoryBytes()));
  }

  private final class Reader implements Decompressor {
    private final StoredInput in;
    private final long memoryBytes;
    private final StoredStream stored;
    private ChunkedStream decoded;

    /** Where the last stream ends, with zeros behind it. */
    private long streamEnd;

    Reader(StoredInput in, long memoryBytes) {
      this.in = in;
      this.memoryBytes = memoryBytes;
      stored = new StoredStream(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        if (decoded == null) {
          decoded =
              new ChunkedStream(new Streams((int) Math.min(Integer.MAX_VALUE, memoryBytes >> 10)));
        }
        return decoded.read(buffer, offset, length);
      } catch (IOException e) {
        stored.rethrow();
        throw failure(e);
      }
    }

    private IOException failure(IOException e) throws IOException {
      if (e instanceof EOFException) {
        return truncated(in.offset());
      }
      if (e instanceof MemoryLimitException limit) {
        return new IOException(
            "xz data needs "
                + limit.getMemoryNeeded() / 1024
                + " MB of memory to be decompressed, and the share of a load is "
                + (memoryBytes >> 20)
                + " MB; raise the property memory");
      }
      if (e instanceof XZFormatException && decoded != null) {
        return trailing(streamEnd);
      }
      if (e instanceof UnsupportedOptionsException) {
        return damaged("has options that are not supported", in.offset());
      }
      return damaged(in.offset());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }

    /** The streams one behind the other, with zeros between them in multiples of four. */
    private final class Streams extends InputStream {
      private final int memoryKib;
      private InputStream stream;

      Streams(int memoryKib) throws IOException {
        this.memoryKib = memoryKib;
        stream = new SingleXZInputStream(stored, memoryKib);
      }

      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 255;
      }

      @Override
      public int read(byte[] buffer, int offset, int length) throws IOException {
        while (stream != null) {
          int count = stream.read(buffer, offset, length);
          if (count != -1) {
            return count;
          }
          stream = next();
        }
        return -1;
      }

      /** The next stream, or null; anything else is no part of xz data. */
      private InputStream next() throws IOException {
        byte[] head;
        do {
          streamEnd = in.offset();
          head = stored.readNBytes(4);
        } while (Arrays.equals(head, new byte[4]));
        if (head.length == 0) {
          return null;
        }
        if (!Arrays.equals(head, Arrays.copyOf(MAGIC, head.length))) {
          throw new XZFormatException();
        }
        return new SingleXZInputStream(
            new SequenceInputStream(new ByteArrayInputStream(head), stored), memoryKib);
      }
    }
  }
}

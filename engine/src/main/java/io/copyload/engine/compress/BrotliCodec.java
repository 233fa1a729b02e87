package io.copyload.engine.compress;

import java.io.IOException;
import org.brotli.dec.BrotliInputStream;

/**
 * Brotli (RFC 7932), read by one thread. Its data begin with nothing that tells them, so the ending
 * of the name does. It has no checksum.
 */
final class BrotliCodec extends Codec {
  BrotliCodec() {
    super("brotli", ".br");
  }

  @Override
  boolean matches(byte[] head, int length) {
    return false;
  }

  @Override
  boolean hasNoMagic() {
    return true;
  }

  @Override
  Decompressor open(StoredInput in, Decompression how) {
    return new Reader(in);
  }

  private final class Reader implements Decompressor {
    private final StoredInput in;
    private final StoredStream stored;
    private ChunkedStream decoded;

    Reader(StoredInput in) {
      this.in = in;
      stored = new StoredStream(in);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count;
      try {
        if (decoded == null) {
          decoded = new ChunkedStream(new BrotliInputStream(stored));
        }
        count = decoded.read(buffer, offset, length);
      } catch (IOException e) {
        stored.rethrow();
        throw failure(e);
      }
      if (count < 0 && !in.ended()) {
        throw trailing(in.offset());
      }
      return count;
    }

    private IOException failure(IOException e) throws IOException {
      String why =
          String.valueOf(e.getCause() == null ? e.getMessage() : e.getCause().getMessage());
      if (why.startsWith("Unused bytes")) {
        return trailing(in.offset());
      }
      return in.ended() && why.startsWith("Read after end")
          ? truncated(in.offset())
          : damaged(in.offset());
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

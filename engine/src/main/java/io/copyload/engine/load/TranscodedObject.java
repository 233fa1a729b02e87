package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.GzipReader;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.util.Arrays;

/**
 * An object in another encoding, read as UTF-8 from its begin to its end. A gzip object is expanded
 * first.
 *
 * <p>Bytes that have no meaning in the encoding become one byte 0xff, which is not UTF-8, and end
 * the data; {@link #failure} says what they were.
 */
public final class TranscodedObject implements SourceObject {
  private final SourceObject stored;
  private final Charset charset;
  private volatile TranscodingReader reader;

  public TranscodedObject(SourceObject stored, Charset charset) {
    this.stored = stored;
    this.charset = charset;
  }

  /** The bytes that ended the data early, or null. Threads: any. */
  public Failure failure() {
    TranscodingReader opened = reader;
    return opened == null ? null : opened.failure();
  }

  /**
   * Bytes that have no meaning.
   *
   * @param malformed whether no character can have them, rather than Unicode lacking the character
   * @param bytes in PostgreSQL's way, such as {@code 0x81 0xad}
   */
  public record Failure(boolean malformed, String bytes) {}

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public long size() {
    return UNKNOWN_SIZE;
  }

  @Override
  public boolean seekable() {
    return false;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    ByteReader in = stored.open(0, cancel);
    byte[] head = new byte[2];
    int count = 0;
    try {
      for (int n; count < 2 && (n = in.read(head, count, 2 - count)) > 0; ) {
        count += n;
      }
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
    head = Arrays.copyOf(head, count);
    TranscodingReader opened =
        GzipReader.isGzip(head, count)
            ? new TranscodingReader(new GzipReader(head, in), new byte[0], charset)
            : new TranscodingReader(in, head, charset);
    reader = opened;
    return opened;
  }
}

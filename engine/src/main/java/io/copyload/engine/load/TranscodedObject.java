package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Instant;

/**
 * An object in another encoding, read as UTF-8 from its begin to its end. {@link LoadObject}
 * decompresses it first.
 *
 * <p>Bytes that have no meaning in the encoding become one byte 0xff, which is not UTF-8, and end
 * the data; {@link #failure} says what they were.
 */
public final class TranscodedObject implements SourceObject {
  private final SourceObject stored;
  private final Charset charset;
  private final SourceEncoding encoding;
  private volatile TranscodingReader reader;
  private volatile Utf16Reader utf16;

  public TranscodedObject(SourceObject stored, Charset charset) {
    this.stored = stored;
    this.charset = charset;
    encoding = null;
  }

  /**
   * @param encoding one of the three of UTF-16
   */
  TranscodedObject(SourceObject stored, SourceEncoding encoding) {
    this.stored = stored;
    charset = null;
    this.encoding = encoding;
  }

  /** Whether the first bytes have said that the object is in another encoding. */
  boolean otherEncoding() {
    Utf16Reader opened = utf16;
    return opened != null && opened.otherEncoding();
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
  public String identity() {
    return stored.identity();
  }

  @Override
  public Instant lastModified() {
    return stored.lastModified();
  }

  @Override
  public void release() {
    stored.release();
  }

  @Override
  public boolean seekable() {
    return false;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    return transcode(stored.open(0, cancel), new byte[0]);
  }

  /** The object in its own encoding, and compressed as it may be. */
  SourceObject stored() {
    return stored;
  }

  /**
   * Reads bytes of the encoding, decompressed, as UTF-8.
   *
   * @param head the first bytes, which {@code in} no longer has
   */
  ByteReader transcode(ByteReader in, byte[] head) {
    if (charset == null) {
      Utf16Reader opened = new Utf16Reader(in, head, encoding);
      utf16 = opened;
      return opened;
    }
    TranscodingReader opened = new TranscodingReader(in, head, charset);
    reader = opened;
    return opened;
  }
}

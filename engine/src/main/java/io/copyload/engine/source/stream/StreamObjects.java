package io.copyload.engine.source.stream;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;

/** Data that the caller hands over as an object: its name is {@code stdin}. */
public final class StreamObjects {
  private static final String NAME = "stdin";

  private StreamObjects() {}

  /** The bytes of a stream, which stays the caller's and is never closed here. */
  public static SourceObject of(InputStream stream) {
    return new Stream(new StreamPump.ByteInput(stream));
  }

  /** The characters of a reader as UTF-8. It stays the caller's and is never closed here. */
  public static SourceObject of(Reader reader) {
    return new Stream(new StreamPump.CharacterInput(reader));
  }

  /** The bytes of an array, which must not change until the load has ended. */
  public static SourceObject of(byte[] bytes) {
    return new Array(bytes);
  }

  private static final class Stream implements SourceObject {
    private final StreamPump.Input input;
    private boolean opened;

    Stream(StreamPump.Input input) {
      this.input = input;
    }

    @Override
    public String name() {
      return NAME;
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
    public synchronized ByteReader open(long offset, CancelToken cancel) throws IOException {
      if (opened || offset != 0) {
        throw new IOException("a stream can be read only once");
      }
      opened = true;
      return StreamPump.start(input, cancel);
    }
  }

  private static final class Array implements SourceObject {
    private final byte[] bytes;

    Array(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean seekable() {
      return true;
    }

    @Override
    public ByteReader open(long offset, CancelToken cancel) {
      return new ArrayReader(bytes, (int) Math.min(offset, bytes.length));
    }
  }

  private static final class ArrayReader implements ByteReader {
    private final byte[] bytes;
    private int position;

    ArrayReader(byte[] bytes, int position) {
      this.bytes = bytes;
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      int count = Math.min(length, bytes.length - position);
      if (count == 0) {
        return length == 0 ? 0 : -1;
      }
      System.arraycopy(bytes, position, buffer, offset, count);
      position += count;
      return count;
    }

    @Override
    public void close() {
      // Nothing is open.
    }
  }
}

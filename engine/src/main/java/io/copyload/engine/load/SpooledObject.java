package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.Codec;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.compress.ExpansionLimit;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * An object that is compressed as a whole, decompressed into a file of the system's temporary
 * folder, for formats that are read from their end. The file goes with {@link #release}, and with
 * the process. Threads: any.
 */
final class SpooledObject implements SourceObject {
  private static final int COPY_BYTES = 256 << 10;

  private final SourceObject stored;
  private final FileChannel file;
  private final long size;

  private SpooledObject(SourceObject stored, FileChannel file, long size) {
    this.stored = stored;
    this.file = file;
    this.size = size;
  }

  /**
   * The object without its compression; null when it has none. Redshift looks at the endings of
   * names, and so does this before it looks at the content.
   */
  static SpooledObject of(SourceObject stored, LoadPlan plan, CancelToken cancel)
      throws IOException {
    if (!stored.seekable() || !Codecs.isNamedCompressed(stored.name())) {
      return null;
    }
    ByteReader in = stored.open(0, cancel);
    try {
      byte[] head = new byte[Codecs.HEAD_BYTES];
      int length = 0;
      while (length < head.length) {
        int count = in.read(head, length, head.length - length);
        if (count < 0) {
          break;
        }
        length += count;
      }
      Codec codec = Codecs.detect(stored.name(), head, length);
      if (codec == null) {
        return null;
      }
      ByteReader decoded =
          codec.open(head, length, in, Limits.decompression(plan, cancel, () -> {}));
      in = decoded;
      return spool(
          stored,
          new ExpansionLimit(
              decoded, stored.name(), stored.size(), stored::size, plan.maxExpansion()),
          cancel);
    } finally {
      in.close();
    }
  }

  private static SpooledObject spool(SourceObject stored, ByteReader in, CancelToken cancel)
      throws IOException {
    Path path = Files.createTempFile("copyload-", ".spool");
    FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
    boolean done = false;
    try {
      byte[] bytes = new byte[COPY_BYTES];
      for (int count = in.read(bytes, 0, bytes.length);
          count >= 0;
          count = in.read(bytes, 0, bytes.length)) {
        cancel.check();
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        while (buffer.hasRemaining()) {
          file.write(buffer);
        }
      }
      done = true;
      return new SpooledObject(stored, file, file.size());
    } finally {
      if (!done) {
        file.close();
      }
    }
  }

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public boolean seekable() {
    return true;
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
  public ByteReader open(long offset, CancelToken cancel) {
    return new Reader(offset);
  }

  @Override
  public void release() {
    try {
      file.close();
    } catch (IOException e) {
      // Only read from; nothing is lost.
    }
  }

  private final class Reader implements ByteReader {
    private long position;

    Reader(long position) {
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = file.read(ByteBuffer.wrap(buffer, offset, length), position);
      position += Math.max(0, count);
      return count;
    }

    @Override
    public void close() {
      // The file is the object's.
    }
  }
}

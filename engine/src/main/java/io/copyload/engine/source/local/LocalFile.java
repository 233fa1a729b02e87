package io.copyload.engine.source.local;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;

/**
 * A file of the local file system. Its size and time of modification are pinned; a reader that
 * meets another file than the planned one fails.
 */
final class LocalFile implements SourceObject {
  /** Bytes moved through the direct buffer of a reader in one go. */
  private static final int TRANSFER_BYTES = 256 << 10;

  private final Path path;
  private final String name;
  private final long size;
  private final FileTime modified;
  private final String identity;

  LocalFile(Path path, String name, BasicFileAttributes attributes) {
    this.path = path;
    this.name = name;
    size = attributes.size();
    modified = attributes.lastModifiedTime();
    Instant instant = modified.toInstant();
    // With the number of the file, where the system has one: an atomic replacement gets another.
    Object key = attributes.fileKey();
    identity =
        Long.toHexString(instant.getEpochSecond())
            + "."
            + instant.getNano()
            + (key == null ? "" : "-" + key);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  /** What tells this version of the file from another one. */
  String version() {
    return identity;
  }

  @Override
  public Instant lastModified() {
    return modified.toInstant();
  }

  @Override
  public boolean seekable() {
    return true;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    cancel.check();
    checkUnchanged();
    return new Reader(FileChannel.open(path, StandardOpenOption.READ), offset);
  }

  private void checkUnchanged() throws IOException {
    BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
    if (now.size() != size || !now.lastModifiedTime().equals(modified)) {
      throw new IOException("the file changed while it was being loaded");
    }
  }

  private final class Reader implements ByteReader {
    private final FileChannel channel;
    private ByteBuffer transfer;
    private long position;
    private boolean closed;

    Reader(FileChannel channel, long offset) {
      this.channel = channel;
      position = offset;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      long left = size - position;
      if (left <= 0) {
        return -1;
      }
      int wanted = (int) Math.min(Math.min(length, left), TRANSFER_BYTES);
      if (transfer == null || transfer.capacity() < wanted) {
        // Small files should not pay for a large buffer.
        transfer =
            ByteBuffer.allocateDirect(
                (int) Math.min(TRANSFER_BYTES, Math.max(wanted, Math.min(left, TRANSFER_BYTES))));
      }
      transfer.clear().limit(wanted);
      int count = channel.read(transfer, position);
      if (count < 0) {
        throw new EOFException("the file changed while it was being loaded");
      }
      transfer.flip();
      transfer.get(buffer, offset, count);
      position += count;
      return count;
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      channel.close();
      checkUnchanged();
    }
  }
}

package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.EOFException;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;

/** An encrypted object as its plain bytes, which can be read from anywhere, by several readers. */
final class EncryptedObject implements SourceObject {
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int BLOCK_BYTES = Envelope.BLOCK_BYTES;

  private final EnvelopedObject stored;

  EncryptedObject(EnvelopedObject stored) {
    this.stored = stored;
  }

  @Override
  public String name() {
    return stored.name();
  }

  @Override
  public long size() {
    return stored.plainSize();
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
  public boolean seekable() {
    return true;
  }

  @Override
  public void release() {
    stored.release();
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    return open(offset, Long.MAX_VALUE, cancel);
  }

  @Override
  public ByteReader open(long offset, long end, CancelToken cancel) throws IOException {
    long block = offset - offset % BLOCK_BYTES;
    // The reader behind this one begins with the encrypted block before its own.
    long storedEnd =
        end == Long.MAX_VALUE ? end : Math.max(0, end - end % BLOCK_BYTES - BLOCK_BYTES);
    ByteReader in = stored.open(Math.max(0, block - BLOCK_BYTES), storedEnd, cancel);
    try {
      byte[] before = null;
      if (block > 0) {
        before = new byte[BLOCK_BYTES];
        for (int count = 0; count < BLOCK_BYTES; ) {
          int n = in.read(before, count, BLOCK_BYTES - count);
          if (n < 0) {
            throw new EOFException("the object ended early");
          }
          count += n;
        }
      }
      return new Reader(in, stored.envelope().from(before), block, offset);
    } catch (IOException | RuntimeException e) {
      in.close();
      throw e;
    }
  }

  private final class Reader implements ByteReader {
    private final ByteReader in;
    private final Cipher cipher;
    private final byte[] encrypted = new byte[CHUNK_BYTES];
    private final byte[] plain = new byte[CHUNK_BYTES];

    /** Where {@link #plain} begins in the plain object. */
    private long plainBegin;

    private int plainCount;
    private int encryptedCount;
    private long position;

    Reader(ByteReader in, Cipher cipher, long plainBegin, long position) {
      this.in = in;
      this.cipher = cipher;
      this.plainBegin = plainBegin;
      this.position = position;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      long left = size() - position;
      if (left <= 0) {
        return -1;
      }
      while (position >= plainBegin + plainCount) {
        decryptMore();
      }
      int at = (int) (position - plainBegin);
      int count = (int) Math.min(Math.min(length, plainCount - at), left);
      System.arraycopy(plain, at, buffer, offset, count);
      position += count;
      return count;
    }

    private void decryptMore() throws IOException {
      int n = in.read(encrypted, encryptedCount, CHUNK_BYTES - encryptedCount);
      if (n < 0) {
        throw new EOFException("the object ended early");
      }
      encryptedCount += n;
      int whole = encryptedCount - encryptedCount % BLOCK_BYTES;
      try {
        plainBegin += plainCount;
        plainCount = cipher.update(encrypted, 0, whole, plain);
      } catch (ShortBufferException e) {
        throw new IllegalStateException(e);
      }
      System.arraycopy(encrypted, whole, encrypted, 0, encryptedCount - whole);
      encryptedCount -= whole;
    }

    @Override
    public void close() throws IOException {
      Arrays.fill(plain, (byte) 0);
      in.close();
    }
  }
}

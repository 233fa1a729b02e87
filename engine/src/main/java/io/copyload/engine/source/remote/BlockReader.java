package io.copyload.engine.source.remote;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * Reads a remote object through the blocks of its read-ahead. It drops a block when it has read it
 * to its end, unless a reader of the bytes behind {@link #end} needs it, too.
 */
final class BlockReader implements ByteReader {
  private static final long POLL_MILLIS = 20;

  /** Fewer bytes are not worth a request of their own: neighbours share a block. */
  static final int LEAST_EXACT_BYTES = 64 << 10;

  private final ReadAhead owner;
  private final RemoteObject object;
  private final long size;
  private final long end;

  /** Whether nothing but the bytes up to {@link #end} is fetched. */
  private final boolean exact;

  private final CancelToken cancel;
  private long position;
  private Block block;
  private Block following;
  private long blocksRead;

  BlockReader(ReadAhead owner, RemoteObject object, long offset, long end, CancelToken cancel) {
    this.owner = owner;
    this.object = object;
    this.end = end;
    this.cancel = cancel;
    size = object.size();
    exact = !owner.readsAhead() && end <= size && end - offset >= LEAST_EXACT_BYTES;
    position = offset;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (position >= size) {
      return -1;
    }
    if (length == 0) {
      return 0;
    }
    if (block == null) {
      block = following != null && following.begin == position ? following : fetched(position);
      following = null;
      if (!owner.readsAhead() && blocksRead > 0 && block.end() < Math.min(end, size)) {
        // Whoever reads two blocks in a row will want the third.
        following = fetched(block.end());
      }
    }
    int at = (int) (position - block.begin);
    int available = await(at) - at;
    byte[] bytes = block.bytes;
    if (bytes == null) {
      // Another reader has dropped it: ask for it again.
      block = null;
      return read(buffer, offset, length);
    }
    int count = Math.min(length, available);
    System.arraycopy(bytes, at, buffer, offset, count);
    position += count;
    if (position == block.end()) {
      if (position <= end || position == size) {
        owner.drop(block);
      }
      block = null;
      blocksRead++;
    }
    return count;
  }

  private Block fetched(long begin) {
    return exact && begin < end ? owner.exactBlock(object, begin, end) : owner.block(object, begin);
  }

  private int await(int at) throws IOException {
    try {
      while (true) {
        int filled = block.filled();
        if (filled > at) {
          return filled;
        }
        RemoteFailure failure = block.failure();
        if (failure != null) {
          CopyException e = failure.toCopyException(object.name());
          throw e;
        }
        cancel.check();
        block.await(at, POLL_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void close() {
    if (!owner.readsAhead()) {
      // Nobody else is known to want them.
      if (block != null) {
        owner.drop(block);
      }
      if (following != null) {
        owner.drop(following);
      }
    }
    block = null;
    following = null;
  }
}

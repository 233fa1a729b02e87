package io.copyload.engine.source.remote;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * An object on another machine that is read by ranges. Its bytes come through the {@link ReadAhead}
 * of the load that it was listed for.
 */
public abstract class RemoteObject implements SourceObject {
  /** Set when the object is handed to the load. */
  private volatile ReadAhead readAhead;

  // Guarded by the lock of the read-ahead.
  final Map<Long, Block> blocks = new HashMap<>();
  long nextBlockBegin;
  boolean resolved;
  boolean missing;
  boolean released;
  RemoteFailure failure;

  /** Whether size and identity are known already. */
  protected abstract boolean isResolved();

  /**
   * One try to learn size and identity.
   *
   * @param headBytes how much of the object's begin is worth having with the answer
   * @return whether the object exists; one that does not is left out
   */
  protected abstract boolean resolve(int headBytes) throws IOException;

  /** The first bytes when resolving has brought them, else null; given away once. */
  protected byte[] takeHead() {
    return null;
  }

  /** One try to ask for the stored bytes from {@code begin} to {@code end}, at least one. */
  protected abstract RemoteBody get(long begin, long end) throws IOException;

  void handOver(ReadAhead owner) {
    readAhead = owner;
  }

  @Override
  public boolean seekable() {
    return true;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    return open(offset, Long.MAX_VALUE, cancel);
  }

  @Override
  public ByteReader open(long offset, long end, CancelToken cancel) throws IOException {
    ReadAhead owner = readAhead;
    if (owner == null) {
      throw new IOException("the load of the object has ended");
    }
    cancel.check();
    return owner.reader(this, offset, end, cancel);
  }

  @Override
  public void release() {
    ReadAhead owner = readAhead;
    if (owner != null) {
      owner.release(this);
    }
  }
}

package io.copyload.engine.source.s3;

import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteObject;
import java.io.IOException;
import java.time.Instant;

/** An object of S3 that a listing has named, with its size and etag. */
final class StoredObject extends RemoteObject {
  private final S3Store store;
  private final S3Address address;
  private final long size;
  private final String etag;
  private final Instant modified;

  StoredObject(S3Store store, S3Address address, long size, String etag, Instant modified) {
    this.modified = modified;
    this.store = store;
    this.address = address;
    this.size = size;
    this.etag = etag;
  }

  @Override
  public String name() {
    return address.toString();
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public String identity() {
    return etag;
  }

  @Override
  public Instant lastModified() {
    return modified;
  }

  @Override
  protected boolean isResolved() {
    return true;
  }

  @Override
  protected boolean resolve(int headBytes) {
    return true;
  }

  @Override
  protected RemoteBody get(long begin, long end) throws IOException {
    return store.range(address, begin, end, size, etag);
  }
}

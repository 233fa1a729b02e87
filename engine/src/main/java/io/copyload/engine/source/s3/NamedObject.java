package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.manifest.Manifest;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteObject;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * An object of S3 that a manifest or the statement has named: one request brings its size, etag and
 * begin.
 */
final class NamedObject extends RemoteObject {
  private final S3Store store;

  /** Where it may be, best first. */
  private final List<S3Address> candidates;

  private final String hintWhenMissing;
  private final Manifest.Entry entry;
  private volatile S3Address address;
  private volatile long size = -1;
  private volatile String etag;
  private volatile Instant modified;
  private byte[] head;

  private NamedObject(
      S3Store store, List<S3Address> candidates, Manifest.Entry entry, String hintWhenMissing) {
    this.store = store;
    this.candidates = candidates;
    this.entry = entry;
    this.hintWhenMissing = hintWhenMissing;
    address = candidates.get(0);
  }

  static NamedObject inManifest(S3Store store, S3Address address, Manifest.Entry entry) {
    return new NamedObject(
        store, List.of(address), entry, "The manifest says that it is mandatory.");
  }

  /** One of the statement's FILES, which may stand at several places. */
  static NamedObject inFiles(S3Store store, List<S3Address> candidates, String file) {
    return new NamedObject(
        store,
        candidates,
        new Manifest.Entry(file, true, -1),
        "FILES names keys of the bucket, or names behind the address.");
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
    return false;
  }

  @Override
  protected boolean resolve(int headBytes) throws IOException {
    RemoteFailure missing = null;
    boolean found = false;
    for (int i = 0; i < candidates.size() && !found; i++) {
      address = candidates.get(i);
      try {
        learn(headBytes);
        found = true;
      } catch (RemoteFailure e) {
        if (e.code() != CopyErrorCode.OBJECT_MISSING) {
          throw e;
        }
        missing = e;
      }
    }
    if (!found) {
      if (!entry.mandatory()) {
        return false;
      }
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_MISSING, missing.getMessage(), hintWhenMissing);
    }
    if (entry.contentLength() >= 0 && entry.contentLength() != size) {
      throw RemoteFailure.of(Manifest.otherSize(name(), size, entry.contentLength()));
    }
    return true;
  }

  private void learn(int headBytes) throws IOException {
    try (S3Store.Answer answer = begin(headBytes)) {
      String range = answer.response().contentRange();
      long total =
          range == null
              ? answer.length()
              : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
      byte[] begin = new byte[(int) Math.min(total, headBytes)];
      int count = 0;
      for (int n; count < begin.length; count += n) {
        n = answer.read(begin, count, begin.length - count);
        if (n < 0) {
          throw RemoteFailure.passing("the answer ended after " + count + " bytes", null);
        }
      }
      if (range == null && total > headBytes) {
        answer.abort();
      }
      etag = answer.response().eTag();
      modified = answer.response().lastModified();
      head = begin;
      size = total;
    } catch (NumberFormatException e) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE, "the store does not tell the object's size", null);
    }
  }

  private S3Store.Answer begin(int headBytes) throws IOException {
    try {
      return store.get(address, "bytes=0-" + (headBytes - 1), null);
    } catch (RemoteFailure e) {
      if (S3Errors.isNoSuchRange(e)) {
        // An empty object has no first byte.
        return store.get(address, null, null);
      }
      throw e;
    }
  }

  @Override
  protected byte[] takeHead() {
    byte[] taken = head;
    head = null;
    return taken;
  }

  @Override
  protected RemoteBody get(long begin, long end) throws IOException {
    return store.range(address, begin, end, size, etag);
  }
}

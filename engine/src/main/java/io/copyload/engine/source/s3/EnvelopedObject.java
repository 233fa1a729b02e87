package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.manifest.Manifest;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteObject;
import java.io.IOException;
import java.time.Instant;
import java.util.Arrays;

/**
 * The stored bytes of an encrypted object. One request for its last two blocks tells everything:
 * size, etag, the envelope in the metadata, and how much of the last block is padding.
 */
final class EnvelopedObject extends RemoteObject {
  private static final int TAIL_BYTES = 2 * Envelope.BLOCK_BYTES;

  private final S3Store store;
  private final S3Address address;
  private final Secret rootKey;

  /** What the manifest says; null for an object of a prefix. */
  private final Manifest.Entry entry;

  private volatile long size = -1;
  private volatile long plainSize = -1;
  private volatile String etag;
  private volatile Instant modified;
  private volatile Envelope envelope;

  EnvelopedObject(
      S3Store store, S3Address address, Secret rootKey, Manifest.Entry entry, String etag) {
    this.store = store;
    this.address = address;
    this.rootKey = rootKey;
    this.entry = entry;
    this.etag = etag;
  }

  Envelope envelope() {
    return envelope;
  }

  long plainSize() {
    return plainSize;
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
    try (S3Store.Answer answer = store.get(address, "bytes=-" + TAIL_BYTES, etag)) {
      byte[] tail = new byte[TAIL_BYTES];
      int count = 0;
      for (int n; count < TAIL_BYTES; count += n) {
        n = answer.read(tail, count, TAIL_BYTES - count);
        if (n < 0) {
          break;
        }
      }
      tail = Arrays.copyOf(tail, count);
      String range = answer.response().contentRange();
      long stored =
          range == null
              ? answer.length()
              : Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
      if (entry != null && entry.contentLength() >= 0 && entry.contentLength() != stored) {
        throw RemoteFailure.of(Manifest.otherSize(name(), stored, entry.contentLength()));
      }
      Envelope opened = Envelope.of(answer.response().metadata(), rootKey);
      plainSize = opened.plainSize(stored, tail);
      envelope = opened;
      etag = answer.response().eTag();
      modified = answer.response().lastModified();
      size = stored;
      return true;
    } catch (NumberFormatException e) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE, "the store does not tell the object's size", null);
    } catch (RemoteFailure e) {
      if (S3Errors.isNoSuchRange(e)) {
        throw Envelope.wrongKey();
      }
      if (entry != null && !entry.mandatory() && e.code() == CopyErrorCode.OBJECT_MISSING) {
        return false;
      }
      throw e;
    }
  }

  @Override
  protected RemoteBody get(long begin, long end) throws IOException {
    return store.range(address, begin, end, size, etag);
  }
}

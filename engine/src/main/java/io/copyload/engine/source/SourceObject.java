package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.io.IOException;
import java.time.Instant;

/**
 * One stored input of a load: a file, an object of a store, or a stream that the caller handed
 * over. Size and identity are pinned when the object is listed.
 */
public interface SourceObject {
  /** Size when it is not known before the end. */
  long UNKNOWN_SIZE = -1;

  /** Name for messages and views: the path or address, or {@code stdin}. Never holds a secret. */
  String name();

  /** Stored bytes, or {@link #UNKNOWN_SIZE}. */
  long size();

  /** Whether {@link #open} may start anywhere and be called more than once, concurrently. */
  boolean seekable();

  /**
   * What tells this content from another one under the same name, such as an etag; null when the
   * source has no such thing.
   */
  default String identity() {
    return null;
  }

  /** When the content was stored; null when the source does not say. */
  default Instant lastModified() {
    return null;
  }

  /**
   * Opens the stored bytes from {@code offset} to the end. An object that is not seekable is opened
   * once, at 0.
   *
   * @throws IOException when it cannot be read or is no longer the object that was planned
   */
  ByteReader open(long offset, CancelToken cancel) throws IOException;

  /**
   * As {@link #open(long, CancelToken)}, for a caller who will hardly read on behind {@code
   * likelyEnd}: a source across a network need not ask for more before it is read.
   */
  default ByteReader open(long offset, long likelyEnd, CancelToken cancel) throws IOException {
    return open(offset, cancel);
  }

  /** Nobody will read the object any more: what is kept for readers may go. */
  default void release() {
    // Nothing is kept.
  }
}

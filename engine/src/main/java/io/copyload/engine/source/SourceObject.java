package io.copyload.engine.source;

import io.copyload.engine.CancelToken;
import java.io.IOException;

/**
 * One stored input of a load: a file, an object of a store, or a stream that the caller handed
 * over. Size and identity are pinned when the load is planned.
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
   * Opens the stored bytes from {@code offset} to the end. An object that is not seekable is opened
   * once, at 0.
   *
   * @throws IOException when it cannot be read or is no longer the object that was planned
   */
  ByteReader open(long offset, CancelToken cancel) throws IOException;
}

package io.copyload.engine.source;

import java.io.IOException;

/**
 * One object that is being written. Nobody sees it before its {@link Destination} publishes it.
 * Threads: one at a time.
 */
public interface OutputObject {
  /** The path or address. */
  String name();

  /** Bytes written so far. */
  long size();

  /**
   * Appends bytes; the array belongs to the caller and is used again. Waits while too much is under
   * way.
   */
  void write(byte[] bytes, int offset, int length) throws IOException;

  /** The last byte has been written. */
  void finish() throws IOException;
}

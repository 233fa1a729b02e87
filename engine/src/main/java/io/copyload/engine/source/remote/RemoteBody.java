package io.copyload.engine.source.remote;

import java.io.Closeable;
import java.io.IOException;

/**
 * The bytes that answer one request. Threads: one reader; {@link #abort} any, so that a reader that
 * waits for the network stops at once.
 */
public interface RemoteBody extends Closeable {
  /** Reads at least one byte unless at the end; returns the count, or -1 at the end. */
  int read(byte[] buffer, int offset, int length) throws IOException;

  /** Ends the request without reading the rest. */
  void abort();
}

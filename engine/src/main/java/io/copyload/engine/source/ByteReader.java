package io.copyload.engine.source;

import java.io.Closeable;
import java.io.IOException;

/** A forward-only stream of bytes into caller's arrays. Threads: one. */
public interface ByteReader extends Closeable {
  /**
   * Reads at least one byte unless at the end; returns the count, or -1 at the end. May read short.
   */
  int read(byte[] buffer, int offset, int length) throws IOException;
}

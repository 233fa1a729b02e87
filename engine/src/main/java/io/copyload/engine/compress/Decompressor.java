package io.copyload.engine.compress;

import io.copyload.engine.source.ByteReader;

/**
 * The decoded bytes of one compressed object. {@link #read} is for one thread at a time; what it
 * gives before it fails, and how it fails, depends on the stored bytes alone.
 */
public interface Decompressor extends ByteReader {
  /**
   * Does a piece of work ahead of {@link #read}, and returns whether there was one. Threads: any,
   * beside the one that reads. Failures are kept for the reader.
   */
  default boolean help() {
    return false;
  }
}

package io.copyload.engine.store;

/** Decoded column chunks of all tables of one database, bounded by weight in heap bytes. Threads: any. */
public final class ChunkCache {
  public ChunkCache(long maxBytes) {
    throw new UnsupportedOperationException();
  }
}

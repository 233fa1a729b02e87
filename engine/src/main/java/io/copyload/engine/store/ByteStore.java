package io.copyload.engine.store;

import java.util.function.BiConsumer;

/**
 * Where the bytes of segments live. Values are written once and never changed. Writes become
 * durable with the next sync of the database; until a committed transaction names their segment
 * they are garbage that may be swept.
 *
 * <p>Threads: any, concurrently.
 */
public interface ByteStore {
  /** Largest value stored under one key. */
  int MAX_PART_BYTES = 1 << 20;

  /**
   * Stores a value. The array is owned by the store afterwards. Blocks while the store is behind
   * with writing.
   */
  void put(ChunkKey key, byte[] value);

  /** The value, or null when there is none. The array must not be changed. */
  byte[] get(ChunkKey key);

  /**
   * Hands over all values from one key to another, both included, in the order of their keys. Costs
   * less than getting them one by one.
   */
  void forEach(ChunkKey first, ChunkKey last, BiConsumer<ChunkKey, byte[]> consumer);

  /** Removes everything of a segment; does nothing when there is nothing. */
  void removeSegment(int tableId, long segmentId);
}

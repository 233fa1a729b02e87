package io.copyload.engine.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.function.Supplier;

/**
 * Decoded column chunks of all tables of one database, bounded by weight in heap bytes. Threads:
 * any; the cache has none of its own. A chunk that several threads want at once is decoded once.
 */
public final class ChunkCache {
  private final Cache<ChunkKey, DecodedColumn> columns;

  /**
   * @param maxBytes most heap bytes of the chunks kept; 0 keeps none
   */
  public ChunkCache(long maxBytes) {
    columns =
        Caffeine.newBuilder()
            .maximumWeight(maxBytes)
            .weigher(
                (ChunkKey key, DecodedColumn column) ->
                    (int) Math.min(Integer.MAX_VALUE, column.heapBytes()))
            .executor(Runnable::run)
            .build();
  }

  /** The chunk under its key of part 0, decoded by {@code load} when it is not here. */
  DecodedColumn get(ChunkKey key, Supplier<DecodedColumn> load) {
    DecodedColumn column = columns.getIfPresent(key);
    return column != null ? column : columns.get(key, unused -> load.get());
  }

  /** The chunk if it is here, else decoded by {@code load} and not kept. */
  DecodedColumn passing(ChunkKey key, Supplier<DecodedColumn> load) {
    DecodedColumn column = columns.getIfPresent(key);
    return column != null ? column : load.get();
  }

  /** Forgets the chunks of a segment, which is no longer needed. */
  public void removeSegment(int tableId, long segmentId) {
    columns
        .asMap()
        .keySet()
        .removeIf(key -> key.tableId() == tableId && key.segmentId() == segmentId);
  }

  /** Forgets everything. */
  public void clear() {
    columns.invalidateAll();
  }

  /** Heap bytes of the chunks kept. */
  public long heapBytes() {
    columns.cleanUp();
    return columns.policy().eviction().orElseThrow().weightedSize().orElse(0);
  }
}

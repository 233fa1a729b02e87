package io.copyload.engine.store;

import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiConsumer;

/** A byte store on the heap, for tests. */
public final class HeapByteStore implements ByteStore {
  /** The values, open to tests that damage them. */
  public final ConcurrentNavigableMap<ChunkKey, byte[]> values = new ConcurrentSkipListMap<>();

  @Override
  public void put(ChunkKey key, byte[] value) {
    if (value.length > MAX_PART_BYTES || value.length == 0) {
      throw new IllegalArgumentException("part of " + value.length + " bytes");
    }
    if (values.put(key, value) != null) {
      throw new IllegalStateException("written twice: " + key);
    }
  }

  @Override
  public byte[] get(ChunkKey key) {
    return values.get(key);
  }

  @Override
  public void forEach(ChunkKey first, ChunkKey last, BiConsumer<ChunkKey, byte[]> consumer) {
    values.subMap(first, true, last, true).forEach(consumer);
  }

  @Override
  public void removeSegment(int tableId, long segmentId) {
    values
        .subMap(
            new ChunkKey(tableId, segmentId, Integer.MIN_VALUE, 0, 0),
            new ChunkKey(tableId, segmentId + 1, Integer.MIN_VALUE, 0, 0))
        .clear();
  }

  /** Bytes of all values. */
  public long byteCount() {
    return values.values().stream().mapToLong(v -> v.length).sum();
  }
}

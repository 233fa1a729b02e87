package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The cache keeps what fits and starts no thread. */
final class ChunkCacheTest {
  private final AtomicInteger loads = new AtomicInteger();

  @Test
  void aChunkIsLoadedOnce() {
    ChunkCache cache = new ChunkCache(1 << 20);
    DecodedColumn first = cache.get(key(1, 1), this::load);
    assertSame(first, cache.get(key(1, 1), this::load));
    assertEquals(1, loads.get());
  }

  @Test
  void weightIsBoundedByHeapBytes() {
    long weight = load().heapBytes();
    ChunkCache cache = new ChunkCache(10 * weight);
    for (int i = 0; i < 1000; i++) {
      cache.get(key(1, i), this::load);
      assertTrue(cache.heapBytes() <= 10 * weight);
    }
    assertTrue(cache.heapBytes() > 0);
  }

  @Test
  void noRoomMeansNoCaching() {
    ChunkCache cache = new ChunkCache(0);
    cache.get(key(1, 1), this::load);
    assertEquals(0, cache.heapBytes());
  }

  @Test
  void aRemovedSegmentIsForgottenAndOthersAreNot() {
    ChunkCache cache = new ChunkCache(1 << 20);
    cache.get(key(1, 1), this::load);
    DecodedColumn other = cache.get(key(2, 1), this::load);
    cache.removeSegment(5, 1);
    assertSame(other, cache.get(key(2, 1), this::load));
    assertEquals(2, loads.get());
    cache.get(key(1, 1), this::load);
    assertEquals(3, loads.get());
    cache.clear();
    assertEquals(0, cache.heapBytes());
  }

  @Test
  void noThreadIsStarted() {
    int before = Thread.activeCount();
    ChunkCache cache = new ChunkCache(10_000);
    for (int i = 0; i < 1000; i++) {
      cache.get(key(1, i), this::load);
    }
    cache.heapBytes();
    assertEquals(before, Thread.activeCount());
  }

  private DecodedColumn load() {
    loads.incrementAndGet();
    return new DecodedColumn(100, null, new long[1][100], null, null, null);
  }

  private static ChunkKey key(long segmentId, int rowGroup) {
    return new ChunkKey(5, segmentId, rowGroup, 0, 0);
  }
}

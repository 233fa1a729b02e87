package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.store.TargetType.Kind;
import io.copyload.engine.store.encoding.MalformedChunkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever happens to a stored value, reading it fails by name or gives what was written. */
final class SegmentDamageTest {
  private static final int TABLE = 41;
  private static final long SEGMENT = 52;
  private static final int ROWS = 400;

  private static final long SEED = Long.getLong("copyload.seed", System.nanoTime());

  private final Random random = new Random(SEED);
  private final HeapByteStore store = new HeapByteStore();
  private SegmentInfo info;

  /** A column for every encoding, with and without NULLs, and one of several parts. */
  @BeforeEach
  void writeSegment() {
    System.out.println("SegmentDamageTest seed " + SEED);
    List<TargetType> types = new ArrayList<>();
    List<ColumnVector> vectors = new ArrayList<>();
    long[] pool = random.longs(10).toArray();
    for (int shape = 0; shape < 10; shape++) {
      TargetType type =
          TargetType.of(shape >= 8 ? shape == 8 ? Kind.DOUBLE : Kind.REAL : Kind.BIGINT);
      ColumnVector vector = new ColumnVector(type, ROWS);
      long sum = 0;
      for (int i = 0; i < ROWS; i++) {
        sum += random.nextInt(5);
        vector.lanes[0][i] =
            switch (shape) {
              case 0 -> 5;
              case 1 -> random.nextInt(100);
              case 2 -> random.nextInt(1000) * 1_000_000_000L;
              case 3 -> sum;
              case 4 -> 3L * i;
              case 5 -> i / 40;
              case 6 -> pool[random.nextInt(10)];
              case 7 -> random.nextLong();
              case 8 -> Double.doubleToRawLongBits(random.nextInt(1000) / 10.0);
              default -> Float.floatToRawIntBits(random.nextInt(1000) / 10f);
            };
      }
      types.add(type);
      vectors.add(vector);
    }
    for (int shape = 0; shape < 6; shape++) {
      TargetType type = TargetType.of(shape == 5 ? Kind.BLOB : Kind.VARCHAR);
      ColumnVector vector = new ColumnVector(type, ROWS);
      vector.useHeap();
      for (int i = 0; i < ROWS; i++) {
        byte[] value =
            switch (shape) {
              case 0 -> "constant".getBytes(StandardCharsets.UTF_8);
              case 1 -> ("v" + random.nextInt(9)).getBytes(StandardCharsets.UTF_8);
              case 2 -> Long.toHexString(random.nextLong()).getBytes(StandardCharsets.UTF_8);
              case 3 ->
                  (i + " is a rather repetitive text, text, text")
                      .repeat(3)
                      .getBytes(StandardCharsets.UTF_8);
              case 4 -> new byte[0];
              default -> new byte[4000];
            };
        if (shape == 5) {
          random.nextBytes(value);
        }
        vector.append(i, value, 0, value.length);
        vector.nulls[i] = shape == 4 || shape == 2 && i % 7 == 0;
      }
      types.add(type);
      vectors.add(vector);
    }
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      ids.add(60 + i);
    }
    RowGroupWriter writer =
        new RowGroupWriter(store, TABLE, SEGMENT, new AtomicInteger(7), ids, types, Long.MAX_VALUE);
    writer.append(vectors.toArray(new ColumnVector[0]), null, ROWS);
    info = new SegmentInfo(TABLE, SEGMENT, 0, ROWS, ids, types, writer.finish());
    SegmentFooter.write(store, info);
  }

  @Test
  void theUndamagedSegmentCanBeRead() {
    assertEquals(info, SegmentFooter.read(store, TABLE, SEGMENT));
    for (int column = 0; column < info.types().size(); column++) {
      assertEquals(ROWS, read(column).rowCount());
    }
  }

  @Test
  void aFlippedByteIsFound() {
    for (Map.Entry<ChunkKey, byte[]> entry : List.copyOf(store.values.entrySet())) {
      byte[] good = entry.getValue();
      int step = Math.max(1, good.length / 2000);
      for (int at = random.nextInt(step); at < good.length; at += step) {
        byte[] bad = good.clone();
        bad[at] ^= (byte) (1 + random.nextInt(255));
        store.values.put(entry.getKey(), bad);
        assertDamaged(entry.getKey());
      }
      store.values.put(entry.getKey(), good);
    }
  }

  @Test
  void aTruncatedExtendedZeroedOrMissingPartIsFound() {
    for (Map.Entry<ChunkKey, byte[]> entry : List.copyOf(store.values.entrySet())) {
      byte[] good = entry.getValue();
      int step = Math.max(1, good.length / 200);
      for (int length = 0; length < good.length; length += step) {
        store.values.put(entry.getKey(), Arrays.copyOf(good, length));
        assertDamaged(entry.getKey());
      }
      store.values.put(entry.getKey(), Arrays.copyOf(good, good.length + 1));
      assertDamaged(entry.getKey());
      store.values.put(entry.getKey(), new byte[good.length]);
      assertDamaged(entry.getKey());
      store.values.remove(entry.getKey());
      assertDamaged(entry.getKey());
      store.values.put(entry.getKey(), good);
    }
  }

  @Test
  void aChunkInTheWrongPlaceIsFound() {
    for (Map.Entry<ChunkKey, byte[]> entry : List.copyOf(store.values.entrySet())) {
      byte[] good = entry.getValue();
      for (byte[] other : List.copyOf(store.values.values())) {
        if (!Arrays.equals(other, good)) {
          store.values.put(entry.getKey(), other);
          assertDamaged(entry.getKey());
        }
      }
      store.values.put(entry.getKey(), good);
    }
    SegmentFooter.write(new RenamingStore(store, SEGMENT + 1), info);
    CopyException e =
        assertThrows(CopyException.class, () -> SegmentFooter.read(store, TABLE, SEGMENT + 1));
    assertTrue(e.getMessage().contains("belongs to"), e.getMessage());
  }

  @Test
  void aLyingFooterOrChunkWithAGoodChecksumNeverFailsOtherwise() {
    for (int column = 0; column < info.types().size(); column++) {
      ChunkInfo chunk = info.rowGroups().get(0).chunks().get(column);
      ChunkKey key = new ChunkKey(TABLE, SEGMENT, 7, 60 + column, 0);
      byte[] good = StoredValue.read(store, key, chunk.byteCount());
      for (int round = 0; round < 1500; round++) {
        byte[] bad = good.clone();
        int at = random.nextInt(round % 2 == 0 ? Math.min(200, bad.length - 4) : bad.length - 4);
        bad[at] = (byte) random.nextInt(256);
        ChunkInfo lying =
            new ChunkInfo(
                chunk.partCount(),
                chunk.byteCount(),
                sign(bad),
                chunk.nullCount(),
                false,
                0,
                0,
                null,
                null);
        try {
          ColumnChunk.decode(bad, info.types().get(column), ROWS, lying);
        } catch (MalformedChunkException expected) {
          assertTrue(expected.getMessage().length() > 5);
        }
      }
    }
    ChunkKey key = new ChunkKey(TABLE, SEGMENT, ChunkKey.FOOTER, 0, 0);
    byte[] good = store.get(key);
    for (int round = 0; round < 5000; round++) {
      byte[] bad = good.clone();
      bad[random.nextInt(bad.length - 4)] = (byte) random.nextInt(256);
      sign(bad);
      store.values.put(key, bad);
      try {
        SegmentFooter.read(store, TABLE, SEGMENT);
      } catch (CopyException expected) {
        assertEquals(CopyErrorCode.DATA_CORRUPTED, expected.code());
      }
    }
  }

  /** Puts the right checksum at the end. */
  private static int sign(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, bytes.length - 4);
    int value = (int) crc.getValue();
    for (int i = 0; i < 4; i++) {
      bytes[bytes.length - 4 + i] = (byte) (value >>> 8 * i);
    }
    return value;
  }

  private DecodedColumn read(int column) {
    return new SegmentReader(store, new ChunkCache(0), info).column(0, column);
  }

  private void assertDamaged(ChunkKey key) {
    boolean footer = key.rowGroup() == ChunkKey.FOOTER;
    CopyException e =
        assertThrows(
            CopyException.class,
            () -> {
              if (footer) {
                SegmentFooter.read(store, TABLE, SEGMENT);
              } else {
                read(key.column() - 60);
              }
            },
            key::toString);
    assertEquals(CopyErrorCode.DATA_CORRUPTED, e.code());
    String place = footer ? "footer" : "row group 7, column " + key.column();
    assertTrue(
        e.getMessage()
            .startsWith("stored data of table 41 is damaged: segment 52, " + place + ": "),
        e.getMessage());
  }

  /** Stores values under another segment's name. */
  private record RenamingStore(HeapByteStore target, long segmentId) implements ByteStore {
    @Override
    public void put(ChunkKey key, byte[] value) {
      target.put(
          new ChunkKey(key.tableId(), segmentId, key.rowGroup(), key.column(), key.part()), value);
    }

    @Override
    public byte[] get(ChunkKey key) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forEach(ChunkKey first, ChunkKey last, BiConsumer<ChunkKey, byte[]> consumer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeSegment(int tableId, long id) {
      throw new UnsupportedOperationException();
    }
  }
}

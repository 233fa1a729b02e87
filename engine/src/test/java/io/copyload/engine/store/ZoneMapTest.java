package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Bounds are tight where they can be, and there are none where they would lie. */
final class ZoneMapTest {
  @Test
  void integersAreBoundedBySmallestAndLargestButNotByNulls() {
    ChunkInfo info = lanes(TargetType.of(Kind.INTEGER), null, 7L, -3L, null, 9L, null);
    assertTrue(info.hasZone());
    assertEquals(-3, info.min());
    assertEquals(9, info.max());
    assertEquals(3, info.nullCount());
    info = lanes(TargetType.of(Kind.NUMERIC, 18, 4), Long.MIN_VALUE, Long.MAX_VALUE);
    assertEquals(Long.MIN_VALUE, info.min());
    assertEquals(Long.MAX_VALUE, info.max());
  }

  @Test
  void floatingPointNumbersAreBoundedAsNumbers() {
    ChunkInfo info = doubles(3.5, -1e300, null, 0.0, -2.0, Double.MIN_VALUE);
    assertTrue(info.hasZone());
    assertEquals(-1e300, Double.longBitsToDouble(info.min()));
    assertEquals(3.5, Double.longBitsToDouble(info.max()));
    info = doubles(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
    assertEquals(Double.NEGATIVE_INFINITY, Double.longBitsToDouble(info.min()));
    assertEquals(Double.POSITIVE_INFINITY, Double.longBitsToDouble(info.max()));
    info = doubles(0.0, -0.0);
    assertEquals(Double.doubleToRawLongBits(-0.0), info.min());
    assertEquals(0, info.max());
    info =
        lanes(
            TargetType.of(Kind.REAL),
            (long) Float.floatToRawIntBits(-2.5f),
            (long) Float.floatToRawIntBits(-7.5f),
            (long) Float.floatToRawIntBits(1.5f));
    assertEquals(-7.5f, Float.intBitsToFloat((int) info.min()));
    assertEquals(1.5f, Float.intBitsToFloat((int) info.max()));
  }

  @Test
  void aNanLeavesNoBounds() {
    assertFalse(doubles(1.0, Double.NaN, 2.0).hasZone());
    assertFalse(doubles(1.0, Double.longBitsToDouble(0xfff8000000000000L)).hasZone());
    long negativeNan = 0xffffffffffc00000L;
    assertFalse(lanes(TargetType.of(Kind.REAL), 0L, negativeNan).hasZone());
    assertFalse(lanes(TargetType.of(Kind.REAL), 0x7fc00000L, 0L).hasZone());
  }

  @Test
  void timestampsAndUuidsAreBoundedByTheirFirstLane() {
    for (Kind kind : List.of(Kind.TIMESTAMP, Kind.UUID)) {
      ChunkInfo info = lanes(TargetType.of(kind), 20L, 10L, 15L);
      assertTrue(info.hasZone());
      assertEquals(10, info.min());
      assertEquals(20, info.max());
    }
  }

  @Test
  void typesWithAnotherOrderHaveNoBounds() {
    for (TargetType type : SegmentRoundTripTest.types()) {
      boolean expected =
          switch (type.kind()) {
            case BOOLEAN,
                TINYINT,
                SMALLINT,
                INTEGER,
                BIGINT,
                REAL,
                DOUBLE,
                DATE,
                TIME,
                ENUM,
                TIMESTAMP,
                UUID,
                CHAR,
                VARCHAR,
                CLOB ->
                true;
            case NUMERIC -> type.precision() <= TargetType.MAX_LANE_DIGITS;
            default -> false;
          };
      ChunkInfo info = type.isBytes() ? texts(type, "a", "b") : lanes(type, 1L, 2L);
      assertEquals(expected, info.hasZone(), type.toString());
    }
  }

  @Test
  void textsAreBoundedByPrefixes() {
    TargetType type = TargetType.of(Kind.VARCHAR);
    ChunkInfo info = texts(type, "beta", null, "alpha", "gamma", "");
    assertArrayEquals(new byte[0], info.minBytes().bytes());
    assertEquals("gamma", text(info.maxBytes()));
    info = texts(type, "0123456789abcdef", "0123456789abcdef");
    assertEquals("0123456789abcdef", text(info.minBytes()));
    assertEquals("0123456789abcdef", text(info.maxBytes()));
    info = texts(type, "0123456789abcdefX", "0123456789abcdef");
    assertEquals("0123456789abcdef", text(info.minBytes()));
    assertEquals("0123456789abcdeg", text(info.maxBytes()));
    info = texts(type, "a", "a\0", "a\0\0");
    assertEquals("a", text(info.minBytes()));
    assertEquals("a\0\0", text(info.maxBytes()));
  }

  @Test
  void aPrefixOfTheGreatestBytesHasNoUpperBound() {
    // EF is the lead byte of the greatest UTF-16 code unit, U+FFFF.
    byte[] greatest = new byte[20];
    java.util.Arrays.fill(greatest, (byte) 0xef);
    ChunkInfo info = bytes(TargetType.of(Kind.VARCHAR), new byte[][] {greatest});
    assertTrue(info.hasZone());
    assertNull(info.maxBytes());
    greatest[3] = 'a';
    info = bytes(TargetType.of(Kind.VARCHAR), new byte[][] {greatest});
    assertArrayEquals(
        new byte[] {(byte) 0xef, (byte) 0xef, (byte) 0xef, 'b'}, info.maxBytes().bytes());
  }

  @Test
  void textsAreOrderedAsStringsAreEvenBeyondTheBasicPlane() {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    System.out.println("ZoneMapTest seed " + seed);
    Random random = new Random(seed);
    int[] points = {'a', 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    for (int round = 0; round < 300; round++) {
      String[] values = new String[1 + random.nextInt(50)];
      String min = null;
      String max = null;
      for (int i = 0; i < values.length; i++) {
        StringBuilder text = new StringBuilder();
        for (int k = random.nextInt(random.nextBoolean() ? 4 : 9); k > 0; k--) {
          text.appendCodePoint(points[random.nextInt(points.length)]);
        }
        values[i] = text.toString();
        min = min == null || values[i].compareTo(min) < 0 ? values[i] : min;
        max = max == null || values[i].compareTo(max) > 0 ? values[i] : max;
      }
      ChunkInfo info = texts(TargetType.of(Kind.VARCHAR), values);
      byte[] least = min.getBytes(StandardCharsets.UTF_8);
      byte[] most = max.getBytes(StandardCharsets.UTF_8);
      assertArrayEquals(
          java.util.Arrays.copyOf(least, Math.min(16, least.length)), info.minBytes().bytes());
      if (most.length <= 16) {
        assertArrayEquals(most, info.maxBytes().bytes());
      } else if (info.maxBytes() != null) {
        byte[] bound = info.maxBytes().bytes();
        assertTrue(Utf8.compare(bound, 0, bound.length, most, 0, most.length) > 0);
        assertTrue(Utf8.compare(bound, 0, bound.length, most, 0, 16) > 0);
      }
    }
  }

  private static String text(ChunkInfo.Prefix prefix) {
    return new String(prefix.bytes(), StandardCharsets.UTF_8);
  }

  private static ChunkInfo doubles(Double... values) {
    Long[] bits = new Long[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = values[i] == null ? null : Double.doubleToRawLongBits(values[i]);
    }
    return lanes(TargetType.of(Kind.DOUBLE), bits);
  }

  private static ChunkInfo lanes(TargetType type, Long... values) {
    ColumnVector vector = new ColumnVector(type, values.length);
    for (int i = 0; i < values.length; i++) {
      vector.nulls[i] = values[i] == null;
      vector.lanes[0][i] = values[i] == null ? 77_777 : values[i];
    }
    return write(vector, values.length);
  }

  private static ChunkInfo texts(TargetType type, String... values) {
    byte[][] bytes = new byte[values.length][];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = values[i] == null ? null : values[i].getBytes(StandardCharsets.UTF_8);
    }
    return bytes(type, bytes);
  }

  private static ChunkInfo bytes(TargetType type, byte[][] values) {
    ColumnVector vector = new ColumnVector(type, values.length);
    vector.useHeap();
    for (int i = 0; i < values.length; i++) {
      vector.nulls[i] = values[i] == null;
      if (values[i] != null) {
        vector.append(i, values[i], 0, values[i].length);
      }
    }
    return write(vector, values.length);
  }

  private static ChunkInfo write(ColumnVector vector, int count) {
    RowGroupWriter writer =
        new RowGroupWriter(
            new HeapByteStore(),
            1,
            1,
            new AtomicInteger(),
            List.of(0),
            List.of(vector.type()),
            Long.MAX_VALUE);
    writer.append(new ColumnVector[] {vector}, null, count);
    return writer.finish().get(0).chunks().get(0);
  }
}

package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What goes into a row group writer comes out of a segment reader, for every type. */
final class SegmentRoundTripTest {
  private static final long SEED = Long.getLong("copyload.seed", System.nanoTime());

  private final Random random = new Random(SEED);

  /** A column's values as the test keeps them: {@code long[]}, {@code byte[]} or null per row. */
  private record Column(TargetType type, List<Object> values, ColumnEncoding encoding) {
    Column(TargetType type, List<Object> values) {
      this(type, values, null);
    }
  }

  @BeforeAll
  static void printSeed() {
    System.out.println("SegmentRoundTripTest seed " + SEED);
  }

  @Test
  void everyTypeComesBackWithNullsSelectionsAndBatchesOfAnySize() {
    for (int round = 0; round < 6; round++) {
      List<Column> columns = new ArrayList<>();
      int rows = round == 0 ? 1 : 1 + random.nextInt(6000);
      for (TargetType type : types()) {
        columns.add(new Column(type, values(type, rows, round % 3)));
      }
      checkRoundTrip(columns, rows, round == 5 ? 100_000 : Long.MAX_VALUE);
    }
  }

  @Test
  void everyTypeComesBackInEveryEncodingThatIsAskedFor() {
    for (int round = 0; round < 4; round++) {
      List<Column> columns = new ArrayList<>();
      int rows = round == 0 ? 1 : 1 + random.nextInt(1500);
      for (TargetType type : types()) {
        for (ColumnEncoding encoding : ColumnEncoding.values()) {
          columns.add(new Column(type, values(type, rows, round % 3), encoding));
        }
      }
      checkRoundTrip(columns, rows, round == 3 ? 10_000_000 : Long.MAX_VALUE);
    }
  }

  @Test
  void textsComeBackInEveryEncodingThatIsAskedFor() {
    String[] words = new String[400];
    for (int i = 0; i < words.length; i++) {
      words[i] = "w".repeat(1 + i % 9) + Integer.toString(i * 7919, 36);
    }
    for (int round = 0; round < 8; round++) {
      int vocabulary = round % 2 == 0 ? 30 : words.length;
      List<Object> texts = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        StringBuilder text = new StringBuilder(random.nextInt(9) == 0 ? " " : "");
        for (int n = random.nextInt(12); n > 0; n--) {
          text.append(random.nextInt(50) == 0 ? "x".repeat(600) : words[random.nextInt(vocabulary)])
              .append(" ".repeat(random.nextInt(8) == 0 ? random.nextInt(600) : 1));
        }
        Object value =
            random.nextInt(20) == 0
                ? null
                : (random.nextBoolean() ? text.toString().strip() : text.toString())
                    .getBytes(StandardCharsets.UTF_8);
        for (int n = round < 4 ? 1 : 1 + random.nextInt(30); n > 0; n--) {
          texts.add(value);
        }
      }
      List<Column> columns = new ArrayList<>();
      for (ColumnEncoding encoding : ColumnEncoding.values()) {
        columns.add(new Column(TargetType.of(Kind.VARCHAR), texts, encoding));
      }
      checkRoundTrip(columns, texts.size(), Long.MAX_VALUE);
    }
  }

  @Test
  void anEncodingThatIsAskedForIsTheOneThatIsWritten() {
    TargetType integer = TargetType.of(Kind.INTEGER);
    ColumnVector numbers = new ColumnVector(integer, 10_000);
    ColumnVector texts = new ColumnVector(TargetType.of(Kind.VARCHAR), 10_000);
    texts.useHeap();
    for (int i = 0; i < 10_000; i++) {
      numbers.lanes[0][i] = i % 100 == 0 ? 1_000_000 + i : i / 80;
      byte[] text = ("the quick brown fox no " + i / 50).getBytes(StandardCharsets.UTF_8);
      texts.append(i, text, 0, text.length);
    }
    EncodedSize size = new EncodedSize();
    long raw = size.of(integer, numbers, 10_000, ColumnEncoding.RAW);
    assertEquals(40_000, raw, 40);
    // Ten thousand bytes and a hundred exceptions.
    assertEquals(10_000, size.of(integer, numbers, 10_000, ColumnEncoding.MOSTLY8), 700);
    assertEquals(20_000, size.of(integer, numbers, 10_000, ColumnEncoding.MOSTLY16), 700);
    assertEquals(10_000, size.of(integer, numbers, 10_000, ColumnEncoding.DELTA), 1_400);
    assertTrue(size.of(integer, numbers, 10_000, ColumnEncoding.RUNLENGTH) < 4_000);
    assertTrue(size.of(integer, numbers, 10_000, ColumnEncoding.ZSTD) < 8_000);
    TargetType text = TargetType.of(Kind.VARCHAR);
    long plain = size.of(text, texts, 10_000, ColumnEncoding.RAW);
    for (ColumnEncoding encoding :
        List.of(
            ColumnEncoding.BYTEDICT,
            ColumnEncoding.LZO,
            ColumnEncoding.RUNLENGTH,
            ColumnEncoding.TEXT255,
            ColumnEncoding.TEXT32K,
            ColumnEncoding.ZSTD)) {
      assertTrue(size.of(text, texts, 10_000, encoding) < plain * 0.6, encoding.name());
    }
  }

  @Test
  void aFullRowGroupIsClosedAndTheNextOneBegins() {
    int rows = RowGroupWriter.MAX_ROWS + 1;
    List<Object> numbers = new ArrayList<>();
    List<Object> texts = new ArrayList<>();
    for (int i = 0; i < rows; i++) {
      numbers.add(new long[] {i});
      texts.add(("Customer#" + i).getBytes(StandardCharsets.UTF_8));
    }
    List<RowGroupInfo> groups =
        checkRoundTrip(
            List.of(
                new Column(TargetType.of(Kind.BIGINT), numbers),
                new Column(TargetType.of(Kind.VARCHAR), texts)),
            rows,
            Long.MAX_VALUE);
    assertEquals(2, groups.size());
    assertEquals(RowGroupWriter.MAX_ROWS, groups.get(0).rowCount());
    assertEquals(1, groups.get(1).rowCount());
  }

  @Test
  void valuesAndChunksLargerThanAPartComeBack() {
    List<Object> values = new ArrayList<>();
    List<Object> uuids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] value = new byte[ByteStore.MAX_PART_BYTES + (i - 2) * 300_000];
      random.nextBytes(value);
      values.add(value);
    }
    values.add(null);
    for (int i = 0; i < RowGroupWriter.MAX_ROWS; i++) {
      uuids.add(new long[] {random.nextLong(), random.nextLong()});
    }
    List<RowGroupInfo> groups =
        checkRoundTrip(List.of(new Column(TargetType.of(Kind.BLOB), values)), 6, Long.MAX_VALUE);
    assertTrue(groups.get(0).chunks().get(0).partCount() > 3);
    groups =
        checkRoundTrip(
            List.of(new Column(TargetType.of(Kind.UUID), uuids)),
            RowGroupWriter.MAX_ROWS,
            Long.MAX_VALUE);
    assertEquals(9, groups.get(0).chunks().get(0).partCount());
  }

  @Test
  void littleMemoryMakesSmallRowGroups() {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      values.add(new long[] {random.nextLong()});
    }
    List<RowGroupInfo> groups =
        checkRoundTrip(List.of(new Column(TargetType.of(Kind.BIGINT), values)), 20_000, 64 << 10);
    assertTrue(groups.size() >= 3, "row groups: " + groups.size());
  }

  @Test
  void noRowsMakeNoRowGroup() {
    assertEquals(
        List.of(),
        checkRoundTrip(
            List.of(new Column(TargetType.of(Kind.INTEGER), List.of())), 0, Long.MAX_VALUE));
  }

  @Test
  void onlyNullsTakeAlmostNothing() {
    List<Object> nulls = new ArrayList<>();
    for (int i = 0; i < 100_000; i++) {
      nulls.add(null);
    }
    List<Column> columns = new ArrayList<>();
    for (TargetType type : types()) {
      columns.add(new Column(type, nulls));
    }
    for (ChunkInfo chunk : checkRoundTrip(columns, 100_000, Long.MAX_VALUE).get(0).chunks()) {
      assertEquals(12, chunk.byteCount());
      assertEquals(100_000, chunk.nullCount());
      assertFalse(chunk.hasZone());
    }
  }

  static List<TargetType> types() {
    List<TargetType> types = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      switch (kind) {
        case NUMERIC -> {
          types.add(TargetType.of(kind, 15, 2));
          types.add(TargetType.of(kind, 38, 2));
        }
        case ENUM -> types.add(new TargetType(kind, -1, 0, List.of("a", "b", "ä"), null));
        case ARRAY ->
            types.add(new TargetType(kind, -1, 0, null, TargetType.of(Kind.NUMERIC, 10, 3)));
        default -> types.add(TargetType.of(kind));
      }
    }
    return types;
  }

  private List<Object> values(TargetType type, int rows, int nullMode) {
    List<Object> values = new ArrayList<>(rows);
    int shape = random.nextInt(5);
    double nullRate = nullMode == 0 ? 0 : nullMode == 1 ? 0.1 : random.nextDouble();
    byte[][] pool = new byte[20][];
    for (int i = 0; i < pool.length; i++) {
      pool[i] = bytes(random.nextInt(40));
    }
    long sum = random.nextInt();
    for (int i = 0; i < rows; i++) {
      if (random.nextDouble() < nullRate) {
        values.add(null);
      } else if (type.isBytes()) {
        values.add(shape < 2 ? pool[random.nextInt(pool.length)] : bytes(random.nextInt(100)));
      } else {
        long[] lanes = new long[type.laneCount()];
        for (int lane = 0; lane < lanes.length; lane++) {
          sum += random.nextInt(9);
          lanes[lane] = lane(type.kind(), shape, sum);
        }
        values.add(lanes);
      }
    }
    return values;
  }

  private long lane(Kind kind, int shape, long sum) {
    switch (kind) {
      case DOUBLE:
        return Double.doubleToRawLongBits(
            switch (shape) {
              case 0 -> sum / 100.0;
              case 1 -> random.nextGaussian();
              case 2 -> Double.longBitsToDouble(random.nextLong());
              case 3 -> random.nextInt(3) - 1 == 0 ? -0.0 : 5;
              default -> random.nextInt(3);
            });
      case REAL:
        return Float.floatToRawIntBits(
            switch (shape) {
              case 0 -> sum % 10_000 / 100f;
              case 1 -> (float) random.nextGaussian();
              case 2 -> Float.intBitsToFloat(random.nextInt());
              case 3 -> random.nextInt(3) - 1 == 0 ? -0f : 5;
              default -> random.nextInt(3);
            });
      default:
        return switch (shape) {
          case 0 -> sum;
          case 1 -> random.nextLong();
          case 2 -> random.nextInt(50) * 1_000_000_000L;
          case 3 -> sum >> 8;
          default -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
        };
    }
  }

  private byte[] bytes(int length) {
    if (random.nextBoolean()) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      return bytes;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      int c = random.nextInt(40);
      text.appendCodePoint(
          c < 30 ? 'a' + c % 26 : c < 34 ? 0xe4 : c < 37 ? 0xff21 + c : 0x1f600 + c);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private List<RowGroupInfo> checkRoundTrip(List<Column> columns, int rows, long memoryBytes) {
    HeapByteStore store = new HeapByteStore();
    List<Integer> ids = new ArrayList<>();
    List<TargetType> types = new ArrayList<>();
    List<ColumnEncoding> encodings = new ArrayList<>();
    for (Column column : columns) {
      ids.add(100 + ids.size() * 2);
      types.add(column.type());
      encodings.add(column.encoding());
    }
    RowGroupWriter writer =
        new RowGroupWriter(store, 7, 9, new AtomicInteger(3), ids, types, encodings, memoryBytes);
    feed(writer, columns, rows);
    List<RowGroupInfo> groups = writer.finish();
    assertEquals(List.of(), writer.finish());
    SegmentInfo written = new SegmentInfo(7, 9, 1000, rows, ids, types, groups);
    SegmentFooter.write(store, written);
    SegmentInfo info = SegmentFooter.read(store, 7, 9);
    assertEquals(written, info);
    SegmentReader reader = new SegmentReader(store, new ChunkCache(1 << 26), info);
    for (int column = 0; column < columns.size(); column++) {
      check(reader, column, columns.get(column));
    }
    return groups;
  }

  /**
   * Gives the rows in batches of random size, with and without selections, from the heap and from a
   * buffer.
   */
  private void feed(RowGroupWriter writer, List<Column> columns, int rows) {
    int row = 0;
    while (row < rows) {
      int count = Math.min(rows - row, 1 + random.nextInt(random.nextBoolean() ? 100 : 9000));
      boolean select = random.nextBoolean();
      int capacity = select ? count * 2 + 1 : count;
      int[] selection = select ? new int[count] : null;
      int at = random.nextInt(2);
      for (int i = 0; select && i < count; i++) {
        selection[i] = at;
        at += 1 + (at + 2 * (count - i) < capacity ? random.nextInt(2) : 0);
      }
      ColumnVector[] vectors = new ColumnVector[columns.size()];
      for (int c = 0; c < vectors.length; c++) {
        Column column = columns.get(c);
        ColumnVector vector = new ColumnVector(column.type(), capacity);
        vector.useHeap();
        Arrays.fill(vector.nulls, random.nextBoolean());
        for (int i = 0; i < count; i++) {
          int target = select ? selection[i] : i;
          Object value = column.values().get(row + i);
          vector.nulls[target] = value == null;
          if (value instanceof byte[] bytes) {
            vector.append(target, bytes, 0, bytes.length);
          } else if (value instanceof long[] lanes) {
            for (int lane = 0; lane < lanes.length; lane++) {
              vector.lanes[lane][target] = lanes[lane];
            }
          } else if (column.type().isBytes()) {
            vector.begin[target] = -5;
            vector.length[target] = -7;
          } else {
            vector.lanes[0][target] = random.nextLong();
          }
        }
        if (column.type().isBytes() && random.nextBoolean()) {
          vector.pointTo(Arrays.copyOf(vector.bytes, vector.heapSize()));
        }
        vectors[c] = vector;
      }
      writer.append(vectors, selection, count);
      row += count;
    }
  }

  private static void check(SegmentReader reader, int index, Column column) {
    int row = 0;
    for (int g = 0; g < reader.info().rowGroups().size(); g++) {
      DecodedColumn decoded = reader.column(g, index);
      ChunkInfo chunk = reader.info().rowGroups().get(g).chunks().get(index);
      assertEquals(row, reader.firstRow(g));
      assertEquals(reader.info().rowGroups().get(g).rowCount(), decoded.rowCount());
      int nulls = 0;
      for (int i = 0; i < decoded.rowCount(); i++, row++) {
        assertEquals(g, reader.rowGroupOf(row));
        Object expected = column.values().get(row);
        assertEquals(expected == null, decoded.isNull(i));
        if (expected == null) {
          nulls++;
        } else if (expected instanceof byte[] bytes) {
          int begin = decoded.begin(i);
          assertArrayEquals(
              bytes, Arrays.copyOfRange(decoded.bytes(), begin, begin + decoded.length(i)));
          checkZone(chunk, bytes);
        } else {
          long[] lanes = (long[]) expected;
          for (int lane = 0; lane < lanes.length; lane++) {
            assertEquals(lanes[lane], decoded.lane(lane, i), column.type().kind().name());
          }
          checkZone(chunk, column.type().kind(), lanes[0]);
        }
      }
      assertEquals(nulls, chunk.nullCount());
      assertEquals(nulls > 0, decoded.hasNulls());
    }
    assertEquals(column.values().size(), row);
  }

  private static void checkZone(ChunkInfo chunk, byte[] value) {
    if (!chunk.hasZone()) {
      assertNull(chunk.minBytes());
      return;
    }
    byte[] min = chunk.minBytes().bytes();
    assertTrue(Utf8.compare(min, 0, min.length, value, 0, value.length) <= 0);
    if (chunk.maxBytes() != null) {
      byte[] max = chunk.maxBytes().bytes();
      assertTrue(Utf8.compare(max, 0, max.length, value, 0, value.length) >= 0);
    }
  }

  private static void checkZone(ChunkInfo chunk, Kind kind, long value) {
    if (!chunk.hasZone()) {
      return;
    }
    switch (kind) {
      case DOUBLE -> {
        double d = Double.longBitsToDouble(value);
        assertTrue(Double.compare(Double.longBitsToDouble(chunk.min()), d) <= 0);
        assertTrue(Double.compare(Double.longBitsToDouble(chunk.max()), d) >= 0);
      }
      case REAL -> {
        float f = Float.intBitsToFloat((int) value);
        assertTrue(Float.compare(Float.intBitsToFloat((int) chunk.min()), f) <= 0);
        assertTrue(Float.compare(Float.intBitsToFloat((int) chunk.max()), f) >= 0);
      }
      default -> assertTrue(chunk.min() <= value && value <= chunk.max());
    }
  }
}

package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Rows of a segment come into the order of a key as a plain sort of them would bring them. */
final class SegmentSortTest {
  private static final long SEED = Long.getLong("copyload.seed", System.nanoTime());
  private static final List<TargetType> TYPES =
      List.of(
          TargetType.of(Kind.INTEGER),
          TargetType.of(Kind.VARCHAR, 60, 0),
          TargetType.of(Kind.DOUBLE),
          TargetType.of(Kind.TIMESTAMP, -1, 6));

  private final Random random = new Random(SEED);
  private final HeapByteStore store = new HeapByteStore();
  private final Set<Long> open = new HashSet<>();
  private long nextSegment = 100;

  private record Row(Long number, String text, Double real, Long day, Long nanos) {}

  private long newSegment() {
    open.add(nextSegment);
    return nextSegment++;
  }

  private void abandon(long segment) {
    assertTrue(open.remove(segment), "seed " + SEED);
    store.removeSegment(1, segment);
  }

  @Test
  void rowsComeInTheOrderOfTheirKeysWhateverTheRowGroups() {
    Comparator<Row> byText =
        Comparator.comparing(Row::text, Comparator.nullsLast(SegmentSortTest::compare));
    Comparator<Row> byNumber =
        Comparator.comparing(Row::number, Comparator.nullsLast(Comparator.naturalOrder()));
    Comparator<Row> byReal =
        Comparator.comparing(Row::real, Comparator.nullsLast(Comparator.naturalOrder()));
    Comparator<Row> byTime =
        Comparator.comparing(Row::day, Comparator.nullsLast(Comparator.<Long>naturalOrder()))
            .thenComparing(Row::nanos, Comparator.nullsLast(Comparator.<Long>naturalOrder()));
    List<List<Integer>> keys = List.of(List.of(0), List.of(1, 0), List.of(2, 1), List.of(3));
    List<Comparator<Row>> orders =
        List.of(byNumber, byText.thenComparing(byNumber), byReal.thenComparing(byText), byTime);
    List<Row> rows = rows(30_000);
    for (int i = 0; i < keys.size(); i++) {
      List<Row> expected = new ArrayList<>(rows);
      expected.sort(orders.get(i));
      for (long memory : new long[] {1 << 16, 3 << 20, 1 << 28}) {
        for (int groupRows : new int[] {700, 9_000}) {
          assertEquals(
              expected, sorted(rows, groupRows, keys.get(i), memory), "seed " + SEED + " key " + i);
        }
      }
    }
  }

  @Test
  void rowsThatAreInOrderStayWhereTheyAre() {
    List<Row> rows = new ArrayList<>();
    for (long i = 0; i < 5000; i++) {
      rows.add(new Row(i / 3, "x", 1.0, i, 0L));
    }
    rows.add(new Row(null, "x", 1.0, 1L, 0L));
    SegmentInfo info = write(rows, 1000);
    SegmentSort.Result result = sort(info, List.of(0), 1 << 20, new CancelToken());
    assertEquals(info.segmentId(), result.segmentId());
    assertEquals(info.rowGroups(), result.rowGroups());
    assertEquals(Set.of(info.segmentId()), open);
  }

  @Test
  void aCancelledSortLeavesNothing() {
    SegmentInfo info = write(rows(20_000), 1000);
    CancelToken cancel = new CancelToken();
    cancel.cancelByUser();
    assertThrows(CopyException.class, () -> sort(info, List.of(1), 1 << 16, cancel));
    assertEquals(Set.of(info.segmentId()), open);
  }

  private static int compare(String a, String b) {
    return java.util.Arrays.compareUnsigned(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  private List<Row> rows(int count) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      rows.add(
          new Row(
              random.nextInt(9) == 0 ? null : (long) random.nextInt(500) - 250,
              random.nextInt(9) == 0 ? null : text(),
              random.nextInt(9) == 0 ? null : random.nextInt(40) / 4.0 - 5,
              (long) random.nextInt(30),
              (long) random.nextInt(3)));
    }
    return rows;
  }

  private String text() {
    String common = random.nextBoolean() ? "a long beginning " : "";
    return common + "\u00e4x\u00df".substring(random.nextInt(3)) + random.nextInt(300);
  }

  private SegmentInfo write(List<Row> rows, int groupRows) {
    long segment = newSegment();
    List<Integer> ids = List.of(0, 1, 2, 3);
    RowGroupWriter writer =
        new RowGroupWriter(store, 1, segment, new AtomicInteger(), ids, TYPES, Long.MAX_VALUE);
    List<RowGroupInfo> groups = new ArrayList<>();
    for (int from = 0; from < rows.size(); from += groupRows) {
      List<Row> some = rows.subList(from, Math.min(rows.size(), from + groupRows));
      ColumnVector[] vectors = new ColumnVector[TYPES.size()];
      for (int c = 0; c < vectors.length; c++) {
        vectors[c] = new ColumnVector(TYPES.get(c), some.size());
        vectors[c].useHeap();
      }
      for (int i = 0; i < some.size(); i++) {
        Row row = some.get(i);
        vectors[0].nulls[i] = row.number() == null;
        vectors[0].lanes[0][i] = row.number() == null ? 7 : row.number();
        vectors[1].nulls[i] = row.text() == null;
        if (row.text() != null) {
          byte[] bytes = row.text().getBytes(StandardCharsets.UTF_8);
          vectors[1].append(i, bytes, 0, bytes.length);
        }
        vectors[2].nulls[i] = row.real() == null;
        vectors[2].lanes[0][i] = row.real() == null ? 0 : Double.doubleToRawLongBits(row.real());
        vectors[3].lanes[0][i] = row.day();
        vectors[3].lanes[1][i] = row.nanos();
      }
      writer.append(vectors, null, some.size());
      groups.addAll(writer.finish());
    }
    return new SegmentInfo(1, segment, 0, rows.size(), ids, TYPES, groups);
  }

  private SegmentSort.Result sort(
      SegmentInfo info, List<Integer> key, long memory, CancelToken cancel) {
    return new SegmentSort(
            store,
            info,
            Collections.nCopies(TYPES.size(), null),
            key,
            memory,
            this::newSegment,
            this::abandon,
            cancel)
        .run();
  }

  private List<Row> sorted(List<Row> rows, int groupRows, List<Integer> key, long memory) {
    SegmentInfo info = write(rows, groupRows);
    SegmentSort.Result result = sort(info, key, memory, new CancelToken());
    assertEquals(Set.of(info.segmentId(), result.segmentId()), open);
    SegmentInfo sorted =
        new SegmentInfo(
            1, result.segmentId(), 0, rows.size(), info.columnIds(), TYPES, result.rowGroups());
    SegmentReader reader = new SegmentReader(store, new ChunkCache(0), sorted);
    List<Row> read = new ArrayList<>();
    for (int group = 0; group < sorted.rowGroups().size(); group++) {
      DecodedColumn[] columns = new DecodedColumn[TYPES.size()];
      for (int c = 0; c < columns.length; c++) {
        columns[c] = reader.column(group, c);
      }
      for (int i = 0; i < columns[0].rowCount(); i++) {
        read.add(
            new Row(
                columns[0].isNull(i) ? null : columns[0].lane(0, i),
                columns[1].isNull(i)
                    ? null
                    : new String(
                        columns[1].bytes(),
                        columns[1].begin(i),
                        columns[1].length(i),
                        StandardCharsets.UTF_8),
                columns[2].isNull(i) ? null : Double.longBitsToDouble(columns[2].lane(0, i)),
                columns[3].lane(0, i),
                columns[3].lane(1, i)));
      }
    }
    abandon(info.segmentId());
    abandon(result.segmentId());
    return read;
  }
}

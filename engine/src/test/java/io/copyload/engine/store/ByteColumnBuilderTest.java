package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Dictionaries are kept where they pay and given up where they do not. */
final class ByteColumnBuilderTest {
  private static final int ROWS = 40_000;

  @Test
  void fewValuesStayADictionary() {
    assertEquals(7, dictionarySize(ROWS, i -> "value " + i % 7));
    assertEquals(1, dictionarySize(ROWS, i -> "same"));
    assertEquals(1, dictionarySize(1, i -> "single"));
    assertEquals(3000, dictionarySize(ROWS, i -> "value " + i % 3000));
  }

  @Test
  void distinctValuesHaveNoDictionary() {
    assertEquals(0, dictionarySize(ROWS, i -> "value " + i));
    assertEquals(0, dictionarySize(500, i -> "value " + i));
  }

  @Test
  void halfDistinctValuesLoseTheDictionaryAfterProbation() {
    assertEquals(0, dictionarySize(ROWS, i -> "value " + i * 2 / 3));
  }

  @Test
  void aDictionaryThatOverflowsLateIsGivenUp() {
    assertEquals(0, dictionarySize(RowGroupWriter.MAX_ROWS, i -> i < 20_000 ? "a" : "value " + i));
    String longText = "x".repeat(400);
    assertEquals(0, dictionarySize(ROWS, i -> i < 30_000 ? "a" : i + longText));
  }

  @Test
  void theNextRowGroupTriesAgain() {
    HeapByteStore store = new HeapByteStore();
    TargetType type = TargetType.of(Kind.VARCHAR);
    RowGroupWriter writer =
        new RowGroupWriter(
            store, 1, 1, new AtomicInteger(), List.of(0), List.of(type), Long.MAX_VALUE);
    append(writer, type, ROWS, i -> "value " + i);
    List<RowGroupInfo> first = writer.finish();
    append(writer, type, ROWS, i -> "value " + i % 3);
    List<RowGroupInfo> second = writer.finish();
    assertEquals(1, first.size());
    assertEquals(1, second.size());
    assertEquals(3, read(store, type, second).dictionarySize());
    assertTrue(second.get(0).chunks().get(0).byteCount() < ROWS / 4 + 100);
  }

  private static int dictionarySize(int rows, IntFunction<String> value) {
    HeapByteStore store = new HeapByteStore();
    TargetType type = TargetType.of(Kind.VARCHAR);
    RowGroupWriter writer =
        new RowGroupWriter(
            store, 1, 1, new AtomicInteger(), List.of(0), List.of(type), Long.MAX_VALUE);
    append(writer, type, rows, value);
    DecodedColumn column = read(store, type, writer.finish());
    for (int i = 0; i < rows; i++) {
      assertEquals(
          value.apply(i),
          new String(column.bytes(), column.begin(i), column.length(i), StandardCharsets.UTF_8));
    }
    return column.dictionarySize();
  }

  private static DecodedColumn read(
      HeapByteStore store, TargetType type, List<RowGroupInfo> groups) {
    SegmentInfo info =
        new SegmentInfo(1, 1, 0, groups.get(0).rowCount(), List.of(0), List.of(type), groups);
    return new SegmentReader(store, new ChunkCache(0), info).column(0, 0);
  }

  private static void append(
      RowGroupWriter writer, TargetType type, int rows, IntFunction<String> value) {
    ColumnVector vector = new ColumnVector(type, 1000);
    for (int row = 0; row < rows; ) {
      int count = Math.min(1000, rows - row);
      vector.useHeap();
      for (int i = 0; i < count; i++, row++) {
        byte[] bytes = value.apply(row).getBytes(StandardCharsets.UTF_8);
        vector.append(i, bytes, 0, bytes.length);
      }
      writer.append(new ColumnVector[] {vector}, null, count);
    }
  }
}

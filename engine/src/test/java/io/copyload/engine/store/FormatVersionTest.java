package io.copyload.engine.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What version 1 wrote is read for ever. The stored values here are never to be made anew. */
final class FormatVersionTest {
  private static final String FOOTER =
      "434c465401000000c800000003000000040000000000000005000000000000003200000000000000"
          + "020000000a00000006000000444f55424c45ffffffffffffffff0000000000000000000b00000007"
          + "00000056415243484152140000000000000000000000000000000001000000060000003200000001"
          + "0000003e000000cf69e5c4000000000100000000000000005c8fc2f5285cdf3f0100000049000000"
          + "731d20dc010000000700000000000000000000000000000000074772c3b6c39f6502783265055152";
  private static final String NUMBERS =
      "c70100013200000008020100000000000000000640892df068256e481dec27156a070de8e60466c6"
          + "c4e4a5bc6285b4e064ac5e44a4dc239c5a03cf69e5c4";
  private static final String TEXTS =
      "c7010100320000008000000000000000010300000002020000000000000005000000000000000101"
          + "0b0000004772c3b6c39f65783178320224099224499224499224499204731d20dc";

  private static final List<TargetType> TYPES =
      List.of(TargetType.of(Kind.DOUBLE), TargetType.of(Kind.VARCHAR, 20, 0));

  @Test
  void versionOneIsRead() {
    HeapByteStore store = new HeapByteStore();
    store.put(new ChunkKey(3, 4, ChunkKey.FOOTER, 0, 0), HexFormat.of().parseHex(FOOTER));
    store.put(new ChunkKey(3, 4, 6, 10, 0), HexFormat.of().parseHex(NUMBERS));
    store.put(new ChunkKey(3, 4, 6, 11, 0), HexFormat.of().parseHex(TEXTS));
    SegmentInfo info = SegmentFooter.read(store, 3, 4);
    assertEquals(5, info.firstRowId());
    assertEquals(List.of(10, 11), info.columnIds());
    assertEquals(TYPES, info.types());
    SegmentReader reader = new SegmentReader(store, new ChunkCache(0), info);
    DecodedColumn numbers = reader.column(0, 0);
    DecodedColumn texts = reader.column(0, 1);
    for (int i = 0; i < 50; i++) {
      assertEquals(number(i), Double.longBitsToDouble(numbers.lane(0, i)));
      assertEquals(i == 7, texts.isNull(i));
      if (i != 7) {
        assertEquals(
            text(i),
            new String(texts.bytes(), texts.begin(i), texts.length(i), StandardCharsets.UTF_8));
      }
    }
  }

  /** Fails when the writer changes; then the version must rise unless only the choice changed. */
  @Test
  void versionOneIsWritten() {
    HeapByteStore store = new HeapByteStore();
    RowGroupWriter writer =
        new RowGroupWriter(
            store, 3, 4, new AtomicInteger(6), List.of(10, 11), TYPES, Long.MAX_VALUE);
    ColumnVector[] columns = {
      new ColumnVector(TYPES.get(0), 50), new ColumnVector(TYPES.get(1), 50)
    };
    columns[1].useHeap();
    for (int i = 0; i < 50; i++) {
      columns[0].lanes[0][i] = Double.doubleToRawLongBits(number(i));
      byte[] text = text(i).getBytes(StandardCharsets.UTF_8);
      columns[1].append(i, text, 0, text.length);
    }
    columns[1].nulls[7] = true;
    writer.append(columns, null, 50);
    SegmentFooter.write(
        store, new SegmentInfo(3, 4, 5, 50, List.of(10, 11), TYPES, writer.finish()));
    assertEquals(3, store.values.size());
    StringBuilder written = new StringBuilder();
    store.values.values().forEach(v -> written.append(HexFormat.of().formatHex(v)).append('\n'));
    assertEquals(FOOTER + "\n" + NUMBERS + "\n" + TEXTS + "\n", written.toString());
  }

  private static double number(int i) {
    return i * 37 % 50 / 100.0;
  }

  private static String text(int i) {
    return i % 3 == 0 ? "Gr\u00f6\u00dfe" : "x" + i % 3;
  }
}

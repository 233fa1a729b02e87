package io.copyload.engine.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The writer against plain string code, and numbers against the JDK. */
class DelimitedRowWriterTest {
  private static final String ALPHABET = "aN\\.,;|\"'\n\r\t\b\f\u000b\u0001\u0010\u001f é日x0";

  private final long seed = Long.getLong("copyload.seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void writesWhatPlainCodeWrites() {
    for (int round = 0; round < 20_000; round++) {
      boolean csv = random.nextBoolean();
      char delimiter = ",;|\t'".charAt(random.nextInt(5));
      char quote = delimiter == '\'' || random.nextBoolean() ? '"' : '\'';
      char escape = random.nextBoolean() ? quote : '\\';
      String marker = List.of("", "\\N", "N", "0", "xx").get(random.nextInt(5));
      boolean force = csv && random.nextInt(4) == 0;
      int count = 1 + random.nextInt(3);
      boolean[] forced = new boolean[count];
      Arrays.fill(forced, force);
      String[] values = new String[count];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextInt(5) == 0 ? null : text();
      }
      String expected =
          csv
              ? csv(values, delimiter, quote, escape, marker, forced)
              : text(values, delimiter, marker);
      DelimitedSpec spec = spec(csv, delimiter, quote, escape, marker);
      assertEquals(expected, write(spec, values, forced), () -> spec + ", seed " + seed);
    }
  }

  private String text() {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(random.nextBoolean() ? 4 : 30); n > 0; n--) {
      boolean special = random.nextInt(6) == 0;
      text.append(special ? ALPHABET.charAt(random.nextInt(ALPHABET.length())) : 'y');
    }
    return random.nextInt(20) == 0 ? "\\." : text.toString();
  }

  private static String write(DelimitedSpec spec, String[] values, boolean[] forced) {
    TargetType type = TargetType.of(Kind.VARCHAR);
    ExportColumn[] columns = new ExportColumn[values.length];
    List<TargetType> types = Collections.nCopies(values.length, type);
    for (int i = 0; i < values.length; i++) {
      ColumnVector vector = new ColumnVector(type, 1);
      vector.useHeap();
      vector.nulls[0] = values[i] == null;
      if (values[i] != null) {
        byte[] bytes = values[i].getBytes(StandardCharsets.UTF_8);
        vector.append(0, bytes, 0, bytes.length);
      }
      columns[i] = ExportColumn.of(vector);
    }
    OutputBuffer out = new OutputBuffer(4);
    new DelimitedRowWriter(spec, types, forced, ZoneOffset.UTC, true)
        .rows(columns, 0, 1, null, out);
    return new String(out.bytes, 0, out.size, StandardCharsets.UTF_8);
  }

  private static String csv(
      String[] values, char delimiter, char quote, char escape, String marker, boolean[] force) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : delimiter);
      String v = values[i];
      if (v == null) {
        line.append(marker);
        continue;
      }
      boolean quoted =
          force[i]
              || v.equals(marker)
              || v.equals("\\.") && values.length == 1
              || v.chars().anyMatch(c -> c == delimiter || c == quote || c == '\n' || c == '\r');
      if (!quoted) {
        line.append(v);
        continue;
      }
      line.append(quote);
      for (char c : v.toCharArray()) {
        line.append(c == quote || c == escape ? String.valueOf(escape) : "").append(c);
      }
      line.append(quote);
    }
    return line.append('\n').toString();
  }

  private static String text(String[] values, char delimiter, String marker) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : delimiter);
      if (values[i] == null) {
        line.append(marker);
        continue;
      }
      for (char c : values[i].toCharArray()) {
        int known = "\b\f\n\r\t\u000b\\".indexOf(c);
        if (known >= 0) {
          line.append('\\').append("bfnrtv\\".charAt(known));
        } else {
          line.append(c == delimiter ? "\\" : "").append(c);
        }
      }
    }
    return line.append('\n').toString();
  }

  /** Values that come again and values that never do, over several batches of one writer. */
  @Test
  void numbersAndDatesComeOutAsTheJdkWritesThem() {
    TargetType money = TargetType.of(Kind.NUMERIC, 15, 2);
    List<TargetType> types =
        List.of(TargetType.of(Kind.BIGINT), money, TargetType.of(Kind.DATE), money);
    DelimitedSpec spec = spec(true, ',', '"', '"', "");
    DelimitedRowWriter writer =
        new DelimitedRowWriter(spec, types, new boolean[4], ZoneOffset.UTC, true);
    int rows = 512;
    for (int batch = 0; batch < 100; batch++) {
      ColumnVector[] vectors = new ColumnVector[4];
      ExportColumn[] columns = new ExportColumn[4];
      for (int i = 0; i < 4; i++) {
        vectors[i] = new ColumnVector(types.get(i), rows);
        columns[i] = ExportColumn.of(vectors[i]);
      }
      int few = 1 << random.nextInt(12);
      StringBuilder expected = new StringBuilder();
      for (int row = 0; row < rows; row++) {
        long whole = (random.nextLong() >> random.nextInt(64)) * (random.nextInt(9) == 0 ? 0 : 1);
        long wide = whole % 1_000_000_000_000_000L;
        long repeated = random.nextInt(few) - few / 2;
        long day = random.nextInt(20_000) - 1_000;
        vectors[0].lanes[0][row] = whole;
        vectors[1].lanes[0][row] = wide;
        vectors[2].lanes[0][row] = day;
        vectors[3].lanes[0][row] = repeated;
        expected.append(whole).append(',').append(BigDecimal.valueOf(wide, 2));
        expected.append(',').append(java.time.LocalDate.ofEpochDay(day));
        expected.append(',').append(BigDecimal.valueOf(repeated, 2)).append('\n');
      }
      OutputBuffer out = new OutputBuffer(4);
      writer.rows(columns, 0, rows, null, out);
      assertEquals(expected.toString(), text(out), () -> "seed " + seed);
    }
  }

  /** Pieces of all kinds of columns, chunks with and without dictionaries and H2's own rows. */
  @Test
  void piecesAreTheirRowsOneByOne() {
    List<TargetType> all =
        List.of(
            TargetType.of(Kind.BOOLEAN),
            TargetType.of(Kind.SMALLINT),
            TargetType.of(Kind.BIGINT),
            TargetType.of(Kind.NUMERIC, 15, 2),
            TargetType.of(Kind.NUMERIC, 12, 5),
            TargetType.of(Kind.NUMERIC, 9, 0),
            TargetType.of(Kind.DOUBLE),
            TargetType.of(Kind.REAL),
            TargetType.of(Kind.DATE),
            TargetType.of(Kind.TIME),
            TargetType.of(Kind.TIMESTAMP),
            TargetType.of(Kind.UUID),
            TargetType.of(Kind.VARCHAR),
            TargetType.of(Kind.VARBINARY));
    for (int round = 0; round < 100; round++) {
      List<TargetType> types = new ArrayList<>();
      for (int n = 1 + random.nextInt(6); n > 0; n--) {
        types.add(all.get(random.nextInt(all.size())));
      }
      int rows = 1 + random.nextInt(900);
      ExportColumn[] columns = new ExportColumn[types.size()];
      boolean[] forced = new boolean[columns.length];
      for (int i = 0; i < columns.length; i++) {
        columns[i] = column(types.get(i), rows);
        forced[i] = random.nextInt(5) == 0;
      }
      boolean csv = random.nextBoolean();
      char delimiter = ",;|\t'0-".charAt(random.nextInt(7));
      String marker =
          List.of("", "\\N", "N", "0", "1", "a long marker of NULL").get(random.nextInt(6));
      DelimitedSpec spec = spec(csv, delimiter, '"', '"', marker);
      BitSet skipped = random.nextBoolean() ? new BitSet() : null;
      int begin = random.nextInt(rows);
      StringBuilder expected = new StringBuilder();
      for (int row = begin; row < rows; row++) {
        if (skipped != null && random.nextInt(3) == 0) {
          skipped.set(row);
          continue;
        }
        String[] fields = new String[columns.length];
        for (int i = 0; i < fields.length; i++) {
          fields[i] = columns[i].isNull(row) ? null : plainText(types.get(i), columns[i], row);
        }
        expected.append(
            csv
                ? csv(fields, delimiter, '"', '"', marker, forced)
                : text(fields, delimiter, marker));
      }
      DelimitedRowWriter writer = new DelimitedRowWriter(spec, types, forced, ZoneOffset.UTC, true);
      OutputBuffer out = new OutputBuffer(4);
      for (int again = 0; again < 2; again++) {
        writer.rows(columns, begin, rows, skipped, out);
        assertEquals(expected.toString(), text(out), () -> types + " " + spec + ", seed " + seed);
      }
    }
  }

  private static String plainText(TargetType type, ExportColumn column, int row) {
    OutputBuffer out = new OutputBuffer(4);
    ValueText.of(type, ZoneOffset.UTC, true).append(column, row, out);
    return text(out);
  }

  private ExportColumn column(TargetType type, int rows) {
    int nullsOf = random.nextInt(3) * 4;
    boolean[] nulls = new boolean[rows];
    long[] nullBits = new long[(rows + 63) / 64];
    for (int row = 0; row < rows; row++) {
      nulls[row] = nullsOf > 0 && random.nextInt(nullsOf) == 0;
      nullBits[row >> 6] |= nulls[row] ? 1L << row : 0;
    }
    boolean chunk = random.nextBoolean();
    ColumnVector vector = new ColumnVector(type, rows);
    vector.useHeap();
    System.arraycopy(nulls, 0, vector.nulls, 0, rows);
    if (type.laneCount() > 0) {
      for (long[] lane : vector.lanes) {
        for (int row = 0; row < rows; row++) {
          // That of a NULL means nothing.
          lane[row] = nulls[row] ? random.nextLong() : laneValue(type);
        }
      }
      return chunk
          ? ExportColumn.of(new DecodedColumn(rows, nullBits, vector.lanes, null, null, null))
          : ExportColumn.of(vector);
    }
    boolean dictionary = chunk && random.nextBoolean();
    int count = dictionary ? 1 + random.nextInt(rows) : rows;
    int[] codes = dictionary ? random.ints(rows, 0, count).toArray() : null;
    int[] offsets = new int[count + 1];
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      byte[] value = text().getBytes(StandardCharsets.UTF_8);
      bytes.writeBytes(value);
      offsets[i + 1] = bytes.size();
      if (!chunk && !nulls[i]) {
        vector.append(i, value, 0, value.length);
      } else if (!chunk) {
        vector.begin[i] = random.nextInt();
        vector.length[i] = random.nextInt();
      }
    }
    return chunk
        ? ExportColumn.of(
            new DecodedColumn(rows, nullBits, null, codes, offsets, bytes.toByteArray()))
        : ExportColumn.of(vector);
  }

  private long laneValue(TargetType type) {
    boolean few = random.nextInt(3) > 0;
    return switch (type.kind()) {
      case BOOLEAN -> random.nextInt(2);
      case SMALLINT -> (short) random.nextInt();
      case DOUBLE -> Double.doubleToLongBits(random.nextInt(few ? 20 : 1 << 30) / 8.0);
      case REAL -> Float.floatToIntBits(random.nextInt(few ? 20 : 1 << 20) / 8f);
      case DATE -> random.nextInt(few ? 100 : 40_000) - (few ? 0 : 10_000);
      // Both lanes of a timestamp: a day, and nanoseconds of a day.
      case TIME, TIMESTAMP -> random.nextInt(few ? 5 : 20_000);
      case NUMERIC -> (random.nextLong() >> random.nextInt(64)) % 1_000_000_000L * (few ? 1 : 3);
      default -> random.nextLong() >> random.nextInt(64);
    };
  }

  private static DelimitedSpec spec(
      boolean csv, char delimiter, char quote, char escape, String marker) {
    return new DelimitedSpec(
        csv ? DelimitedSpec.Style.POSTGRES_CSV : DelimitedSpec.Style.POSTGRES_TEXT,
        (byte) delimiter,
        csv ? quote : -1,
        csv ? escape : -1,
        marker,
        false,
        false,
        null,
        DelimitedSpec.Header.NONE,
        0,
        false,
        DelimitedSpec.EndMarker.NONE);
  }

  @Test
  void floatsReadBackAndAreNoLongerThanTheJdks() {
    for (int round = 0; round < 50_000; round++) {
      double d =
          random.nextInt(3) == 0
              ? random.nextInt(100_000) / 100.0
              : Double.longBitsToDouble(random.nextLong());
      float f = Float.intBitsToFloat(random.nextInt());
      OutputBuffer out = new OutputBuffer(4);
      FloatText.append(d, out);
      String text = text(out);
      assertEquals(d, Double.parseDouble(text), () -> "seed " + seed);
      assertTrue(digits(text) <= digits(Double.toString(d)), () -> text + ", seed " + seed);
      FloatText.append(f, out);
      String small = text(out);
      assertEquals(f, Float.parseFloat(small), () -> "seed " + seed);
      assertTrue(digits(small) <= digits(Float.toString(f)), () -> small + ", seed " + seed);
    }
  }

  private static int digits(String text) {
    if (!Character.isDigit(text.charAt(text.length() - 1))) {
      return 9;
    }
    return new BigDecimal(text).stripTrailingZeros().precision();
  }

  @Test
  void decimalsAndIntegersAreThoseOfTheJdk() {
    for (int round = 0; round < 100_000; round++) {
      long value = random.nextLong() >> random.nextInt(64);
      int scale = random.nextInt(19);
      OutputBuffer out = new OutputBuffer(4);
      DecimalText.append(value, scale, out);
      assertEquals(
          BigDecimal.valueOf(value, scale).toPlainString(), text(out), () -> "seed " + seed);
      out.putLong(value);
      assertEquals(Long.toString(value), text(out), () -> "seed " + seed);
    }
  }

  private static String text(OutputBuffer out) {
    String text = new String(out.bytes, 0, out.size, StandardCharsets.UTF_8);
    out.size = 0;
    return text;
  }
}

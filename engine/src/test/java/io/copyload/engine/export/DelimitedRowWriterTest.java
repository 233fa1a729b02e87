package io.copyload.engine.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
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
      String[] values = new String[count];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextInt(5) == 0 ? null : text();
      }
      String expected =
          csv
              ? csv(values, delimiter, quote, escape, marker, force)
              : text(values, delimiter, marker);
      DelimitedSpec spec =
          new DelimitedSpec(
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
      assertEquals(expected, write(spec, values, force), () -> spec + ", seed " + seed);
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

  private static String write(DelimitedSpec spec, String[] values, boolean force) {
    TargetType type = TargetType.of(Kind.VARCHAR);
    ExportColumn[] columns = new ExportColumn[values.length];
    List<TargetType> types = java.util.Collections.nCopies(values.length, type);
    boolean[] forced = new boolean[values.length];
    java.util.Arrays.fill(forced, force);
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
      String[] values, char delimiter, char quote, char escape, String marker, boolean force) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < values.length; i++) {
      line.append(i == 0 ? "" : delimiter);
      String v = values[i];
      if (v == null) {
        line.append(marker);
        continue;
      }
      boolean quoted =
          force
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
    DelimitedSpec spec =
        new DelimitedSpec(
            DelimitedSpec.Style.POSTGRES_CSV,
            (byte) ',',
            '"',
            '"',
            "",
            false,
            false,
            null,
            DelimitedSpec.Header.NONE,
            0,
            false,
            DelimitedSpec.EndMarker.NONE);
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

package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.junit.jupiter.api.Test;

/** Commons CSV writes and reads the same well-formed files as we do. */
class CsvSecondOpinionTest {
  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void wellFormedCsvIsReadAsCommonsCsvReadsIt() throws IOException {
    for (int round = 0; round < 300; round++) {
      long seed = baseSeed + round;
      Random random = new Random(seed);
      String lineEnd = new String[] {"\n", "\r\n", "\r"}[random.nextInt(3)];
      CSVFormat format =
          CSVFormat.DEFAULT
              .builder()
              .setRecordSeparator(lineEnd)
              .setIgnoreEmptyLines(false)
              .setQuoteMode(random.nextBoolean() ? QuoteMode.ALL : QuoteMode.MINIMAL)
              .get();
      StringBuilder text = new StringBuilder();
      try (CSVPrinter printer = new CSVPrinter(text, format)) {
        for (int r = random.nextInt(60); r >= 0; r--) {
          printer.printRecord(value(random), value(random), value(random));
        }
      }
      List<String> expected = new ArrayList<>();
      try (CSVParser parser = CSVParser.parse(new StringReader(text.toString()), format)) {
        for (CSVRecord record : parser) {
          expected.add("<" + String.join(">|<", record) + ">");
        }
      }
      CollectingSink sink = new CollectingSink();
      LoadPlan plan =
          Loads.plan(
              Loads.csv(',', '"', '"', "no such text"),
              Loads.columns(Kind.VARCHAR, Kind.VARCHAR, Kind.VARCHAR),
              ErrorBudget.NONE,
              1 + random.nextInt(4),
              16 << random.nextInt(8),
              List.of(StreamObjects.of(text.toString().getBytes(StandardCharsets.UTF_8))));
      LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
      List<String> actual = new ArrayList<>();
      for (String row : sink.rows()) {
        actual.add(new String(row.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8));
      }
      assertEquals(expected, actual, "-Dcopyload.seed=" + seed);
    }
  }

  private static String value(Random random) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(10) == 0 ? random.nextInt(500) : random.nextInt(8);
    while (text.length() < length) {
      text.append("ab,\"\n\r' é;x\u20ac".charAt(random.nextInt(12)));
    }
    return text.toString();
  }
}

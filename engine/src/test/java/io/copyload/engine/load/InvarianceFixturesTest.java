package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every public text file of the TCK, read by the rules of every style, gives the plain reader's
 * rows, rejects, line numbers and messages, however it is cut.
 */
class InvarianceFixturesTest {
  private static final Path CORPORA = Path.of("..", "tck", "corpora");
  private static final int MAX_FILE_BYTES = 100_000;
  private static final int[] UNIT_BYTES = {16, 17, 31, 100, 1000, 1 << 20};
  private static final int MAX_UNITS = 2000;
  private static final int TRIALS = 3;

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @TestFactory
  Stream<DynamicTest> everyFixture() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(CORPORA), "the TCK's files are not beside the engine");
    List<Path> files;
    try (Stream<Path> all = Files.walk(CORPORA)) {
      files = all.filter(InvarianceFixturesTest::isText).sorted().toList();
    }
    assertTrue(files.size() > 300, files.size() + " fixtures");
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(CORPORA.relativize(file).toString(), () -> check(file)));
  }

  private static boolean isText(Path file) {
    return file.toString().matches(".*\\.(csv|tsv|txt|data|tbl)")
        && file.toFile().length() <= MAX_FILE_BYTES;
  }

  private void check(Path file) throws IOException {
    byte[] data = Files.readAllBytes(file);
    long seed = baseSeed ^ file.toString().hashCode();
    Random random = new Random(seed);
    for (DelimitedSpec spec :
        List.of(
            Loads.CSV,
            Loads.csv(',', '"', '\\', ""),
            Loads.TEXT,
            Loads.redshiftCsv(),
            Loads.redshiftText(false))) {
      Kind[] kinds = new Kind[fieldCount(data, spec.delimiter())];
      Arrays.fill(kinds, Kind.VARCHAR);
      kinds[kinds.length - 1] = random.nextBoolean() ? Kind.VARCHAR : Kind.INTEGER;
      ErrorBudget budget =
          random.nextInt(3) == 0 ? ErrorBudget.NONE : new ErrorBudget(Long.MAX_VALUE, false);
      String expected = null;
      for (int trial = 0; trial < TRIALS; trial++) {
        int unitBytes =
            Math.max(UNIT_BYTES[random.nextInt(UNIT_BYTES.length)], data.length / MAX_UNITS);
        LoadPlan plan =
            Loads.plan(
                spec,
                Loads.columns(kinds),
                budget,
                1 + random.nextInt(8),
                unitBytes,
                List.of(new StrangeObject("o", data, true, trial > 0, seed)));
        if (expected == null) {
          expected = PlainLoad.run(plan, List.of(data));
        }
        String cut = spec.style() + " slices " + plan.slices() + " unit " + unitBytes;
        String wanted = trial > 0 ? expected : PlainLoad.withoutChunks(expected);
        assertEquals(wanted, Loads.run(plan), cut + " -Dcopyload.seed=" + baseSeed);
      }
    }
  }

  /** Fields of the first line, as far as delimiters tell. */
  private static int fieldCount(byte[] data, byte delimiter) {
    int count = 1;
    for (int i = 0; i < data.length && data[i] != '\n' && data[i] != '\r' && count < 40; i++) {
      if (data[i] == delimiter) {
        count++;
      }
    }
    return count;
  }
}

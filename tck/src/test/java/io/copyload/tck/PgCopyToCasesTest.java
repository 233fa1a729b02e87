package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What PostgreSQL 14 to 18 really wrote and answered to COPY TO STDOUT, byte by byte: the cases of
 * {@code postgresql/copy-cases.jsonl} that write. Our standard output is a {@code ?}; each case
 * runs once with a stream, once with a file, and once on rows that a COPY FROM has loaded.
 */
class PgCopyToCasesTest {
  private static final Pattern STDOUT = Pattern.compile("(?i)\\bTO\\s+(?:STDOUT|STDIN)\\b");
  private static final String SETTINGS = ";DATABASE_TO_LOWER=TRUE";

  /** Cases whose setup or query H2 cannot express, with the reason. */
  private static final Map<String, String> LEFT_OUT =
      Map.of("to-partitioned", "H2 has no partitioned tables");

  @TempDir Path work;

  private record PgCase(
      String id, Map<String, Object> entry, Map<String, Object> expected, int major) {
    String copy() {
      // H2 has no jsonb: its JSON is normalised without blanks.
      return ((String) entry.get("copy"))
          .replace("'{\"a\":1}'::jsonb", "'{\"a\": 1}'")
          .replace("'\\x0aff'::bytea", "x'0aff'")
          .replace("interval '1 day 2 hours'", "interval '1 2' day to hour")
          .replace(
              "timestamptz '2024-01-01 00:00+00'", "timestamp with time zone '2024-01-01 00:00+00'")
          .replace("1.50::numeric", "1.50")
          .replace("::text", "::varchar");
    }

    boolean fails() {
      return expected.get("error") != null;
    }

    byte[] output() {
      String base64 = (String) expected.get("output_b64");
      return base64 != null
          ? Base64.getDecoder().decode(base64)
          : String.valueOf(expected.get("output")).getBytes(StandardCharsets.UTF_8);
    }
  }

  private enum Way {
    STREAM,
    FILE,
    LOADED
  }

  @TestFactory
  Stream<DynamicTest> copyTo() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (PgCase pgCase : cases()) {
      if (LEFT_OUT.containsKey(pgCase.id())) {
        continue;
      }
      for (Way way : Way.values()) {
        tests.add(
            DynamicTest.dynamicTest(
                pgCase.id()
                    + " "
                    + pgCase.major()
                    + " ("
                    + way.name().toLowerCase(java.util.Locale.ROOT)
                    + ")",
                () -> run(pgCase, way)));
      }
    }
    return tests.stream();
  }

  /** A rule that leaves out more than it was written for would silently shrink the suite. */
  @Test
  void runsEveryCaseThatWrites() throws IOException {
    Map<String, Integer> groups = new TreeMap<>();
    for (PgCase pgCase : cases()) {
      if (pgCase.major() == 18) {
        groups.merge(pgCase.id().substring(0, pgCase.id().indexOf('-')), 1, Integer::sum);
      }
    }
    assertEquals(52, groups.get("to"), groups::toString);
  }

  private static List<PgCase> cases() throws IOException {
    List<PgCase> cases = new ArrayList<>();
    String only = System.getProperty("copyload.tck.case", "");
    for (String line :
        Files.readAllLines(TckFiles.folder("postgresql").resolve("copy-cases.jsonl"))) {
      Map<String, Object> entry = Json.object(line);
      String id = (String) entry.get("id");
      boolean writes = ((String) entry.get("copy")).matches("(?is).*\\bTO\\s+(STDOUT|STDIN|').*");
      for (PgMajors.Answer answer : PgMajors.of(entry)) {
        Map<String, Object> candidate = answer.expected();
        boolean ours =
            candidate.get("output") != null
                || candidate.get("output_b64") != null
                || candidate.get("error") != null
                    && Json.asObject(candidate.get("error")).get("message") != null;
        if (writes && ours && id.contains(only)) {
          cases.add(new PgCase(id, entry, candidate, answer.major()));
        }
      }
    }
    return cases;
  }

  private void run(PgCase pgCase, Way way) throws SQLException, IOException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql" + pgCase.major());
    try (TckDatabase database = TckDatabase.inMemory(SETTINGS, properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : Json.asTexts(pgCase.entry().get("setup"))) {
        statement.execute(toH2(sql));
      }
      if (way == Way.LOADED) {
        reload(statement);
      }
      Output output;
      try {
        output = copy(connection, pgCase, way);
      } catch (SQLException e) {
        checkFailure(pgCase, e);
        return;
      }
      if (pgCase.fails()) {
        throw new AssertionError("wrote " + output.count() + " rows, but must fail: " + pgCase);
      }
      // Latin-1 shows every byte as one character.
      assertEquals(
          new String(pgCase.output(), StandardCharsets.ISO_8859_1),
          new String(output.bytes(), StandardCharsets.ISO_8859_1));
      assertEquals(pgCase.expected().get("count").toString(), Long.toString(output.count()));
    }
  }

  private record Output(byte[] bytes, long count) {}

  /** Takes the rows of t through a file, so that they come from a segment. */
  private void reload(Statement statement) throws SQLException, IOException {
    Path path = Files.createTempFile(work, "reload", ".csv");
    String quoted = CaseRunner.quote(path.toString());
    long rows = statement.executeLargeUpdate("COPY t TO " + quoted + " (FORMAT csv)");
    statement.execute("DELETE FROM t");
    assertEquals(rows, statement.executeLargeUpdate("COPY t FROM " + quoted + " (FORMAT csv)"));
  }

  private Output copy(Connection connection, PgCase pgCase, Way way)
      throws SQLException, IOException {
    Matcher matcher = STDOUT.matcher(pgCase.copy());
    if (!matcher.find()) {
      try (Statement statement = connection.createStatement()) {
        return new Output(new byte[0], statement.executeLargeUpdate(pgCase.copy()));
      }
    }
    String before = pgCase.copy().substring(0, matcher.start()) + "TO ";
    String behind = pgCase.copy().substring(matcher.end());
    if (way == Way.FILE) {
      Path path = Files.createTempFile(work, "output", ".txt");
      try (Statement statement = connection.createStatement()) {
        long count =
            statement.executeLargeUpdate(before + CaseRunner.quote(path.toString()) + behind);
        return new Output(Files.readAllBytes(path), count);
      }
    }
    try (PreparedStatement statement = connection.prepareStatement(before + "?" + behind)) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      statement.setObject(1, out);
      long count = statement.executeLargeUpdate();
      return new Output(out.toByteArray(), count);
    }
  }

  private static void checkFailure(PgCase pgCase, SQLException e) {
    String text = String.valueOf(e.getMessage());
    String seen = e.getSQLState() + ": " + text;
    if (!pgCase.fails()) {
      throw new AssertionError("must write " + pgCase.expected() + ", failed with " + seen, e);
    }
    Map<String, Object> error = Json.asObject(pgCase.expected().get("error"));
    if (!error.get("sqlstate").equals(e.getSQLState())
        || !error.get("message").equals(CaseRunner.firstLine(text))) {
      throw new AssertionError("must fail with " + error + ", was " + seen, e);
    }
    for (String part : List.of("detail", "hint")) {
      String wanted = (String) error.get(part);
      if (wanted != null && !text.contains(wanted)) {
        throw new AssertionError(part + " must be <" + wanted + ">, was " + seen, e);
      }
    }
    // Our parameter is shorter than STDOUT; only what stands before it keeps its place.
    Object position = error.get("position");
    if (position != null && !text.contains("Position: ")) {
      throw new AssertionError("position must be " + position + ", was " + seen, e);
    }
  }

  @Test
  void writerTakesCharacters() throws SQLException {
    Properties properties = new Properties();
    try (TckDatabase database = TckDatabase.inMemory(SETTINGS, properties);
        Connection connection = database.connect();
        PreparedStatement statement =
            connection.prepareStatement("COPY (SELECT ?, 'é日𝄞') TO ? (FORMAT csv)")) {
      StringWriter writer = new StringWriter();
      statement.setString(1, "a,b");
      statement.setObject(2, writer);
      assertEquals(1, statement.executeLargeUpdate());
      assertEquals("\"a,b\",é日𝄞\n", writer.toString());
    }
  }

  /** PostgreSQL's types and literals in H2's words. */
  private static String toH2(String sql) {
    Matcher escapes = Pattern.compile("E'([^']*)'").matcher(sql);
    String plain =
        escapes.replaceAll(
            found ->
                Matcher.quoteReplacement(
                    "'"
                        + found
                            .group(1)
                            .replace("\\t", "\t")
                            .replace("\\n", "\n")
                            .replace("\\r", "\r")
                            .replace("\\007", "\u0007")
                        + "'"));
    return plain
        .replaceAll("\\btext\\b", "VARCHAR")
        .replaceAll("\\) STORED", ")")
        .replace("INSERT INTO t VALUES (1)", "INSERT INTO t(a) VALUES (1)");
  }
}

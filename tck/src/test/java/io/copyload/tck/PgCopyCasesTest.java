package io.copyload.tck;

import static java.util.Locale.ROOT;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What PostgreSQL 14 to 18 really answered to COPY FROM STDIN, case by case: {@code
 * postgresql/copy-cases.jsonl}. Our standard input is a {@code ?}; each case runs once with a
 * stream and once with a file, which may be split, in the dialect of each major whose answer
 * differs.
 *
 * <p>The setups' types and functions are rewritten to H2's names; no case is left out.
 */
class PgCopyCasesTest {
  private static final Pattern PREFIXES = Pattern.compile("(text|csv|bin|opt|gram|leg|enc)-.*");
  private static final Pattern STDIN =
      Pattern.compile("\\b(STDIN|STDOUT)\\b(?=(?:[^']*'[^']*')*[^']*$)");

  /** Lower-case names, as PostgreSQL folds them: messages then agree to the letter. */
  private static final String SETTINGS = ";DATABASE_TO_LOWER=TRUE";

  @TempDir Path work;

  private record PgCase(
      String id, Map<String, Object> entry, Map<String, Object> expected, int major) {
    String name() {
      return id + " " + major;
    }

    String copy() {
      return (String) entry.get("copy");
    }

    boolean fails() {
      return expected.get("error") != null;
    }

    byte[] input() {
      String base64 = (String) entry.get("input_b64");
      return base64 != null
          ? Base64.getDecoder().decode(base64)
          : String.valueOf(entry.getOrDefault("input", "")).getBytes(StandardCharsets.UTF_8);
    }
  }

  @TestFactory
  Stream<DynamicNode> copyFromStdin() throws IOException {
    Map<String, List<DynamicNode>> groups = new LinkedHashMap<>();
    for (PgCase pgCase : cases()) {
      List<DynamicNode> tests =
          groups.computeIfAbsent(
              pgCase.id().substring(0, pgCase.id().indexOf('-')), k -> new ArrayList<>());
      tests.add(DynamicTest.dynamicTest(pgCase.name() + " (stream)", () -> run(pgCase, false)));
      if (STDIN.matcher(pgCase.copy()).find() && !pgCase.copy().contains("PROGRAM")) {
        tests.add(DynamicTest.dynamicTest(pgCase.name() + " (file)", () -> run(pgCase, true)));
      }
    }
    List<DynamicNode> nodes = new ArrayList<>();
    groups.forEach((name, tests) -> nodes.add(DynamicContainer.dynamicContainer(name, tests)));
    return nodes.stream();
  }

  private static List<PgCase> cases() throws IOException {
    List<PgCase> cases = new ArrayList<>();
    String only = System.getProperty("copyload.tck.case", "");
    for (String line :
        Files.readAllLines(TckFiles.folder("postgresql").resolve("copy-cases.jsonl"))) {
      Map<String, Object> entry = Json.object(line);
      String id = (String) entry.get("id");
      boolean isCopyTo = ((String) entry.get("copy")).matches("(?is).*\\bTO\\s+(STDOUT|STDIN|').*");
      if (PREFIXES.matcher(id).matches() && id.contains(only) && !isCopyTo) {
        for (PgMajors.Answer answer : PgMajors.of(entry)) {
          cases.add(new PgCase(id, entry, ofServer(answer.expected()), answer.major()));
        }
      }
    }
    return cases;
  }

  /**
   * The server's answer where only pgjdbc's API could not cope: it was asked to send data to a COPY
   * that had already ended well.
   */
  private static Map<String, Object> ofServer(Map<String, Object> expected) {
    Object error = expected.get("error");
    String text = error == null ? null : (String) Json.asObject(error).get("client_message");
    if (text == null) {
      return expected;
    }
    Matcher matcher = Pattern.compile("Received CommandComplete 'COPY (\\d+)'.*").matcher(text);
    if (!matcher.matches()) {
      throw new AssertionError("an answer that is not the server's: " + text);
    }
    return Map.of("count", Integer.valueOf(matcher.group(1)));
  }

  private void run(PgCase pgCase, boolean asFile) throws SQLException, IOException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "postgresql" + pgCase.major());
    properties.setProperty("program", "true");
    List<String> later = LaterIssues.clausesOf(pgCase.copy());
    try (TckDatabase database = TckDatabase.inMemory(SETTINGS, properties);
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : Json.asTexts(pgCase.entry().get("setup"))) {
        statement.execute(toH2(sql));
      }
      long count;
      List<String> notices = new ArrayList<>();
      try {
        count = copy(connection, pgCase, asFile, notices);
      } catch (SQLException e) {
        checkFailure(pgCase, later, e, asFile);
        requireEmpty(statement);
        return;
      }
      if (!later.isEmpty()) {
        throw new AssertionError("works now, delete its line in LaterIssues: " + later);
      }
      if (pgCase.fails()) {
        throw new AssertionError("loaded " + count + " rows, but must fail: " + pgCase.expected());
      }
      if (!pgCase.expected().get("count").toString().equals(Long.toString(count))) {
        throw new AssertionError(
            "count must be " + pgCase.expected().get("count") + ", was " + count);
      }
      if (!expectedNotices(pgCase).equals(notices)) {
        throw new AssertionError(
            "notices must be " + expectedNotices(pgCase) + ", were " + notices);
      }
      if (pgCase.expected().get("rows") != null) {
        checkRows(statement, pgCase);
      }
    }
  }

  private static List<String> expectedNotices(PgCase pgCase) {
    List<String> messages = new ArrayList<>();
    Object notices = pgCase.expected().get("notices");
    for (Object notice : notices == null ? List.of() : Json.asList(notices)) {
      messages.add((String) Json.asObject(notice).get("message"));
    }
    return messages;
  }

  private static long executeAndNote(PreparedStatement statement, List<String> notices)
      throws SQLException {
    long count = statement.executeLargeUpdate();
    for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
      notices.add(w.getMessage());
    }
    return count;
  }

  private long copy(Connection connection, PgCase pgCase, boolean asFile, List<String> notices)
      throws SQLException, IOException {
    boolean standardInput = STDIN.matcher(pgCase.copy()).find();
    if (!standardInput || pgCase.copy().contains("PROGRAM")) {
      try (Statement statement = connection.createStatement()) {
        return statement.executeLargeUpdate(pgCase.copy());
      }
    }
    if (asFile) {
      Path path = Files.write(Files.createTempFile(work, "input", ".txt"), pgCase.input());
      String quoted = CaseRunner.quote(path.toString()).replace("\\", "\\\\").replace("$", "\\$");
      try (PreparedStatement statement =
          connection.prepareStatement(STDIN.matcher(pgCase.copy()).replaceFirst(quoted))) {
        return executeAndNote(statement, notices);
      }
    }
    String sql = STDIN.matcher(pgCase.copy()).replaceFirst("?");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setBinaryStream(1, new ByteArrayInputStream(pgCase.input()));
      return executeAndNote(statement, notices);
    }
  }

  private static void checkFailure(
      PgCase pgCase, List<String> later, SQLException e, boolean asFile) {
    String text = String.valueOf(e.getMessage());
    String seen = e.getSQLState() + ": " + text;
    if (!later.isEmpty() && "0A000".equals(e.getSQLState()) && LaterIssues.isNamedBy(text, later)) {
      return;
    }
    if (!pgCase.fails()) {
      throw new AssertionError(
          later.isEmpty()
              ? "must load " + pgCase.expected().get("count") + " rows, failed with " + seen
              : "must be refused with 0A000 naming " + later + ", was " + seen,
          e);
    }
    Map<String, Object> error = Json.asObject(pgCase.expected().get("error"));
    String state = (String) error.get("sqlstate");
    if (!state.equals(e.getSQLState())) {
      throw new AssertionError("must fail with " + error + ", was " + seen, e);
    }
    if (!error.get("message").equals(CaseRunner.firstLine(text))) {
      throw new AssertionError("message must be <" + error.get("message") + ">, was " + seen, e);
    }
    // Keys are checked when all rows are known, and no longer by line.
    boolean ofKey = state.equals("23505");
    for (String part : List.of("detail", "context")) {
      String wanted = (String) error.get(part);
      // A file's context also names the file.
      boolean context = part.equals("context");
      if (wanted != null && !((asFile || ofKey) && context) && !text.contains(wanted)) {
        throw new AssertionError(part + " must be <" + wanted + ">, was " + seen, e);
      }
    }
  }

  private static void checkRows(Statement statement, PgCase pgCase) throws SQLException {
    List<List<String>> expected = new ArrayList<>();
    for (Object row : Json.asList(pgCase.expected().get("rows"))) {
      expected.add(Json.asTexts(row));
    }
    List<List<String>> actual = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(toH2((String) pgCase.entry().get("check")))) {
      int columnCount = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columnCount; i++) {
          String value = result.getString(i);
          boolean isBoolean = result.getMetaData().getColumnType(i) == Types.BOOLEAN;
          row.add(isBoolean && value != null ? value.substring(0, 1).toLowerCase(ROOT) : value);
        }
        actual.add(row);
      }
    }
    if (!expected.equals(actual)) {
      throw new AssertionError("rows must be " + expected + ", were " + actual);
    }
  }

  private static void requireEmpty(Statement statement) throws SQLException {
    try (ResultSet tables =
        statement.executeQuery(
            "SELECT table_name FROM information_schema.tables"
                + " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")) {
      List<String> names = new ArrayList<>();
      while (tables.next()) {
        names.add(tables.getString(1));
      }
      for (String name : names) {
        try (ResultSet result =
            statement
                .getConnection()
                .createStatement()
                .executeQuery("SELECT * FROM \"" + name + "\"")) {
          if (result.next()) {
            throw new AssertionError("a failed COPY left rows in " + name);
          }
        }
      }
    }
  }

  /** PostgreSQL's types and functions in H2's words. */
  private static String toH2(String sql) {
    return sql.replaceAll("\\btext\\b", "VARCHAR")
        .replaceAll("\\bjsonb\\b", "JSON")
        .replaceAll("\\bint\\[\\]", "INT ARRAY")
        .replaceAll("\\) STORED", ")")
        .replaceAll(
            "encode\\(convert_to\\((\\w),'UTF8'\\),'hex'\\)", "LOWER(RAWTOHEX(STRINGTOUTF8($1)))");
  }
}

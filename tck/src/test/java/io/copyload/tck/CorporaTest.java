package io.copyload.tck;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Public text files with a reference engine's answers: {@code corpora/README.md}. */
class CorporaTest {
  private static final Set<String> KEYS =
      Set.of(
          "name",
          "file",
          "dialect",
          "setup",
          "copy",
          "loaded",
          "checks",
          "error",
          "either",
          "oracle",
          "duckdb_agrees",
          "duckdb_rows",
          "orc_core_agrees",
          "column_names",
          "nested",
          "odd_types",
          "logical_types",
          "geometry",
          "wrap");

  /** Cases whose values differ on purpose, with the reason; rows are still counted. */
  private static final Map<String, String> DIFFERENCES =
      Map.of(
          "parquet-testing/data/nested_structs.rust.parquet",
          "a timestamp of the old converted type is an instant, as the format says, and its text in"
              + " JSON ends in +00",
          "orc-examples/nulls-at-end-snappy.orc",
          "the expected text has floats of 7 digits, the file's own have more",
          "orc-examples/orc-file-11-format.orc",
          "the expected text has decimals of 6 fraction digits, the file's own have 7");

  private static final Set<String> CHECK_KEYS = Set.of("sql", "kinds", "count", "sha256", "rows");
  private static final Set<String> ERROR_KEYS = Set.of("sqlstate", "any", "message");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");

  @TestFactory
  Stream<DynamicNode> corpora() throws IOException {
    List<DynamicNode> folders = new ArrayList<>();
    String only = System.getProperty("copyload.tck.case", "");
    for (Path folder : TckFiles.list(TckFiles.folder("corpora"))) {
      Path expected = folder.resolve("expected.json");
      if (!Files.exists(expected)) {
        continue;
      }
      List<DynamicNode> tests = new ArrayList<>();
      for (Object element :
          Json.asList(Json.parse(Files.readString(expected, StandardCharsets.UTF_8)))) {
        Map<String, Object> entry = Json.asObject(element);
        String name = (String) entry.get("name");
        if (name.contains(only)) {
          tests.add(DynamicTest.dynamicTest(name, () -> run(entry)));
        }
      }
      if (!tests.isEmpty()) {
        folders.add(DynamicContainer.dynamicContainer(folder.getFileName().toString(), tests));
      }
    }
    return folders.stream();
  }

  private static void run(Map<String, Object> entry) throws SQLException, IOException {
    requireKnown(entry, KEYS);
    Path data = dataFile((String) entry.get("file"));
    Assumptions.assumeTrue(data != null, "file not here: " + entry.get("file"));
    String dialect = (String) entry.get("dialect");
    if (entry.get("wrap") != null) {
      data = wrapped(data, Json.asTexts(entry.get("wrap")));
    }
    Properties properties = new Properties();
    properties.setProperty("dialect", dialect);
    String copy = substitute((String) entry.get("copy"), data);
    List<String> later = LaterIssues.clausesOf(copy);
    try (TckDatabase database = TckDatabase.inMemory("", properties);
        Connection plain = database.connectPlain();
        Statement setup = plain.createStatement();
        Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (String sql : Json.asTexts(entry.get("setup"))) {
        // The tables are H2's, whatever a dialect makes of VARCHAR; arrays are as DuckDB has them.
        setup.execute(sql.replace("[]", " ARRAY"));
      }
      long loaded;
      try {
        loaded = statement.executeLargeUpdate(copy);
      } catch (SQLException e) {
        checkFailure(entry, later, e);
        if (entry.get("checks") != null) {
          for (Object check : Json.asList(entry.get("checks"))) {
            requireEmpty(statement, (String) Json.asObject(check).get("sql"));
          }
        } else {
          requireEmpty(statement, "SELECT * FROM " + table(copy));
        }
        return;
      }
      if (!later.isEmpty()) {
        throw new AssertionError("works now, delete its line in LaterIssues: " + later);
      }
      if (Boolean.TRUE.equals(entry.get("either"))) {
        return;
      }
      if (entry.get("error") != null) {
        throw new AssertionError(
            "loaded " + loaded + " rows, but must fail: " + entry.get("error"));
      }
      if (entry.get("loaded") != null && number(entry.get("loaded")) != loaded) {
        throw new AssertionError("loaded must be " + entry.get("loaded") + ", was " + loaded);
      }
      if (entry.get("checks") != null) {
        for (Object check : Json.asList(entry.get("checks"))) {
          // A type without a clear counterpart in SQL has no text that all agree on.
          check(
              statement,
              Json.asObject(check),
              entry.get("logical_types") == null
                  && entry.get("odd_types") == null
                  && !DIFFERENCES.containsKey(entry.get("name")));
        }
      }
    }
  }

  /** A copy of a file with a text before and one behind it. */
  private static Path wrapped(Path data, List<String> around) throws IOException {
    Path copy = Files.createTempFile("wrapped", ".data");
    copy.toFile().deleteOnExit();
    try (OutputStream out = Files.newOutputStream(copy)) {
      out.write(around.get(0).getBytes(StandardCharsets.UTF_8));
      Files.copy(data, out);
      out.write(around.get(1).getBytes(StandardCharsets.UTF_8));
    }
    return copy;
  }

  private static void checkFailure(Map<String, Object> entry, List<String> later, SQLException e) {
    String seen = e.getSQLState() + ": " + e.getMessage();
    if (!later.isEmpty()) {
      if (!"0A000".equals(e.getSQLState()) || !LaterIssues.isNamedBy(e.getMessage(), later)) {
        throw new AssertionError("must be refused with 0A000 naming " + later + ", was " + seen, e);
      }
      return;
    }
    requireClean(e);
    if (Boolean.TRUE.equals(entry.get("either"))) {
      return;
    }
    if (entry.get("error") == null) {
      throw new AssertionError(
          "must load " + entry.get("loaded") + " rows, failed with " + seen, e);
    }
    Map<String, Object> error = Json.asObject(entry.get("error"));
    requireKnown(error, ERROR_KEYS);
    if (!Boolean.TRUE.equals(error.get("any")) && !error.get("sqlstate").equals(e.getSQLState())) {
      throw new AssertionError("must fail with " + error + ", was " + seen, e);
    }
  }

  /**
   * Whatever the input, an internal error is never an answer. Redshift gives XX000 to every load
   * that bad data has ended; ours of that kind is an exception about data.
   */
  private static void requireClean(SQLException e) {
    String state = e.getSQLState();
    boolean ofData = e instanceof SQLDataException && e.getMessage().contains("stl_load_errors");
    if (state == null || state.startsWith("50") || state.startsWith("XX0") && !ofData) {
      throw new AssertionError("internal error " + state + ": " + e.getMessage(), e);
    }
  }

  private static void check(Statement statement, Map<String, Object> check, boolean values)
      throws SQLException {
    requireKnown(check, CHECK_KEYS);
    List<String> rows;
    try (ResultSet result = statement.executeQuery((String) check.get("sql"))) {
      rows = new ArrayList<>(RowText.rows(result, Json.asTexts(check.get("kinds"))));
    }
    if (number(check.get("count")) != rows.size()) {
      throw new AssertionError("row count must be " + check.get("count") + ", was " + rows.size());
    }
    if (!values) {
      return;
    }
    if (check.get("rows") != null) {
      List<String> expected = Json.asTexts(check.get("rows"));
      expected.sort(null);
      rows.sort(null);
      if (!expected.equals(rows)) {
        throw new AssertionError("rows must be\n" + lines(expected) + "\nbut are\n" + lines(rows));
      }
    }
    String sha256 = RowText.sha256(rows);
    if (!check.get("sha256").equals(sha256)) {
      throw new AssertionError(
          "sha256 differs; first rows are\n" + lines(rows.subList(0, Math.min(5, rows.size()))));
    }
  }

  private static String lines(List<String> rows) {
    return "  " + String.join("\n  ", rows);
  }

  private static void requireEmpty(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      if (result.next()) {
        throw new AssertionError("a failed COPY left rows behind");
      }
    }
  }

  private static void requireKnown(Map<String, Object> map, Set<String> known) {
    for (String key : map.keySet()) {
      if (!known.contains(key)) {
        throw new AssertionError("unknown key '" + key + "'");
      }
    }
  }

  private static String table(String copy) {
    return copy.split("\\s+")[1];
  }

  private static long number(Object value) {
    return ((BigDecimal) value).longValueExact();
  }

  /** The data file in this module or in the shared folder; null when it is in neither. */
  private static Path dataFile(String name) {
    for (Path root : List.of(TckFiles.folder("corpora"), TckFiles.sharedCorpora())) {
      Path path = root.resolve(name);
      if (Files.exists(path)) {
        return path.toAbsolutePath().normalize();
      }
    }
    return null;
  }

  private static String substitute(String copy, Path data) {
    return PLACEHOLDER
        .matcher(copy)
        .replaceAll(found -> Matcher.quoteReplacement(placeholder(found.group(1), data)));
  }

  private static String placeholder(String name, Path data) {
    if (name.equals("FILE")) {
      return CaseRunner.quote(data.toString());
    }
    if (name.equals("URI")) {
      return CaseRunner.quote("file:" + data);
    }
    if (name.equals("AUTH")) {
      return "";
    }
    if (name.startsWith("URI:")) {
      return CaseRunner.quote("file:" + dataFile(name.substring(4)));
    }
    throw new AssertionError("unknown placeholder " + name);
  }
}

package io.copyload.tck;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/**
 * Runs one case in one database and stops at the first step that does not do what the case says.
 *
 * <p><b>Failures:</b> {@link AssertionError} with the case's path and line in front.
 */
final class CaseRunner {
  private final CaseFile file;
  private final Path folder;
  private final TckDatabase database;
  private final Map<String, Connection> connections = new LinkedHashMap<>();
  private final Map<String, Savepoint> savepoints = new HashMap<>();
  private final Map<String, byte[]> inputs = new HashMap<>();
  private String current = "a";

  private CaseRunner(CaseFile file, Path folder, TckDatabase database) {
    this.file = file;
    this.folder = folder;
    this.database = database;
  }

  /** Runs the case with its files in {@code folder}, on disk there or in memory. */
  static void run(CaseFile file, Path folder, boolean onDisk) throws SQLException, IOException {
    try (TckDatabase database =
        onDisk
            ? TckDatabase.onDisk(
                folder.resolve("database"), file.settings(), file.connectionProperties())
            : TckDatabase.inMemory(file.settings(), file.connectionProperties())) {
      CaseRunner runner = new CaseRunner(file, folder, database);
      for (CaseFile.Step step : file.steps()) {
        runner.runStep(step);
      }
    }
  }

  private void runStep(CaseFile.Step step) {
    String place = file.path().getFileName() + ":" + step.lineNumber() + ": ";
    try {
      if (step instanceof CaseFile.InputFile input) {
        write(input);
      } else if (step instanceof CaseFile.Setup setup) {
        for (String sql : setup.statements()) {
          try (java.sql.Statement statement = connection().createStatement()) {
            statement.execute(substitute(sql));
          }
        }
      } else if (step instanceof CaseFile.Statement statement) {
        statement(statement);
      } else if (step instanceof CaseFile.Rejects rejects) {
        rejects(rejects);
      } else {
        control((CaseFile.Control) step);
      }
    } catch (AssertionError e) {
      throw new AssertionError(place + e.getMessage(), e);
    } catch (SQLException | IOException | RuntimeException e) {
      throw new AssertionError(place + describe(e), e);
    }
  }

  private static String describe(Exception e) {
    return e instanceof SQLException failure
        ? "failed with " + failure.getSQLState() + ": " + failure.getMessage()
        : e.toString();
  }

  private Connection connection() throws SQLException {
    Connection connection = connections.get(current);
    if (connection == null) {
      connection = database.connect();
      connections.put(current, connection);
    }
    return connection;
  }

  private void write(CaseFile.InputFile input) throws IOException {
    byte[] content = input.content();
    if (input.copyOf() != null) {
      content = Files.readAllBytes(file.path().resolveSibling(input.copyOf()));
    }
    if (input.gzip()) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
        gzip.write(content);
      }
      content = out.toByteArray();
    }
    Path target = folder.resolve(input.name());
    Files.createDirectories(target.getParent());
    Files.write(target, content);
    inputs.put(input.name(), content);
  }

  private void statement(CaseFile.Statement step) throws SQLException {
    CaseFile.Expectation expected = step.expected();
    String sql = substitute(step.sql());
    try {
      if (step.binds().isEmpty()) {
        try (java.sql.Statement statement = connection().createStatement()) {
          boolean isResult = statement.execute(sql);
          checkOutcome(step, statement, isResult);
        }
      } else {
        try (PreparedStatement statement = connection().prepareStatement(sql)) {
          for (int i = 0; i < step.binds().size(); i++) {
            bind(statement, i + 1, step.binds().get(i));
          }
          boolean isResult = statement.execute();
          checkOutcome(step, statement, isResult);
        }
      }
    } catch (SQLException e) {
      if (expected.sqlState() == null) {
        throw e;
      }
      checkError(expected, e);
      return;
    }
    if (expected.sqlState() != null) {
      throw new AssertionError("succeeded, but must fail with " + expected.sqlState());
    }
  }

  private void checkOutcome(CaseFile.Statement step, java.sql.Statement statement, boolean isResult)
      throws SQLException {
    CaseFile.Expectation expected = step.expected();
    if (step.query() != isResult) {
      throw new AssertionError(isResult ? "gave a result" : "gave no result");
    }
    if (isResult) {
      try (ResultSet result = statement.getResultSet()) {
        List<String> rows = new ArrayList<>(RowText.rows(result, expected.kinds()));
        if (expected.rows() != null) {
          List<String> wanted = new ArrayList<>();
          for (String row : expected.rows()) {
            wanted.add(substitute(row));
          }
          compare(wanted, rows, expected.unordered());
        }
      }
    } else if (expected.count() != null && expected.sqlState() == null) {
      equal("update count", expected.count(), statement.getLargeUpdateCount());
    }
    if (expected.warningContains() != null) {
      StringBuilder seen = new StringBuilder();
      for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
        seen.append(w.getMessage()).append('\n');
      }
      contains("warnings", substitute(expected.warningContains()), seen.toString());
    }
  }

  private void checkError(CaseFile.Expectation expected, SQLException e) {
    String text = String.valueOf(e.getMessage());
    if (!expected.sqlState().equals("any") && !expected.sqlState().equals(e.getSQLState())) {
      throw new AssertionError(
          "SQLSTATE must be " + expected.sqlState() + ", was " + e.getSQLState() + ": " + text, e);
    }
    if (expected.message() != null) {
      equal("message", substitute(expected.message()), firstLine(text));
    }
    if (expected.messageContains() != null) {
      contains("message", substitute(expected.messageContains()), text);
    }
  }

  /** The primary message: detail, hint and context follow on lines of their own. */
  static String firstLine(String message) {
    int end = message.indexOf('\n');
    return (end < 0 ? message : message.substring(0, end)).stripTrailing();
  }

  private void rejects(CaseFile.Rejects step) throws SQLException {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < step.columns().size(); i++) {
      sql.append(i == 0 ? "" : ", ").append(step.columns().get(i));
    }
    sql.append(" FROM stl_load_errors WHERE query = (SELECT MAX(query_id) FROM sys_load_history)");
    sql.append(" ORDER BY filename, line_number");
    try (java.sql.Statement statement = connection().createStatement();
        ResultSet result = statement.executeQuery(sql.toString())) {
      List<String> rows = new ArrayList<>();
      for (String row : RowText.rows(result, null)) {
        // The guide's columns are CHAR(n), padded with blanks.
        rows.add(row.replaceAll(" +(?=\t|$)", ""));
      }
      List<String> wanted = new ArrayList<>();
      for (String row : step.rows()) {
        wanted.add(substitute(row));
      }
      compare(wanted, rows, false);
    }
  }

  private void control(CaseFile.Control step) throws SQLException {
    String argument = step.argument();
    switch (step.keyword()) {
      case "connection" -> connect(argument);
      case "close" -> connections.remove(argument).close();
      case "autocommit" -> connection().setAutoCommit(onOrOff(argument));
      case "isolation" -> connection().setTransactionIsolation(isolation(argument));
      case "commit" -> connection().commit();
      case "rollback" -> connection().rollback();
      case "savepoint" ->
          savepoints.put(current + "." + argument, connection().setSavepoint(argument));
      case "rollback to" ->
          connection().rollback(Objects.requireNonNull(savepoints.get(current + "." + argument)));
      case "release" ->
          connection()
              .releaseSavepoint(Objects.requireNonNull(savepoints.get(current + "." + argument)));
      case "reopen" -> {
        connections.clear();
        savepoints.clear();
        current = "a";
        database.close();
      }
      default -> throw new IllegalArgumentException(step.keyword());
    }
  }

  /** {@code NAME}, or {@code NAME as USER PASSWORD} for a connection that is not open yet. */
  private void connect(String argument) throws SQLException {
    String[] words = argument.split(" +");
    current = words[0];
    if (words.length == 4 && words[1].equals("as")) {
      if (connections.containsKey(current)) {
        throw new IllegalArgumentException("connection " + current + " is open");
      }
      connections.put(current, database.connect(words[2], words[3]));
    } else if (words.length != 1) {
      throw new IllegalArgumentException("connection: NAME or NAME as USER PASSWORD");
    }
  }

  private static boolean onOrOff(String argument) {
    return switch (argument) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException("autocommit is on or off");
    };
  }

  private static int isolation(String argument) {
    return switch (argument.toLowerCase(Locale.ROOT)) {
      case "read committed" -> Connection.TRANSACTION_READ_COMMITTED;
      case "repeatable read" -> Connection.TRANSACTION_REPEATABLE_READ;
      case "serializable" -> Connection.TRANSACTION_SERIALIZABLE;
      default -> throw new IllegalArgumentException("unknown isolation " + argument);
    };
  }

  private void bind(PreparedStatement statement, int index, CaseFile.Bind bind)
      throws SQLException {
    if (bind.kind().equals("value")) {
      statement.setString(index, bind.argument());
      return;
    }
    byte[] content = Objects.requireNonNull(inputs.get(bind.argument()), bind.argument());
    String text = new String(content, StandardCharsets.UTF_8);
    Path path = folder.resolve(bind.argument());
    switch (bind.kind()) {
      case "stream" -> statement.setBinaryStream(index, new ByteArrayInputStream(content));
      case "reader" -> statement.setCharacterStream(index, new StringReader(text));
      case "bytes" -> statement.setObject(index, content);
      case "string" -> statement.setObject(index, text);
      case "path" -> statement.setObject(index, path);
      case "file" -> statement.setObject(index, path.toFile());
      default -> throw new IllegalArgumentException(bind.kind());
    }
  }

  /** Replaces ${DIR}, ${NAME}, ${path:NAME} and ${uri:NAME}; any other placeholder is an error. */
  private String substitute(String text) {
    StringBuilder out = new StringBuilder();
    int from = 0;
    while (true) {
      int begin = text.indexOf("${", from);
      if (begin < 0) {
        return out.append(text, from, text.length()).toString();
      }
      int end = text.indexOf('}', begin);
      out.append(text, from, begin).append(placeholder(text.substring(begin + 2, end)));
      from = end + 1;
    }
  }

  private String placeholder(String name) {
    try {
      Path root = folder.toRealPath();
      if (name.equals("DIR")) {
        return root.toString();
      }
      if (name.startsWith("path:")) {
        return root.resolve(name.substring(5)).toString();
      }
      if (name.startsWith("uri:")) {
        return quote(root.resolve(name.substring(4)).toUri().toString());
      }
      if (!inputs.containsKey(name)) {
        throw new IllegalArgumentException("No file named '" + name + "'");
      }
      return quote(root.resolve(name).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static void compare(List<String> expected, List<String> actual, boolean unordered) {
    List<String> left = new ArrayList<>(expected);
    List<String> right = new ArrayList<>(actual);
    if (unordered) {
      left.sort(null);
      right.sort(null);
    }
    if (!left.equals(right)) {
      throw new AssertionError(
          "rows differ\nexpected:\n  "
              + String.join("\n  ", left)
              + "\nactual:\n  "
              + String.join("\n  ", right));
    }
  }

  private static void equal(String what, Object expected, Object actual) {
    if (!Objects.equals(expected, actual)) {
      throw new AssertionError(what + " must be <" + expected + ">, was <" + actual + ">");
    }
  }

  private static void contains(String what, String part, String whole) {
    if (!whole.contains(part)) {
      throw new AssertionError(what + " must contain <" + part + ">, was <" + whole + ">");
    }
  }
}

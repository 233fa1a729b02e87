package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.h2.api.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every getter of the JDBC interfaces answers as H2's does: the driver adds COPY and changes
 * nothing else.
 */
class JdbcSmokeTest {
  private static final String[] URLS = {
    "jdbc:h2:mem:smoke;DATABASE_TO_UPPER=TRUE", "jdbc:copyload:mem:smoke;DATABASE_TO_UPPER=TRUE"
  };

  /** Calls that end something, or whose answer is a fresh object or depends on the run. */
  private static final Set<String> SKIPPED =
      Set.of(
          "close",
          "hashCode",
          "toString",
          "notify",
          "notifyAll",
          "wait",
          "getClass",
          // The catalog is visible where everything is listed.
          "getSchemas",
          "getClientInfo");

  enum Kind {
    CONNECTION(Connection.class),
    STATEMENT(Statement.class),
    PREPARED(PreparedStatement.class),
    CALLABLE(CallableStatement.class),
    META_DATA(DatabaseMetaData.class),
    RESULT_SET(ResultSet.class);

    private final Class<?> type;

    Kind(Class<?> type) {
      this.type = type;
    }

    Object open(Connection c) throws SQLException {
      return switch (this) {
        case CONNECTION -> c;
        case STATEMENT -> c.createStatement();
        case PREPARED -> c.prepareStatement("SELECT a, b FROM t WHERE a > ?");
        case CALLABLE -> c.prepareCall("CALL 1 + ?");
        case META_DATA -> c.getMetaData();
        case RESULT_SET -> {
          ResultSet rows = c.createStatement().executeQuery("SELECT a, b FROM t ORDER BY a");
          rows.next();
          yield rows;
        }
      };
    }
  }

  private static Connection connect(String url) throws SQLException {
    Connection c = DriverManager.getConnection(url, "sa", "");
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t(a INT PRIMARY KEY, b VARCHAR(10) DEFAULT 'x')");
      s.execute("INSERT INTO t VALUES (1, 'one'), (2, NULL)");
    }
    return c;
  }

  @ParameterizedTest
  @EnumSource
  void gettersAnswerAsH2(Kind kind) throws Exception {
    Map<String, String> h2;
    Map<String, String> ours;
    try (Connection c = connect(URLS[0])) {
      h2 = answers(kind, kind.open(c));
    }
    try (Connection c = connect(URLS[1])) {
      ours = answers(kind, kind.open(c));
    }
    assertTrue(h2.size() > 8, () -> "only " + h2.keySet());
    assertEquals(lines(h2), lines(ours));
  }

  private static String lines(Map<String, String> answers) {
    StringBuilder lines = new StringBuilder();
    answers.forEach(
        (method, answer) -> lines.append(method).append(" = ").append(answer).append('\n'));
    return lines.toString();
  }

  private static Map<String, String> answers(Kind kind, Object object) throws Exception {
    Map<String, String> answers = new TreeMap<>();
    List<Method> methods =
        Arrays.stream(kind.type.getMethods())
            .filter(m -> m.getParameterCount() == 0 && !Modifier.isStatic(m.getModifiers()))
            .filter(m -> !SKIPPED.contains(m.getName()))
            .filter(m -> isGetter(m.getName()))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    for (Method method : methods) {
      answers.put(method.getName(), answer(object, method));
    }
    return answers;
  }

  private static boolean isGetter(String name) {
    return !name.startsWith("next")
        && !name.startsWith("move")
        && !name.startsWith("execute")
        && !name.startsWith("insert")
        && !name.startsWith("update")
        && !name.startsWith("delete")
        && !name.startsWith("cancel");
  }

  private static String answer(Object object, Method method) throws Exception {
    Object value;
    try {
      value = method.invoke(object);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SQLException s) {
        return s.getClass().getName() + " " + s.getSQLState() + " " + s.getErrorCode();
      }
      return e.getCause().getClass().getName();
    }
    if (value == null
        || value instanceof String
        || value instanceof Number
        || value instanceof Boolean
        || value instanceof Map) {
      return String.valueOf(value).replace("copyload", "h2");
    }
    return value instanceof ResultSet rows
        ? "rows of " + rows.getMetaData().getColumnCount()
        : "an object";
  }

  /** The same calls, in the same order, on both drivers. */
  @Test
  void statementsBehaveAsH2s() throws SQLException {
    StringBuilder h2 = new StringBuilder();
    StringBuilder ours = new StringBuilder();
    try (Connection c = connect(URLS[0])) {
      script(c, h2);
    }
    try (Connection c = connect(URLS[1])) {
      script(c, ours);
    }
    assertEquals(h2.toString(), ours.toString());
  }

  private interface Step {
    Object run() throws SQLException;
  }

  private static void log(StringBuilder log, Step step) {
    String line;
    try {
      Object result = step.run();
      line =
          result instanceof int[] counts
              ? Arrays.toString(counts)
              : result instanceof long[] counts ? Arrays.toString(counts) : String.valueOf(result);
    } catch (SQLException e) {
      line = e.getClass().getSimpleName() + " " + e.getSQLState() + " " + e.getErrorCode();
      // How a violated key is described is the table's business; everything else is H2's text.
      line += e.getErrorCode() == ErrorCode.DUPLICATE_KEY_1 ? "" : " " + e.getMessage();
    }
    log.append(line).append('\n');
  }

  private static void script(Connection c, StringBuilder log) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE g(id INT GENERATED ALWAYS AS IDENTITY, v INT)");
      log(
          log,
          () ->
              s.executeUpdate("INSERT INTO g(v) VALUES (1), (2)", Statement.RETURN_GENERATED_KEYS));
      log(
          log,
          () -> {
            try (ResultSet keys = s.getGeneratedKeys()) {
              keys.next();
              return keys.getInt(1) + " " + keys.getMetaData().getColumnName(1);
            }
          });
      log(log, () -> s.executeUpdate("INSERT INTO g(v) VALUES (3)", new int[] {1}));
      log(log, () -> s.executeUpdate("INSERT INTO g(v) VALUES (3)", new String[] {"ID"}));
      log(log, () -> s.execute("INSERT INTO g(v) VALUES (3)", 1));
      log(log, () -> s.executeLargeUpdate("DELETE FROM g WHERE v = 3"));
      log(log, () -> s.execute("SELECT 1"));
      log(log, () -> s.getUpdateCount());
      log(log, () -> s.getMoreResults());
      log(log, () -> s.executeUpdate("SELEC 1"));
      log(log, () -> s.executeQuery("DELETE FROM g"));
      log(log, () -> s.executeUpdate(null));
      log(log, () -> s.executeUpdate("INSERT INTO t VALUES (1, 'dup')"));
      log(log, () -> s.executeUpdate("UPDATE g SET v = 1; UPDATE g SET v = 2 WHERE id = 1"));
      log(log, () -> s.executeQuery("{fn ABS(-1)}"));
      s.addBatch("INSERT INTO g(v) VALUES (9)");
      s.addBatch("INSERT INTO nowhere VALUES (9)");
      s.addBatch("DELETE FROM g WHERE v = 9");
      log(log, s::executeBatch);
      log(log, s::executeLargeBatch);
      log(
          log,
          () ->
              s.enquoteIdentifier("a b", false)
                  + s.enquoteLiteral("it's")
                  + s.isSimpleIdentifier("A"));
      s.setMaxRows(1);
      log(
          log,
          () -> {
            try (ResultSet rows = s.executeQuery("SELECT * FROM t ORDER BY a")) {
              int n = 0;
              while (rows.next()) {
                n++;
              }
              return n;
            }
          });
      log(
          log,
          () -> {
            s.setMaxRows(-1);
            return null;
          });
      s.closeOnCompletion();
      log(log, () -> s.isCloseOnCompletion());
    }
    try (Statement s =
            c.createStatement(ResultSet.TYPE_SCROLL_INSENSITIVE, ResultSet.CONCUR_UPDATABLE);
        ResultSet rows = s.executeQuery("SELECT * FROM t ORDER BY a")) {
      rows.last();
      rows.updateString(2, "two");
      rows.updateRow();
      log(log, () -> rows.getRow() + rows.getString(2));
      log(log, () -> rows.getStatement().getConnection() == c);
    }
    log(log, () -> c.createStatement(17, 4));
    log(log, () -> c.prepareStatement("SELECT * FROM nowhere"));
    Statement closed = c.createStatement();
    closed.close();
    log(log, () -> closed.isClosed());
    log(log, () -> closed.executeQuery("SELECT 1"));
    c.close();
    log(log, () -> c.createStatement());
    log(log, () -> c.isClosed());
    log(log, () -> c.isValid(1));
  }
}

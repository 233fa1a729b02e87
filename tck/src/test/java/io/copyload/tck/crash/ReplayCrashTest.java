package io.copyload.tck.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A replay that is killed has loaded and marked its records, or neither; a second one adds the
 * rest.
 */
class ReplayCrashTest {
  @TempDir Path work;

  /** The process that gets killed; its argument is the URL. */
  static final class Child {
    private Child() {}

    public static void main(String[] args) throws SQLException {
      try (Connection connection = DriverManager.getConnection(args[0], "sa", "");
          Statement statement = connection.createStatement()) {
        statement.execute("COPY REPLAY 1");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"before-publish", "after-publish", "before-commit", "after-commit"})
  void recordsAreLoadedOnce(String point) throws Exception {
    String url =
        System.getProperty("copyload.tck.url", "jdbc:copyload:") + "file:" + work.resolve("db");
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR)");
      try (PreparedStatement copy =
          connection.prepareStatement("COPY t FROM ? (FORMAT csv, ON_ERROR ignore)")) {
        copy.setBytes(1, "1,a\nx,b\ny,c\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(1, copy.executeLargeUpdate());
      }
      statement.execute("UPDATE copyload_rejects SET raw_line = '2,b' WHERE reject = 0");
    }
    kill(url, point);
    try (Connection connection = DriverManager.getConnection(url, "sa", "");
        Statement statement = connection.createStatement()) {
      String found = rows(statement);
      // Nobody was told that it had committed.
      boolean kept = point.equals("after-commit") && found.equals("1,2");
      assertEquals(kept ? "1,2" : "1", found);
      assertEquals(
          kept ? "replayed,rejected" : "repaired,rejected",
          value(
              statement,
              "SELECT LISTAGG(state, ',') WITHIN GROUP (ORDER BY reject) FROM copyload_rejects"));
      assertEquals(kept ? 0 : 1, statement.executeUpdate("COPY REPLAY 1"));
      assertEquals("1,2", rows(statement));
      assertEquals(0, statement.executeUpdate("COPY REPLAY 1"));
      assertEquals("1,2", rows(statement));
    }
  }

  private static String rows(Statement statement) throws SQLException {
    return value(statement, "SELECT LISTAGG(id, ',') WITHIN GROUP (ORDER BY id) FROM t");
  }

  private static String value(Statement statement, String sql) throws SQLException {
    try (ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private static void kill(String url, String point) throws Exception {
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx256m",
                    "-Dcopyload.crash=" + point,
                    "-cp",
                    System.getProperty(
                        "copyload.tck.classpath", System.getProperty("java.class.path")),
                    Child.class.getName(),
                    url))
            .inheritIO()
            .start();
    assertTrue(child.waitFor(60, TimeUnit.SECONDS));
    assertEquals(86, child.exitValue(), "the point was not reached");
  }
}

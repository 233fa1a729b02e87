package io.copyload.tck.memory;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Loads one input in a JVM with a small heap, adds a column and says how many rows there are. */
final class MemoryChild {
  private MemoryChild() {}

  public static void main(String[] arguments) throws SQLException {
    String url = arguments[0];
    String columns = arguments[1];
    Path input = Path.of(arguments[2]);
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(" + columns + ")");
      long loaded = statement.executeLargeUpdate("COPY t FROM '" + input + "' " + arguments[3]);
      statement.execute("ALTER TABLE t ADD COLUMN added INT DEFAULT 1");
      try (ResultSet result = statement.executeQuery("SELECT SUM(added), SUM(id) FROM t")) {
        result.next();
        System.out.println(loaded + " " + result.getLong(1) + " " + result.getLong(2));
      }
    } catch (Throwable e) {
      // Threads of a database without memory may not end.
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}

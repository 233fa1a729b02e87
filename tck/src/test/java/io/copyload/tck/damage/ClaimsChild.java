package io.copyload.tck.damage;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** Runs the loads of a list, each into a table of its own, and writes what became of them. */
final class ClaimsChild {
  private ClaimsChild() {}

  /** Arguments: URL, a file with lines of table, TAB and COPY, and the file to write. */
  public static void main(String[] arguments) throws Exception {
    try {
      List<String> lines = Files.readAllLines(Path.of(arguments[1]));
      StringBuilder out = new StringBuilder();
      try (Connection connection = DriverManager.getConnection(arguments[0]);
          Statement statement = connection.createStatement()) {
        for (String line : lines) {
          String[] parts = line.split("\t");
          statement.execute("DROP TABLE IF EXISTS t");
          statement.execute(parts[0]);
          long begin = System.nanoTime();
          String outcome;
          try {
            outcome = statement.executeLargeUpdate(parts[1]) + " rows";
          } catch (SQLException e) {
            outcome = e.getSQLState() + " " + e.getMessage().replaceAll("\\s+", " ");
          }
          out.append((System.nanoTime() - begin) / 1_000_000).append(" ms ").append(outcome);
          out.append('\n');
          Files.writeString(Path.of(arguments[2]), out, StandardCharsets.UTF_8);
        }
      }
      Runtime.getRuntime().halt(0);
    } catch (Throwable e) {
      e.printStackTrace();
      Runtime.getRuntime().halt(1);
    }
  }
}

package io.copyload.tck.damage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.tck.TckDatabase;
import io.copyload.tck.damage.Mutants.Part;
import io.copyload.tck.damage.Mutants.Seed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The same file gives the same rows in the same order, or the same error, whatever the number of
 * threads; and good files the same rows with next to no memory, where pages are read piece by
 * piece.
 */
class FormatInvarianceTest {
  private static final int ROWS = 2000;

  /** Damaged versions of each file that are compared. */
  private static final int MUTANTS = 1;

  @TempDir private Path folder;

  @Test
  void parquet() throws Exception {
    check(Seeds.parquet(folder));
  }

  @Test
  void orc() throws Exception {
    check(Seeds.orc());
  }

  @Test
  void avro() throws Exception {
    check(Seeds.avro());
  }

  @Test
  void json() throws Exception {
    check(Seeds.json());
  }

  @Test
  void shapefile() throws Exception {
    check(Seeds.shapefile());
  }

  private void check(List<Seed> seeds) throws SQLException, IOException {
    try (TckDatabase one = database(1, "64MB");
        TckDatabase several = database(3, "192MB");
        TckDatabase least = database(60, "1MB")) {
      Set<String> names = new HashSet<>();
      for (Seed seed : seeds) {
        if (!names.add(seed.name())) {
          continue;
        }
        Random random = new Random(seed.name().hashCode());
        for (int mutant = 0; mutant <= MUTANTS; mutant++) {
          for (Part part : seed.parts()) {
            Files.write(
                folder.resolve("mutant." + part.ending()),
                mutant == 0 ? part.bytes() : part.damager().damage(part.bytes(), random));
          }
          String where = seed.name() + ", mutant " + mutant;
          String expected = outcome(one, seed);
          assertEquals(expected, outcome(several, seed), where);
          if (mutant == 0 && !expected.contains("that the memory setting allows")) {
            assertEquals(expected, outcome(least, seed), where);
          }
        }
      }
    }
  }

  private static TckDatabase database(int threads, String memory) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("dialect", "redshift");
    properties.setProperty("threads", Integer.toString(threads));
    properties.setProperty("memory", memory);
    return TckDatabase.inMemory("", properties);
  }

  private String outcome(TckDatabase database, Seed seed) throws SQLException {
    Path main = folder.resolve("mutant." + seed.parts().get(0).ending());
    String copy =
        seed.copy()
            .replace("${URI}", "'file:" + main + "'")
            .replace("${AUTH}", "")
            .replace("${FOLDER}", folder.toString());
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        Connection plain = DriverManager.getConnection(database.url(), "sa", "");
        Statement setup = plain.createStatement()) {
      for (String sql : seed.setup()) {
        setup.execute(sql);
      }
      StringBuilder outcome = new StringBuilder();
      try {
        outcome.append(statement.executeLargeUpdate(copy)).append('\n');
      } catch (SQLException e) {
        outcome.append(e.getSQLState()).append(' ').append(e.getMessage()).append('\n');
      }
      append(statement, "SELECT * FROM t LIMIT " + ROWS, outcome);
      append(
          statement,
          "SELECT line_number, colname, err_code, err_reason FROM stl_load_errors WHERE query ="
              + " pg_last_copy_id()",
          outcome);
      setup.execute("DROP TABLE t");
      return outcome.toString();
    }
  }

  private static void append(Statement statement, String sql, StringBuilder out)
      throws SQLException {
    try (ResultSet rows = statement.executeQuery(sql)) {
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          out.append(rows.getString(i)).append('|');
        }
        out.append('\n');
      }
    }
  }
}

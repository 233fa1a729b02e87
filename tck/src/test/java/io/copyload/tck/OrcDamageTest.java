package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ORC files with damaged bytes, and the same file by one thread and by several. */
class OrcDamageTest {
  private static final String NESTED =
      "(c1 BOOLEAN, c2 SMALLINT, c3 SMALLINT, c4 INTEGER, c5 BIGINT, c6 REAL, c7 DOUBLE PRECISION,"
          + " c8 VARBINARY, c9 VARCHAR, c10 JSON, c11 JSON, c12 JSON)";
  private static final String SPLIT =
      "(c1 BIGINT, c2 VARCHAR, c3 DOUBLE PRECISION, c4 DECIMAL(16,6), c5 TIMESTAMP(9))";

  @TempDir private Path folder;

  /** Whatever is damaged: rows or a clean error, and no row of a load that failed. */
  @Test
  void damagedFilesLoadOrFailCleanly() throws Exception {
    int rounds = Integer.getInteger("copyload.mutants", 600) / 3;
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    String[][] files = {
      {"TestOrcFile.test1.orc", NESTED},
      {"orc_split_elim_new.orc", SPLIT},
      {"TestOrcFile.testStringAndBinaryStatistics.orc", "(c1 VARBINARY, c2 VARCHAR)"},
    };
    Random random = new Random(seed);
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;dialect=redshift;threads=2");
        Statement s = c.createStatement()) {
      for (String[] file : files) {
        byte[] good = Files.readAllBytes(file(file[0]));
        s.execute("DROP TABLE IF EXISTS t");
        s.execute("CREATE TABLE t " + file[1]);
        for (int round = 0; round < rounds; round++) {
          byte[] bad = good.clone();
          for (int i = random.nextInt(4); i >= 0; i--) {
            bad[random.nextInt(bad.length)] = (byte) random.nextInt(256);
          }
          Path path = folder.resolve("mutant.orc");
          Files.write(path, bad);
          try {
            s.executeLargeUpdate("COPY t FROM 'file:" + path + "' FORMAT AS ORC");
          } catch (SQLException e) {
            assertNotNull(e.getSQLState(), () -> "seed " + seed);
            assertFalse(
                e.getMessage().contains("OutOfMemory") || e.getMessage().contains("NullPointer"),
                () -> "seed " + seed + ": " + e.getMessage());
            try (ResultSet rows = s.executeQuery("SELECT COUNT(*) FROM t")) {
              rows.next();
              assertEquals(0, rows.getLong(1), () -> "seed " + seed);
            }
          }
          s.execute("TRUNCATE TABLE t");
        }
      }
    }
  }

  @Test
  void anyNumberOfThreadsGivesTheSameRows() throws Exception {
    assertEquals(rows(1), rows(4));
  }

  private static List<String> rows(int threads) throws Exception {
    List<String> rows = new ArrayList<>();
    try (Connection c =
            DriverManager.getConnection("jdbc:copyload:;dialect=redshift;threads=" + threads);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t " + SPLIT);
      s.execute("COPY t FROM 'file:" + file("orc_split_elim_new.orc") + "' FORMAT AS ORC");
      try (ResultSet result = s.executeQuery("SELECT * FROM t")) {
        while (result.next()) {
          StringBuilder row = new StringBuilder();
          for (int i = 1; i <= 5; i++) {
            row.append(result.getString(i)).append('|');
          }
          rows.add(row.toString());
        }
      }
    }
    return rows;
  }

  private static Path file(String name) {
    return TckFiles.folder("corpora").resolve("orc-examples").resolve(name).toAbsolutePath();
  }
}

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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parquet files with damaged bytes. */
class ParquetDamageTest {
  private static final String[][] FILES = {
    {
      "duckdb-parquet/data-types.parquet",
      "(c1 SMALLINT, c2 SMALLINT, c3 INTEGER, c4 BIGINT, c5 REAL, c6 DOUBLE PRECISION, c7 DECIMAL(5,2),"
          + " c8 VARCHAR, c9 VARBINARY, c10 BOOLEAN, c11 TIMESTAMP(6), c12 DATE)"
    },
    {
      "duckdb-parquet/compression/generated/data_page=2_ZSTD.parquet",
      "(c1 BIGINT, c2 BIGINT, c3 JSON, c4 JSON)"
    },
    {
      "duckdb-parquet/compression/generated/data_page=1_NONE.parquet",
      "(c1 BIGINT, c2 BIGINT, c3 JSON, c4 JSON)"
    },
    {"parquet-testing/data/nested_lists.snappy.parquet", "(c1 JSON, c2 INTEGER)"},
  };

  @TempDir private Path folder;

  /** Whatever is damaged: rows or a clean error, and no row of a load that failed. */
  @Test
  void damagedFilesLoadOrFailCleanly() throws Exception {
    int rounds = Integer.getInteger("copyload.mutants", 400) / FILES.length;
    long seed = Long.getLong("copyload.seed", 20261125L);
    Random random = new Random(seed);
    try (Connection c = DriverManager.getConnection("jdbc:copyload:;dialect=redshift;threads=2");
        Statement s = c.createStatement()) {
      for (String[] file : FILES) {
        byte[] good = Files.readAllBytes(TckFiles.folder("corpora").resolve(file[0]));
        s.execute("DROP TABLE IF EXISTS t");
        s.execute("CREATE TABLE t " + file[1]);
        for (int round = 0; round < rounds; round++) {
          byte[] bad = good.clone();
          for (int i = random.nextInt(4); i >= 0; i--) {
            // The footer and the headers of pages decide more than values do.
            int at =
                random.nextBoolean()
                    ? random.nextInt(bad.length)
                    : Math.max(0, bad.length - 1 - random.nextInt(1000));
            bad[at] = (byte) random.nextInt(256);
          }
          Path path = folder.resolve("mutant.parquet");
          Files.write(path, bad);
          String where = file[0] + ", round " + round + ", seed " + seed;
          try {
            s.executeLargeUpdate("COPY t FROM 'file:" + path + "' FORMAT AS PARQUET");
          } catch (SQLException e) {
            assertNotNull(e.getSQLState(), where);
            assertFalse(
                e.getSQLState().startsWith("50") || e.getMessage().contains("OutOfMemory"),
                () -> where + ": " + e.getMessage());
            try (ResultSet rows = s.executeQuery("SELECT COUNT(*) FROM t")) {
              rows.next();
              assertEquals(0, rows.getLong(1), where);
            }
          }
          s.execute("TRUNCATE TABLE t");
        }
      }
    }
  }
}

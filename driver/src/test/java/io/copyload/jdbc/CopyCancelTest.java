package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A COPY whose rows are all parsed still ends within a second: while its indexes are built. */
@Timeout(60)
class CopyCancelTest {
  private static final int ROWS = 400_000;

  /** Enough that building them takes several times the time-out. */
  private static final int INDEXES = 80;

  private static final long SECOND = 1_000_000_000L;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void writeFile() throws IOException {
    file = folder.resolve("rows.csv");
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < ROWS; i++) {
        out.append(Integer.toString(i))
            .append(",x")
            .append(Integer.toString(i * 40503))
            .append('\n');
      }
    }
  }

  private Connection open() throws SQLException {
    Connection connection = DriverManager.getConnection("jdbc:copyload:" + folder.resolve("db"));
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(a INT PRIMARY KEY, b VARCHAR)");
      for (int i = 0; i < INDEXES; i++) {
        statement.execute("CREATE UNIQUE INDEX i" + i + " ON t(b, a)");
      }
    }
    return connection;
  }

  private String copy() {
    return "COPY t FROM '" + file + "' CSV";
  }

  private static void assertEmptyAndUsable(Statement statement) throws SQLException {
    try (ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM t WHERE a >= 0")) {
      rows.next();
      assertEquals(0, rows.getInt(1));
    }
    assertEquals(1, statement.executeUpdate("INSERT INTO t VALUES (5, 'x')"));
  }

  @Test
  void cancelWhileIndexesAreBuilt() throws Exception {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      CopyloadConnection copyload = connection.unwrap(CopyloadConnection.class);
      AtomicLong cancelledAt = new AtomicLong();
      CompletableFuture<Void> other =
          CompletableFuture.runAsync(
              () -> {
                while (copyload.loadStatus().map(LoadStatus::rows).orElse(0L) < ROWS) {
                  Thread.onSpinWait();
                }
                cancelledAt.set(System.nanoTime());
                try {
                  statement.cancel();
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(copy()));
      long nanos = System.nanoTime() - cancelledAt.get();
      other.join();
      assertEquals("57014", e.getSQLState());
      assertTrue(nanos < SECOND, () -> nanos + " ns");
      assertEmptyAndUsable(statement);
    }
  }

  @Test
  void queryTimeoutWhileIndexesAreBuilt() throws Exception {
    try (Connection connection = open();
        Statement statement = connection.createStatement()) {
      statement.setQueryTimeout(1);
      long begin = System.nanoTime();
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(copy()));
      long nanos = System.nanoTime() - begin;
      statement.setQueryTimeout(0);
      assertEquals("57014", e.getSQLState());
      assertTrue(nanos >= SECOND && nanos < 2 * SECOND, () -> nanos + " ns");
      assertEmptyAndUsable(statement);
    }
  }
}

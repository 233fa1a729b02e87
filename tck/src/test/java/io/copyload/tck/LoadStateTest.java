package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Other connections watch a load that is waiting for its input, and replay one load at a time. */
class LoadStateTest {
  private String url;
  private Connection loader;
  private Connection watcher;

  @BeforeEach
  void open() throws SQLException {
    url = System.getProperty("copyload.tck.url", "jdbc:copyload:") + "mem:state;LOCK_TIMEOUT=20000";
    loader = DriverManager.getConnection(url, "sa", "");
    watcher = DriverManager.getConnection(url, "sa", "");
    execute(loader, "CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR)");
    execute(loader, "CREATE USER ann PASSWORD 'x'");
  }

  @AfterEach
  void close() throws SQLException {
    watcher.close();
    loader.close();
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(sql);
    }
  }

  private static List<String> rows(Connection connection, String sql) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery(sql)) {
      List<String> rows = new ArrayList<>();
      while (r.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= r.getMetaData().getColumnCount(); i++) {
          row.add(String.valueOf(r.getString(i)));
        }
        rows.add(String.join(",", row));
      }
      return rows;
    }
  }

  /** Gives its bytes, then waits before it ends. */
  private static final class Blocking extends InputStream {
    private final byte[] bytes;
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private int position;

    Blocking(String text) {
      bytes = text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int read() throws IOException {
      if (position < bytes.length) {
        return bytes[position++] & 0xff;
      }
      waiting.countDown();
      try {
        assertTrue(go.await(30, TimeUnit.SECONDS));
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      return -1;
    }
  }

  @Test
  void runningLoadIsSeenUntilItEnds() throws Exception {
    assertEquals(List.of(), rows(watcher, "SELECT * FROM stv_load_state"));
    Blocking input = new Blocking("1,a\n2,b\n");
    CompletableFuture<Long> load =
        CompletableFuture.supplyAsync(
            () -> {
              try (PreparedStatement copy = loader.prepareStatement("COPY t FROM ? (FORMAT csv)")) {
                copy.setBinaryStream(1, input);
                return copy.executeLargeUpdate();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    try {
      assertTrue(input.waiting.await(30, TimeUnit.SECONDS));
      List<String> seen =
          rows(
              watcher,
              "SELECT query, slice, bytes_to_load, num_files, num_files_complete,"
                  + " TRIM(current_file), pct_complete FROM stv_load_state");
      String id = rows(watcher, "SELECT MAX(query_id) FROM sys_load_history").get(0);
      assertEquals(List.of(id + ",0,0,1,0,stdin,0"), seen);
      assertEquals(
          List.of("running"),
          rows(watcher, "SELECT status FROM sys_load_history WHERE query_id = " + id));
      assertEquals(
          List.of(id),
          rows(
              watcher,
              "SELECT query FROM stv_load_state WHERE pid = " + ProcessHandle.current().pid()));
      try (Connection ann = DriverManager.getConnection(url, "ann", "x")) {
        assertEquals(List.of(), rows(ann, "SELECT * FROM stv_load_state"));
      }
    } finally {
      input.go.countDown();
    }
    assertEquals(2, load.get(30, TimeUnit.SECONDS));
    assertEquals(List.of(), rows(watcher, "SELECT * FROM stv_load_state"));
  }

  @Test
  void failedLoadLeavesTheRunningOnes() throws SQLException {
    try (PreparedStatement copy = loader.prepareStatement("COPY t FROM ? (FORMAT csv)")) {
      copy.setBytes(1, "x,1\n".getBytes(StandardCharsets.UTF_8));
      assertThrows(SQLException.class, copy::execute);
    }
    assertEquals(List.of(), rows(watcher, "SELECT * FROM stv_load_state"));
  }

  /** Two sessions replay one load at once: the second waits for the first and finds nothing. */
  @Test
  void twoReplaysLoadEachRecordOnce() throws Exception {
    try (PreparedStatement copy =
        loader.prepareStatement("COPY t FROM ? (FORMAT csv, ON_ERROR ignore)")) {
      copy.setBytes(1, "1,a\nx,b\ny,c\n".getBytes(StandardCharsets.UTF_8));
      assertEquals(1, copy.executeLargeUpdate());
    }
    execute(loader, "UPDATE copyload_rejects SET raw_line = '1' || reject || ',again'");
    loader.setAutoCommit(false);
    try (Statement first = loader.createStatement()) {
      assertEquals(2, first.executeUpdate("COPY REPLAY 1"));
      CompletableFuture<Integer> second =
          CompletableFuture.supplyAsync(
              () -> {
                try (Statement s = watcher.createStatement()) {
                  return s.executeUpdate("COPY REPLAY 1");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      while (rows(
              loader,
              "SELECT 1 FROM INFORMATION_SCHEMA.SESSIONS WHERE EXECUTING_STATEMENT"
                  + " LIKE 'COPY REPLAY%'")
          .isEmpty()) {
        Thread.onSpinWait();
      }
      loader.commit();
      assertEquals(0, second.get(30, TimeUnit.SECONDS));
    }
    assertEquals(
        List.of("1,a", "10,again", "11,again"), rows(watcher, "SELECT * FROM t ORDER BY id"));
    loader.setAutoCommit(true);
  }
}

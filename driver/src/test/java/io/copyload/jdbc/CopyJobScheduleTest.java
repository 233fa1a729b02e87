package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.h2.CopySettings;
import io.copyload.engine.job.JobSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.h2.jdbc.CopyJdbcConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with AUTO ON, on a clock of the test's own. */
class CopyJobScheduleTest {
  private static final Duration POLL = Duration.ofSeconds(10);

  @TempDir Path work;

  private final SimulatedClock clock = new SimulatedClock();
  private Path in;
  private Connection c;
  private Statement s;

  @BeforeEach
  void open() throws SQLException, IOException {
    in = Files.createDirectories(work.resolve("in"));
    c = connect("sa");
    s = c.createStatement();
    s.execute("CREATE TABLE IF NOT EXISTS t (id INTEGER UNIQUE, v VARCHAR(20))");
  }

  private Connection connect(String user) throws SQLException {
    CopySettings usual = CopyloadProperty.settings(Map.of());
    CopySettings settings =
        new CopySettings(
            usual.threads(),
            usual.memoryBytes(),
            usual.dialect(),
            usual.durable(),
            usual.maxRejectsKept(),
            usual.historyRetentionDays(),
            usual.maxExpansion(),
            usual.programs(),
            usual.currentDirectory(),
            usual.sources(),
            usual.readOnly(),
            new JobSettings(false, (int) POLL.toSeconds(), clock));
    Properties info = new Properties();
    info.setProperty("user", user);
    info.setProperty("password", "");
    return new CopyJdbcConnection(
        "jdbc:h2:" + work.resolve("db"), info, settings, CopyRunners.get(), null);
  }

  @AfterEach
  void close() throws SQLException {
    c.close();
  }

  private void put(String name, String content) throws IOException {
    Path part = work.resolve(name + ".part");
    Files.writeString(part, content);
    Files.move(part, in.resolve(name), StandardCopyOption.REPLACE_EXISTING);
  }

  private void create(String rest) throws SQLException, InterruptedException {
    s.execute("COPY t FROM '" + in + "/' CSV JOB CREATE j" + rest);
    clock.settle();
  }

  private String value(String sql) throws SQLException {
    try (ResultSet row = s.executeQuery(sql)) {
      return row.next() ? row.getString(1) : null;
    }
  }

  private String ids() throws SQLException {
    return value("SELECT LISTAGG(id, ' ') WITHIN GROUP (ORDER BY id) FROM t");
  }

  private String shown(String column) throws SQLException {
    try (ResultSet row = s.executeQuery("COPY JOB SHOW j")) {
      row.next();
      return row.getString(column);
    }
  }

  private String state(String name) throws SQLException {
    try (ResultSet row = s.executeQuery("COPY JOB WHY '" + in.resolve(name) + "'")) {
      return row.next() ? row.getString("state") : null;
    }
  }

  @Test
  void newFilesAreLoadedAtTheNextListing() throws Exception {
    put("a.csv", "1,a\n");
    create("");
    assertEquals("1", ids());
    put("b.csv", "2,b\n");
    clock.advance(POLL.minusMillis(1));
    assertEquals("1", ids());
    clock.advance(Duration.ofMillis(1));
    assertEquals("1 2", ids());
    s.execute("COPY JOB ALTER j AUTO OFF");
    put("c.csv", "3,c\n");
    assertEquals("idle", shown("state"));
    assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
    put("d.csv", "4,d\n");
    s.execute("COPY JOB ALTER j AUTO ON WITH (poll_seconds 100)");
    clock.settle();
    assertEquals("1 2 3 4", ids());
    put("e.csv", "5,e\n");
    clock.advance(Duration.ofSeconds(99));
    assertEquals("1 2 3 4", ids());
    clock.advance(Duration.ofSeconds(1));
    assertEquals("1 2 3 4 5", ids());
  }

  /** From a file's arrival to its rows it takes what is left of the interval, and no longer. */
  @Test
  void rowsAreVisibleAtTheLatestOneIntervalAfterTheirFile() throws Exception {
    create("");
    Duration sinceListing = Duration.ZERO;
    Duration step = Duration.ofMillis(250);
    for (int i = 1; i <= 10; i++) {
      Duration wait = step.multipliedBy(7L * i % 40);
      clock.advance(wait);
      sinceListing = Duration.ofMillis(sinceListing.plus(wait).toMillis() % POLL.toMillis());
      put(i + ".csv", i + ",x\n");
      Duration latency = Duration.ZERO;
      while (!Integer.toString(i).equals(value("SELECT COUNT(*) FROM t"))) {
        clock.advance(step);
        latency = latency.plus(step);
        assertTrue(latency.compareTo(POLL) <= 0, "file " + i + " waits for " + latency);
      }
      assertEquals(POLL.minus(sinceListing), latency, "file " + i);
      sinceListing = Duration.ZERO;
    }
  }

  @Test
  void failedFilesAreTriedAgainAtLongerAndLongerIntervals() throws Exception {
    put("a.csv", "x,a\n");
    put("b.csv", "2,b\n");
    create(" WITH (retries 3, retry_seconds 30)");
    assertEquals("2", ids());
    String attempts = "SELECT attempts FROM copyload_job_files WHERE object_name LIKE '%a.csv'";
    assertEquals("1", value(attempts));
    clock.advance(Duration.ofSeconds(20));
    assertEquals("1", value(attempts));
    clock.advance(Duration.ofSeconds(10));
    assertEquals("2", value(attempts));
    clock.advance(Duration.ofSeconds(50));
    assertEquals("2", value(attempts));
    clock.advance(Duration.ofSeconds(10));
    assertEquals("3", value(attempts));
    clock.advance(Duration.ofSeconds(120));
    assertEquals("quarantined", state("a.csv"));
    clock.advance(Duration.ofDays(10));
    assertEquals("4", value(attempts));
    // The table is what was wrong.
    s.execute("ALTER TABLE t ALTER COLUMN id VARCHAR(10)");
    assertEquals(1, s.executeUpdate("COPY JOB RUN j"));
    assertEquals("loaded", state("a.csv"));
  }

  @Test
  void closedDatabasesRunNoJobAndReopenedOnesCatchUp() throws Exception {
    create("");
    c.close();
    put("a.csv", "1,a\n");
    put("b.csv", "2,b\n");
    open();
    clock.settle();
    assertEquals("1 2", ids());
    c.close();
    open();
    clock.settle();
    clock.advance(POLL);
    assertEquals("1 2", ids());
  }

  @Test
  void theOwnersRightsCountAtEachRun() throws Exception {
    s.execute("CREATE USER u PASSWORD ''");
    s.execute("CREATE ROLE pg_read_server_files");
    s.execute("GRANT pg_read_server_files TO u");
    s.execute("GRANT INSERT ON t TO u");
    try (Connection other = connect("u");
        Statement statement = other.createStatement()) {
      statement.execute("COPY t FROM '" + in + "/' CSV JOB CREATE j");
    }
    put("a.csv", "1,a\n");
    clock.settle();
    clock.advance(POLL);
    assertEquals("1", ids());
    assertEquals("U", value("SELECT user_name FROM copyload_history"));
    s.execute("REVOKE INSERT ON t FROM u");
    put("b.csv", "2,b\n");
    clock.advance(POLL);
    assertEquals("1", ids());
    assertTrue(shown("last_error").contains("permission denied"), shown("last_error"));
    assertEquals("waiting", state("b.csv"));
    clock.advance(POLL.multipliedBy(2));
    // Said once, however often it fails.
    assertEquals("1", value("SELECT COUNT(*) FROM sys_copy_job_info"));
    s.execute("GRANT INSERT ON t TO u");
    clock.advance(Duration.ofMinutes(1));
    assertEquals("1 2", ids());
    s.execute("DROP USER u");
    clock.advance(Duration.ofMinutes(1));
    assertTrue(shown("last_error").contains("does not exist any more"), shown("last_error"));
  }

  @Test
  void oneRunAtATimeHasAJob() throws Exception {
    s.execute("SET DEFAULT_LOCK_TIMEOUT 600000");
    s.execute("COPY t FROM '" + in + "/' CSV JOB CREATE j AUTO OFF");
    put("a.csv", "1,a\n");
    try (Connection blocker = connect("sa");
        Statement blocking = blocker.createStatement();
        Connection second = connect("sa");
        Statement waiting = second.createStatement()) {
      blocker.setAutoCommit(false);
      blocking.execute("INSERT INTO t VALUES (1, 'mine')");
      CompletableFuture<Integer> first =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return s.executeUpdate("COPY JOB RUN j");
                } catch (SQLException e) {
                  throw new IllegalStateException(e);
                }
              });
      String running = "SELECT COUNT(*) FROM stv_load_state";
      while (!first.isDone() && count(waiting, running) == 0) {
        Thread.onSpinWait();
      }
      waiting.execute("SET LOCK_TIMEOUT 50");
      SQLException e = assertThrows(SQLException.class, () -> waiting.execute("COPY JOB RUN j"));
      assertEquals("55006", e.getSQLState());
      try (ResultSet row = waiting.executeQuery("COPY JOB WHY '" + in.resolve("a.csv") + "'")) {
        row.next();
        assertEquals("loading", row.getString("state"));
      }
      // Opening a connection takes no load away from its job.
      connect("sa").close();
      assertFalse(first.isDone());
      blocker.rollback();
      assertEquals(1, first.get(600, TimeUnit.SECONDS));
      waiting.execute("SET LOCK_TIMEOUT 600000");
      assertEquals(0, waiting.executeUpdate("COPY JOB RUN j"));
    }
    assertEquals("1", ids());
    assertEquals("completed", value("SELECT LISTAGG(status, ' ') FROM sys_load_history"));
  }

  private static long count(Statement statement, String sql) throws SQLException {
    try (ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getLong(1);
    }
  }

  @Test
  void aRunCanBeCancelledAndItsJobDropped() throws Exception {
    s.execute("SET DEFAULT_LOCK_TIMEOUT 600000");
    put("a.csv", "1,a\n");
    try (Connection blocker = connect("sa");
        Statement blocking = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      blocking.execute("INSERT INTO t VALUES (1, 'mine')");
      s.execute("COPY t FROM '" + in + "/' CSV JOB CREATE j");
      while (count(s, "SELECT COUNT(*) FROM stv_load_state") == 0) {
        Thread.onSpinWait();
      }
      s.execute("SET LOCK_TIMEOUT 600000");
      s.execute("COPY JOB DROP j");
      blocker.rollback();
    }
    assertEquals("0", value("SELECT COUNT(*) FROM t"));
    assertEquals("0", value("SELECT COUNT(*) FROM copyload_job_files"));
  }
}

package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** COPY FROM PROGRAM and COPY TO PROGRAM with real shell commands. */
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class CopyProgramTest {
  @TempDir Path work;

  private final String url = "jdbc:copyload:mem:program" + UUID.randomUUID();
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection(url + ";program=true", "sa", "");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t (a INT, b VARCHAR)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private long rows() throws SQLException {
    try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      result.next();
      return result.getLong(1);
    }
  }

  private SQLException fails(String sql) {
    return assertThrows(SQLException.class, () -> statement.executeUpdate(sql), sql);
  }

  private static void assertState(String state, SQLException e) {
    assertEquals(state, e.getSQLState(), e.getMessage());
  }

  /** A sleep that no other process has, so that it can be found. */
  private static boolean runs(String argument) {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process ->
                process
                    .info()
                    .arguments()
                    .map(arguments -> List.of(arguments).contains(argument))
                    .orElse(false));
  }

  /** A killed process is gone when the kernel says so, which may be a moment later. */
  private static void assertEnds(String argument) throws InterruptedException {
    for (int i = 0; i < 50 && runs(argument); i++) {
      Thread.sleep(20);
    }
    assertFalse(runs(argument));
  }

  @Test
  void loadsWhatAProgramWrites() throws SQLException {
    assertEquals(2, statement.executeUpdate("COPY t FROM PROGRAM 'printf ''1,x\\n2,y\\n''' CSV"));
    assertEquals(0, statement.executeUpdate("COPY t FROM PROGRAM 'true'"));
    // Standard input is empty and not this process's.
    assertEquals(0, statement.executeUpdate("COPY t FROM PROGRAM 'cat'"));
    assertEquals(2, rows());
  }

  @Test
  void loadsMoreThanBuffersHold() throws SQLException {
    String awk =
        "awk ''BEGIN { for (i = 0; i < 300000; i++) printf \"%d\\t%s\\n\", i, \"some text\" }''";
    assertEquals(300_000, statement.executeUpdate("COPY t FROM PROGRAM '" + awk + "'"));
  }

  @ParameterizedTest
  @CsvSource({
    "exit 3, child process exited with exit code 3",
    "printf '1\\tx\\n'; exit 1, child process exited with exit code 1",
    "/nonexistent/program, command not found",
    "/dev/null, command not executable"
  })
  void failsAsTheProgramDoes(String command, String detail) throws SQLException {
    SQLException e = fails("COPY t FROM PROGRAM '" + command.replace("'", "''") + "'");
    assertState("38000", e);
    assertTrue(e.getMessage().startsWith("program \"" + command + "\" failed"), e.getMessage());
    assertTrue(e.getMessage().contains(detail), e.getMessage());
    assertEquals(0, rows());
  }

  @Test
  void showsTheLastWordsOfTheProgram() {
    SQLException e =
        fails("COPY t FROM PROGRAM 'yes 12345678 | head -c 3000000 >&2; echo the end >&2; exit 7'");
    assertTrue(e.getMessage().contains("The program wrote: ..."), e.getMessage());
    assertTrue(e.getMessage().contains("the end"), e.getMessage());
    assertTrue(e.getMessage().length() < 1500, e.getMessage());
  }

  @Test
  void aBadRowIsReportedRatherThanTheProgramThatItKills() throws Exception {
    // It writes without end: a load, like a server, reads a buffer full before it looks.
    SQLException e = fails("COPY t FROM PROGRAM 'printf ''x\\ty\\n''; yes 7001'");
    assertState("22P02", e);
    assertEnds("7001");
    assertEquals(0, rows());
  }

  @Test
  void anEndMarkerMayEndTheProgramEarly() throws SQLException {
    assertEquals(
        1, statement.executeUpdate("COPY t FROM PROGRAM 'printf ''1\\tx\\n\\\\.\\n''; yes'"));
    SQLException e = fails("COPY t FROM PROGRAM 'printf ''2\\tx\\n\\\\.\\n''; exit 4'");
    assertState("38000", e);
    assertEquals(1, rows());
  }

  @Test
  void aTimeoutKillsTheWholeTree() throws Exception {
    statement.setQueryTimeout(1);
    long begin = System.nanoTime();
    SQLException e = fails("COPY t FROM PROGRAM 'printf ''1\\tx\\n''; (sleep 7002; true) | cat'");
    assertInstanceOf(SQLTimeoutException.class, e);
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 2_500);
    assertEnds("7002");
    statement.setQueryTimeout(0);
    assertEquals(0, rows());
  }

  @Test
  void cancelKillsAProgramThatDoesNotRead() throws Exception {
    Thread canceller =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
                statement.cancel();
              } catch (InterruptedException | SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    canceller.start();
    long begin = System.nanoTime();
    SQLException e =
        fails(
            "COPY (SELECT x, REPEAT('y', 1000) FROM SYSTEM_RANGE(1, 100000)) TO PROGRAM"
                + " 'sleep 7003; cat'");
    assertState("57014", e);
    assertTrue(Duration.ofNanos(System.nanoTime() - begin).toMillis() < 1_500);
    assertEnds("7003");
    canceller.join();
  }

  @Test
  void abortKillsTheProgram() throws Exception {
    Thread aborter =
        new Thread(
            () -> {
              try {
                Thread.sleep(300);
                connection.abort(Executors.newSingleThreadExecutor());
              } catch (InterruptedException | SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    aborter.start();
    fails("COPY t FROM PROGRAM 'sleep 7004'");
    aborter.join();
    assertEnds("7004");
  }

  @Test
  void writesToAProgram() throws Exception {
    Path file = work.resolve("out.txt");
    statement.execute("INSERT INTO t VALUES (1, 'x'), (2, NULL)");
    assertEquals(
        2, statement.executeUpdate("COPY t TO PROGRAM 'cat > " + file + "; echo unseen' CSV"));
    assertEquals("1,x\n2,\n", Files.readString(file));
    assertEquals(1, statement.executeUpdate("COPY (SELECT 1) TO PROGRAM 'gzip > " + file + ".gz'"));
    assertTrue(Files.size(work.resolve("out.txt.gz")) > 0);
  }

  @Test
  void writingFailsAsTheProgramDoes() throws SQLException {
    statement.execute("INSERT INTO t VALUES (1, 'x')");
    SQLException e = fails("COPY t TO PROGRAM 'cat > /dev/null; echo no room >&2; exit 9'");
    assertState("38000", e);
    assertTrue(e.getMessage().contains("child process exited with exit code 9"), e.getMessage());
    assertTrue(e.getMessage().contains("no room"), e.getMessage());

    String many = "COPY (SELECT x, REPEAT('y', 1000) FROM SYSTEM_RANGE(1, 10000)) TO PROGRAM ";
    e = fails(many + "'exit 5'");
    assertState("38000", e);
    e = fails(many + "'head -n 1 > /dev/null'");
    assertState("XX000", e);
    assertTrue(
        e.getMessage().startsWith("could not write to COPY program: Broken pipe"), e.getMessage());
  }

  @Test
  void nothingRunsWithoutTheProperty() throws SQLException {
    Path proof = work.resolve("proof");
    try (Connection plain = DriverManager.getConnection(url, "sa", "");
        Statement denied = plain.createStatement()) {
      for (String sql :
          List.of(
              "COPY t FROM PROGRAM 'touch " + proof + "'",
              "COPY t TO PROGRAM 'touch " + proof + "'")) {
        SQLException e = assertThrows(SQLException.class, () -> denied.executeUpdate(sql));
        assertState("42501", e);
        assertTrue(
            e.getMessage().startsWith("permission denied to COPY to or from an external program"),
            e.getMessage());
        assertTrue(e.getMessage().contains("program=true"), e.getMessage());
      }
    }
    assertFalse(Files.exists(proof));
  }

  @Test
  void usersNeedTheRole() throws SQLException {
    statement.execute("CREATE USER u PASSWORD 'p'");
    statement.execute("GRANT ALL ON t TO u");
    try (Connection user = DriverManager.getConnection(url + ";program=true", "u", "p");
        Statement copy = user.createStatement()) {
      SQLException e =
          assertThrows(
              SQLException.class, () -> copy.executeUpdate("COPY t FROM PROGRAM 'echo 1,x' CSV"));
      assertState("42501", e);
      assertTrue(e.getMessage().contains("pg_execute_server_program"), e.getMessage());
      statement.execute("CREATE ROLE PG_EXECUTE_SERVER_PROGRAM");
      statement.execute("GRANT PG_EXECUTE_SERVER_PROGRAM TO u");
      assertEquals(1, copy.executeUpdate("COPY t FROM PROGRAM 'echo 1,x' CSV"));
      assertEquals(1, copy.executeUpdate("COPY t TO PROGRAM 'cat > /dev/null'"));
    }
  }
}

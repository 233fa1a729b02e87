package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Driver and engine together; what COPY means in detail is tested elsewhere. */
class CopyEndToEndTest {
  private static final byte[] GOOD = "1,one\n2,two\n".getBytes(StandardCharsets.UTF_8);
  private static final byte[] BAD = "3,three\nx,four\n".getBytes(StandardCharsets.UTF_8);
  private static final String COPY = "COPY t FROM ? (FORMAT csv)";

  @TempDir Path folder;

  private static long number(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  private static void execute(Connection c, String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute(sql);
    }
  }

  private static int copy(Connection c, Object data) throws SQLException {
    try (PreparedStatement s = c.prepareStatement(COPY)) {
      s.setObject(1, data);
      return s.executeUpdate();
    }
  }

  @Test
  void loadsFromEveryKindOfParameter() throws Exception {
    Path file = Files.write(folder.resolve("a.csv"), GOOD);
    Object[] inputs = {
      GOOD,
      new ByteArrayInputStream(GOOD),
      new StringReader("1,one\n2,two\n"),
      file,
      file.toFile(),
      file.toString()
    };
    try (Connection c = DriverManager.getConnection("jdbc:copyload:")) {
      execute(c, "CREATE TABLE t(a INT, b VARCHAR(10))");
      for (Object input : inputs) {
        assertEquals(2, copy(c, input), input.getClass().getName());
      }
      assertEquals(12, number(c, "SELECT COUNT(*) FROM t"));
      assertEquals(
          6, number(c, "SELECT COUNT(*) FROM sys_load_history WHERE status = 'completed'"));
    }
  }

  @Test
  void historyOfFailuresSurvivesRollbackAndReopening() throws SQLException {
    String url = "jdbc:copyload:" + folder + "/h";
    try (Connection c = DriverManager.getConnection(url, "sa", "")) {
      execute(c, "CREATE TABLE t(a INT, b VARCHAR(10))");
      c.setAutoCommit(false);
      copy(c, GOOD);
      SQLException e = assertThrows(SQLException.class, () -> copy(c, BAD));
      assertEquals("22P02", e.getSQLState());
      assertEquals(2, number(c, "SELECT COUNT(*) FROM t"));
      c.rollback();
      assertEquals(0, number(c, "SELECT COUNT(*) FROM t"));
      assertEquals(2, number(c, "SELECT COUNT(*) FROM sys_load_history"));
      assertEquals(2, number(c, "SELECT line_number FROM stl_load_errors"));
    }
    try (Connection c = DriverManager.getConnection(url, "sa", "")) {
      assertEquals(1, number(c, "SELECT COUNT(*) FROM sys_load_history WHERE status = 'aborted'"));
      assertEquals(2, number(c, "SELECT line_number FROM stl_load_errors"));
      assertNull(c.getWarnings());
    }
  }

  @Test
  void copyRunsInExclusiveModeAndInEveryIsolation() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:mem:exclusive", "sa", "")) {
      execute(c, "CREATE TABLE t(a INT, b VARCHAR(10))");
      execute(c, "SET EXCLUSIVE 1");
      copy(c, GOOD);
      execute(c, "SET EXCLUSIVE 0");
      c.setAutoCommit(false);
      for (int level :
          new int[] {
            Connection.TRANSACTION_READ_UNCOMMITTED,
            Connection.TRANSACTION_READ_COMMITTED,
            Connection.TRANSACTION_REPEATABLE_READ,
            Connection.TRANSACTION_SERIALIZABLE
          }) {
        c.setTransactionIsolation(level);
        copy(c, GOOD);
        assertEquals(4, number(c, "SELECT COUNT(*) FROM t"));
        c.rollback();
        assertEquals(2, number(c, "SELECT COUNT(*) FROM t"));
      }
    }
  }

  @Test
  void userWithoutAdminRightsLoadsTheOwnTable() throws SQLException {
    String url = "jdbc:copyload:mem:ann";
    try (Connection admin = DriverManager.getConnection(url, "sa", "")) {
      execute(admin, "CREATE USER ann PASSWORD 'x'");
      execute(admin, "CREATE SCHEMA anns AUTHORIZATION ann");
      execute(admin, "CREATE TABLE t(a INT, b VARCHAR(10))");
      try (Connection ann = DriverManager.getConnection(url, "ann", "x")) {
        assertEquals(
            "42501", assertThrows(SQLException.class, () -> copy(ann, GOOD)).getSQLState());
        ann.setSchema("ANNS");
        execute(ann, "CREATE TABLE t(a INT, b VARCHAR(10))");
        assertEquals(2, copy(ann, GOOD));
        assertEquals(
            1, number(ann, "SELECT COUNT(*) FROM sys_load_history WHERE status = 'completed'"));
      }
    }
  }

  @Test
  void scriptOfADatabaseRunsInAnother() throws SQLException {
    Path script = folder.resolve("s.sql");
    try (Connection c = DriverManager.getConnection("jdbc:copyload:", "sa", "")) {
      execute(c, "CREATE TABLE t(a INT PRIMARY KEY, b VARCHAR(10))");
      copy(c, GOOD);
      execute(c, "SCRIPT TO '" + script + "'");
    }
    try (Connection c = DriverManager.getConnection("jdbc:copyload:", "sa", "")) {
      execute(c, "RUNSCRIPT FROM '" + script + "'");
      assertEquals(2, number(c, "SELECT COUNT(*) FROM t"));
      assertEquals(0, number(c, "SELECT COUNT(*) FROM sys_load_history"));
      copy(c, "7,x\n".getBytes(StandardCharsets.UTF_8));
      assertEquals(1, number(c, "SELECT COUNT(*) FROM sys_load_history"));
    }
  }

  @Test
  void readersAreNotBlockedByTheHistory() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:copyload:mem:readers", "sa", "");
        Connection reader = DriverManager.getConnection("jdbc:copyload:mem:readers", "sa", "")) {
      execute(c, "CREATE TABLE t(a INT, b VARCHAR(10))");
      c.setAutoCommit(false);
      copy(c, GOOD);
      assertEquals(0, number(reader, "SELECT COUNT(*) FROM t"));
      assertEquals(1, number(reader, "SELECT COUNT(*) FROM sys_load_history"));
      c.commit();
      assertEquals(2, number(reader, "SELECT COUNT(*) FROM t"));
    }
  }
}

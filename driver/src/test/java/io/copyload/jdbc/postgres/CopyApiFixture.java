package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;

/** A connection with the table {@code t(a INT, b VARCHAR)} and its COPY API. */
@Timeout(60)
abstract class CopyApiFixture {
  Connection connection;
  CopyManager manager;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:");
    execute("CREATE TABLE t(a INT, b VARCHAR)");
    manager = connection.unwrap(PGConnection.class).getCopyAPI();
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  final PGConnection pg() {
    return (PGConnection) connection;
  }

  final void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  final String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      return result.next() ? result.getString(1) : null;
    }
  }

  final int rows() throws SQLException {
    return Integer.parseInt(value("SELECT COUNT(*) FROM t"));
  }

  /** Loads lines of text format. */
  final long load(String lines) throws Exception {
    return manager.copyIn("COPY t FROM STDIN", new StringReader(lines));
  }

  /** Writes text and then spoils the array: a write must have taken its bytes. */
  static void write(CopyIn copy, String text) throws SQLException {
    byte[] bytes = text.getBytes(UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    Arrays.fill(bytes, (byte) 'x');
  }

  static SQLException fails(String state, Executable call) {
    SQLException e = assertThrows(SQLException.class, call);
    assertEquals(state, e.getSQLState(), e.getMessage());
    return e;
  }

  static void fails(String state, String message, Executable call) {
    assertEquals(message, fails(state, call).getMessage());
  }

  /** What must hold after whatever went wrong: no operation, and the next statements work. */
  final void assertUsable(int expectedRows) throws Exception {
    assertEquals(expectedRows, rows());
    assertEquals(1, load("999\tprobe\n"));
    execute("DELETE FROM t WHERE a = 999");
    assertFalse(connection.isClosed());
  }
}

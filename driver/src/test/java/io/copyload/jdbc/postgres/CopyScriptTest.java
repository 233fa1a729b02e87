package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

class CopyScriptTest {
  private Connection connection;
  private Statement statement;

  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:mem:script");
    statement = connection.createStatement();
    statement.execute("CREATE TABLE t(a INT, b VARCHAR)");
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private String rows() throws SQLException {
    try (ResultSet result =
        statement.executeQuery(
            "SELECT LISTAGG(a || '=' || b, ' ') WITHIN GROUP (ORDER BY a) FROM t")) {
      result.next();
      return result.getString(1);
    }
  }

  @Test
  void dataStandsBehindTheStatement() throws SQLException {
    assertFalse(statement.execute("COPY t FROM STDIN;\n1\tx;y\n2\t'z\n\\.\n"));
    assertEquals(2, statement.getUpdateCount());
    assertEquals("1=x;y 2='z", rows());
  }

  @Test
  void aScriptGoesOnBehindTheData() throws SQLException {
    statement.execute(
        "DELETE FROM t; COPY t (a, b) FROM STDIN (FORMAT csv);\r\n1,{fn now()}\r\n\\.\r\n"
            + "INSERT INTO t VALUES (2, '?'); -- done\n"
            + "COPY t FROM STDIN;\n3\tCOPY t FROM STDIN;\n\\.\nUPDATE t SET b = 'u' WHERE a = 2");
    assertEquals("1={fn now()} 2=u 3=COPY t FROM STDIN;", rows());
  }

  @Test
  void noRowsAreDataToo() throws SQLException {
    assertEquals(0, statement.executeUpdate("COPY t FROM STDIN;\n\\.\n"));
  }

  @Test
  void badDataNamesItsLine() {
    SQLException e =
        assertThrows(
            SQLException.class, () -> statement.execute("COPY t FROM STDIN;\n1\tx\nbad\ty\n\\.\n"));
    assertEquals("22P02", e.getSQLState());
    assertEquals(
        "invalid input syntax for type integer: \"bad\"\n"
            + "  Where: COPY t, line 2, column a: \"bad\"",
        e.getMessage());
  }

  @Test
  void withoutDataItIsRefused() throws SQLException {
    for (String sql :
        new String[] {
          "COPY t FROM STDIN",
          "COPY t FROM STDIN;\n",
          "COPY t FROM STDIN;\n1\tx\n",
          "COPY t FROM STDIN; SELECT 1"
        }) {
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(sql), sql);
      assertEquals("57014", e.getSQLState(), sql);
    }
    assertEquals(null, rows());
  }

  @Test
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void standardInputIsReadWhenAsked() throws SQLException {
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream("7\tin\n".getBytes(UTF_8)));
    try (Connection reading = DriverManager.getConnection("jdbc:copyload:mem:script;stdin=system");
        Statement copy = reading.createStatement()) {
      assertEquals(1, copy.executeUpdate("COPY t FROM STDIN"));
    } finally {
      System.setIn(before);
    }
    assertEquals("7=in", rows());
  }
}

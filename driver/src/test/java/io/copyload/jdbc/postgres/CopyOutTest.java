package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.copy.PGCopyInputStream;
import org.postgresql.core.BaseConnection;

@Timeout(60)
class CopyOutTest {
  private static final String TEXT = "1\ta\\nb\n2\t\\N\n3\t\"q\",x\n";

  private Connection connection;
  private CopyManager manager;

  @BeforeEach
  void open() throws Exception {
    connection = DriverManager.getConnection("jdbc:copyload:");
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t(a INT, b VARCHAR)");
    }
    manager = connection.unwrap(PGConnection.class).getCopyAPI();
    manager.copyIn("COPY t FROM STDIN", new StringReader(TEXT));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static List<String> read(CopyOut copy) throws SQLException {
    List<String> rows = new ArrayList<>();
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      rows.add(new String(row, UTF_8));
    }
    return rows;
  }

  private static void assertState(String expected, SQLException e) {
    assertEquals(expected, e.getSQLState(), e.getMessage());
  }

  @Test
  void anArrayPerRow() throws Exception {
    CopyOut copy = manager.copyOut("COPY t TO STDOUT");
    assertTrue(copy.isActive());
    assertEquals(2, copy.getFieldCount());
    assertEquals(0, copy.getFormat());
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals(List.of("1\ta\\nb\n", "2\t\\N\n", "3\t\"q\",x\n"), read(copy));
    assertFalse(copy.isActive());
    assertEquals(3, copy.getHandledRowCount());
    SQLException e = assertThrows(SQLException.class, copy::readFromCopy);
    assertState("55000", e);
    assertEquals("Tried to read from inactive copy", e.getMessage());
    assertState("55000", assertThrows(SQLException.class, copy::cancelCopy));
  }

  @Test
  void linesWithinQuotesStayTogether() throws Exception {
    assertEquals(
        List.of("a,b\n", "1,\"a\nb\"\n", "2,\n", "3,\"\"\"q\"\",x\"\n"),
        read(manager.copyOut("COPY t TO STDOUT (FORMAT csv, HEADER)")));
    assertEquals(
        List.of("1,\"a\nb\"\n", "2,\n", "3,\"\\\"q\\\",x\"\n"),
        read(manager.copyOut("COPY t TO STDOUT (FORMAT csv, ESCAPE '\\')")));
  }

  @Test
  void everyOverloadWrites() throws Exception {
    for (CopyManager each :
        new CopyManager[] {manager, new CopyManager((BaseConnection) connection)}) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      assertEquals(3, each.copyOut("COPY t TO STDOUT;", bytes));
      assertArrayEquals(TEXT.getBytes(UTF_8), bytes.toByteArray());
      StringWriter characters = new StringWriter();
      assertEquals(3, each.copyOut("COPY t TO STDOUT", characters));
      assertEquals(TEXT, characters.toString());
    }
    assertEquals(
        1000,
        manager.copyOut(
            "COPY (SELECT x FROM SYSTEM_RANGE(1, 1000)) TO STDOUT", new StringWriter()));
  }

  @Test
  void cancelLeavesTheConnectionClean() throws Exception {
    CopyOut copy = manager.copyOut("COPY (SELECT x FROM SYSTEM_RANGE(1, 3000000)) TO STDOUT");
    assertEquals("1\n", new String(copy.readFromCopy(), UTF_8));
    copy.cancelCopy();
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    assertState("55000", assertThrows(SQLException.class, copy::readFromCopy));
    assertEquals(3, manager.copyOut("COPY t TO STDOUT", new StringWriter()));
  }

  @Test
  void failingWritersLeaveTheConnectionClean() throws Exception {
    Writer failing =
        new StringWriter() {
          @Override
          public void write(String text) {
            throw new IllegalStateException("full");
          }
        };
    assertThrows(IllegalStateException.class, () -> manager.copyOut("COPY t TO STDOUT", failing));
    assertEquals(3, manager.copyOut("COPY t TO STDOUT", new StringWriter()));
  }

  @Test
  void theWrongDirectionIsRefused() throws Exception {
    SQLException e = assertThrows(SQLException.class, () -> manager.copyIn("COPY t TO STDOUT"));
    assertState("42809", e);
    assertTrue(e.getMessage().startsWith("Requested CopyIn but got "), e.getMessage());
    assertState(
        "42809", assertThrows(SQLException.class, () -> manager.copyOut("COPY t FROM STDIN")));
    assertState(
        "42809", assertThrows(SQLException.class, () -> manager.copyDual("COPY t FROM STDIN")));
    assertEquals(3, manager.copyOut("COPY t TO STDOUT", new StringWriter()));
  }

  @Test
  void errorsOfTheStatementAreThrownAtItsStart() {
    assertState(
        "42P01", assertThrows(SQLException.class, () -> manager.copyOut("COPY missing TO STDOUT")));
    assertState(
        "42601", assertThrows(SQLException.class, () -> manager.copyOut("COPY t TO STDOUT x")));
  }

  @Test
  void streamsReadAcrossRows() throws Exception {
    try (PGCopyInputStream in =
        new PGCopyInputStream(
            (PGConnection) connection, "COPY (SELECT x FROM SYSTEM_RANGE(0, 3)) TO STDOUT")) {
      byte[] three = new byte[3];
      assertEquals(3, in.read(three));
      assertEquals("0\n1", new String(three, UTF_8));
      assertEquals("\n", new String(in.readFromCopy(), UTF_8));
      assertEquals("2\n", new String(in.readFromCopy(), UTF_8));
      assertEquals('3', in.read());
      assertEquals('\n', in.read());
      assertEquals(-1, in.read());
    }
    PGCopyInputStream early = new PGCopyInputStream((PGConnection) connection, "COPY t TO STDOUT");
    early.read();
    early.close();
    assertEquals(
        "This copy stream is closed.", assertThrows(IOException.class, early::read).getMessage());
    assertEquals(3, manager.copyOut("COPY t TO STDOUT", new StringWriter()));
  }

  @Test
  void closingTheConnectionEndsTheOperation() throws Exception {
    CopyOut copy = manager.copyOut("COPY (SELECT x FROM SYSTEM_RANGE(1, 3000000)) TO STDOUT");
    copy.readFromCopy();
    connection.close();
    assertThrows(SQLException.class, () -> read(copy));
    assertFalse(copy.isActive());
  }

  @Test
  void aReadThatDoesNotWaitMayFindNothing() throws Exception {
    CopyOut copy = manager.copyOut("COPY t TO STDOUT");
    int rows = 0;
    while (copy.isActive()) {
      if (copy.readFromCopy(false) != null) {
        rows++;
      }
    }
    assertEquals(3, rows);
    assertNull(connection.getWarnings());
  }
}

package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.CopyOut;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.ByteStreamWriter;
import org.postgresql.util.PSQLException;

/**
 * What was observed of pgjdbc's {@code CopyManager} on PostgreSQL 18, a test for each action. Where
 * the server or its driver left something broken behind, ours does not.
 */
class CopyManagerRowsTest extends CopyApiFixture {
  @Test
  void getCopyApiTwiceIsTheSameObject() throws Exception {
    assertSame(pg().getCopyAPI(), pg().getCopyAPI());
    assertSame(manager, connection.unwrap(BaseConnection.class).getCopyAPI());
  }

  @Test
  void getCopyApiOnAClosedConnection() throws Exception {
    connection.close();
    fails("08003", "This connection has been closed.", () -> pg().getCopyAPI());
    fails("08003", () -> manager.copyIn("COPY t FROM STDIN"));
    fails("08003", () -> manager.copyOut("COPY t TO STDOUT"));
    CopyManager stock = new CopyManager((BaseConnection) connection);
    fails("08003", "This connection has been closed.", () -> stock.copyIn("COPY t FROM STDIN"));
    fails("08003", () -> stock.copyIn("COPY t FROM STDIN", new StringReader("1,x")));
    fails("08003", () -> stock.copyOut("COPY t TO STDOUT"));
  }

  @ParameterizedTest
  @CsvSource({"'1,x\n2,y\n',2", "'',0", "'1,x',1"})
  void copyInOfAReaderReturnsItsRows(String data, int rows) throws Exception {
    assertEquals(rows, manager.copyIn("COPY t FROM STDIN CSV", new StringReader(data)));
    assertEquals(rows, rows());
  }

  @Test
  void badRow() throws Exception {
    PSQLException e = assertThrows(PSQLException.class, () -> load("1\tx\nbad\ty\n"));
    assertEquals("22P02", e.getSQLState());
    assertEquals(
        "ERROR: invalid input syntax for type integer: \"bad\"\n"
            + "  Where: COPY t, line 2, column a: \"bad\"",
        e.getMessage());
    assertEquals(0, e.getErrorCode());
    assertUsable(0);
  }

  @Test
  void syntaxError() throws Exception {
    PSQLException e =
        assertInstanceOf(
            PSQLException.class, fails("42601", () -> manager.copyIn("COPY t FORM STDIN")));
    assertEquals("ERROR: syntax error at or near \"FORM\"\n  Position: 8", e.getMessage());
    assertUsable(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"SELECT 1", "INSERT INTO t VALUES (1, 'x')", "DELETE FROM t", "bogus"})
  void anotherCompleteStatementIsRefusedAndNotExecuted(String sql) throws Exception {
    load("5\tv\n");
    fails("42601", () -> manager.copyIn(sql, new StringReader("1\tx\n")));
    fails("42601", () -> manager.copyOut(sql, new StringWriter()));
    assertUsable(1);
  }

  @Test
  void copyInOfACopyFromAFileIsRefusedAndLoadsNothing(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.txt"), "1\tx\n");
    fails(
        "55000",
        "COPY command does not use STDIN or STDOUT; use Statement.executeUpdate",
        () -> manager.copyIn("COPY t FROM '" + file + "'", new StringReader("2\ty\n")));
    Path out = folder.resolve("out.txt");
    fails("55000", () -> manager.copyOut("COPY t TO '" + out + "'", new StringWriter()));
    assertTrue(Files.notExists(out));
    assertUsable(0);
  }

  @Test
  void copyInOfACopyTo() throws Exception {
    SQLException e = fails("42809", () -> manager.copyIn("COPY t TO STDOUT"));
    assertTrue(e.getMessage().startsWith("Requested CopyIn but got "), e.getMessage());
    assertUsable(0);
  }

  @Test
  void copyOutOfACopyFrom() throws Exception {
    SQLException e = fails("42809", () -> manager.copyOut("COPY t FROM STDIN"));
    assertTrue(e.getMessage().startsWith("Requested CopyOut but got "), e.getMessage());
    e = fails("42809", () -> manager.copyDual("COPY t FROM STDIN"));
    assertTrue(e.getMessage().startsWith("Requested CopyDual but got "), e.getMessage());
    assertUsable(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM STDIN;",
        " \n COPY t FROM STDIN ; ",
        "/* c */ copy t from stdin; -- d"
      })
  void aSemicolonAtTheEndIsFine(String sql) throws Exception {
    assertEquals(1, manager.copyIn(sql, new StringReader("1\tx\n")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM STDIN; COPY t FROM STDIN",
        "COPY t FROM STDIN; SELECT 1",
        "SELECT 1; COPY t FROM STDIN",
        "COPY t FROM STDIN; DROP TABLE t"
      })
  void severalStatementsAreRefusedAndNotExecuted(String sql) throws Exception {
    fails("42601", () -> manager.copyIn(sql, new StringReader("1\tx\n")));
    assertUsable(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ";", "-- nothing"})
  void emptySql(String sql) throws Exception {
    fails("42601", () -> manager.copyIn(sql));
    fails("42601", () -> manager.copyOut(sql));
    assertUsable(0);
  }

  @Test
  void nullSql() throws Exception {
    assertThrows(NullPointerException.class, () -> manager.copyIn((String) null));
    assertThrows(NullPointerException.class, () -> manager.copyOut((String) null));
    assertUsable(0);
  }

  @Test
  void sqlIsNotProcessedForParametersOrEscapes() throws Exception {
    assertEquals(
        1, manager.copyIn("COPY t FROM STDIN (DELIMITER '?')", new StringReader("1?{d x}\n")));
    assertEquals("{d x}", value("SELECT b FROM t"));
    assertEquals(
        1,
        manager.copyIn("COPY t FROM STDIN (NULL '{d ''x''}')", new StringReader("2\t{d 'x'}\n")));
    assertNull(value("SELECT b FROM t WHERE a = 2"));
  }

  @Test
  void bufferSizes() throws Exception {
    AtomicInteger reads = new AtomicInteger();
    Reader unread =
        new Reader() {
          @Override
          public int read(char[] buffer, int offset, int length) {
            return reads.incrementAndGet();
          }

          @Override
          public void close() {}
        };
    assertThrows(
        NegativeArraySizeException.class, () -> manager.copyIn("COPY t FROM STDIN", unread, -1));
    assertThrows(
        NegativeArraySizeException.class,
        () -> manager.copyIn("COPY t FROM STDIN", InputStream.nullInputStream(), -1));
    assertThrows(
        IllegalArgumentException.class, () -> manager.copyIn("COPY t FROM STDIN", unread, 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> manager.copyIn("COPY t FROM STDIN", InputStream.nullInputStream(), 0));
    assertEquals(0, reads.get());
    for (int size : new int[] {1, 2, 3, 65536}) {
      assertEquals(1, manager.copyIn("COPY t FROM STDIN", new StringReader("1\tx\u20ac\n"), size));
      assertEquals(
          1,
          manager.copyIn(
              "COPY t FROM STDIN", new ByteArrayInputStream("1\tx\u20ac\n".getBytes(UTF_8)), size));
    }
    assertEquals("8", value("SELECT COUNT(*) FROM t WHERE b = 'x\u20ac'"));
    execute("DELETE FROM t");
    assertUsable(0);
  }

  /** Gives one row, then fails; must not be closed. */
  private static final class FailingInput extends InputStream {
    private final Exception failure;
    private int at;

    FailingInput(Exception failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      if (at < 4) {
        return "1\tx\n".charAt(at++);
      }
      if (failure instanceof IOException io) {
        throw io;
      }
      throw (RuntimeException) failure;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      bytes[offset] = (byte) read();
      return 1;
    }

    @Override
    public void close() {
      throw new AssertionError("closed");
    }
  }

  @Test
  void aReaderThatThrowsIoException() throws Exception {
    IOException gone = new IOException("gone");
    Reader reader = new java.io.InputStreamReader(new FailingInput(gone), UTF_8);
    assertSame(
        gone, assertThrows(IOException.class, () -> manager.copyIn("COPY t FROM STDIN", reader)));
    assertSame(
        gone,
        assertThrows(
            IOException.class, () -> manager.copyIn("COPY t FROM STDIN", new FailingInput(gone))));
    assertUsable(0);
  }

  @Test
  void aStreamThatThrowsRuntimeException() throws Exception {
    RuntimeException broken = new IllegalStateException("broken");
    for (CopyManager each : new CopyManager[] {manager, new CopyManager((BaseConnection) pg())}) {
      assertSame(
          broken,
          assertThrows(
              RuntimeException.class,
              () -> each.copyIn("COPY t FROM STDIN", new FailingInput(broken))));
      assertUsable(0);
    }
  }

  @Test
  void aWriterThatThrows() throws Exception {
    load("1\tx\n2\ty\n");
    IOException full = new IOException("full");
    Writer writer =
        new Writer() {
          @Override
          public void write(char[] text, int offset, int length) throws IOException {
            throw full;
          }

          @Override
          public void flush() {}

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    OutputStream stream =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw full;
          }
        };
    for (CopyManager each : new CopyManager[] {manager, new CopyManager((BaseConnection) pg())}) {
      assertSame(
          full, assertThrows(IOException.class, () -> each.copyOut("COPY t TO STDOUT", writer)));
      assertUsable(2);
      assertSame(
          full, assertThrows(IOException.class, () -> each.copyOut("COPY t TO STDOUT", stream)));
      assertUsable(2);
    }
  }

  @Test
  void surrogatePairsOverTheEndOfABuffer() throws Exception {
    for (int size = 1; size <= 6; size++) {
      manager.copyIn("COPY t FROM STDIN", new StringReader("1\t\ud83d\ude00\ud83d\ude01\n"), size);
    }
    assertEquals("6", value("SELECT COUNT(*) FROM t WHERE b = '\ud83d\ude00\ud83d\ude01'"));
    execute("DELETE FROM t");
    for (String lone : new String[] {"1\t\ud83d", "1\t\ud83dx\n", "1\t\ude00\n"}) {
      fails("22021", () -> load(lone));
    }
    assertUsable(0);
  }

  @Test
  void aReaderIsEncodedAsUtf8WhateverEncodingSays() throws Exception {
    String sql = "COPY t FROM STDIN (ENCODING 'LATIN1')";
    manager.copyIn(sql, new StringReader("1\t\u00e9\n"));
    assertEquals("\u00c3\u00a9", value("SELECT b FROM t"));
    manager.copyIn(sql, new ByteArrayInputStream("2\t\u00e9\n".getBytes(ISO_8859_1)));
    assertEquals("\u00e9", value("SELECT b FROM t WHERE a = 2"));
  }

  @Test
  void noticesAreWarningsOfTheConnection() throws Exception {
    manager.copyIn(
        "COPY t FROM STDIN (ON_ERROR ignore, LOG_VERBOSITY verbose)",
        new StringReader("x\ta\n1\tb\ny\tc\n"));
    List<String> texts = new ArrayList<>();
    for (SQLWarning w = connection.getWarnings(); w != null; w = w.getNextWarning()) {
      assertEquals("00000", w.getSQLState());
      texts.add(w.getMessage());
    }
    assertEquals(
        List.of(
            "skipping row due to data type incompatibility at line 1 for column \"a\": \"x\"",
            "skipping row due to data type incompatibility at line 3 for column \"a\": \"y\"",
            "2 rows were skipped due to data type incompatibility"),
        texts);
    connection.clearWarnings();
    assertNull(connection.getWarnings());
  }

  @Test
  void copyOutWithAHeaderReadsOneArrayMoreThanRows() throws Exception {
    load("1\tx\n2\ty\n3\tz\n");
    CopyOut copy = manager.copyOut("COPY t TO STDOUT (FORMAT csv, HEADER)");
    int arrays = 0;
    while (copy.readFromCopy() != null) {
      arrays++;
    }
    assertEquals(4, arrays);
    assertEquals(3, copy.getHandledRowCount());
    assertEquals(3, manager.copyOut("COPY t TO STDOUT (FORMAT csv, HEADER)", new StringWriter()));
  }

  @Test
  void copyOutInBinary() throws Exception {
    execute("CREATE TABLE n(a INT, b INT)");
    manager.copyIn("COPY n FROM STDIN", new StringReader("1\t\\N\n2\t\\N\n3\t\\N\n"));
    CopyOut copy = manager.copyOut("COPY n TO STDOUT (FORMAT binary)");
    assertEquals(1, copy.getFormat());
    assertEquals(1, copy.getFieldFormat(1));
    List<Integer> lengths = new ArrayList<>();
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      lengths.add(row.length);
    }
    // The file's header of 19 bytes comes with the first row, the trailer alone.
    assertEquals(List.of(19 + 14, 14, 14, 2), lengths);
    assertEquals(3, copy.getHandledRowCount());
    copy = manager.copyOut("COPY (SELECT a FROM n WHERE a > 5) TO STDOUT (FORMAT binary)");
    ByteArrayOutputStream none = new ByteArrayOutputStream();
    for (byte[] row = copy.readFromCopy(); row != null; row = copy.readFromCopy()) {
      none.writeBytes(row);
    }
    assertEquals(21, none.size());
    assertEquals(0, copy.getHandledRowCount());
  }

  @Test
  void everyOverloadOfBothManagers() throws Exception {
    byte[] data = "1\t\u00e4\n2\t\\N\n".getBytes(UTF_8);
    for (CopyManager each :
        new CopyManager[] {
          manager,
          new CopyManager((BaseConnection) connection),
          new CopyManager(connection.unwrap(BaseConnection.class)),
          new CopyManager((BaseConnection) connection.unwrap(org.postgresql.PGConnection.class))
        }) {
      String in = "COPY t FROM STDIN";
      assertEquals(2, each.copyIn(in, new ByteArrayInputStream(data)));
      assertEquals(2, each.copyIn(in, new ByteArrayInputStream(data), 3));
      assertEquals(2, each.copyIn(in, new StringReader(new String(data, UTF_8))));
      assertEquals(2, each.copyIn(in, new StringReader(new String(data, UTF_8)), 3));
      assertEquals(2, each.copyIn(in, ByteStreamWriter.of(ByteBuffer.wrap(data))));
      each.copyIn(in).cancelCopy();
      String out = "COPY (SELECT DISTINCT a, b FROM t ORDER BY a) TO STDOUT";
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      assertEquals(2, each.copyOut(out, bytes));
      assertEquals(new String(data, UTF_8), bytes.toString(UTF_8));
      StringWriter characters = new StringWriter();
      assertEquals(2, each.copyOut(out, characters));
      assertEquals(new String(data, UTF_8), characters.toString());
      assertEquals(10, rows());
      execute("DELETE FROM t");
    }
    assertThrows(NullPointerException.class, () -> new CopyManager(null));
  }
}

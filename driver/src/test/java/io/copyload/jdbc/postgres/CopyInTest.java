package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.core.BaseConnection;
import org.postgresql.util.ByteStreamWriter;
import org.postgresql.util.PSQLException;

@Timeout(60)
class CopyInTest {
  private Connection connection;
  private CopyManager manager;

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

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private String value(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      result.next();
      return result.getString(1);
    }
  }

  private String rows() throws SQLException {
    return value("SELECT COUNT(*) FROM t");
  }

  private static void write(CopyIn copy, String text) throws SQLException {
    byte[] bytes = text.getBytes(UTF_8);
    copy.writeToCopy(bytes, 0, bytes.length);
    Arrays.fill(bytes, (byte) 'x');
  }

  private static void assertState(String expected, SQLException e) {
    assertEquals(expected, e.getSQLState(), e.getMessage());
  }

  @Test
  void everyWayToTheApiWorks() throws Exception {
    assertTrue(connection.isWrapperFor(PGConnection.class));
    assertTrue(connection.isWrapperFor(BaseConnection.class));
    assertSame(manager, connection.unwrap(PGConnection.class).getCopyAPI());
    for (CopyManager each :
        new CopyManager[] {
          manager,
          new CopyManager((BaseConnection) connection),
          new CopyManager(connection.unwrap(BaseConnection.class)),
          new CopyManager((BaseConnection) connection.unwrap(PGConnection.class))
        }) {
      assertEquals(2, each.copyIn("COPY t FROM STDIN", new StringReader("1\tx\n2\ty\n")));
    }
    assertEquals("8", rows());
  }

  @Test
  void everyOverloadLoads() throws Exception {
    byte[] data = "1\tä\n2\t\\N\n".getBytes(UTF_8);
    assertEquals(2, manager.copyIn("COPY t FROM STDIN;", new ByteArrayInputStream(data)));
    assertEquals(2, manager.copyIn("COPY t FROM STDIN", new ByteArrayInputStream(data), 3));
    assertEquals(
        2, manager.copyIn("COPY t FROM STDIN", new StringReader(new String(data, UTF_8)), 3));
    assertEquals(
        2, manager.copyIn("COPY t FROM STDIN", ByteStreamWriter.of(ByteBuffer.wrap(data))));
    assertEquals(0, manager.copyIn("COPY t FROM STDIN", new StringReader("")));
    assertEquals("4", value("SELECT COUNT(*) FROM t WHERE b = 'ä'"));
  }

  @Test
  void anOperationLivesFromItsStartToItsEnd() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    assertTrue(copy.isActive());
    assertEquals(2, copy.getFieldCount());
    assertEquals(0, copy.getFormat());
    assertEquals(0, copy.getFieldFormat(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> copy.getFieldFormat(2));
    assertEquals(-1, copy.getHandledRowCount());
    write(copy, "1\ta");
    write(copy, "");
    write(copy, "bc\n2");
    copy.flushCopy();
    byte[] window = "ab\td\n".getBytes(UTF_8);
    copy.writeToCopy(window, 2, 3);
    assertEquals(2, copy.endCopy());
    assertEquals(2, copy.getHandledRowCount());
    assertFalse(copy.isActive());
    assertEquals("abc", value("SELECT b FROM t WHERE a = 1"));

    SQLException e = assertThrows(SQLException.class, copy::endCopy);
    assertState("55000", e);
    assertEquals("Tried to end inactive copy", e.getMessage());
    e = assertThrows(SQLException.class, copy::cancelCopy);
    assertState("55000", e);
    assertEquals("Tried to cancel an inactive copy operation", e.getMessage());
    e = assertThrows(SQLException.class, () -> copy.writeToCopy(window, 0, 1));
    assertState("55000", e);
    assertEquals("Tried to write to an inactive copy operation", e.getMessage());
    assertState("55000", assertThrows(SQLException.class, copy::flushCopy));
  }

  @Test
  void aCharacterMayBeSplitAnywhere() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    for (byte b : "1\tgr\u00fc\u00df \ud83d\ude00\n".getBytes(UTF_8)) {
      copy.writeToCopy(new byte[] {b}, 0, 1);
    }
    assertEquals(1, copy.endCopy());
    assertEquals("gr\u00fc\u00df \ud83d\ude00", value("SELECT b FROM t"));
  }

  @Test
  void cancelDiscardsEverything() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "1\ta\n");
    copy.cancelCopy();
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals("0", rows());
  }

  @Test
  void badDataIsReportedAsTheServerWould() throws Exception {
    PSQLException e =
        assertThrows(
            PSQLException.class,
            () -> manager.copyIn("COPY t FROM STDIN", new StringReader("1\ta\nbad\tb\n")));
    assertState("22P02", e);
    assertEquals(
        "ERROR: invalid input syntax for type integer: \"bad\"\n"
            + "  Where: COPY t, line 2, column a: \"bad\"",
        e.getMessage());
    assertNotNull(e.getServerErrorMessage());
    assertEquals("COPY t, line 2, column a: \"bad\"", e.getServerErrorMessage().getWhere());
    assertEquals("0", rows());
  }

  @Test
  void anUnreadErrorWaitsForTheEnd() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "bad\ta\n");
    assertState("22P02", assertThrows(SQLException.class, copy::endCopy));
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals("0", rows());
  }

  @Test
  void aWriterOfEndlessBadDataIsStopped() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    byte[] bad = "bad\ta\n".repeat(10_000).getBytes(UTF_8);
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> {
              while (true) {
                copy.writeToCopy(bad, 0, bad.length);
              }
            });
    assertState("22P02", e);
    assertFalse(copy.isActive());
    assertEquals("0", rows());
  }

  @Test
  void errorsOfTheStatementAreThrownBeforeData() throws Exception {
    PSQLException e = assertThrows(PSQLException.class, () -> manager.copyIn("COPY t FORM STDIN"));
    assertState("42601", e);
    assertEquals(8, e.getServerErrorMessage().getPosition());
    for (String[] each :
        new String[][] {
          {"COPY missing FROM STDIN", "42P01"},
          {"COPY t(a, z) FROM STDIN", "42703"},
          {"COPY t FROM STDIN WITH xxx (nonsense)", "42601"},
          {"COPY t FROM STDIN (FORMAT nonsense)", "22023"},
          {"", "42601"},
          {"SELECT 1", "42601"},
          {"INSERT INTO t VALUES (1, 'x')", "42601"},
          {"COPY t FROM STDIN; SELECT 1", "42601"},
          {"COPY t FROM '/nowhere/x.csv'", "55000"}
        }) {
      assertState(
          each[1], assertThrows(SQLException.class, () -> manager.copyIn(each[0]), each[0]));
      assertEquals("0", rows(), each[0]);
    }
    assertThrows(NullPointerException.class, () -> manager.copyIn((String) null));
  }

  @Test
  void rangesAreChecked() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    byte[] bytes = "1\ta\n".getBytes(UTF_8);
    for (int[] range : new int[][] {{0, 5}, {-1, 1}, {5, 0}, {3, 2}, {0, -1}}) {
      IndexOutOfBoundsException e =
          assertThrows(
              IndexOutOfBoundsException.class, () -> copy.writeToCopy(bytes, range[0], range[1]));
      assertEquals(IndexOutOfBoundsException.class, e.getClass());
    }
    assertThrows(NullPointerException.class, () -> copy.writeToCopy(null, 0, 0));
    copy.writeToCopy(bytes, 0, 4);
    assertEquals(1, copy.endCopy());
  }

  @Test
  void bufferSizesAreChecked() {
    assertThrows(
        NegativeArraySizeException.class,
        () -> manager.copyIn("COPY t FROM STDIN", new StringReader(""), -1));
    assertThrows(
        IllegalArgumentException.class,
        () -> manager.copyIn("COPY t FROM STDIN", new StringReader(""), 0));
    assertThrows(
        IllegalArgumentException.class,
        () -> manager.copyIn("COPY t FROM STDIN", InputStream.nullInputStream(), 0));
  }

  @Test
  void failingReadersCancel() throws Exception {
    Reader failing =
        new Reader() {
          private boolean first = true;

          @Override
          public int read(char[] buffer, int offset, int length) throws IOException {
            if (!first) {
              throw new IOException("gone");
            }
            first = false;
            "1\ta\n".getChars(0, 4, buffer, offset);
            return 4;
          }

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    IOException e =
        assertThrows(IOException.class, () -> manager.copyIn("COPY t FROM STDIN", failing));
    assertEquals("gone", e.getMessage());
    assertEquals("0", rows());
    InputStream broken =
        new InputStream() {
          @Override
          public int read() {
            throw new IllegalStateException("broken");
          }
        };
    assertThrows(IllegalStateException.class, () -> manager.copyIn("COPY t FROM STDIN", broken));
    assertEquals("0", rows());
  }

  @Test
  void pairsOfSurrogatesSurviveTheEndOfABuffer() throws Exception {
    assertEquals(1, manager.copyIn("COPY t FROM STDIN", new StringReader("1\t\ud83d\ude00!\n"), 3));
    assertEquals("\ud83d\ude00!", value("SELECT b FROM t"));
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> manager.copyIn("COPY t FROM STDIN", new StringReader("1\t\ud83d\n")));
    assertState("22021", e);
    assertEquals("1", rows());
  }

  @Test
  void anOperationTakesPartInTheTransaction() throws Exception {
    connection.setAutoCommit(false);
    manager.copyIn("COPY t FROM STDIN", new StringReader("1\ta\n"));
    Savepoint savepoint = connection.setSavepoint();
    manager.copyIn("COPY t FROM STDIN", new StringReader("2\tb\n"));
    assertEquals("2", rows());
    connection.rollback(savepoint);
    assertEquals("1", rows());
    connection.rollback();
    assertEquals("0", rows());
    manager.copyIn("COPY t FROM STDIN", new StringReader("3\tc\n"));
    CopyIn cancelled = manager.copyIn("COPY t FROM STDIN");
    cancelled.cancelCopy();
    connection.commit();
    assertEquals("3", value("SELECT a FROM t"));
  }

  @Test
  void theThreadThatFeedsIsRefusedInsteadOfBlocked() throws Exception {
    Statement open = connection.createStatement();
    ResultSet result = open.executeQuery("SELECT x FROM SYSTEM_RANGE(1, 3)");
    CopyIn copy = manager.copyIn("COPY t(a) FROM STDIN");
    while (result.next()) {
      write(copy, result.getInt(1) + "\n");
    }
    result.close();
    open.close();
    assertState("55006", assertThrows(SQLException.class, () -> connection.createStatement()));
    assertState("55006", assertThrows(SQLException.class, () -> connection.commit()));
    assertState("55006", assertThrows(SQLException.class, () -> connection.rollback()));
    assertState("55006", assertThrows(SQLException.class, () -> connection.setAutoCommit(false)));
    assertState(
        "55006", assertThrows(SQLException.class, () -> manager.copyIn("COPY t FROM STDIN")));
    assertTrue(connection.isValid(1));
    assertTrue(connection.getAutoCommit());
    assertNull(connection.getWarnings());
    assertEquals(3, copy.endCopy());
    assertEquals("3", rows());
  }

  @Test
  void aThreadThatWaitsForItsOwnOperationEndsIt() throws Exception {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("VALUES 1")) {
      // H2's own object, which waits for the session before it asks anybody.
      Statement inner = result.getStatement();
      CopyIn copy = manager.copyIn("COPY t FROM STDIN");
      write(copy, "1\ta\n");
      assertState("55006", assertThrows(SQLException.class, () -> inner.executeQuery("VALUES 2")));
      assertState("57014", assertThrows(SQLException.class, copy::endCopy));
    }
    assertEquals("0", rows());
  }

  @Test
  void skippedRowsAreWarnings() throws Exception {
    assertEquals(
        1,
        manager.copyIn(
            "COPY t FROM STDIN (ON_ERROR ignore, LOG_VERBOSITY verbose)",
            new StringReader("bad\tx\n1\ty\n")));
    SQLWarning warning = connection.getWarnings();
    assertEquals(
        "skipping row due to data type incompatibility at line 1 for column \"a\": \"bad\"",
        warning.getMessage());
    assertEquals("00000", warning.getSQLState());
    assertEquals(
        "1 row was skipped due to data type incompatibility",
        warning.getNextWarning().getMessage());
    connection.clearWarnings();
    assertNull(connection.getWarnings());
  }

  @Test
  void binaryFormatIsFormatOne() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN BINARY");
    assertEquals(1, copy.getFormat());
    assertEquals(1, copy.getFieldFormat(0));
    byte[] header = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0".getBytes(ISO_8859_1);
    copy.writeToCopy(header, 0, header.length);
    byte[] row = {0, 2, 0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 1, 'z', -1, -1};
    copy.writeToCopy(row, 0, row.length);
    assertEquals(1, copy.endCopy());
    assertEquals("z", value("SELECT b FROM t WHERE a = 7"));
  }

  @Test
  void otherThreadsWait() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    CompletableFuture<String> other =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return rows();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    write(copy, "1\ta\n");
    copy.endCopy();
    assertEquals("1", other.get(30, TimeUnit.SECONDS));
  }

  @Test
  void closingTheConnectionEndsTheOperation() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "1\ta\n");
    connection.close();
    SQLException e = assertThrows(SQLException.class, copy::endCopy);
    assertState("08006", e);
    assertEquals("Database connection failed when ending copy", e.getMessage());
    assertFalse(copy.isActive());
    assertState(
        "08003", assertThrows(SQLException.class, () -> ((PGConnection) connection).getCopyAPI()));
  }

  @Test
  void abortEndsTheOperation() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    connection.abort(Runnable::run);
    assertState("08006", assertThrows(SQLException.class, copy::endCopy));
  }

  @Test
  void cancelQueryStopsAnOperation() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    ((PGConnection) connection).cancelQuery();
    SQLException e = assertThrows(SQLException.class, copy::endCopy);
    assertState("57014", e);
    assertEquals("0", rows());
  }

  @Test
  void dataBehindTheEndMarkerIsDropped() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "1\ta\n\\.\n");
    copy.flushCopy();
    byte[] more = "junk\n".repeat(500_000).getBytes(UTF_8);
    copy.writeToCopy(more, 0, more.length);
    assertEquals(1, copy.endCopy());
  }

  @Test
  void cancelBehindTheEndMarkerStillUndoes() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "1\ta\n\\.\n");
    copy.flushCopy();
    copy.cancelCopy();
    assertEquals("0", rows());
  }

  @Test
  void streamsKeepTheOrderOfWhatIsWritten() throws Exception {
    try (PGCopyOutputStream out =
        new PGCopyOutputStream((PGConnection) connection, "COPY t FROM STDIN", 5)) {
      out.write('1');
      out.write('\t');
      out.write("ab".getBytes(ISO_8859_1));
      out.writeToCopy(ByteStreamWriter.of(ByteBuffer.wrap("cd".getBytes(ISO_8859_1))));
      out.write("efghijklmn\n".getBytes(ISO_8859_1));
      assertEquals(
          "Cannot write to copy a byte of value -1",
          assertThrows(IOException.class, () -> out.write(-1)).getMessage());
      out.flush();
      assertTrue(out.isActive());
    }
    assertEquals("abcdefghijklmn", value("SELECT b FROM t"));
  }

  @Test
  void closingAStreamReportsBadData() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream((PGConnection) connection, "COPY t FROM STDIN");
    out.write("bad\tx\n".getBytes(UTF_8));
    IOException e = assertThrows(IOException.class, out::close);
    assertEquals("Ending write to copy failed.", e.getMessage());
    assertState("22P02", assertInstanceOf(SQLException.class, e.getCause()));
    assertFalse(out.isActive());
    out.close();
    assertEquals(
        "This copy stream is closed.",
        assertThrows(IOException.class, () -> out.write(1)).getMessage());
    assertEquals("0", rows());
  }

  @Test
  void manyRowsFlowThroughABoundedPipe() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN (FORMAT csv)");
    for (int i = 0; i < 300_000; i++) {
      write(copy, i + ",row " + i + "\n");
    }
    assertEquals(300_000, copy.endCopy());
    assertEquals("44999850000", value("SELECT SUM(CAST(a AS BIGINT)) FROM t"));
  }

  @Test
  void keysAreChecked() throws Exception {
    execute("ALTER TABLE t ADD UNIQUE (a)");
    PSQLException e =
        assertThrows(
            PSQLException.class,
            () -> manager.copyIn("COPY t FROM STDIN", new StringReader("1\ta\n1\tb\n")));
    assertState("23505", e);
    assertEquals("0", rows());
  }

  @Test
  void anInterruptedWriterCancels() throws Exception {
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    Thread.currentThread().interrupt();
    SQLException e = assertThrows(SQLException.class, () -> write(copy, "1\ta\n"));
    assertTrue(Thread.interrupted());
    assertState("57014", e);
    assertFalse(copy.isActive());
    assertEquals("0", rows());
  }

  @Test
  void plainJdbcIsToldToUseTheApi() throws Exception {
    SQLException e = assertThrows(SQLException.class, () -> execute("COPY t FROM STDIN"));
    assertState("57014", e);
    assertEquals(
        "COPY from stdin failed: COPY commands are only supported using the CopyManager API.\n"
            + "  Where: COPY t, line 1",
        e.getMessage());
    assertEquals("0", rows());
  }
}

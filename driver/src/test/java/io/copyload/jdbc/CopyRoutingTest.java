package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyRunner;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLWarning;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.h2.jdbc.CopyJdbcConnection;
import org.h2.jdbc.JdbcStatement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How COPY text, parameters, errors, warnings and cancellation get to the engine and back, with a
 * hand-made engine.
 */
class CopyRoutingTest {
  private final List<String> texts = Collections.synchronizedList(new ArrayList<>());
  private final List<List<Object>> parameters = Collections.synchronizedList(new ArrayList<>());
  private volatile CopyRunner behaviour;
  private CopyJdbcConnection c;

  @BeforeEach
  void open() throws SQLException {
    behaviour = (session, sql, objects, cancel, settings, warnings) -> 7;
    CopyRunner recording =
        (session, sql, objects, cancel, settings, warnings) -> {
          texts.add(sql);
          parameters.add(new ArrayList<>(objects));
          return behaviour.run(session, sql, objects, cancel, settings, warnings);
        };
    c =
        new CopyJdbcConnection(
            "jdbc:h2:mem:", new Properties(), CopyloadProperty.settings(Map.of()), recording, null);
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t(a INT PRIMARY KEY)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    c.close();
  }

  private static void insert(org.h2.engine.SessionLocal session, int value) {
    session.prepare("INSERT INTO t VALUES (" + value + ")").update();
  }

  private int rows() throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT COUNT(*) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM 'x'",
        "copy t from 'x'",
        "  \n\tCopy t FROM 'x'",
        "/* a /* b */ */ COPY t FROM 'x'",
        "-- note\nCOPY t FROM 'x'",
        "COPY t FROM 'x' ;  ",
        ";COPY t FROM 'x';;"
      })
  void copyIsFoundBehindBlanksAndComments(String sql) throws SQLException {
    try (Statement s = c.createStatement()) {
      assertEquals(7, s.executeUpdate(sql));
      assertFalse(s.execute(sql));
      assertEquals(7, s.getLargeUpdateCount());
      assertFalse(s.getMoreResults());
      assertEquals(-1, s.getUpdateCount());
      assertEquals(7, s.executeLargeUpdate(sql));
      assertEquals(7, s.executeUpdate(sql, Statement.RETURN_GENERATED_KEYS));
      assertFalse(s.getGeneratedKeys().next());
      assertFalse(s.execute(sql, new String[] {"A"}));
    }
    assertEquals(5, texts.size());
    assertTrue(
        texts.get(0).stripTrailing().endsWith("t FROM 'x'") || texts.get(0).contains("from"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SELECT 'COPY t' || ';COPY u'",
        "SELECT 1 AS copy",
        "SELECT 1 -- ; COPY t FROM 'x'",
        "/* ; COPY t */ SELECT 1",
        "SELECT $$;COPY t FROM 'x';$$"
      })
  void otherStatementsGoToH2(String sql) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery(sql)) {
      assertTrue(rows.next());
    }
    assertTrue(texts.isEmpty());
  }

  @Test
  void textOnlyH2KnowsGivesH2sError() throws SQLException {
    try (Statement s = c.createStatement()) {
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPYING t"));
      assertEquals(42001, e.getErrorCode());
      assertTrue(e.getMessage().contains("COPYING"));
    }
  }

  @Test
  void executeQueryOfACopyIsAnError() throws SQLException {
    try (Statement s = c.createStatement()) {
      assertEquals(
          90002,
          assertThrows(SQLException.class, () -> s.executeQuery("COPY t FROM 'x'")).getErrorCode());
    }
    assertTrue(texts.isEmpty());
  }

  @Test
  void listsRunInOrderAndTheFirstResultCounts() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, texts.size());
          return 1;
        };
    try (Statement s = c.createStatement()) {
      assertEquals(
          2,
          s.executeUpdate(
              "INSERT INTO t VALUES (10), (11); COPY t FROM 'x'; DELETE FROM t WHERE a = 10"));
      assertEquals(2, rows());
      assertEquals(
          1,
          s.executeUpdate(
              "COPY t FROM 'y;z'; CREATE TABLE u(a INT); INSERT INTO u SELECT * FROM t"));
      try (ResultSet r = s.executeQuery("SELECT COUNT(*) FROM u; COPY u FROM 'q'")) {
        assertTrue(r.next());
        assertEquals(3, r.getInt(1));
      }
      assertTrue(s.execute("SELECT 1; COPY u FROM 'q'"));
    }
    assertEquals(
        List.of("COPY t FROM 'x'", "COPY t FROM 'y;z'", "COPY u FROM 'q'", "COPY u FROM 'q'"),
        texts);
  }

  @Test
  void parametersCountThroughTheWholeText() throws SQLException {
    InputStream data = new ByteArrayInputStream(new byte[0]);
    String sql =
        "INSERT INTO t VALUES (?); CREATE TABLE u(a INT); COPY u FROM ?; INSERT INTO u VALUES (?), (?)";
    try (PreparedStatement s = c.prepareStatement(sql)) {
      assertEquals(4, s.getParameterMetaData().getParameterCount());
      s.setInt(1, 1);
      s.setBinaryStream(2, data);
      s.setInt(3, 3);
      s.setInt(4, 4);
      assertEquals(1, s.executeUpdate());
    }
    assertSame(data, parameters.get(0).get(0));
    try (Statement s = c.createStatement();
        ResultSet r = s.executeQuery("SELECT SUM(a) FROM u")) {
      r.next();
      assertEquals(7, r.getInt(1));
    }
  }

  @Test
  void objectsArriveUnread() throws SQLException, IOException {
    InputStream stream = new ByteArrayInputStream(new byte[] {1, 2, 3, 4});
    Reader reader = new StringReader("abcd");
    byte[] bytes = new byte[3 << 20];
    Path path = Path.of("a");
    File file = new File("b");
    try (PreparedStatement s = c.prepareStatement("COPY t FROM ?")) {
      s.setObject(1, stream);
      s.executeUpdate();
      s.setBinaryStream(1, stream);
      s.executeUpdate();
      s.setBlob(1, stream);
      s.executeUpdate();
      s.setAsciiStream(1, stream);
      s.executeUpdate();
      s.setObject(1, reader);
      s.executeUpdate();
      s.setCharacterStream(1, reader);
      s.executeUpdate();
      s.setClob(1, reader);
      s.executeUpdate();
      s.setNCharacterStream(1, reader);
      s.executeUpdate();
      s.setBytes(1, bytes);
      s.executeUpdate();
      s.setObject(1, path);
      s.executeUpdate();
      s.setObject(1, file);
      s.executeUpdate();
      s.setString(1, "p");
      s.executeUpdate();
      s.setNull(1, java.sql.Types.VARCHAR);
      s.executeUpdate();
      s.setBinaryStream(1, stream, 2);
      s.executeUpdate();
      s.setCharacterStream(1, reader, 9L);
      s.executeUpdate();
    }
    Object[] expected = {
      stream, stream, stream, stream, reader, reader, reader, reader, bytes, path, file, "p", null
    };
    for (int i = 0; i < expected.length; i++) {
      assertSame(expected[i], parameters.get(i).get(0), "parameter " + i);
    }
    assertArrayEquals(new byte[] {1, 2}, ((InputStream) parameters.get(13).get(0)).readAllBytes());
    Reader tooLong = (Reader) parameters.get(14).get(0);
    IOException e =
        assertThrows(IOException.class, () -> tooLong.transferTo(java.io.Writer.nullWriter()));
    assertTrue(e.getMessage().contains("4 of the 9 characters"), e.getMessage());
  }

  @Test
  void lobsOfH2BecomeStreams() throws SQLException, IOException {
    java.sql.Blob blob = c.createBlob();
    blob.setBytes(1, new byte[] {5, 6});
    try (PreparedStatement s = c.prepareStatement("COPY t FROM ?")) {
      s.setBlob(1, blob);
      behaviour =
          (session, sql, objects, cancel, settings, warnings) -> {
            try {
              return ((InputStream) objects.get(0)).readAllBytes().length;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          };
      assertEquals(2, s.executeUpdate());
    }
    try (PreparedStatement s = c.prepareCall("COPY t FROM ?")) {
      s.setBytes(1, new byte[] {5, 6, 7});
      behaviour =
          (session, sql, objects, cancel, settings, warnings) -> ((byte[]) objects.get(0)).length;
      assertEquals(3, s.executeUpdate());
    }
  }

  @Test
  void missingAndWrongParametersAreErrors() throws SQLException {
    try (PreparedStatement s = c.prepareStatement("COPY t FROM ?")) {
      assertEquals(90012, assertThrows(SQLException.class, s::executeUpdate).getErrorCode());
      s.setString(1, "x");
      s.clearParameters();
      assertEquals(90012, assertThrows(SQLException.class, s::executeUpdate).getErrorCode());
      assertEquals(
          90008, assertThrows(SQLException.class, () -> s.setString(2, "x")).getErrorCode());
      assertEquals(
          90008, assertThrows(SQLException.class, () -> s.setBinaryStream(0, null)).getErrorCode());
    }
    PreparedStatement closed = c.prepareStatement("COPY t FROM ?");
    closed.close();
    assertThrows(SQLException.class, () -> closed.setString(1, "x"));
    assertTrue(texts.isEmpty());
  }

  @Test
  void batchesTakeCopyAndStreams() throws SQLException {
    InputStream a = new ByteArrayInputStream(new byte[0]);
    InputStream b = new ByteArrayInputStream(new byte[0]);
    try (PreparedStatement s = c.prepareStatement("COPY t FROM ?")) {
      s.setBinaryStream(1, a);
      s.addBatch();
      s.setBinaryStream(1, b);
      s.addBatch();
      assertArrayEquals(new int[] {7, 7}, s.executeBatch());
      assertSame(a, parameters.get(0).get(0));
      assertSame(b, parameters.get(1).get(0));
    }
    try (Statement s = c.createStatement()) {
      s.addBatch("COPY t FROM 'x'");
      s.addBatch("INSERT INTO t VALUES (1)");
      s.addBatch("COPY t FROM 'y'; DELETE FROM t");
      assertArrayEquals(new long[] {7, 1, 7}, s.executeLargeBatch());
    }
    assertEquals(0, rows());
  }

  @Test
  void batchFailuresKeepTheirType() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, texts.size());
          if (objects.get(0).equals("bad")) {
            throw new CopyException(CopyErrorCode.BAD_COPY_FILE_FORMAT, "bad file");
          }
          return 1;
        };
    try (PreparedStatement s = c.prepareStatement("COPY t FROM ?")) {
      for (String path : new String[] {"a", "bad", "c"}) {
        s.setString(1, path);
        s.addBatch();
      }
      BatchUpdateException e = assertThrows(BatchUpdateException.class, s::executeBatch);
      assertArrayEquals(new int[] {1, Statement.EXECUTE_FAILED, 1}, e.getUpdateCounts());
      assertEquals("22P04", e.getSQLState());
      assertEquals("bad file", e.getNextException().getMessage());
    }
    assertEquals(2, rows());
  }

  @Test
  void errorsComeOutUnwrappedAndWithoutTheStatement() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, 1);
          throw new CopyException(CopyErrorCode.UNDEFINED_TABLE, "no such table");
        };
    try (Statement s = c.createStatement()) {
      for (String sql :
          new String[] {
            "COPY t FROM 's3cret'",
            "SELECT 1; COPY t FROM 's3cret'",
            "COPY t FROM 's3cret'; SELECT 1"
          }) {
        SQLException e = assertThrows(SQLException.class, () -> s.execute(sql));
        assertEquals(SQLSyntaxErrorException.class, e.getClass());
        assertEquals("42P01", e.getSQLState());
        assertEquals("no such table", e.getMessage());
      }
    }
    assertEquals(0, rows());
  }

  @Test
  void bugsAreInternalErrors() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          throw new IllegalStateException("oops");
        };
    try (Statement s = c.createStatement()) {
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY t FROM 'x'"));
      assertEquals("XX000", e.getSQLState());
      assertFalse(e.getMessage().contains("Exception"), e.getMessage());
    }
  }

  @Test
  void h2sOwnErrorsPassAsTheyAre() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, 1);
          insert(session, 1);
          return 2;
        };
    try (Statement s = c.createStatement()) {
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY t FROM 's3cret'"));
      assertEquals(23505, e.getErrorCode());
      assertFalse(e.getMessage().contains("s3cret"), e.getMessage());
    }
    assertEquals(0, rows());
  }

  @Test
  void copyIsPartOfTheTransaction() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, texts.size());
          return 1;
        };
    c.setAutoCommit(false);
    try (Statement s = c.createStatement()) {
      s.execute("COPY t FROM 'x'");
      Savepoint savepoint = c.setSavepoint();
      s.execute("COPY t FROM 'x'");
      assertEquals(2, rows());
      c.rollback(savepoint);
      assertEquals(1, rows());
      c.rollback();
      assertEquals(0, rows());
      s.execute("COPY t FROM 'x'");
      c.commit();
      c.rollback();
      assertEquals(1, rows());
    }
  }

  @Test
  void warningsAreThoseOfTheLatestExecution() throws SQLException {
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          warnings.accept(new SQLWarning("first", "00000"));
          warnings.accept(new SQLWarning("second", "00000"));
          return 1;
        };
    try (Statement s = c.createStatement();
        Statement other = c.createStatement();
        PreparedStatement p = c.prepareStatement("COPY t FROM 'x'")) {
      assertNull(s.getWarnings());
      s.execute("COPY t FROM 'x'");
      s.execute("COPY t FROM 'x'");
      assertWarnings(s.getWarnings());
      assertWarnings(c.getWarnings());
      assertNull(other.getWarnings());
      s.execute("SELECT 1");
      assertNull(s.getWarnings());
      p.executeUpdate();
      assertWarnings(p.getWarnings());
      p.clearWarnings();
      assertNull(p.getWarnings());
      assertWarnings(c.getWarnings());
      c.clearWarnings();
      assertNull(c.getWarnings());
    }
  }

  private static void assertWarnings(SQLWarning first) {
    assertEquals("first", first.getMessage());
    assertEquals("second", first.getNextWarning().getMessage());
    assertNull(first.getNextWarning().getNextWarning());
  }

  /** Blocks until the load is told to stop, as slices do. */
  private CountDownLatch blockUntilCancelled() {
    CountDownLatch started = new CountDownLatch(1);
    behaviour =
        (session, sql, objects, cancel, settings, warnings) -> {
          insert(session, 1);
          started.countDown();
          long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
          while (System.nanoTime() - end < 0) {
            cancel.check();
            Thread.onSpinWait();
          }
          return 1;
        };
    return started;
  }

  private SQLException failureAfter(Statement s, CountDownLatch started, Stop stop)
      throws Exception {
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      Future<SQLException> failure =
          thread.submit(
              () -> assertThrows(SQLException.class, () -> s.execute("/* a */ COPY t FROM 'x'")));
      assertTrue(started.await(5, TimeUnit.SECONDS));
      long before = System.nanoTime();
      stop.run();
      SQLException e = failure.get(5, TimeUnit.SECONDS);
      assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(1));
      return e;
    } finally {
      thread.shutdownNow();
    }
  }

  @FunctionalInterface
  private interface Stop {
    void run() throws SQLException;
  }

  @Test
  void statementCancelStopsACopy() throws Exception {
    try (Statement s = c.createStatement()) {
      SQLException e = failureAfter(s, blockUntilCancelled(), s::cancel);
      assertEquals("57014", e.getSQLState());
      assertEquals(SQLException.class, e.getClass());
      assertEquals(0, rows());
      behaviour = (session, sql, objects, cancel, settings, warnings) -> 3;
      assertEquals(3, s.executeUpdate("COPY t FROM 'x'"));
    }
  }

  @Test
  void cancelReachesTheCopyInAList() throws Exception {
    try (Statement s = c.createStatement()) {
      CountDownLatch started = blockUntilCancelled();
      ExecutorService thread = Executors.newSingleThreadExecutor();
      try {
        Future<SQLException> failure =
            thread.submit(
                () ->
                    assertThrows(
                        SQLException.class,
                        () -> s.execute("SELECT 1; COPY t FROM 'x'; SELECT 2")));
        assertTrue(started.await(5, TimeUnit.SECONDS));
        s.cancel();
        assertEquals("57014", failure.get(5, TimeUnit.SECONDS).getSQLState());
      } finally {
        thread.shutdownNow();
      }
    }
  }

  @Test
  void queryTimeoutStopsACopy() throws Exception {
    blockUntilCancelled();
    try (Statement s = c.createStatement()) {
      s.execute("SET QUERY_TIMEOUT 200");
      SQLException e = assertThrows(SQLException.class, () -> s.execute("COPY t FROM 'x'"));
      assertInstanceOf(SQLTimeoutException.class, e);
      assertEquals("57014", e.getSQLState());
      assertTrue(e.getMessage().contains("timeout"));
      assertEquals(0, rows());
    }
  }

  @Test
  void queryTimeoutOfTheStatementStopsACopy() throws Exception {
    blockUntilCancelled();
    try (PreparedStatement s = c.prepareStatement("COPY t FROM 'x'")) {
      s.setQueryTimeout(1);
      long before = System.nanoTime();
      assertThrows(SQLTimeoutException.class, s::executeUpdate);
      long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - before);
      assertTrue(millis >= 1000 && millis < 2000, millis + " ms");
      s.setQueryTimeout(0);
      behaviour = (session, sql, objects, cancel, settings, warnings) -> 4;
      assertEquals(4, s.executeUpdate());
    }
  }

  @Test
  void abortAndCloseStopACopy() throws Exception {
    try (Statement s = c.createStatement()) {
      SQLException e = failureAfter(s, blockUntilCancelled(), () -> c.abort(Runnable::run));
      assertEquals("57014", e.getSQLState());
    }
    assertTrue(c.isClosed());
    open();
    try (Statement s = c.createStatement()) {
      SQLException e = failureAfter(s, blockUntilCancelled(), c::close);
      assertEquals("57014", e.getSQLState());
    }
    assertThrows(NullPointerException.class, () -> c.abort(null));
  }

  @Test
  void otherSessionsCanCancel() throws Exception {
    c.close();
    c =
        new CopyJdbcConnection(
            "jdbc:h2:mem:others;DB_CLOSE_DELAY=0",
            new Properties(),
            CopyloadProperty.settings(Map.of()),
            (session, sql, objects, cancel, settings, warnings) ->
                behaviour.run(session, sql, objects, cancel, settings, warnings),
            null);
    int id;
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t(a INT PRIMARY KEY)");
      ResultSet call = s.executeQuery("CALL SESSION_ID()");
      call.next();
      id = call.getInt(1);
    }
    try (Connection other = java.sql.DriverManager.getConnection("jdbc:h2:mem:others");
        Statement s = c.createStatement();
        Statement o = other.createStatement()) {
      SQLException e =
          failureAfter(
              s,
              blockUntilCancelled(),
              () -> {
                try (ResultSet r =
                    o.executeQuery(
                        "SELECT EXECUTING_STATEMENT FROM INFORMATION_SCHEMA.SESSIONS WHERE SESSION_ID = "
                            + id)) {
                  r.next();
                  assertTrue(r.getString(1).contains("COPY t FROM '***'"), r.getString(1));
                }
                o.execute("CALL CANCEL_SESSION(" + id + ")");
              });
      assertEquals("57014", e.getSQLState());
    }
  }

  @Test
  void statementsUnwrapToH2() throws SQLException {
    try (Statement s = c.createStatement()) {
      assertSame(c, s.getConnection());
      assertNotNull(s.unwrap(JdbcStatement.class));
      assertSame(s, s.unwrap(Statement.class));
      assertFalse(s.isWrapperFor(String.class));
    }
    assertSame(c, c.unwrap(CopyJdbcConnection.class));
    assertTrue(c.isWrapperFor(Connection.class));
  }
}

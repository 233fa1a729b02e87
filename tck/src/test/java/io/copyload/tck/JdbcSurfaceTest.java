package io.copyload.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.BatchUpdateException;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every way in which {@code java.sql} lets a COPY in, and out again. */
@Timeout(60)
class JdbcSurfaceTest {
  private static final byte[] TWO_ROWS = "1,a\n2,b\n".getBytes(StandardCharsets.UTF_8);

  @TempDir Path work;
  private TckDatabase database;
  private Connection connection;
  private ExecutorService others;

  @BeforeEach
  void open() throws SQLException {
    database = TckDatabase.inMemory("", new Properties());
    connection = database.connect();
    others = Executors.newCachedThreadPool();
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, v VARCHAR)");
    }
  }

  @AfterEach
  void close() throws SQLException {
    others.shutdownNow();
    database.close();
  }

  private String file(String text) throws IOException {
    Path path = Files.createTempFile(work, "input", ".csv");
    return CaseRunner.quote(Files.writeString(path, text).toString());
  }

  private long count() throws SQLException {
    return count(connection);
  }

  private static long count(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      result.next();
      return result.getLong(1);
    }
  }

  // The driver itself

  @Test
  void leavesForeignUrlsToOthers() throws SQLException {
    Driver driver = DriverManager.getDriver(TckDatabase.prefix());
    assertNull(driver.connect("jdbc:other:x", new Properties()));
    assertFalse(driver.acceptsURL("jdbc:other:x"));
    assertTrue(driver.acceptsURL(TckDatabase.prefix() + "mem:x"));
  }

  @Test
  void saysWhatIsWrongWithItsOwnBrokenUrl() {
    for (String rest :
        List.of("mem:x;threads=many", "mem:x;memory=lots", "mem:x;dialect=klingon")) {
      String url = TckDatabase.prefix() + rest;
      SQLException e = assertThrows(SQLException.class, () -> DriverManager.getConnection(url));
      String name = rest.substring(rest.indexOf(';') + 1, rest.indexOf('='));
      assertTrue(
          e.getMessage().toLowerCase(Locale.ROOT).contains(name), url + ": " + e.getMessage());
    }
  }

  @Test
  void listsItsProperties() throws SQLException {
    Driver driver = DriverManager.getDriver(TckDatabase.prefix());
    DriverPropertyInfo[] all =
        driver.getPropertyInfo(TckDatabase.prefix() + "mem:x", new Properties());
    List<String> names = Arrays.stream(all).map(info -> info.name).toList();
    assertTrue(names.containsAll(List.of("threads", "memory", "dialect")), names.toString());
    for (DriverPropertyInfo info : all) {
      assertNotNull(info.description, info.name);
    }
  }

  @Test
  void takesPropertiesFromUrlAndProperties() throws SQLException {
    String url = TckDatabase.prefix() + "mem:tck_surface_properties;threads=1;LOCK_TIMEOUT=77";
    Properties properties = new Properties();
    properties.setProperty("user", "sa");
    properties.setProperty("password", "");
    properties.setProperty("memory", "64MB");
    try (Connection other = DriverManager.getConnection(url, properties);
        Statement statement = other.createStatement();
        ResultSet result = statement.executeQuery("CALL LOCK_TIMEOUT()")) {
      result.next();
      assertEquals(77, result.getInt(1));
    }
  }

  @Test
  void keepsPrivateMemoryDatabasesApart() throws SQLException {
    try (Connection one = DriverManager.getConnection(TckDatabase.prefix(), "sa", "");
        Connection two = DriverManager.getConnection(TckDatabase.prefix(), "sa", "");
        Statement statement = one.createStatement();
        Statement otherStatement = two.createStatement()) {
      statement.execute("CREATE TABLE only_one (id INTEGER)");
      assertThrows(SQLException.class, () -> otherStatement.execute("SELECT * FROM only_one"));
    }
  }

  @Test
  void isH2ForToolsThatAsk() throws SQLException {
    assertEquals("H2", connection.getMetaData().getDatabaseProductName());
    try (ResultSet tables = connection.getMetaData().getTables(null, "PUBLIC", "T", null)) {
      assertTrue(tables.next());
      assertEquals("T", tables.getString("TABLE_NAME"));
    }
    assertTrue(connection.isValid(1));
  }

  // Statement

  @Test
  void executeGivesTheUpdateCount() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      assertFalse(statement.execute("COPY t FROM " + file("1,a\n2,b\n") + " CSV"));
      assertEquals(2, statement.getUpdateCount());
      assertNull(statement.getResultSet());
      assertFalse(statement.getMoreResults());
      assertEquals(-1, statement.getUpdateCount());
    }
    assertEquals(2, count());
  }

  @Test
  void executeUpdateAndLargeUpdateGiveTheRows() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      assertEquals(2, statement.executeUpdate("COPY t FROM " + file("1,a\n2,b\n") + " CSV"));
      assertEquals(1L, statement.executeLargeUpdate("COPY t FROM " + file("3,c\n") + " CSV"));
      assertEquals(0, statement.executeUpdate("COPY t FROM " + file("") + " CSV"));
    }
    assertEquals(3, count());
  }

  @Test
  void executeQueryRefusesCopy() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      String copy = "COPY t FROM " + file("1,a\n") + " CSV";
      assertThrows(SQLException.class, () -> statement.executeQuery(copy));
    }
  }

  @Test
  void statementBatchMixesCopyWithOthers() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("INSERT INTO t VALUES (10, 'x')");
      statement.addBatch("COPY t FROM " + file("1,a\n2,b\n") + " CSV");
      statement.addBatch("DELETE FROM t WHERE id > 1");
      assertArrayEquals(new int[] {1, 2, 2}, statement.executeBatch());
    }
    assertEquals(1, count());
  }

  @Test
  void statementBatchReportsTheCopyThatFailed() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("COPY t FROM " + file("1,a\n") + " CSV");
      statement.addBatch("COPY t FROM " + file("x,b\n") + " CSV");
      BatchUpdateException e =
          assertThrows(BatchUpdateException.class, () -> statement.executeBatch());
      assertEquals(1, e.getUpdateCounts()[0]);
      assertEquals("22P02", e.getSQLState());
    }
    assertEquals(1, count());
  }

  @Test
  void oneStringMayHoldSeveralStatements() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO t VALUES (10, 'x;y'); COPY t FROM "
              + file("1,a\n2,b\n")
              + " CSV DELIMITER ','; -- COPY t FROM 'no'\n DELETE FROM t WHERE v = 'x;y'");
      assertEquals(2, count());
      statement.execute(
          "COPY t FROM " + file("3,c\n") + " CSV; COPY t FROM " + file("4,d\n") + " CSV;");
    }
    assertEquals(4, count());
  }

  @Test
  void aFailedCopyLeavesTheStatementUsable() throws SQLException, IOException {
    try (Statement statement = connection.createStatement()) {
      String bad = "COPY t FROM " + file("x,a\n") + " CSV";
      SQLException e = assertThrows(SQLException.class, () -> statement.execute(bad));
      assertEquals("22P02", e.getSQLState());
      assertFalse(e.getMessage().contains("io.copyload"), e.getMessage());
      assertEquals(1, statement.executeUpdate("COPY t FROM " + file("1,a\n") + " CSV"));
    }
  }

  // PreparedStatement

  @Test
  void aParameterTakesEveryKindOfInput() throws SQLException, IOException {
    Path path = Files.write(work.resolve("input.csv"), TWO_ROWS);
    String text = new String(TWO_ROWS, StandardCharsets.UTF_8);
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? (FORMAT csv)");
        Statement statement = connection.createStatement()) {
      Object[] values = {
        new ByteArrayInputStream(TWO_ROWS),
        new StringReader(text),
        TWO_ROWS,
        text,
        path,
        path.toFile()
      };
      for (Object value : values) {
        copy.setObject(1, value);
        assertEquals(2, copy.executeUpdate(), value.getClass().getName());
        statement.execute("DELETE FROM t");
      }
      copy.setBinaryStream(1, new ByteArrayInputStream(TWO_ROWS));
      assertEquals(2, copy.executeLargeUpdate());
      statement.execute("DELETE FROM t");
      copy.setBinaryStream(1, new ByteArrayInputStream(TWO_ROWS), TWO_ROWS.length);
      assertFalse(copy.execute());
      assertEquals(2, copy.getUpdateCount());
      statement.execute("DELETE FROM t");
      copy.setCharacterStream(1, new StringReader(text));
      assertEquals(2, copy.executeUpdate());
      statement.execute("DELETE FROM t");
      copy.setBytes(1, TWO_ROWS);
      assertEquals(2, copy.executeUpdate());
    }
  }

  @Test
  void aMissingParameterIsAnError() throws SQLException {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      SQLException e = assertThrows(SQLException.class, copy::executeUpdate);
      assertNotNull(e.getSQLState());
    }
  }

  @Test
  void preparedBatchTakesOneInputEach() throws SQLException {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setBinaryStream(1, new ByteArrayInputStream(TWO_ROWS));
      copy.addBatch();
      copy.setObject(1, "3,c\n".getBytes(StandardCharsets.UTF_8));
      copy.addBatch();
      assertArrayEquals(new int[] {2, 1}, copy.executeBatch());
    }
    assertEquals(3, count());
  }

  @Test
  void preparedAndCallableCopyWithoutParameter() throws SQLException, IOException {
    try (PreparedStatement copy =
        connection.prepareStatement("COPY t FROM " + file("1,a\n") + " CSV")) {
      assertEquals(1, copy.executeUpdate());
    }
    try (CallableStatement copy = connection.prepareCall("COPY t FROM " + file("2,b\n") + " CSV")) {
      assertEquals(1, copy.executeUpdate());
    }
    assertEquals(2, count());
  }

  @Test
  void aStreamThatBreaksUndoesTheLoad() throws SQLException {
    InputStream broken =
        new RowStream(1000) {
          @Override
          void afterLastRow() throws IOException {
            throw new IOException("the cable was cut");
          }
        };
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setBinaryStream(1, broken);
      SQLException e = assertThrows(SQLException.class, copy::executeUpdate);
      assertTrue(e.getMessage().contains("the cable was cut"), e.getMessage());
      assertEquals("58030", e.getSQLState());
    }
    assertEquals(0, count());
  }

  // Warnings

  @Test
  void rejectsBecomeWarnings() throws SQLException, IOException {
    Properties redshift = new Properties();
    redshift.setProperty("dialect", "redshift");
    try (TckDatabase own = TckDatabase.inMemory("", redshift);
        Connection other = own.connect();
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE t (id INTEGER, v VARCHAR)");
      statement.execute("COPY t FROM " + file("1,a\nx,b\n") + " CSV MAXERROR 5");
      assertNotNull(statement.getWarnings());
      statement.clearWarnings();
      assertNull(statement.getWarnings());
      assertEquals(1, count(other));
    }
  }

  // Cancel

  /** Rows without end, until the stream is closed or its reader interrupted. */
  private static class RowStream extends InputStream {
    final CountDownLatch wasRead = new CountDownLatch(1);
    private final long rowCount;
    private long row;
    private byte[] current = new byte[0];
    private int at;
    private volatile boolean closed;

    RowStream(long rowCount) {
      this.rowCount = rowCount;
    }

    void afterLastRow() throws IOException {}

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      wasRead.countDown();
      if (closed) {
        throw new IOException("closed");
      }
      int done = 0;
      while (done < length) {
        if (at == current.length) {
          if (row == rowCount) {
            if (done == 0) {
              afterLastRow();
            }
            return done == 0 ? -1 : done;
          }
          row++;
          current = (row + ",value " + row + "\n").getBytes(StandardCharsets.UTF_8);
          at = 0;
        }
        int step = Math.min(length - done, current.length - at);
        System.arraycopy(current, at, target, offset + done, step);
        at += step;
        done += step;
      }
      return done;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** A stream that gives a few rows and then nothing, as a network that hangs. */
  private static final class HangingStream extends RowStream {
    private final CountDownLatch hangs = new CountDownLatch(1);

    HangingStream() {
      super(10);
    }

    @Override
    void afterLastRow() throws IOException {
      hangs.countDown();
      try {
        new CountDownLatch(1).await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }

  private Future<SQLException> startCopy(PreparedStatement copy, InputStream input)
      throws SQLException {
    copy.setBinaryStream(1, input);
    return others.submit(
        () -> {
          try {
            copy.executeUpdate();
            return null;
          } catch (SQLException e) {
            return e;
          }
        });
  }

  private static SQLException within(long millis, Future<SQLException> future, long since)
      throws Exception {
    SQLException e;
    try {
      e = future.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException failure) {
      throw new AssertionError(failure.getCause());
    }
    long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
    assertNotNull(e, "the COPY must fail");
    assertTrue(took < millis, "took " + took + " ms");
    return e;
  }

  @Test
  void cancelStopsACopyWithinASecond() throws Exception {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      RowStream endless = new RowStream(Long.MAX_VALUE);
      Future<SQLException> running = startCopy(copy, endless);
      assertTrue(endless.wasRead.await(10, TimeUnit.SECONDS));
      long since = System.nanoTime();
      copy.cancel();
      SQLException e = within(1000, running, since);
      assertEquals("57014", e.getSQLState(), e.getMessage());
    }
    assertEquals(0, count());
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setObject(1, TWO_ROWS);
      assertEquals(2, copy.executeUpdate());
    }
  }

  @Test
  void cancelStopsACopyWhoseStreamHangs() throws Exception {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      HangingStream hanging = new HangingStream();
      Future<SQLException> running = startCopy(copy, hanging);
      assertTrue(hanging.hangs.await(10, TimeUnit.SECONDS));
      long since = System.nanoTime();
      copy.cancel();
      SQLException e = within(1000, running, since);
      assertEquals("57014", e.getSQLState(), e.getMessage());
    }
    assertEquals(0, count());
  }

  @Test
  void cancelInATransactionUndoesOnlyTheCopy() throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("INSERT INTO t VALUES (-1, 'before')");
    }
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      RowStream endless = new RowStream(Long.MAX_VALUE);
      Future<SQLException> running = startCopy(copy, endless);
      assertTrue(endless.wasRead.await(10, TimeUnit.SECONDS));
      copy.cancel();
      within(1000, running, System.nanoTime());
    }
    connection.commit();
    assertEquals(1, count());
  }

  @Test
  void queryTimeoutStopsACopy() throws Exception {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setQueryTimeout(1);
      copy.setBinaryStream(1, new RowStream(Long.MAX_VALUE));
      long since = System.nanoTime();
      SQLException e = assertThrows(SQLException.class, copy::executeUpdate);
      long took = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - since);
      assertTrue(took >= 900 && took < 2000, "took " + took + " ms");
      assertEquals("57014", e.getSQLState(), e.getMessage());
      assertInstanceOf(SQLTimeoutException.class, e);
    }
    assertEquals(0, count());
  }

  @Test
  void abortStopsACopy() throws Exception {
    try (Connection other = database.connect();
        PreparedStatement copy = other.prepareStatement("COPY t FROM ? CSV")) {
      RowStream endless = new RowStream(Long.MAX_VALUE);
      Future<SQLException> running = startCopy(copy, endless);
      assertTrue(endless.wasRead.await(10, TimeUnit.SECONDS));
      long since = System.nanoTime();
      other.abort(others);
      within(1000, running, since);
      others.shutdown();
      assertTrue(others.awaitTermination(5, TimeUnit.SECONDS));
      assertTrue(other.isClosed());
    }
    assertEquals(0, count());
    try (Statement statement = connection.createStatement()) {
      assertEquals(1, statement.executeUpdate("INSERT INTO t VALUES (1, 'free')"));
    }
  }

  @Test
  void cancelOfAFinishedCopyDoesNothing() throws SQLException {
    try (PreparedStatement copy = connection.prepareStatement("COPY t FROM ? CSV")) {
      copy.setObject(1, TWO_ROWS);
      assertEquals(2, copy.executeUpdate());
      copy.cancel();
    }
    assertEquals(2, count());
  }
}

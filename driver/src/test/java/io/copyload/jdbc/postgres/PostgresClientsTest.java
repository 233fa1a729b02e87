package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.Reader;
import java.io.StringReader;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.QueryExecutor;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * How the clients of PostgreSQL's COPY API find it and what they send: Flyway, DBeaver, Liquibase,
 * PgBulkInsert, TPC-H loaders, and plain application code; and the rest of the surface that a
 * connection shows to them.
 */
class PostgresClientsTest extends CopyApiFixture {
  @Test
  void everyWayToTheConnection() throws Exception {
    assertTrue(connection.isWrapperFor(PGConnection.class));
    assertTrue(connection.isWrapperFor(BaseConnection.class));
    assertFalse(connection.isWrapperFor(org.postgresql.jdbc.PgConnection.class));
    assertSame(connection, connection.unwrap(PGConnection.class));
    assertSame(connection, connection.unwrap(BaseConnection.class));
    assertInstanceOf(BaseConnection.class, connection.unwrap(PGConnection.class));
    assertThrows(
        SQLException.class, () -> connection.unwrap(org.postgresql.jdbc.PgConnection.class));
    try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
      assertSame(connection, statement.getConnection());
    }
  }

  /** Flyway: by reflection, with the class loader of the connection's class. */
  @Test
  void flyway() throws Exception {
    ClassLoader loader = connection.getClass().getClassLoader();
    Class<?> base = Class.forName("org.postgresql.core.BaseConnection", true, loader);
    Object unwrapped = connection.unwrap(base);
    Object copies =
        Class.forName("org.postgresql.copy.CopyManager", true, loader)
            .getConstructor(base)
            .newInstance(unwrapped);
    long rows =
        (long)
            copies
                .getClass()
                .getMethod("copyIn", String.class, Reader.class)
                .invoke(copies, "COPY t (a, b) FROM STDIN", new StringReader("1\tx\n2\t\\N\n"));
    assertEquals(2, rows);
  }

  /** DBeaver: the raw connection, backslash as escape, in the transaction of the user. */
  @Test
  void dbeaver() throws Exception {
    connection.setAutoCommit(false);
    CopyManager copies =
        CopyManager.class.getConstructor(BaseConnection.class).newInstance(connection);
    String csv = "1,\"a \\\"quoted\\\" \\\\ text\"\n2,\n";
    assertEquals(
        2,
        copies.copyIn(
            "COPY PUBLIC.T FROM STDIN (FORMAT CSV, ESCAPE '\\')", new StringReader(csv), 102400));
    connection.commit();
    assertEquals("a \"quoted\" \\ text", value("SELECT b FROM t WHERE a = 1"));
  }

  /** Liquibase: whatever connection the prepared statement names. */
  @Test
  void liquibase() throws Exception {
    try (PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
      Connection con = statement.getConnection();
      assertInstanceOf(BaseConnection.class, con);
      assertEquals(
          1,
          new CopyManager((BaseConnection) con)
              .copyIn(
                  "COPY \"PUBLIC\".T FROM STDIN",
                  new ByteArrayInputStream("1\tx\n".getBytes(UTF_8))));
    }
  }

  /** PgBulkInsert: binary, the old keyword, a stream with a buffer of one byte under another. */
  @Test
  void pgBulkInsert() throws Exception {
    execute(
        "CREATE TABLE bulk(b BOOLEAN, s SMALLINT, i INT, l BIGINT, r REAL, d DOUBLE PRECISION,"
            + " v VARCHAR, y VARBINARY, u UUID, born DATE, at TIMESTAMP)");
    UUID uuid = UUID.fromString("00112233-4455-6677-8899-aabbccddeeff");
    LocalDate day = LocalDate.of(2024, 2, 29);
    long days = ChronoUnit.DAYS.between(LocalDate.of(2000, 1, 1), day);
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                new PGCopyOutputStream(
                    pg(), "COPY bulk(b, s, i, l, r, d, v, y, u, born, at) FROM STDIN BINARY", 1),
                65536))) {
      out.write("PGCOPY\n\377\r\n\0".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
      out.writeInt(0);
      out.writeInt(0);
      for (int row = 0; row < 1000; row++) {
        out.writeShort(11);
        out.writeInt(1);
        out.writeByte(row % 2);
        out.writeInt(2);
        out.writeShort(row);
        out.writeInt(4);
        out.writeInt(-row);
        out.writeInt(8);
        out.writeLong(row * 1_000_000_000_000L);
        out.writeInt(4);
        out.writeFloat(row + 0.5f);
        out.writeInt(8);
        out.writeDouble(row / 4.0);
        byte[] text = ("text \u00e4 " + row).getBytes(UTF_8);
        out.writeInt(text.length);
        out.write(text);
        out.writeInt(3);
        out.write(new byte[] {0, 1, (byte) row});
        out.writeInt(16);
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
        out.writeInt(4);
        out.writeInt((int) days);
        if (row == 7) {
          out.writeInt(-1);
        } else {
          out.writeInt(8);
          out.writeLong(days * 86_400_000_000L + row);
        }
      }
      out.writeShort(-1);
    }
    assertEquals("1000", value("SELECT COUNT(*) FROM bulk WHERE u = '" + uuid + "'"));
    assertEquals("1", value("SELECT COUNT(*) FROM bulk WHERE at IS NULL"));
    assertEquals("2024-02-29 00:00:00.000999", value("SELECT at FROM bulk WHERE s = 999"));
    assertEquals("text \u00e4 5", value("SELECT v FROM bulk WHERE i = -5 AND b AND d = 1.25"));
  }

  /** Through a pool: a proxy that only passes calls on. */
  @Test
  void behindAPool() throws Exception {
    Connection pooled =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> method.invoke(connection, arguments));
    assertFalse(pooled instanceof PGConnection);
    assertTrue(pooled.isWrapperFor(PGConnection.class));
    CopyManager copies = pooled.unwrap(PGConnection.class).getCopyAPI();
    assertEquals(1, copies.copyIn("COPY t FROM STDIN", new StringReader("1\tx\n")));
    copies = new CopyManager(pooled.unwrap(BaseConnection.class));
    assertEquals(1, copies.copyIn("COPY t FROM STDIN", new StringReader("1\tx\n")));
  }

  /** A TPC-H loader: a bar as delimiter, the trailing one taken away by the client's own stream. */
  @Test
  void tpchLoader() throws Exception {
    execute("CREATE TABLE region(r_regionkey INT, r_name CHAR(25), r_comment VARCHAR(152))");
    byte[] dbgen = "0|AFRICA|lar deposits|\n1|AMERICA|hs use|\n".getBytes(UTF_8);
    ByteArrayOutputStream stripped = new ByteArrayOutputStream();
    for (int i = 0; i < dbgen.length; i++) {
      if (dbgen[i] != '|' || dbgen[i + 1] != '\n') {
        stripped.write(dbgen[i]);
      }
    }
    assertEquals(
        2,
        manager.copyIn(
            "COPY region FROM stdin WITH (DELIMITER '|');",
            new ByteArrayInputStream(stripped.toByteArray())));
  }

  @Test
  void whatTheConnectionSaysToClients() throws Exception {
    PGConnection pg = pg();
    assertEquals(0, pg.getNotifications().length);
    assertEquals(0, pg.getNotifications(1).length);
    assertTrue(pg.getBackendPID() > 0);
    assertEquals(pg.getBackendPID(), pg.getBackendPID());
    assertEquals("\"a\"\"b\"", pg.escapeIdentifier("a\"b"));
    assertEquals("a''b", pg.escapeLiteral("a'b"));
    assertThrows(SQLException.class, () -> pg.escapeIdentifier("a\0b"));
    assertEquals(PreferQueryMode.SIMPLE, pg.getPreferQueryMode());
    assertEquals(0, pg.getPrepareThreshold());
    for (String name :
        new String[] {
          "server_version",
          "server_encoding",
          "client_encoding",
          "DateStyle",
          "IntervalStyle",
          "TimeZone",
          "standard_conforming_strings",
          "integer_datetimes"
        }) {
      assertNotNull(pg.getParameterStatus(name), name);
    }
    assertEquals("UTF8", pg.getParameterStatuses().get("server_encoding"));
    pg.cancelQuery();
    assertUsable(0);
  }

  @Test
  void whatMakesNoSenseHereIsRefusedByName() throws Exception {
    assertEquals(
        "0A000",
        assertThrows(SQLFeatureNotSupportedException.class, () -> pg().getLargeObjectAPI())
            .getSQLState());
    assertThrows(UnsupportedOperationException.class, () -> pg().getReplicationAPI());
    QueryExecutor executor = ((BaseConnection) connection).getQueryExecutor();
    assertSame(executor, ((BaseConnection) connection).getQueryExecutor());
    assertThrows(SQLFeatureNotSupportedException.class, executor::getNotifications);
    assertEquals(executor, executor);
    assertFalse(executor.isClosed());
  }

  /** In pgjdbc's CopyTest: a first line without its first bytes. */
  @Test
  void skipping() throws Exception {
    byte[] data = "12\tabc\n2\tde\n".getBytes(UTF_8);
    int total = 0;
    for (int skip = 0; skip < 8; skip++) {
      ByteArrayInputStream in = new ByteArrayInputStream(data, skip, data.length - skip);
      if (skip < 2 || skip == 7) {
        total += (int) manager.copyIn("COPY t FROM STDIN", in);
      } else {
        // The number is gone, and then the delimiter.
        fails("22P02", () -> manager.copyIn("COPY t FROM STDIN", in));
      }
      assertEquals(total, rows());
    }
  }

  /** In pgjdbc's CopyTest: the text format is canonical, so that it comes back as it was. */
  @Test
  void textComesBackAsItWas() throws Exception {
    execute("CREATE TABLE copytest(stringvalue VARCHAR, intvalue INT, numvalue NUMERIC(5, 2))");
    String text = "First Row\t1\t1.10\nSecond Row\t2\t-22.20\n\\N\t\\N\t\\N\n\t4\t444.40\n";
    assertEquals(4, manager.copyIn("COPY copytest FROM STDIN", new StringReader(text)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertEquals(4, manager.copyOut("COPY copytest TO STDOUT", out));
    assertEquals(text, out.toString(UTF_8));
  }

  /** In pgjdbc's CopyTest: a wrong option after SET, in a transaction of another isolation. */
  @Test
  void anErrorAfterOtherStatements() throws Exception {
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setAutoCommit(false);
    execute("INSERT INTO t VALUES (1, 'x')");
    fails("42601", () -> manager.copyIn("COPY t FROM STDIN with xxx (format 'csv')"));
    connection.rollback();
    connection.setAutoCommit(true);
    assertUsable(0);
  }
}

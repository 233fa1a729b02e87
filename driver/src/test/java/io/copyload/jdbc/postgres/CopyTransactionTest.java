package io.copyload.jdbc.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** COPY operations in transactions: a test for each situation. */
class CopyTransactionTest extends CopyApiFixture {
  private Connection other;

  @Override
  @BeforeEach
  void open() throws SQLException {
    connection = DriverManager.getConnection("jdbc:copyload:mem:copy_transactions");
    execute("CREATE TABLE t(a INT, b VARCHAR)");
    manager = connection.unwrap(PGConnection.class).getCopyAPI();
    other = DriverManager.getConnection("jdbc:copyload:mem:copy_transactions");
  }

  @Override
  @AfterEach
  void close() throws SQLException {
    other.close();
    super.close();
  }

  private int othersRows() throws SQLException {
    try (Statement statement = other.createStatement();
        ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
      result.next();
      return result.getInt(1);
    }
  }

  @Test
  void withAutocommitEachCopyIsItsOwnTransaction() throws Exception {
    load("1\tx\n");
    assertEquals(1, othersRows());
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "2\ty\n");
    copy.flushCopy();
    assertEquals(1, othersRows());
    copy.endCopy();
    assertEquals(2, othersRows());
    assertTrue(connection.getAutoCommit());
  }

  @Test
  void withoutAutocommitRowsAreSeenAfterCommit() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    assertEquals(1, rows());
    assertEquals(0, othersRows());
    connection.commit();
    assertEquals(1, othersRows());
  }

  @Test
  void rollbackRemovesThem() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    connection.rollback();
    assertEquals(0, rows());
    assertEquals(0, othersRows());
  }

  /** PostgreSQL aborts the transaction (25P02); here the COPY alone is undone. */
  @Test
  void aFailedCopyWithoutAutocommitLeavesTheTransactionUsable() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    fails("22P02", () -> load("2\ty\nbad\tz\n"));
    assertEquals(1, rows());
    load("3\tz\n");
    connection.commit();
    assertEquals(2, othersRows());
    fails("22P02", () -> load("bad\tz\n"));
    connection.rollback();
    assertEquals(2, rows());
  }

  /** PostgreSQL aborts the transaction here, too. */
  @Test
  void cancelWithoutAutocommitLeavesTheTransactionUsable() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "2\ty\n");
    copy.cancelCopy();
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals(1, rows());
    connection.commit();
    assertEquals(1, othersRows());
  }

  @Test
  void rollbackToASavepointUndoesTheCopy() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    Savepoint savepoint = connection.setSavepoint();
    load("2\ty\n");
    connection.rollback(savepoint);
    connection.commit();
    assertEquals(1, othersRows());
    assertFalse(connection.getAutoCommit());
  }

  @Test
  void readOnlyRefusesCopyFromAndAllowsCopyTo() throws Exception {
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    SQLException e = fails("25006", () -> load("1\tx\n"));
    assertEquals("ERROR: cannot execute COPY FROM in a read-only transaction", e.getMessage());
    fails("25006", () -> execute("COPY t FROM STDIN;\n1\tx\n\\.\n"));
    assertEquals(0, manager.copyOut("COPY t TO STDOUT", new java.io.StringWriter()));
    connection.rollback();
    connection.setReadOnly(false);
    assertEquals(1, load("1\tx\n"));
    connection.commit();
    assertUsable(1);
  }

  @Test
  void copyOutSeesItsOwnTransaction() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    java.io.StringWriter out = new java.io.StringWriter();
    assertEquals(1, manager.copyOut("COPY t TO STDOUT", out));
    assertEquals("1\tx\n", out.toString());
    try (Connection third = DriverManager.getConnection("jdbc:copyload:mem:copy_transactions")) {
      assertEquals(
          0,
          third
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY t TO STDOUT", new java.io.StringWriter()));
    }
    connection.rollback();
  }

  @Test
  void closingTheConnectionInATransactionUndoesTheCopies() throws Exception {
    connection.setAutoCommit(false);
    load("1\tx\n");
    CopyIn copy = manager.copyIn("COPY t FROM STDIN");
    write(copy, "2\ty\n");
    connection.close();
    assertEquals(0, othersRows());
    manager = ((PGConnection) other).getCopyAPI();
    assertEquals(1, manager.copyIn("COPY t FROM STDIN", new StringReader("3\tz\n")));
  }
}

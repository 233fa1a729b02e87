package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.CopyOut;
import org.postgresql.util.PSQLException;

/** From the start of a {@code CopyIn} or {@code CopyOut} to its end: a test for each action. */
class CopyLifeCycleTest extends CopyApiFixture {
  private static final String SQL = "COPY t FROM STDIN";
  private static final String ENDLESS = "COPY (SELECT x FROM SYSTEM_RANGE(1, 100000000)) TO STDOUT";

  @Test
  void fresh() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    assertTrue(copy.isActive());
    assertEquals(2, copy.getFieldCount());
    assertEquals(0, copy.getFormat());
    assertEquals(0, copy.getFieldFormat(0));
    assertEquals(0, copy.getFieldFormat(1));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> copy.getFieldFormat(2));
    assertThrows(ArrayIndexOutOfBoundsException.class, () -> copy.getFieldFormat(-1));
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals(0, copy.endCopy());
  }

  @Test
  void fieldsAreThoseOfTheList() throws Exception {
    CopyIn one = manager.copyIn("COPY t(b) FROM STDIN CSV");
    assertEquals(1, one.getFieldCount());
    assertEquals(0, one.getFormat());
    one.cancelCopy();
    CopyIn binary = manager.copyIn("COPY t FROM STDIN (FORMAT binary)");
    assertEquals(1, binary.getFormat());
    assertEquals(1, binary.getFieldFormat(1));
    binary.cancelCopy();
    CopyOut query = manager.copyOut("COPY (SELECT a, b, 1 FROM t) TO STDOUT");
    assertEquals(3, query.getFieldCount());
    query.cancelCopy();
  }

  @Test
  void end() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "1\tx\n2\ty\n");
    assertEquals(2, copy.endCopy());
    assertEquals(2, copy.getHandledRowCount());
    assertFalse(copy.isActive());
  }

  @Test
  void endAgainOrAfterCancel() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    copy.endCopy();
    fails("55000", "Tried to end inactive copy", copy::endCopy);
    CopyIn cancelled = manager.copyIn(SQL);
    cancelled.cancelCopy();
    fails("55000", "Tried to end inactive copy", cancelled::endCopy);
    assertEquals(-1, cancelled.getHandledRowCount());
  }

  @Test
  void cancelWhenInactive() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "1\tx\n");
    copy.endCopy();
    fails("55000", "Tried to cancel an inactive copy operation", copy::cancelCopy);
    assertEquals(1, copy.getHandledRowCount());
    assertUsable(1);
  }

  @Test
  void writeAndFlushWhenInactive() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    copy.endCopy();
    String text = "Tried to write to an inactive copy operation";
    fails("55000", text, () -> copy.writeToCopy(new byte[1], 0, 1));
    fails("55000", text, () -> copy.writeToCopy(org.postgresql.util.ByteStreamWriter.of()));
    fails("55000", text, copy::flushCopy);
  }

  @Test
  void cancelActive() throws Exception {
    load("1\tx\n");
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "2\ty\n3\tz");
    copy.flushCopy();
    copy.cancelCopy();
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    assertUsable(1);
  }

  @Test
  void badDataThenFlushAndMoreWrites() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "bad\tx\n");
    copy.flushCopy();
    // Ours may say it at a later write; the first to be told gets the original error.
    SQLException told =
        assertThrows(
            SQLException.class,
            () -> {
              for (int i = 0; i < 1000; i++) {
                write(copy, "1\tx\n");
              }
              copy.endCopy();
            });
    assertEquals("22P02", told.getSQLState());
    assertTrue(told.getMessage().endsWith("Where: COPY t, line 1, column a: \"bad\""));
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    fails("55000", copy::endCopy);
    assertUsable(0);
  }

  @Test
  void onlyTheWindowIsWritten() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    byte[] bytes = "zz1\tx\nzz".getBytes(UTF_8);
    copy.writeToCopy(bytes, 2, 4);
    copy.writeToCopy(bytes, 8, 0);
    assertEquals(1, copy.endCopy());
    assertEquals("x", value("SELECT b FROM t"));
  }

  @Test
  void aRangePastTheArray() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    byte[] bytes = "1\ta\n".getBytes(UTF_8);
    int max = Integer.MAX_VALUE;
    for (int[] range :
        new int[][] {{0, 5}, {-1, 1}, {5, 0}, {3, 2}, {0, -1}, {max, 1}, {1, max}, {max, max}}) {
      RuntimeException e =
          assertThrows(RuntimeException.class, () -> copy.writeToCopy(bytes, range[0], range[1]));
      assertSame(IndexOutOfBoundsException.class, e.getClass());
    }
    assertThrows(NullPointerException.class, () -> copy.writeToCopy(null, 0, 0));
    assertTrue(copy.isActive());
    copy.writeToCopy(bytes, 0, 4);
    assertEquals(1, copy.endCopy());
  }

  @Test
  void connectionClosedDuringCopy() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "1\tx\n");
    connection.close();
    fails("08006", "Database connection failed when ending copy", copy::endCopy);
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
  }

  @Test
  void connectionClosedDuringCopyThenWrites() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    connection.close();
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> {
              for (int i = 0; i < 10_000_000; i++) {
                write(copy, "1\tx\n");
              }
            });
    assertEquals("08006", e.getSQLState());
    assertFalse(copy.isActive());
  }

  @Test
  void connectionClosedDuringCopyOut() throws Exception {
    CopyOut copy = manager.copyOut(ENDLESS);
    copy.readFromCopy();
    connection.close();
    SQLException e =
        assertThrows(
            SQLException.class,
            () -> {
              while (copy.readFromCopy() != null) {
                // What is there already may still be read.
              }
            });
    assertEquals("08006", e.getSQLState());
    assertFalse(copy.isActive());
  }

  @Test
  void abortDuringCopy() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    connection.abort(Runnable::run);
    fails("08006", copy::endCopy);
    assertFalse(copy.isActive());
  }

  @Test
  void anotherStatementFromTheSameThreadIsRefused() throws Exception {
    Statement before = connection.createStatement();
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "1\tx\n");
    fails("55006", () -> before.executeQuery("SELECT 1"));
    fails("55006", () -> connection.createStatement());
    fails("55006", () -> connection.prepareStatement("SELECT 1"));
    fails("55006", () -> connection.setAutoCommit(false));
    fails("55006", () -> connection.commit());
    fails("55006", () -> connection.rollback());
    fails("55006", () -> connection.setSavepoint());
    fails("55006", () -> manager.copyIn(SQL));
    fails("55006", () -> manager.copyOut("COPY t TO STDOUT"));
    assertTrue(connection.isValid(1));
    assertTrue(copy.isActive());
    assertEquals(1, copy.endCopy());
    before.close();
    assertUsable(1);
  }

  @Test
  void anotherStatementFromAnotherThreadWaits() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    CompletableFuture<Integer> count =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return rows();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    write(copy, "1\tx\n");
    assertThrows(
        java.util.concurrent.TimeoutException.class, () -> count.get(200, TimeUnit.MILLISECONDS));
    copy.endCopy();
    assertEquals(1, count.get(30, TimeUnit.SECONDS));
  }

  @Test
  void aSecondCopyInFromAnotherThreadWaits() throws Exception {
    CopyIn first = manager.copyIn(SQL);
    CompletableFuture<Long> second =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return load("2\ty\n");
              } catch (Exception e) {
                throw new IllegalStateException(e);
              }
            });
    write(first, "1\tx\n");
    assertThrows(
        java.util.concurrent.TimeoutException.class, () -> second.get(200, TimeUnit.MILLISECONDS));
    assertEquals(1, first.endCopy());
    assertEquals(1, second.get(30, TimeUnit.SECONDS));
    assertEquals(2, rows());
  }

  @Test
  void anotherThreadMayWriteEndOrCancel() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    write(copy, "1\tx\n");
    assertEquals(
        1L,
        CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return copy.endCopy();
                  } catch (SQLException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .get(30, TimeUnit.SECONDS));
    CopyIn cancelled = manager.copyIn(SQL);
    CompletableFuture.runAsync(
            () -> {
              try {
                write(cancelled, "2\ty\n");
                cancelled.cancelCopy();
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            })
        .get(30, TimeUnit.SECONDS);
    assertFalse(cancelled.isActive());
    assertUsable(1);
  }

  @Test
  void aWriterThatWaitsForRoomIsCancelledByAnotherThread() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    AtomicLong written = new AtomicLong();
    byte[] block = "1\tx\n".repeat(10_000).getBytes(UTF_8);
    CompletableFuture<SQLException> writer =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                while (true) {
                  copy.writeToCopy(block, 0, block.length);
                  written.addAndGet(block.length);
                }
              } catch (SQLException e) {
                return e;
              }
            });
    while (written.get() < 1 << 20) {
      Thread.onSpinWait();
    }
    pg().cancelQuery();
    SQLException e = writer.get(30, TimeUnit.SECONDS);
    assertEquals("57014", e.getSQLState());
    assertFalse(copy.isActive());
    assertUsable(0);
  }

  @Test
  void otherConnectionsAreNotHeldUp() throws Exception {
    try (java.sql.Connection one =
            java.sql.DriverManager.getConnection("jdbc:copyload:mem:life_cycle");
        java.sql.Connection two =
            java.sql.DriverManager.getConnection("jdbc:copyload:mem:life_cycle");
        Statement statement = one.createStatement()) {
      statement.execute("CREATE TABLE t(a INT, b VARCHAR)");
      CopyIn first = ((org.postgresql.PGConnection) one).getCopyAPI().copyIn(SQL);
      CopyIn second = ((org.postgresql.PGConnection) two).getCopyAPI().copyIn(SQL);
      write(first, "1\tx\n");
      write(second, "2\ty\n3\tz\n");
      assertEquals(2, second.endCopy());
      assertEquals(1, first.endCopy());
      try (ResultSet result = statement.executeQuery("SELECT COUNT(*) FROM t")) {
        result.next();
        assertEquals(3, result.getInt(1));
      }
    }
  }

  @Test
  void copyOutReadPastTheEnd() throws Exception {
    load("1\tx\n");
    CopyOut copy = manager.copyOut("COPY t TO STDOUT");
    assertEquals(-1, copy.getHandledRowCount());
    assertEquals("1\tx\n", new String(copy.readFromCopy(), UTF_8));
    assertNull(copy.readFromCopy());
    assertFalse(copy.isActive());
    assertEquals(1, copy.getHandledRowCount());
    fails("55000", "Tried to read from inactive copy", copy::readFromCopy);
    fails("55000", "Tried to cancel an inactive copy operation", copy::cancelCopy);
  }

  @Test
  void copyOutCancelInTheMiddle() throws Exception {
    CopyOut copy = manager.copyOut(ENDLESS);
    copy.readFromCopy();
    copy.cancelCopy();
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    fails("55000", "Tried to read from inactive copy", copy::readFromCopy);
    assertUsable(0);
  }

  @Test
  void readThatDoesNotBlock() throws Exception {
    load("1\tx\n2\ty\n");
    CopyOut copy = manager.copyOut("COPY t TO STDOUT");
    int rows = 0;
    while (copy.isActive()) {
      rows += copy.readFromCopy(false) == null ? 0 : 1;
    }
    assertEquals(2, rows);
    assertEquals(2, copy.getHandledRowCount());
  }

  @Test
  void copyOutThatFailsInTheMiddle() throws Exception {
    load("1\tx\n0\ty\n");
    CopyOut copy = manager.copyOut("COPY (SELECT 1 / a FROM t) TO STDOUT");
    PSQLException e =
        assertThrows(
            PSQLException.class,
            () -> {
              while (copy.readFromCopy() != null) {
                // Until it fails.
              }
            });
    assertEquals("22012", e.getSQLState());
    assertFalse(copy.isActive());
    assertEquals(-1, copy.getHandledRowCount());
    assertUsable(2);
  }

  @Test
  void aPreparedStatementOfBeforeWorksAfterwards() throws Exception {
    try (PreparedStatement count = connection.prepareStatement("SELECT COUNT(*) FROM t")) {
      CopyIn copy = manager.copyIn(SQL);
      write(copy, "1\tx\n");
      fails("55006", count::executeQuery);
      copy.endCopy();
      try (ResultSet result = count.executeQuery()) {
        result.next();
        assertEquals(1, result.getInt(1));
      }
    }
  }

  @Test
  void aPreparedStatementMayBeClosedMeanwhile() throws Exception {
    CopyIn copy;
    try (PreparedStatement select = connection.prepareStatement("SELECT a FROM t")) {
      select.setMaxRows(1);
      copy = manager.copyIn(SQL);
      write(copy, "1\tx\n");
    }
    assertEquals(1, copy.endCopy());
    assertUsable(1);
  }

  @Test
  void anInterruptedWriterIsCancelled() throws Exception {
    CopyIn copy = manager.copyIn(SQL);
    Thread.currentThread().interrupt();
    fails("57014", () -> write(copy, "1\tx\n"));
    assertTrue(Thread.interrupted());
    assertFalse(copy.isActive());
    assertUsable(0);
  }

  @Test
  void startWaitsForTheSessionAndIsInterruptible() throws Exception {
    CopyIn first = manager.copyIn(SQL);
    CompletableFuture<SQLException> second = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              try {
                manager.copyIn(SQL);
                second.complete(null);
              } catch (SQLException e) {
                second.complete(e);
              }
            });
    waiting.start();
    waiting.interrupt();
    assertEquals("57014", second.get(30, TimeUnit.SECONDS).getSQLState());
    write(first, "1\tx\n");
    assertEquals(1, first.endCopy());
    assertUsable(1);
  }
}

package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.message.DbException;
import org.junit.jupiter.api.Test;

class ConcurrentUpdateRetryTest {
  private int tries;

  private static void insert(SessionLocal session, int value) {
    session.prepare("INSERT INTO t VALUES (" + value + ")").update();
  }

  private static int count(Connection c) throws SQLException {
    try (Statement s = c.createStatement();
        ResultSet rows = s.executeQuery("SELECT COUNT(*) FROM t")) {
      rows.next();
      return rows.getInt(1);
    }
  }

  private static SessionLocal session(Connection c) throws SQLException {
    try (Statement s = c.createStatement()) {
      s.execute("CREATE TABLE t(a INT)");
    }
    c.setAutoCommit(false);
    return (SessionLocal) c.unwrap(JdbcConnection.class).getSession();
  }

  /** What the statement did before the step stays, what the failed try did goes. */
  @Test
  void failedTryIsUndoneAndNothingElse() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:h2:mem:")) {
      SessionLocal session = session(c);
      session.lock();
      try {
        session.startStatementWithinTransaction(null);
        session.setSavepoint();
        insert(session, 1);
        ConcurrentUpdateRetry.run(
            session,
            new CancelToken(),
            () -> {
              insert(session, 2);
              if (++tries < 3) {
                throw DbException.get(ErrorCode.CONCURRENT_UPDATE_1, "T");
              }
            });
        session.endStatement();
      } finally {
        session.unlock();
      }
      assertEquals(3, tries);
      assertEquals(2, count(c));
    }
  }

  @Test
  void lockTimeoutAndCancelEndIt() throws SQLException {
    try (Connection c = DriverManager.getConnection("jdbc:h2:mem:;LOCK_TIMEOUT=50")) {
      SessionLocal session = session(c);
      session.lock();
      try {
        Runnable clash =
            () -> {
              throw DbException.get(ErrorCode.CONCURRENT_UPDATE_1, "T");
            };
        DbException timeout =
            assertThrows(
                DbException.class,
                () -> ConcurrentUpdateRetry.run(session, new CancelToken(), clash));
        assertEquals(ErrorCode.LOCK_TIMEOUT_1, timeout.getErrorCode());
        CancelToken cancelled = new CancelToken();
        assertThrows(
            CopyException.class,
            () ->
                ConcurrentUpdateRetry.run(
                    session,
                    cancelled,
                    () -> {
                      cancelled.cancelByUser();
                      clash.run();
                    }));
        DbException other =
            assertThrows(
                DbException.class,
                () ->
                    ConcurrentUpdateRetry.run(
                        session,
                        new CancelToken(),
                        () -> {
                          throw DbException.get(ErrorCode.DUPLICATE_KEY_1, "x");
                        }));
        assertEquals(ErrorCode.DUPLICATE_KEY_1, other.getErrorCode());
      } finally {
        session.unlock();
      }
    }
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import java.util.concurrent.locks.LockSupport;
import org.h2.api.ErrorCode;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.mvstore.tx.Transaction;

/**
 * Repeats a short step of a statement that lost against an open transaction, until that one has
 * ended or the session's lock timeout has passed: the rule by which H2 repeats an INSERT.
 */
public final class ConcurrentUpdateRetry {
  private static final long PAUSE_NANOS = 1_000_000;

  private ConcurrentUpdateRetry() {}

  /**
   * Runs {@code step} until it does not meet a concurrent update. Each further try starts from
   * where the transaction was before the first one. Must be called with the session's lock held.
   *
   * @throws DbException LOCK_TIMEOUT_1 when the lock timeout has passed
   */
  public static void run(SessionLocal session, CancelToken cancel, Runnable step) {
    // Not the session's savepoint: that one is the beginning of the statement, however late it is
    // asked for.
    Transaction transaction = session.getTransaction();
    long before = transaction.setSavepoint();
    long firstClashNanos = 0;
    while (true) {
      cancel.check();
      try {
        step.run();
        return;
      } catch (DbException e) {
        if (!isConcurrentUpdate(e)) {
          throw e;
        }
        transaction.rollbackToSavepoint(before);
        long now = System.nanoTime();
        if (firstClashNanos == 0) {
          firstClashNanos = now == 0 ? 1 : now;
        } else if (now - firstClashNanos > session.getLockTimeout() * 1_000_000L) {
          throw DbException.get(ErrorCode.LOCK_TIMEOUT_1, e, "");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static boolean isConcurrentUpdate(DbException e) {
    return switch (e.getErrorCode()) {
      case ErrorCode.CONCURRENT_UPDATE_1,
          ErrorCode.ROW_NOT_FOUND_IN_PRIMARY_INDEX,
          ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1 ->
          true;
      default -> false;
    };
  }
}

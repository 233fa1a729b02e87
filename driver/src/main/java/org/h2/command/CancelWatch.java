package org.h2.command;

import io.copyload.engine.CancelToken;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;

/**
 * Carries H2's own ways to stop a statement over to a load's token while the load runs: the
 * session's query timeout, the end of the connection, and SHUTDOWN by another session. H2's
 * statements poll the session; slices only see the token.
 *
 * <p>Threads: polls on the JDK's delay thread. {@link #close} is called by the thread of the
 * statement.
 */
final class CancelWatch implements AutoCloseable {
  private static final long POLL_MILLIS = 25;

  private final SessionLocal session;
  private final CancelToken token;
  private final long timeoutAtNanos;
  private final Executor later =
      CompletableFuture.delayedExecutor(POLL_MILLIS, TimeUnit.MILLISECONDS, Runnable::run);
  private volatile boolean closed;

  CancelWatch(SessionLocal session, CancelToken token) {
    this.session = session;
    this.token = token;
    this.timeoutAtNanos = session.getQueryTimeout() > 0 ? session.getCancel() : 0;
  }

  void start() {
    later.execute(this::poll);
  }

  private void poll() {
    if (closed || token.isCancelled()) {
      return;
    }
    long cancelAtNanos = session.getCancel();
    if (cancelAtNanos != 0 && System.nanoTime() - cancelAtNanos >= 0) {
      if (cancelAtNanos == timeoutAtNanos) {
        token.cancelByTimeout();
      } else {
        token.cancelByUser();
      }
    } else if (session.isClosed()) {
      token.cancelByUser();
    } else {
      later.execute(this::poll);
    }
  }

  /** Ends the watch. A cancellation that the load has seen is over for the session too. */
  @Override
  public void close() {
    closed = true;
    if (token.isCancelled() && session.getCancel() != 0) {
      try {
        session.checkCanceled();
      } catch (DbException seen) {
        // The call clears the mark; the load ends with the token's reason.
      }
    }
  }
}

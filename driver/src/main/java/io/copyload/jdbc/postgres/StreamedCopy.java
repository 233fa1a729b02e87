package io.copyload.jdbc.postgres;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.command.CopyCommands;
import org.h2.command.CopyStatementCommand;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.postgresql.copy.CopyOperation;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * A COPY that a thread of its own runs on the connection's session, and so in its transaction,
 * while the application feeds or drains it. That thread holds the session from start to end:
 * statements of other threads wait, as with PostgreSQL's driver.
 *
 * <p>Threads: one user at a time; getters any.
 */
abstract class StreamedCopy implements CopyOperation, CopyApiHost.ActiveCopy {
  private static final AtomicLong COPIES = new AtomicLong();
  private static final int STACK_DEPTH = 16;
  private static final long WATCH_MILLIS = 500;

  final CopyApiHost host;

  /** Guards the state below and that of subclasses. */
  final Object lock = new Object();

  private final String sql;
  private final int begin;
  private volatile Thread user;
  private volatile boolean active;
  private volatile long handledRows = -1;

  // Under the lock.
  private CopyStatementCommand command;
  private CopyException cancelled;
  private boolean begun;
  private boolean ended;
  private int columns;
  private boolean binary;
  private long rows;
  private Throwable failure;

  /**
   * @param begin where the statement begins in the text that the application gave
   */
  StreamedCopy(CopyApiHost host, String sql, int begin) {
    this.host = host;
    this.sql = sql;
    this.begin = begin;
  }

  /** The other end of the statement; its methods are called by the statement's thread. */
  abstract CopyClient client();

  /** The statement has ended; called by its thread, without the lock. */
  abstract void over();

  /** Starts the statement and returns when it is checked, or throws what is wrong with it. */
  final void start() throws SQLException {
    Thread thread = new Thread(this::run, "copyload-copy-" + COPIES.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    synchronized (lock) {
      while (!begun && !ended) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          // A thread that still waits for the session sees it when it has got it.
          cancelByUser();
          Thread.currentThread().interrupt();
          throw PostgresErrors.of(cancelled);
        }
      }
      if (!begun && failure != null) {
        throw failure();
      }
    }
    user = Thread.currentThread();
    active = true;
    host.activeCopy().set(this);
    watchLater(thread);
  }

  private void watchLater(Thread runner) {
    CompletableFuture.delayedExecutor(WATCH_MILLIS, TimeUnit.MILLISECONDS, Runnable::run)
        .execute(() -> watch(runner));
  }

  /**
   * Ends the statement when the thread that should feed or drain it waits for the session instead,
   * which the statement holds: closing a prepared statement of H2's does that, for one. Both would
   * wait for ever.
   */
  private void watch(Thread runner) {
    if (!active || hasEnded()) {
      return;
    }
    Thread waiting = user;
    if (waiting.getState() == Thread.State.WAITING) {
      ThreadInfo info =
          ManagementFactory.getThreadMXBean().getThreadInfo(waiting.getId(), STACK_DEPTH);
      if (info != null
          && info.getLockOwnerId() == runner.getId()
          && Arrays.stream(info.getStackTrace())
              .anyMatch(frame -> frame.getClassName().equals(Session.class.getName()))) {
        cancel(
            new CopyException(
                CopyErrorCode.CANCELLED,
                "canceling COPY because its own thread waits for the connection"));
        return;
      }
    }
    watchLater(runner);
  }

  private void run() {
    try {
      SessionLocal session = host.copySession();
      session.lock();
      try {
        CopyStatementCommand prepared = CopyCommands.prepareCopy(host, sql, begin, client());
        synchronized (lock) {
          if (cancelled != null) {
            throw cancelled;
          }
          command = prepared;
        }
        long count = prepared.executeUpdate(null).getUpdateCount();
        prepared.close();
        synchronized (lock) {
          rows = count;
        }
      } finally {
        session.unlock();
      }
    } catch (Throwable e) {
      synchronized (lock) {
        failure = e;
      }
    } finally {
      over();
      synchronized (lock) {
        ended = true;
        lock.notifyAll();
      }
    }
  }

  /** The statement is checked; called by its thread. */
  final void begins(int columnCount, boolean isBinary) {
    synchronized (lock) {
      columns = columnCount;
      binary = isBinary;
      begun = true;
      lock.notifyAll();
    }
  }

  final void cancelByUser() {
    cancel(new CopyException(CopyErrorCode.CANCELLED, "canceling statement due to user request"));
  }

  final void cancel(CopyException reason) {
    synchronized (lock) {
      cancelled = reason;
      if (command != null) {
        command.cancel(reason);
      }
    }
  }

  /** Throws when the statement is to stop; called by its thread. */
  final void checkCancelled() {
    CopyStatementCommand running;
    synchronized (lock) {
      running = command;
    }
    running.checkCancelled();
  }

  final boolean hasEnded() {
    synchronized (lock) {
      return ended;
    }
  }

  /** Why the statement failed, or null. */
  final PSQLException failure() {
    synchronized (lock) {
      return failure == null ? null : PostgresErrors.of(failure);
    }
  }

  /** Waits until the statement is over; from then on the operation is not active. */
  final void awaitOver() {
    boolean interrupted = false;
    synchronized (lock) {
      while (!ended) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
          cancelByUser();
        }
      }
    }
    active = false;
    host.activeCopy().compareAndSet(this, null);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the end and takes the count of rows, or throws why there is none. */
  final long finish() throws SQLException {
    awaitOver();
    PSQLException why = failure();
    if (why != null) {
      throw atEnd(why);
    }
    synchronized (lock) {
      handledRows = rows;
    }
    return handledRows;
  }

  /** A statement that ended because its connection did says so. */
  final PSQLException atEnd(PSQLException why) throws SQLException {
    return host.isClosed()
        ? new PSQLException(
            "Database connection failed when ending copy", PSQLState.CONNECTION_FAILURE, why)
        : why;
  }

  final void checkActive(String otherwise) throws PSQLException {
    if (!active) {
      throw PostgresErrors.local(PSQLState.OBJECT_NOT_IN_STATE, otherwise);
    }
    user = Thread.currentThread();
  }

  final void checkCancellable() throws PSQLException {
    checkActive("Tried to cancel an inactive copy operation");
  }

  @Override
  public final boolean isActive() {
    return active;
  }

  @Override
  public final boolean isUsedBy(Thread thread) {
    return active && user == thread;
  }

  @Override
  public final long getHandledRowCount() {
    return handledRows;
  }

  @Override
  public final int getFieldCount() {
    synchronized (lock) {
      return columns;
    }
  }

  @Override
  public final int getFormat() {
    synchronized (lock) {
      return binary ? 1 : 0;
    }
  }

  @Override
  public final int getFieldFormat(int field) {
    int[] formats = new int[getFieldCount()];
    Arrays.fill(formats, getFormat());
    return formats[field];
  }
}

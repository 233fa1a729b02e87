package io.copyload.jdbc.postgres;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.BytePipe;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.h2.command.CopyCommands;
import org.h2.command.CopyStatementCommand;
import org.h2.engine.SessionLocal;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteStreamWriter;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * COPY FROM STDIN whose bytes the application pushes. A thread of its own runs the statement on the
 * connection's session, and so in its transaction, while the application still writes; a pipe of
 * bounded size lies between them. That thread holds the session from start to end: statements of
 * other threads wait, as with PostgreSQL's driver.
 *
 * <p>A load that has failed makes the next write throw its error; PostgreSQL's driver keeps it
 * until the end.
 *
 * <p>Threads: one writer at a time; getters any.
 */
final class StreamedCopyIn implements CopyIn, CopyApiHost.ActiveCopy {
  private static final AtomicLong LOADS = new AtomicLong();

  private final CopyApiHost host;
  private final String sql;
  private final BytePipe pipe = new BytePipe();
  private final Object lock = new Object();
  private volatile Thread user;

  // Under the lock.
  private CopyStatementCommand command;
  private CopyException cancelled;
  private boolean begun;
  private boolean ended;
  private int columns;
  private boolean binary;
  private long loadedRows;
  private Throwable failure;

  private volatile boolean active;
  private volatile long handledRows = -1;

  private StreamedCopyIn(CopyApiHost host, String sql) {
    this.host = host;
    this.sql = sql;
  }

  /**
   * Starts the statement. Errors of the statement itself are thrown here, before any data is asked
   * for.
   */
  static StreamedCopyIn start(CopyApiHost host, String sql) throws SQLException {
    StreamedCopyIn copy = new StreamedCopyIn(host, sql);
    Thread thread = new Thread(copy::load, "copyload-copy-in-" + LOADS.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    copy.awaitBegin();
    return copy;
  }

  private void load() {
    try {
      SessionLocal session = host.copySession();
      session.lock();
      try {
        CopyStatementCommand prepared = CopyCommands.prepareCopy(host, sql, new Client());
        synchronized (lock) {
          if (cancelled != null) {
            throw cancelled;
          }
          command = prepared;
        }
        long rows = prepared.executeUpdate(null).getUpdateCount();
        prepared.close();
        synchronized (lock) {
          loadedRows = rows;
        }
      } finally {
        session.unlock();
      }
    } catch (Throwable e) {
      synchronized (lock) {
        failure = e;
      }
    } finally {
      pipe.abandon();
      synchronized (lock) {
        ended = true;
        lock.notifyAll();
      }
    }
  }

  /** What the load asks for, in its own thread. */
  private final class Client implements CopyClient {
    @Override
    public SourceObject stdin() {
      return pipe;
    }

    @Override
    public void copyInBegins(int columnCount, boolean isBinary) {
      synchronized (lock) {
        columns = columnCount;
        binary = isBinary;
        begun = true;
        lock.notifyAll();
      }
    }

    @Override
    public void awaitEnd(CancelToken cancel) {
      pipe.awaitEnd(cancel);
    }
  }

  private void awaitBegin() throws SQLException {
    boolean interrupted = false;
    synchronized (lock) {
      while (!begun && !ended) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
          // A thread that still waits for the session sees it when it has got it.
          cancel(new CopyException(CopyErrorCode.CANCELLED, "canceling statement due to user request"));
          break;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
        throw PostgresErrors.of(cancelled);
      }
      if (!begun) {
        throw failure();
      }
    }
    user = Thread.currentThread();
    active = true;
    host.activeCopy().set(this);
  }

  private void cancel(CopyException reason) {
    synchronized (lock) {
      cancelled = reason;
      if (command != null) {
        command.cancel(reason);
      }
    }
  }

  private PSQLException failure() {
    synchronized (lock) {
      return failure == null ? null : PostgresErrors.of(failure);
    }
  }

  /** Waits until the load is over; from then on the operation is not active. */
  private void awaitLoad() {
    boolean interrupted = false;
    synchronized (lock) {
      while (!ended) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel(new CopyException(CopyErrorCode.CANCELLED, "canceling statement due to user request"));
        }
      }
    }
    active = false;
    host.activeCopy().compareAndSet(this, null);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void checkActive(String otherwise) throws PSQLException {
    if (!active) {
      throw PostgresErrors.local(PSQLState.OBJECT_NOT_IN_STATE, otherwise);
    }
    user = Thread.currentThread();
  }

  private void checkWritable() throws PSQLException {
    checkActive("Tried to write to an inactive copy operation");
  }

  @Override
  public void writeToCopy(byte[] bytes, int offset, int length) throws SQLException {
    checkWritable();
    Objects.requireNonNull(bytes, "buf");
    if (offset < 0 || length < 0 || length > bytes.length - offset) {
      throw new IndexOutOfBoundsException(
          "offset " + offset + " and length " + length + " of " + bytes.length + " bytes");
    }
    try {
      if (!pipe.write(bytes, offset, length)) {
        throwIfFailed();
      }
    } catch (InterruptedException e) {
      cancel(new CopyException(CopyErrorCode.CANCELLED, "canceling statement due to user request"));
      awaitLoad();
      Thread.currentThread().interrupt();
      throw failure();
    }
  }

  private void throwIfFailed() throws SQLException {
    synchronized (lock) {
      if (!ended) {
        return;
      }
    }
    awaitLoad();
    throw atEnd(failure());
  }

  @Override
  public void writeToCopy(ByteStreamWriter from) throws SQLException {
    checkWritable();
    try {
      Target target = new Target();
      from.writeTo(() -> target);
    } catch (IOException e) {
      if (e.getCause() instanceof SQLException ours) {
        throw ours;
      }
      throw new PSQLException("Unable to write data to copy", PSQLState.IO_ERROR, e);
    }
  }

  /** Where a {@link ByteStreamWriter} writes to. */
  private final class Target extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        writeToCopy(bytes, offset, length);
      } catch (SQLException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
  }

  @Override
  public void flushCopy() throws SQLException {
    checkWritable();
    pipe.flush();
  }

  @Override
  public long endCopy() throws SQLException {
    checkActive("Tried to end inactive copy");
    pipe.end();
    awaitLoad();
    PSQLException why = failure();
    if (why != null) {
      throw atEnd(why);
    }
    synchronized (lock) {
      handledRows = loadedRows;
    }
    return handledRows;
  }

  /** A load that ended because its connection did says so. */
  private PSQLException atEnd(PSQLException why) throws SQLException {
    return host.isClosed()
        ? new PSQLException(
            "Database connection failed when ending copy", PSQLState.CONNECTION_FAILURE, why)
        : why;
  }

  @Override
  public void cancelCopy() throws SQLException {
    checkActive("Tried to cancel an inactive copy operation");
    cancel(
        new CopyException(
            CopyErrorCode.CANCELLED, "COPY from stdin failed: Copy cancel requested"));
    awaitLoad();
  }

  @Override
  public boolean isActive() {
    return active;
  }

  @Override
  public boolean isUsedBy(Thread thread) {
    return active && user == thread;
  }

  @Override
  public long getHandledRowCount() {
    return handledRows;
  }

  @Override
  public int getFieldCount() {
    synchronized (lock) {
      return columns;
    }
  }

  @Override
  public int getFormat() {
    synchronized (lock) {
      return binary ? 1 : 0;
    }
  }

  @Override
  public int getFieldFormat(int field) {
    int[] formats = new int[getFieldCount()];
    Arrays.fill(formats, getFormat());
    return formats[field];
  }
}

package io.copyload.engine.source.ssh;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.Tries;
import io.copyload.engine.source.stream.BytePipe;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One entry of a manifest: a connection of its own and the output of the command that runs there.
 * The command runs ahead of the load by what the pipe holds. The output ends well only if the
 * command ends with status 0.
 *
 * <p>Threads: one connects, the client library's writes the output, the load's reads; {@link
 * #close} any.
 */
final class SshCommand implements SourceObject {
  private static final long POLL_MILLIS = 20;

  /** How long a try to connect may take beyond its own time-out before it is ended from outside. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final SshManifest.Entry entry;
  private final SshSettings settings;
  private final NetworkSettings network;
  private final Runnable whenEnded;
  private final BytePipe pipe;
  private final ErrorTail errors = new ErrorTail();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private SshConnection connection;
  private ChannelExec channel;
  private boolean running;
  private boolean closed;
  private boolean ended;
  private long tryBegan;
  private CopyException failure;

  /**
   * @param whenEnded told once when the command does not run any more
   */
  SshCommand(
      SshManifest.Entry entry,
      SshSettings settings,
      NetworkSettings network,
      int pipeBytes,
      Runnable whenEnded) {
    this.entry = entry;
    this.settings = settings;
    this.network = network;
    this.whenEnded = whenEnded;
    pipe = new BytePipe(pipeBytes);
  }

  @Override
  public String name() {
    return entry.shown();
  }

  @Override
  public long size() {
    return UNKNOWN_SIZE;
  }

  @Override
  public boolean seekable() {
    return false;
  }

  /** Connects and starts the command; how that went is known by {@link #awaitStart}. */
  void start(List<Secret> keys) {
    CopyException problem = null;
    try {
      new Tries(network).answer(() -> tryToStart(keys), this::pause);
    } catch (RemoteFailure e) {
      problem = notStarted(e);
    } catch (IOException e) {
      problem = notStarted(RemoteFailure.of(e));
    } catch (CopyException e) {
      problem = e;
    } catch (RuntimeException | Error e) {
      problem =
          new CopyException(CopyErrorCode.INTERNAL, "SSH failed for \"" + name() + "\": " + e, e);
    }
    lock.lock();
    try {
      failure = problem;
      running = problem == null;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (problem != null) {
      end();
    }
  }

  private Void tryToStart(List<Secret> keys) throws RemoteFailure {
    SshConnection made = new SshConnection(settings, keys, network.timeout());
    lock.lock();
    try {
      if (closed) {
        throw new RemoteFailure(
            RemoteFailure.Kind.FINAL, CopyErrorCode.CANCELLED, "the load has ended", null, null);
      }
      connection = made;
      tryBegan = System.nanoTime();
    } finally {
      lock.unlock();
    }
    boolean started = false;
    try {
      ChannelExec opened = made.connect(entry);
      opened.setCommand(entry.command().getBytes(StandardCharsets.UTF_8));
      opened.setInputStream(null);
      opened.setOutputStream(new Output());
      opened.setErrStream(errors);
      lock.lock();
      try {
        channel = opened;
      } finally {
        lock.unlock();
      }
      // From here on the command may have run: no second try.
      opened.connect((int) Math.min(Integer.MAX_VALUE, network.timeout().toMillis()));
      started = true;
      return null;
    } catch (JSchException e) {
      throw new RemoteFailure(
          RemoteFailure.Kind.FINAL,
          CopyErrorCode.OBJECT_UNREADABLE,
          "the host did not start the command: " + e.getMessage(),
          null,
          e);
    } finally {
      lock.lock();
      try {
        tryBegan = 0;
      } finally {
        lock.unlock();
      }
      if (!started) {
        made.close();
      }
    }
  }

  private void pause(long millis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      for (long left = deadline - System.nanoTime();
          left > 0 && !closed;
          left = deadline - System.nanoTime()) {
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private CopyException notStarted(RemoteFailure e) {
    return new CopyException(
        e.code(),
        "could not run \""
            + entry.command()
            + "\" on host \""
            + entry.endpoint()
            + "\": "
            + e.getMessage(),
        null,
        e.hint(),
        null,
        0,
        e);
  }

  /** Waits until the command runs; returns why it does not, or null. */
  CopyException awaitStart(CancelToken cancel) throws IOException {
    lock.lock();
    try {
      while (!running && failure == null) {
        cancel.check();
        changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        long most = network.timeout().toNanos() + GRACE_NANOS;
        if (tryBegan != 0 && System.nanoTime() - tryBegan > most && connection != null) {
          tryBegan = 0;
          connection.close();
        }
      }
      return failure;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    ByteReader output = pipe.open(offset, cancel);
    return new ByteReader() {
      @Override
      public int read(byte[] buffer, int at, int length) throws IOException {
        int count = output.read(buffer, at, length);
        if (count < 0) {
          awaitExit(cancel);
          end();
        }
        return count;
      }

      @Override
      public void close() throws IOException {
        output.close();
      }
    };
  }

  private void awaitExit(CancelToken cancel) throws IOException {
    lock.lock();
    try {
      while (!channel.isClosed() && !closed) {
        cancel.check();
        changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
    cancel.check();
    int status = channel.getExitStatus();
    if (status == 0) {
      return;
    }
    String signal = channel.getExitSignal();
    boolean broken = status < 0 && signal == null;
    String last = errors.text();
    throw new CopyException(
        broken ? CopyErrorCode.OBJECT_UNREADABLE : CopyErrorCode.EXTERNAL_PROGRAM,
        "\""
            + entry.command()
            + "\" on host \""
            + entry.endpoint()
            + "\" "
            + (broken ? "did not end: the connection broke" : "failed"),
        broken
            ? null
            : signal != null
                ? "It was ended by signal " + signal + "."
                : "It ended with exit status " + status + ".",
        last.isEmpty() ? null : "It wrote: " + last,
        null,
        0,
        null);
  }

  private void end() {
    boolean first;
    lock.lock();
    try {
      first = !ended;
      ended = true;
    } finally {
      lock.unlock();
    }
    if (first) {
      close();
      whenEnded.run();
    }
  }

  boolean hasEnded() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void release() {
    end();
  }

  /** Ends the command and its connection. */
  void close() {
    SshConnection open;
    ChannelExec command;
    lock.lock();
    try {
      closed = true;
      open = connection;
      command = channel;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    pipe.abandon();
    if (command != null && command.isConnected()) {
      try {
        // A command that writes nothing would not notice that nobody listens any more.
        command.sendSignal("TERM");
      } catch (Exception e) {
        // It ends with the connection, or when it writes.
      }
    }
    if (open != null) {
      open.close();
    }
  }

  /** What the command writes. */
  private final class Output extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        if (!pipe.write(bytes, offset, length)) {
          throw new IOException("nobody reads any more");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }

    @Override
    public void close() {
      pipe.end();
    }
  }
}

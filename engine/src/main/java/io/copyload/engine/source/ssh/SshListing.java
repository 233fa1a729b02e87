package io.copyload.engine.source.ssh;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The commands of a manifest, in its order. A pass runs as many of them at once as the connection
 * allows requests, the earliest first; one that the load waits for runs in any case.
 */
final class SshListing implements SourceListing {
  private static final int MIN_PIPE_BYTES = 64 << 10;
  private static final int MAX_PIPE_BYTES = 1 << 20;

  /** How long the end of the commands is waited for when a load has ended. */
  private static final long CLOSE_MILLIS = 300;

  private static final AtomicLong THREADS = new AtomicLong();

  private final String name;
  private final List<SshManifest.Entry> entries;
  private final SshSettings settings;
  private final NetworkSettings network;
  private final SourceSettings source;
  private final List<String> notes = new CopyOnWriteArrayList<>();

  SshListing(
      String name,
      List<SshManifest.Entry> entries,
      SshSettings settings,
      NetworkSettings network,
      SourceSettings source) {
    this.name = name;
    this.entries = List.copyOf(entries);
    this.settings = settings;
    this.network = network;
    this.source = source;
  }

  @Override
  public long count() {
    return entries.size();
  }

  @Override
  public long size() {
    return SourceObject.UNKNOWN_SIZE;
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  @Override
  public Cursor openForNames(CancelToken cancel) {
    return SourceListing.of(
            entries.stream().<SourceObject>map(entry -> new Named(entry.shown())).toList())
        .open(cancel);
  }

  @Override
  public Cursor open(CancelToken cancel) {
    notes.clear();
    return new Commands(source.keys().all(), cancel);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "copyload-ssh-" + THREADS.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private final class Commands implements Cursor {
    private final List<Secret> keys;
    private final CancelToken cancel;
    private final ReentrantLock lock = new ReentrantLock();

    // Guarded by lock.
    private final List<SshCommand> started = new ArrayList<>();
    private int active;
    private boolean closed;

    // Of the one thread that lists.
    private int next;
    private boolean any;
    private CopyException firstFailure;

    Commands(List<Secret> keys, CancelToken cancel) {
      this.keys = keys;
      this.cancel = cancel;
    }

    @Override
    public SourceObject next() throws IOException {
      while (next < entries.size()) {
        SshCommand command = startedUpTo(next);
        SshManifest.Entry entry = entries.get(next++);
        CopyException failure = command.awaitStart(cancel);
        if (failure == null) {
          any = true;
          return command;
        }
        cancel.check();
        if (entry.mandatory()) {
          throw failure.hint() == null
              ? failure.withHint("The manifest says that it is mandatory.")
              : failure;
        }
        if (firstFailure == null) {
          firstFailure = failure;
        }
        notes.add(failure.getMessage() + "; it is not mandatory and was left out");
      }
      if (!any) {
        throw new CopyException(
            firstFailure.code(),
            "none of the " + entries.size() + " commands of \"" + name + "\" could be run",
            firstFailure.getMessage(),
            firstFailure.hint(),
            null,
            0,
            firstFailure);
      }
      return null;
    }

    /** The command, with all that may run beside it. */
    private SshCommand startedUpTo(int wanted) {
      lock.lock();
      try {
        while (!closed
            && started.size() < entries.size()
            && (started.size() <= wanted || active < network.connections())) {
          start();
        }
        return started.get(wanted);
      } finally {
        lock.unlock();
      }
    }

    private void start() {
      long share = network.readAheadBytes() / network.connections();
      int pipeBytes = (int) Math.max(MIN_PIPE_BYTES, Math.min(MAX_PIPE_BYTES, share));
      SshCommand command =
          new SshCommand(entries.get(started.size()), settings, network, pipeBytes, this::ended);
      started.add(command);
      active++;
      thread(() -> command.start(keys));
    }

    /** A command has ended: another one may run. */
    private void ended() {
      lock.lock();
      try {
        active--;
        while (!closed && started.size() < entries.size() && active < network.connections()) {
          start();
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      List<SshCommand> open;
      lock.lock();
      try {
        closed = true;
        open = new ArrayList<>(started);
      } finally {
        lock.unlock();
      }
      List<Thread> closers = new ArrayList<>();
      for (SshCommand command : open) {
        if (!command.hasEnded()) {
          closers.add(thread(command::close));
        }
      }
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
      try {
        for (Thread closer : closers) {
          long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
          if (left > 0) {
            closer.join(left);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A command that nobody runs. */
  private record Named(String name) implements SourceObject {
    @Override
    public long size() {
      return UNKNOWN_SIZE;
    }

    @Override
    public boolean seekable() {
      return false;
    }

    @Override
    public ByteReader open(long offset, CancelToken cancel) throws IOException {
      throw new CopyException(CopyErrorCode.INTERNAL, "the command was not to be run");
    }
  }
}

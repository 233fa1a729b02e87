package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.InternalConnection;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The jobs of one open database: who may run which, and the schedule of those with AUTO ON.
 *
 * <p>Threads: any. One thread keeps the schedule while there is a job with AUTO ON, and each run of
 * the schedule has one of its own.
 */
public final class JobEngine {
  private static final int MOST_RUNS = 4;
  private static final long CANCEL_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  /** Whose settings a scheduled run has. */
  public interface Hosts {
    /** The host for a job; null when no connection is there whose settings it could have. */
    JobHost of(Job job);

    /** What the settings say about jobs. */
    JobSettings settings();
  }

  /** The scheduled runs of a job with a queue. Guarded by lock. */
  private static final class Turn {
    long begun;
    long ended;
    boolean well;
  }

  private final InternalConnection catalog;
  private final Hosts hosts;

  /** Tells runs of this opening of the database from those of earlier ones. */
  private final String incarnation = UUID.randomUUID().toString();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private final Map<Long, RunState> running = new HashMap<>();
  private final Map<Long, Instant> due = new HashMap<>();
  private final Map<Long, Turn> turns = new HashMap<>();
  private final List<QueueWatch> watches = new ArrayList<>();
  private long runCount;
  private boolean recovered;
  private Thread scheduler;
  private JobClock clock;
  private volatile boolean stopped;

  public JobEngine(InternalConnection catalog, Hosts hosts) {
    this.catalog = catalog;
    this.hosts = hosts;
  }

  /** The time that runs go by. */
  JobClock clock() {
    lock.lock();
    try {
      if (clock == null) {
        JobClock given = hosts.settings().clock();
        clock = given == null ? JobClock.system() : given;
      }
      return clock;
    } finally {
      lock.unlock();
    }
  }

  /** A connection was opened: what a killed process left is put in order, and the schedule runs. */
  public void opened() throws SQLException {
    lock.lock();
    try {
      stopped = false;
      if (!recovered) {
        recovered = true;
        try (Connection connection = catalog.open()) {
          JobCatalog.abortLoads(connection, clock().instant());
          JobCatalog.freeAll(connection);
        }
      }
    } finally {
      lock.unlock();
    }
    reschedule();
  }

  /** A job was made or changed: the schedule looks again. */
  void reschedule() throws SQLException {
    boolean any;
    try (Connection connection = catalog.open()) {
      any = JobCatalog.all(connection).stream().anyMatch(Job::auto);
    }
    lock.lock();
    try {
      if (any && scheduler == null && !stopped) {
        scheduler = new Thread(this::schedule, "copyload-jobs");
        scheduler.setDaemon(true);
        scheduler.start();
      } else if (scheduler != null) {
        clock().wake();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends the schedule and its runs: the database is being closed.
   *
   * @param waitMillis most time to wait for runs to end
   */
  public void stop(long waitMillis) {
    lock.lock();
    try {
      stopped = true;
      if (scheduler != null) {
        clock().wake();
      }
      for (RunState run : running.values()) {
        if (run.auto) {
          run.cancel.cancel(
              new CopyException(CopyErrorCode.CANCELLED, "the database is being closed"));
        }
      }
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
      while (scheduler != null
          || !watches.isEmpty()
          || running.values().stream().anyMatch(run -> run.auto)) {
        watches.forEach(QueueWatch::stop);
        long left = end - System.nanoTime();
        if (left <= 0) {
          break;
        }
        changed.awaitNanos(Math.min(left, CANCEL_POLL_NANOS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Whether a job runs now. */
  boolean isRunning(long jobId) {
    lock.lock();
    try {
      return running.containsKey(jobId);
    } finally {
      lock.unlock();
    }
  }

  /** Whether a row of the ledger is being loaded now. */
  boolean isLoading(long jobId, long fileId) {
    lock.lock();
    try {
      RunState run = running.get(jobId);
      return run != null && run.loading.contains(fileId);
    } finally {
      lock.unlock();
    }
  }

  /** When the schedule looks next; null when it does not. */
  Instant nextRun(long jobId) {
    lock.lock();
    try {
      return due.get(jobId);
    } finally {
      lock.unlock();
    }
  }

  /** Ends a scheduled run after its batch. */
  void stopAfterBatch(long jobId) {
    lock.lock();
    try {
      RunState run = running.get(jobId);
      if (run != null && run.auto) {
        run.stop = true;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Cancels what runs of a job. */
  void cancel(Job job) {
    lock.lock();
    try {
      RunState run = running.get(job.id());
      if (run != null) {
        run.cancel.cancel(
            new CopyException(
                CopyErrorCode.CANCELLED, "COPY job \"" + job.name() + "\" is being dropped"));
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes a job.
   *
   * @param waitMillis most time to wait for another run
   * @throws CopyException OBJECT_IN_USE when the other run goes on
   */
  RunState acquire(Job job, boolean auto, CancelToken cancel, long waitMillis) throws SQLException {
    RunState state;
    lock.lock();
    try {
      long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(waitMillis);
      while (running.containsKey(job.id())) {
        cancel.check();
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw new CopyException(
                  CopyErrorCode.OBJECT_IN_USE, "COPY job \"" + job.name() + "\" is running already")
              .withHint("Wait until the run has ended, or raise the lock timeout.");
        }
        changed.awaitNanos(Math.min(left, CANCEL_POLL_NANOS));
      }
      state = new RunState(incarnation + "/" + ++runCount, cancel, auto);
      running.put(job.id(), state);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CopyException(CopyErrorCode.CANCELLED, "the wait for the job was interrupted", e);
    } finally {
      lock.unlock();
    }
    boolean leased = false;
    try (Connection connection = catalog.open()) {
      JobCatalog.lease(connection, job.id(), state.lease, clock().instant());
      leased = true;
    } finally {
      if (!leased) {
        free(job.id());
      }
    }
    return state;
  }

  void release(Job job) throws SQLException {
    try (Connection connection = catalog.open()) {
      JobCatalog.lease(connection, job.id(), null, null);
    } finally {
      free(job.id());
    }
  }

  /** The schedule has passed over a job that was running: it must look at it again. */
  private void free(long jobId) {
    lock.lock();
    try {
      running.remove(jobId);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    clock().wake();
  }

  /** Runs a job whose lease the caller has, and notes how that ended. */
  JobRun.Result run(JobHost host, Job job, RunState state) throws SQLException {
    Instant begun = clock().instant();
    try (Connection connection = catalog.open()) {
      try {
        // As it is now: it may have been changed while its lease was waited for.
        Job current = JobCatalog.find(connection, job.id());
        if (current == null) {
          throw JobStatements.missing(job.name());
        }
        JobRun.Result result = new JobRun(host, current, state, clock(), connection).run();
        JobCatalog.ran(connection, job, begun, null, result.listedTo());
        return result;
      } catch (SQLException | RuntimeException e) {
        note(job, begun, e);
        throw e;
      }
    }
  }

  /** On a connection of its own: the run's may be broken. */
  private void note(Job job, Instant begun, Exception failure) {
    if (stopped) {
      return;
    }
    String text = failure.getMessage();
    try (Connection connection = catalog.open()) {
      Job before = JobCatalog.find(connection, job.id());
      if (before == null) {
        return;
      }
      JobCatalog.ran(connection, job, begun, text, before.listedTo());
      if (!text.equals(before.lastError())) {
        JobCatalog.message(connection, job, "run failed: " + text, clock().instant());
      }
    } catch (SQLException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private void schedule() {
    JobClock time = clock();
    try (Connection connection = catalog.open()) {
      while (!stopped) {
        List<Job> jobs = JobCatalog.all(connection);
        watchQueues(jobs);
        Instant next = startDue(jobs, time);
        boolean idle;
        lock.lock();
        try {
          idle = running.isEmpty();
          if (stopped || next == null && idle && due.isEmpty()) {
            return;
          }
        } finally {
          lock.unlock();
        }
        time.await(next, idle);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (SQLException | RuntimeException e) {
      // The database is closed, or so broken that everything else says so as well.
      stopped = true;
    } finally {
      lock.lock();
      try {
        scheduler = null;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Each job with AUTO ON and a queue is listened for. */
  private void watchQueues(List<Job> jobs) {
    lock.lock();
    try {
      if (stopped) {
        return;
      }
      for (QueueWatch watch : watches) {
        if (jobs.stream().noneMatch(job -> job.auto() && watch.isFor(job))) {
          watch.stop();
        }
      }
      for (Job job : jobs) {
        if (job.auto()
            && !job.options().queue().isEmpty()
            && watches.stream().noneMatch(watch -> !watch.isStopped() && watch.isFor(job))) {
          QueueWatch watch = new QueueWatch(job, watchedRuns);
          watches.add(watch);
          watch.start();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  private final QueueWatch.Runs watchedRuns =
      new QueueWatch.Runs() {
        @Override
        public JobHost host(Job job) {
          return hosts.of(job);
        }

        @Override
        public boolean runNow(Job job, QueueWatch by) throws InterruptedException {
          lock.lock();
          try {
            Turn turn = turns.computeIfAbsent(job.id(), id -> new Turn());
            long wanted = turn.begun + 1;
            due.put(job.id(), clock().instant());
            clock().wake();
            while (turn.ended < wanted && !stopped && !by.isStopped()) {
              changed.awaitNanos(CANCEL_POLL_NANOS);
            }
            return turn.ended >= wanted && turn.well;
          } finally {
            lock.unlock();
          }
        }

        @Override
        public void note(Job job, String text) throws SQLException {
          try (Connection connection = catalog.open()) {
            JobCatalog.message(connection, job, text, clock().instant());
          }
        }

        @Override
        public void ended(QueueWatch watch) {
          lock.lock();
          try {
            watches.remove(watch);
            changed.signalAll();
          } finally {
            lock.unlock();
          }
        }
      };

  /** Starts the runs that are due. Returns when the next one is; null when none will be. */
  private Instant startDue(List<Job> jobs, JobClock time) {
    Instant now = time.instant();
    Instant next = null;
    lock.lock();
    try {
      due.keySet().removeIf(id -> jobs.stream().noneMatch(job -> job.id() == id && job.auto()));
      turns
          .keySet()
          .removeIf(
              id -> !running.containsKey(id) && jobs.stream().noneMatch(job -> job.id() == id));
      long runs = running.values().stream().filter(run -> run.auto).count();
      for (Job job : jobs) {
        if (!job.auto()) {
          continue;
        }
        Instant when = due.computeIfAbsent(job.id(), id -> now);
        if (running.containsKey(job.id())) {
          continue;
        }
        if (when.isAfter(now)) {
          next = next == null || when.isBefore(next) ? when : next;
        } else if (runs < MOST_RUNS) {
          runs++;
          start(job, time);
        }
      }
    } finally {
      lock.unlock();
    }
    return next;
  }

  private void start(Job job, JobClock time) {
    due.put(job.id(), time.instant().plusSeconds(pause(job)));
    RunState state = new RunState(incarnation + "/" + ++runCount, new CancelToken(), true);
    running.put(job.id(), state);
    Turn turn = turns.computeIfAbsent(job.id(), id -> new Turn());
    turn.begun++;
    Thread thread = new Thread(() -> runScheduled(job, state, time), "copyload-job-" + job.name());
    thread.setDaemon(true);
    thread.start();
  }

  private void runScheduled(Job job, RunState state, JobClock time) {
    boolean well = false;
    try {
      JobHost host = hosts.of(job);
      if (host != null && !stopped) {
        try (Connection connection = catalog.open()) {
          JobCatalog.lease(connection, job.id(), state.lease, time.instant());
        }
        try {
          run(host, job, state);
          well = !state.stop;
        } finally {
          if (!stopped) {
            try (Connection connection = catalog.open()) {
              JobCatalog.lease(connection, job.id(), null, null);
            }
          }
        }
      }
    } catch (SQLException | RuntimeException e) {
      // It stands in the job's row and messages, or the database is closed.
      state.stop = true;
    } finally {
      ended(job.id(), well);
      free(job.id());
    }
  }

  private void ended(long jobId, boolean well) {
    lock.lock();
    try {
      Turn turn = turns.get(jobId);
      turn.ended = turn.begun;
      turn.well = well;
    } finally {
      lock.unlock();
    }
  }

  /** Seconds between a run and the next one; longer after failures. */
  private long pause(Job job) {
    long poll =
        job.options().pollSeconds() > 0
            ? job.options().pollSeconds()
            : Math.max(1, hosts.settings().pollSeconds());
    long longest = Math.max(poll, 60);
    return Math.min(longest, poll << Math.min(job.failureCount(), 6));
  }
}

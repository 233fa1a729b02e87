package io.copyload.engine.job;

import io.copyload.engine.CopyException;
import io.copyload.engine.source.EventQueue;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Listens to the queue of one job, and has the job run when the queue says that something is new.
 * Messages are deleted after the run that they asked for: its loads are committed then, or what
 * failed stands in the ledger. What is lost is found by the listings of the schedule.
 *
 * <p>Threads: one of its own; {@link #stop} any.
 */
final class QueueWatch {
  private static final Duration LONG_POLL = Duration.ofSeconds(20);

  /** Most messages that one run answers. */
  private static final int MOST_MESSAGES = 1000;

  private static final int LONGEST_PAUSE_SECONDS = 60;

  /** What a watch needs of the engine. */
  interface Runs {
    /** The job's host, or null. */
    JobHost host(Job job);

    /**
     * Runs the job, from its listing on, and waits for its end.
     *
     * @return whether the run went well
     */
    boolean runNow(Job job, QueueWatch by) throws InterruptedException;

    void note(Job job, String text) throws SQLException;

    void ended(QueueWatch watch);
  }

  private final Job job;
  private final Runs runs;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile EventQueue queue;
  private String lastFault;

  QueueWatch(Job job, Runs runs) {
    this.job = job;
    this.runs = runs;
  }

  void start() {
    Thread thread = new Thread(this::listen, "copyload-queue-" + job.name());
    thread.setDaemon(true);
    thread.start();
  }

  /** Whether it listens for what the job is now. */
  boolean isFor(Job now) {
    return job.id() == now.id() && job.options().queue().equals(now.options().queue());
  }

  boolean isStopped() {
    return stopped.getCount() == 0;
  }

  /** May be called again, for a request that has begun meanwhile. */
  void stop() {
    stopped.countDown();
    EventQueue open = queue;
    if (open != null) {
      open.abort();
    }
  }

  private void listen() {
    int pause = 1;
    try {
      while (!isStopped()) {
        try {
          JobHost host = runs.host(job);
          if (host != null) {
            queue = host.inputs(job).events(job.options().queue());
            while (!isStopped()) {
              answer(receive());
              pause = 1;
              lastFault = null;
            }
          }
        } catch (IOException | SQLException | RuntimeException e) {
          if (!isStopped()) {
            note("queue \"" + job.options().queue() + "\" cannot be used: " + e.getMessage());
          }
        }
        if (stopped.await(pause, TimeUnit.SECONDS)) {
          return;
        }
        pause = Math.min(LONGEST_PAUSE_SECONDS, pause * 2);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      runs.ended(this);
    }
  }

  /** What has arrived; waits for the first message only. */
  private List<EventQueue.Message> receive() throws IOException {
    List<EventQueue.Message> all = new ArrayList<>(queue.receive(LONG_POLL));
    while (!all.isEmpty() && all.size() < MOST_MESSAGES && !isStopped()) {
      List<EventQueue.Message> more = queue.receive(Duration.ZERO);
      if (more.isEmpty()) {
        break;
      }
      all.addAll(more);
    }
    return all;
  }

  private void answer(List<EventQueue.Message> messages)
      throws IOException, SQLException, InterruptedException {
    List<EventQueue.Message> wanted = new ArrayList<>();
    List<EventQueue.Message> others = new ArrayList<>();
    String fault = null;
    for (EventQueue.Message message : messages) {
      boolean matches = message.names().stream().anyMatch(n -> n.startsWith(job.location()));
      (matches ? wanted : others).add(message);
      fault = message.fault() == null ? fault : message.fault();
    }
    if (fault != null) {
      runs.note(job, "a message of the queue was ignored: " + fault);
    }
    if (!others.isEmpty()) {
      queue.delete(others);
    }
    if (!wanted.isEmpty() && runs.runNow(job, this)) {
      queue.delete(wanted);
    }
  }

  /** Once for what goes on. */
  private void note(String fault) {
    if (fault.equals(lastFault)) {
      return;
    }
    lastFault = fault;
    try {
      runs.note(job, fault);
    } catch (SQLException | CopyException e) {
      // The database is closed, or so broken that everything else says so as well.
      stopped.countDown();
    }
  }
}

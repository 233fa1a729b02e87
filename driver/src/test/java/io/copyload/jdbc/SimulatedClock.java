package io.copyload.jdbc;

import io.copyload.engine.job.JobClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A clock that only a test moves. Threads: any. */
final class SimulatedClock implements JobClock {
  private static final long MOST_SECONDS = 600;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Instant now = Instant.parse("2030-01-01T00:00:00Z");
  private boolean wake;
  private boolean idle;
  private Instant until;

  @Override
  public Instant instant() {
    lock.lock();
    try {
      return now;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void await(Instant time, boolean nothingRuns) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      idle = nothingRuns;
      until = time;
      changed.signalAll();
      while (!wake && !isDue()) {
        changed.await();
      }
      wake = false;
      idle = false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isDue() {
    return until != null && !until.isAfter(now);
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      wake = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Moves the time and returns when the schedule has done what was due. */
  void advance(Duration duration) throws InterruptedException {
    lock.lock();
    try {
      now = now.plus(duration);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    settle();
  }

  /** Returns when the schedule waits for a time to come. */
  void settle() throws InterruptedException {
    lock.lock();
    try {
      long left = TimeUnit.SECONDS.toNanos(MOST_SECONDS);
      while (!idle || wake || isDue()) {
        if (left <= 0) {
          throw new AssertionError("the schedule does not come to rest");
        }
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}

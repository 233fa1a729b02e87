package io.copyload.engine.job;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The machine's clock. */
final class SystemClock implements JobClock {
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private boolean wake;

  @Override
  public Instant instant() {
    return Instant.now();
  }

  @Override
  public void await(Instant until, boolean idle) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Duration wait = until == null ? LONGEST_WAIT : Duration.between(Instant.now(), until);
      // A clock that is set back must not stop the schedule for long.
      long left = (wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait).toNanos();
      while (!wake && left > 0) {
        left = woken.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
      }
      wake = false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void wake() {
    lock.lock();
    try {
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package io.copyload.engine.source.dynamodb;

import io.copyload.engine.CancelToken;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the read capacity that a load consumes under so many units a second. What a page costs is
 * known only afterwards, so a page is asked for when what was consumed before is paid for; pages
 * are cut so that one costs about half a second's units. Threads: all that read one table.
 */
final class ReadRate {
  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final double NANOS_PER_SECOND = 1e9;

  /** What an item costs that is not known yet: one of up to 4 KB, read eventually consistent. */
  private static final double FIRST_UNITS_PER_ITEM = 0.5;

  private final double unitsPerSecond;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();

  // Guarded by lock.
  private double unitsPerItem = FIRST_UNITS_PER_ITEM;
  private long paidUntil = System.nanoTime();

  /**
   * @param unitsPerSecond 0 for any number
   */
  ReadRate(double unitsPerSecond) {
    this.unitsPerSecond = unitsPerSecond;
  }

  boolean isLimited() {
    return unitsPerSecond > 0;
  }

  /** Waits until a page may be read; returns how many items it may have, 0 for any number. */
  int await(CancelToken cancel) throws InterruptedIOException {
    if (!isLimited()) {
      return 0;
    }
    lock.lock();
    try {
      while (true) {
        cancel.check();
        long now = System.nanoTime();
        if (now - paidUntil >= 0) {
          double units = Math.max(1, unitsPerSecond / 2);
          int items = (int) Math.max(1, Math.min(Integer.MAX_VALUE, units / unitsPerItem));
          // Others wait for what this page will cost.
          paidUntil = now + nanos(items * unitsPerItem);
          return items;
        }
        never.awaitNanos(Math.min(POLL_NANOS, paidUntil - now));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /**
   * A page has been read.
   *
   * @param asked how many items it was allowed to have
   * @param items how many it had
   * @param units what it cost
   */
  void consumed(int asked, int items, double units) {
    if (!isLimited()) {
      return;
    }
    lock.lock();
    try {
      paidUntil += nanos(units - asked * unitsPerItem);
      if (items > 0 && units > 0) {
        unitsPerItem = units / items;
      }
    } finally {
      lock.unlock();
    }
  }

  private long nanos(double units) {
    return (long) (units / unitsPerSecond * NANOS_PER_SECOND);
  }
}

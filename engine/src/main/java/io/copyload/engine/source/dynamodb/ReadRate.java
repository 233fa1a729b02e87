package io.copyload.engine.source.dynamodb;

import io.copyload.engine.CancelToken;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

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

  /** Time in which nobody read, for busy threads or a slow service, that is made up for. */
  private static final long MOST_ARREARS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final double unitsPerSecond;
  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition never = lock.newCondition();

  // Guarded by lock.
  private double unitsPerItem = FIRST_UNITS_PER_ITEM;
  private long paidUntil;

  /**
   * @param unitsPerSecond 0 for any number
   */
  ReadRate(double unitsPerSecond) {
    this(unitsPerSecond, System::nanoTime);
  }

  /**
   * @param nanoTime tells the time as System.nanoTime does
   */
  ReadRate(double unitsPerSecond, LongSupplier nanoTime) {
    this.unitsPerSecond = unitsPerSecond;
    this.nanoTime = nanoTime;
    paidUntil = nanoTime.getAsLong();
  }

  boolean isLimited() {
    return unitsPerSecond > 0;
  }

  /**
   * What the next page may be.
   *
   * @param items how many it may have, 0 for any number
   * @param expectedUnits what it is taken to cost until that is known
   */
  record Page(int items, double expectedUnits) {
    private static final Page ANY = new Page(0, 0);
  }

  /** Waits until a page may be read. */
  Page await(CancelToken cancel) throws InterruptedIOException {
    if (!isLimited()) {
      return Page.ANY;
    }
    lock.lock();
    try {
      while (true) {
        cancel.check();
        Page page = pageNow();
        if (page != null) {
          return page;
        }
        long left = paidUntil - nanoTime.getAsLong();
        never.awaitNanos(Math.min(POLL_NANOS, Math.max(1, left)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  /** The page that may be read now, or null when it is too early for one. */
  Page pageNow() {
    lock.lock();
    try {
      long now = nanoTime.getAsLong();
      if (now - paidUntil < 0) {
        return null;
      }
      double units = Math.max(1, unitsPerSecond / 2);
      int items = (int) Math.max(1, Math.min(Integer.MAX_VALUE, units / unitsPerItem));
      Page page = new Page(items, items * unitsPerItem);
      // Others wait for what this page will cost.
      paidUntil = now - Math.min(now - paidUntil, MOST_ARREARS_NANOS) + nanos(page.expectedUnits());
      return page;
    } finally {
      lock.unlock();
    }
  }

  /**
   * A page has been read.
   *
   * @param items how many it had
   * @param units what it cost
   */
  void consumed(Page page, int items, double units) {
    if (!isLimited()) {
      return;
    }
    lock.lock();
    try {
      paidUntil += nanos(units - page.expectedUnits());
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

package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Deals out load units: always of the earliest object that no other slice is just reading from, and
 * of at most as many objects at a time as there are slices. Threads: all slices.
 */
final class UnitFeed implements AutoCloseable {
  private static final long POLL_MILLIS = 20;

  private final LoadPlan plan;
  private final InputOrder order;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final BegunObjects objects;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();

  /** Objects begun and not exhausted, in order. */
  private final List<LoadObject> active = new ArrayList<>();

  private long wakes;

  UnitFeed(LoadPlan plan, InputOrder order, CancelToken cancel, LoadProgress progress) {
    this.plan = plan;
    this.order = order;
    this.cancel = cancel;
    this.progress = progress;
    objects = new BegunObjects(plan, order, cancel, progress);
  }

  BegunObjects objects() {
    return objects;
  }

  /** Releases everything. Call when all slices have stopped. */
  @Override
  public void close() {
    objects.close();
  }

  /**
   * Takes the next unit; false when there is none any more.
   *
   * @param failed told when a unit could not be taken
   */
  boolean next(LoadUnit unit, UnitBuffer buffer, Consumer<RuntimeException> failed) {
    while (true) {
      cancel.check();
      if (order.isOver()) {
        return false;
      }
      LoadObject object = choose();
      if (object == null) {
        return false;
      }
      boolean taken = false;
      try {
        if (!object.exhausted()
            && !order.isPast(UnitResult.ordinal(object.index, object.nextUnit()))) {
          try {
            object.take(unit, buffer);
            taken = true;
          } catch (RuntimeException e) {
            cancel.check();
            failed.accept(e);
          }
        }
      } finally {
        object.lock.unlock();
        wake();
      }
      if (taken) {
        return true;
      }
    }
  }

  /** Lets slices that wait look again for something to do. */
  void wake() {
    lock.lock();
    try {
      wakes++;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Decompresses ahead for a slice that reads; gives the lock back for the time. */
  private boolean help() {
    List<LoadObject> beingRead = List.copyOf(active);
    lock.unlock();
    try {
      for (LoadObject object : beingRead) {
        if (object.help()) {
          return true;
        }
      }
      return false;
    } finally {
      lock.lock();
    }
  }

  /** An object, locked for the caller, or null when nothing is left. */
  private LoadObject choose() {
    lock.lock();
    try {
      while (true) {
        boolean waitFor = false;
        for (int i = 0; i < active.size(); i++) {
          LoadObject object = active.get(i);
          if (object.exhausted()
              || order.isPast(UnitResult.ordinal(object.index, object.nextUnit()))) {
            active.remove(i--);
          } else if (object.lock.tryLock()) {
            if (!object.exhausted()) {
              return object;
            }
            object.lock.unlock();
            active.remove(i--);
          } else {
            waitFor = true;
          }
        }
        if (active.size() < plan.slices()) {
          if (objects.mayBegin()) {
            SourceObject source = objects.take(lock, moved);
            if (source != null) {
              LoadObject object =
                  new LoadObject(objects.nextIndex(), source, plan, cancel, progress, this::wake);
              objects.add(object);
              active.add(object);
              object.lock.lock();
              return object;
            }
            continue;
          }
          waitFor |= objects.maySoonBegin();
        }
        if (!waitFor) {
          return null;
        }
        cancel.check();
        if (order.isOver()) {
          return null;
        }
        long seen = wakes;
        if (!help() && wakes == seen) {
          moved.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }
}

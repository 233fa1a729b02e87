package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Opens the objects of a {@link VectorFormat} and deals out their units, earliest first. A slice
 * opens an object only when no opened one has units left, so that few are open at a time; each is
 * closed with its last unit. Threads: all slices.
 */
final class VectorFeed {
  private static final long POLL_MILLIS = 20;

  private final LoadPlan plan;
  private final InputOrder order;
  private final CancelToken cancel;
  private final List<VectorFormat.Wanted> wanted;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private final List<Opened> opened = new ArrayList<>();
  private final BegunObjects objects;
  private int opening;

  VectorFeed(LoadPlan plan, InputOrder order, CancelToken cancel, LoadProgress progress) {
    objects = new BegunObjects(plan, order, cancel, progress);
    this.plan = plan;
    this.order = order;
    this.cancel = cancel;
    wanted =
        plan.columns().stream()
            .map(column -> new VectorFormat.Wanted(column.name(), column.type()))
            .toList();
  }

  /** One object while units of it are being read. */
  static final class Opened extends InputObject {
    /** Null before units are dealt out, and when all are done. */
    VectorObject object;

    /** The object without its compression; null when it has none. */
    private SpooledObject spooled;

    int unitCount;
    private int nextUnit;
    private int unitsDone;

    /** Bytes of the values that have been read of it. */
    final AtomicLong valueBytes = new AtomicLong();

    Opened(int index, SourceObject source) {
      super(index, source);
    }

    @Override
    LoadOutcome.ObjectOutcome outcome(long lines, long rejects, long rows) {
      return new LoadOutcome.ObjectOutcome(
          source.name(), source.size(), source.size(), lines, rejects, rows, false);
    }

    @Override
    void closeQuietly() {
      VectorObject open = object;
      object = null;
      if (open != null) {
        try {
          open.close();
        } catch (IOException e) {
          // Only read from; nothing is lost.
        }
      }
      if (spooled != null) {
        spooled.release();
      }
    }
  }

  BegunObjects objects() {
    return objects;
  }

  /** A unit of an object. */
  record Unit(Opened of, int number) {}

  /** The next unit, or null when there is none any more. */
  Unit next() {
    while (true) {
      cancel.check();
      Opened toOpen;
      lock.lock();
      try {
        if (order.isOver()) {
          return null;
        }
        for (Opened candidate : opened) {
          if (candidate.nextUnit < candidate.unitCount
              && !order.isPast(UnitResult.ordinal(candidate.index, candidate.nextUnit))) {
            return new Unit(candidate, candidate.nextUnit++);
          }
        }
        if (objects.mayBegin()) {
          SourceObject source = objects.take(lock, moved);
          if (source == null) {
            continue;
          }
          toOpen = new Opened(objects.nextIndex(), source);
          objects.add(toOpen);
          opening++;
        } else if (opening == 0 && !objects.maySoonBegin()) {
          return null;
        } else {
          moved.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
          continue;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return null;
      } finally {
        lock.unlock();
      }
      open(toOpen);
    }
  }

  private void open(Opened toOpen) {
    UnitResult empty = new UnitResult(toOpen, 0);
    empty.last = true;
    VectorObject object = null;
    try {
      VectorFormat format = (VectorFormat) plan.format();
      SourceObject source = toOpen.source;
      if (format.seeks()) {
        toOpen.spooled = SpooledObject.of(source, plan, cancel);
        source = toOpen.spooled == null ? source : toOpen.spooled;
      }
      object = format.open(source, wanted, plan.memoryBytes() / (2L * plan.slices()), cancel);
    } catch (IOException e) {
      cancel.check();
      empty.failure = Failures.unreadable(toOpen.source.name(), e);
    } catch (CopyException e) {
      cancel.check();
      empty.failure = e;
    } finally {
      lock.lock();
      try {
        opening--;
        if (object != null) {
          toOpen.object = object;
          toOpen.unitCount = object.unitCount();
          if (toOpen.unitCount > 0) {
            opened.add(toOpen);
          }
        }
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
    if (toOpen.unitCount == 0) {
      toOpen.closeQuietly();
      order.finish(empty);
    }
  }

  /** A unit has been read, or given up. */
  void done(Unit unit) {
    Opened object = unit.of();
    boolean last;
    lock.lock();
    try {
      last = ++object.unitsDone == object.unitCount;
      if (last) {
        opened.remove(object);
      }
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    if (last) {
      object.closeQuietly();
    }
  }

  /** Closes what an ended load left open; call when all slices have stopped. */
  void close() {
    objects.close();
  }
}

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
  private int nextObject;
  private int opening;

  VectorFeed(LoadPlan plan, InputOrder order, CancelToken cancel) {
    this.plan = plan;
    this.order = order;
    this.cancel = cancel;
    wanted =
        plan.columns().stream()
            .map(column -> new VectorFormat.Wanted(column.name(), column.type()))
            .toList();
  }

  /** One object while units of it are being read. */
  static final class Opened {
    final int index;
    final SourceObject source;
    final VectorObject object;
    final int unitCount;
    private int nextUnit;
    private int unitsDone;

    Opened(int index, SourceObject source, VectorObject object) {
      this.index = index;
      this.source = source;
      this.object = object;
      unitCount = object.unitCount();
    }
  }

  /** A unit of an object. */
  record Unit(Opened of, int number) {}

  /** The next unit, or null when there is none any more. */
  Unit next() {
    while (true) {
      cancel.check();
      int toOpen;
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
        if (nextObject < plan.objects().size()
            && !order.isPast(UnitResult.ordinal(nextObject, 0))) {
          toOpen = nextObject++;
          opening++;
        } else if (opening == 0) {
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

  private void open(int index) {
    SourceObject source = plan.objects().get(index);
    UnitResult failed = new UnitResult(index, 0);
    failed.last = true;
    Opened object = null;
    try {
      VectorFormat format = (VectorFormat) plan.format();
      object =
          new Opened(
              index,
              source,
              format.open(source, wanted, plan.memoryBytes() / (2L * plan.slices()), cancel));
    } catch (IOException e) {
      cancel.check();
      failed.failure = Failures.unreadable(source.name(), e);
    } catch (CopyException e) {
      cancel.check();
      failed.failure = e;
    } finally {
      lock.lock();
      try {
        opening--;
        if (object != null && object.unitCount > 0) {
          opened.add(object);
        }
        moved.signalAll();
      } finally {
        lock.unlock();
      }
    }
    if (object == null) {
      order.finish(failed);
    } else if (object.unitCount == 0) {
      closeQuietly(object);
      order.finish(failed);
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
      closeQuietly(object);
    }
  }

  /** Closes what an ended load left open; call when all slices have stopped. */
  void close() {
    opened.forEach(VectorFeed::closeQuietly);
    opened.clear();
  }

  private static void closeQuietly(Opened object) {
    try {
      object.object.close();
    } catch (IOException e) {
      // Only read from; nothing is lost.
    }
  }
}

package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes the objects of a load from their listing while the load runs, and keeps hold of those that
 * are not settled. Threads: all slices, each with the lock of its feed held.
 */
final class BegunObjects {
  /**
   * Objects begun while an earlier one is not done: what is known of each has to wait for it. Large
   * enough for all slices to have work beside one slow object.
   */
  private static final int MAX_AHEAD_OBJECTS = 4096;

  private final InputOrder order;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final SourceListing.Cursor listing;
  private final boolean compressed;
  private final ArrayDeque<InputObject> begun = new ArrayDeque<>();
  private int next;
  private boolean listed;
  private boolean someoneLists;
  private SourceObject peeked;

  BegunObjects(LoadPlan plan, InputOrder order, CancelToken cancel, LoadProgress progress) {
    this.order = order;
    this.cancel = cancel;
    this.progress = progress;
    compressed = plan.compression() != LoadPlan.Compression.DETECT;
    progress.totalBytes.set(plan.objects().size());
    progress.objects.set(plan.objects().count());
    listing =
        plan.format() instanceof VectorFormat
            ? plan.objects().openForRandomReads(cancel)
            : plan.objects().open(cancel);
  }

  /** Whether the first object may hold much more data than it has bytes. */
  boolean mayExpand() {
    try {
      peeked = listing.next();
    } catch (IOException e) {
      throw Failures.unlisted(e);
    }
    return peeked != null
        && peeked.size() > 4096
        && (compressed || Codecs.isNamedCompressed(peeked.name()));
  }

  /** Whether another object may be begun now, as far as is known. */
  boolean mayBegin() {
    return isWanted() && !someoneLists && !tooFarAhead();
  }

  /** Whether that may change without anything being begun. */
  boolean maySoonBegin() {
    return someoneLists || isWanted() && tooFarAhead();
  }

  private boolean isWanted() {
    return !listed && !order.isPast(UnitResult.ordinal(next, 0));
  }

  private boolean tooFarAhead() {
    return next - order.frontObject() >= MAX_AHEAD_OBJECTS;
  }

  /**
   * The next object, to be {@link #add added}; null when there is none. While the listing answers
   * slowly the lock is free for others.
   */
  SourceObject take(ReentrantLock lock, Condition moved) {
    SourceObject object = null;
    RuntimeException failure = null;
    someoneLists = true;
    lock.unlock();
    try {
      object = peeked != null ? peeked : listing.next();
      peeked = null;
    } catch (IOException e) {
      failure = Failures.unlisted(e);
    } catch (RuntimeException e) {
      failure = e;
    } finally {
      lock.lock();
      someoneLists = false;
      moved.signalAll();
    }
    if (failure != null) {
      listed = true;
      cancel.check();
      order.finish(UnitResult.unlisted(next, failure));
    } else if (object == null) {
      listed = true;
      progress.objects.set(next);
    }
    return object;
  }

  /** Number of the object that {@link #take} returns next. */
  int nextIndex() {
    return next;
  }

  void add(InputObject object) {
    while (!begun.isEmpty() && begun.peek().settled) {
      InputObject settled = begun.poll();
      settled.closeQuietly();
      settled.source.release();
    }
    begun.add(object);
    progress.opened(object.source.name(), false);
    next++;
  }

  /** Objects that are perhaps not settled. Call when all slices have stopped. */
  Iterable<InputObject> begun() {
    return begun;
  }

  /** Number of objects; -1 when the listing was not read to its end. */
  int count() {
    return listed ? next : -1;
  }

  /** Releases everything. Call when all slices have stopped. */
  void close() {
    for (InputObject object : begun) {
      object.closeQuietly();
    }
    listing.close();
  }
}

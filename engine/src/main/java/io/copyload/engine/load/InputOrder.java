package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.load.UnitResult.Entry;
import io.copyload.engine.load.UnitResult.Fate;
import io.copyload.engine.source.SourceObject;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Puts what slices find out into the order of the input: line numbers, the error budget, the first
 * failure.
 *
 * <p>Finished units wait here for the units before them. The front is the earliest unit that is not
 * finished. Rejects that wait are bounded in bytes: a unit that would exceed the bound waits until
 * it is the front, and then hands over each reject at once.
 *
 * <p>Invariant: {@link #stopOrdinal} is the earliest unit known to end the load. Units before it
 * run to their end, those behind it stop.
 *
 * <p>Threads: all slices.
 */
final class InputOrder {
  /** Objects whose outcomes wait for the log. */
  private static final int MAX_UNLOGGED_OBJECTS = 1000;

  private static final long POLL_MILLIS = 50;

  private final LoadPlan plan;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final long maxPendingBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition advanced = lock.newCondition();
  private final TreeMap<Long, UnitResult> waiting = new TreeMap<>();
  private long pendingBytes;
  private volatile int frontObject;
  private int frontUnit;

  private final List<Reject> kept = new ArrayList<>();
  private final List<Reject> replacements = new ArrayList<>();
  private final long maxRawBytes;
  private long keptRawBytes;

  /** Of the front object. */
  private long frontRejects;

  private long frontLines;
  private long frontRows;

  /** Rejects of the front object's settled units. */
  private long unitRejects;

  /** The front object's chunks that are done. */
  private final List<LoadOutcome.Chunk> chunks = new ArrayList<>();

  /** Lines, rejects and time of the front object before its current chunk. */
  private long chunkLines;

  private long chunkRejects;
  private long chunkMicros;

  /** Objects that are done and not in the log yet. */
  private final List<LoadOutcome.ObjectOutcome> done = new ArrayList<>();

  private LoadOutcome.Logged logged = LoadOutcome.Logged.NOTHING;
  private long rows;
  private long rejected;
  private long nulledRows;
  private long replacedRows;
  private long nextStart = -1;

  private volatile long stopOrdinal = Long.MAX_VALUE;
  private volatile boolean over;
  private Reject decisive;
  private RuntimeException failure;

  /** A failure that does not wait for its turn. */
  private Throwable abort;

  InputOrder(LoadPlan plan, CancelToken cancel, LoadProgress progress) {
    this.plan = plan;
    this.cancel = cancel;
    this.progress = progress;
    maxPendingBytes = Math.max(1 << 20, plan.memoryBytes() / 16);
    maxRawBytes = Math.max(1 << 20, plan.memoryBytes() / 16);
  }

  /** Whether a unit at this place should not go on: an earlier one ends the load. */
  boolean isPast(long ordinal) {
    return over || ordinal > stopOrdinal;
  }

  /** Whether nothing is left to do for any slice. */
  boolean isOver() {
    return over;
  }

  /** The earliest object that is not done. Threads: any. */
  int frontObject() {
    return frontObject;
  }

  /** Says that the unit at this place is bound to end the load. */
  void stopAt(long ordinal) {
    lock.lock();
    try {
      stopOrdinal = Math.min(stopOrdinal, ordinal);
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends the load at once; the first reason counts. */
  void abort(Throwable why) {
    lock.lock();
    try {
      if (abort == null) {
        abort = why;
      } else if (abort != why) {
        abort.addSuppressed(why);
      }
      over = true;
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Adds a reject to a running unit. */
  void reject(UnitResult unit, Entry entry) {
    if (entry.fate() == Fate.REFUSED) {
      progress.rejects.increment();
      unit.rejectCount++;
    }
    lock.lock();
    try {
      if (entry.fatal() || unit.rejectCount >= plan.budget().limit()) {
        stopOrdinal = Math.min(stopOrdinal, unit.ordinal());
      }
      if (!unit.direct) {
        long weight = entry.weight();
        if (pendingBytes + weight > maxPendingBytes) {
          awaitFront(unit);
          unit.direct = true;
          handOver(unit);
        } else {
          pendingBytes += weight;
          unit.rejects.add(entry);
          return;
        }
      }
      if (!over) {
        take(unit, entry);
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitFront(UnitResult unit) {
    while (unit.object != frontObject || unit.unit != frontUnit) {
      cancel.check();
      if (isPast(unit.ordinal())) {
        throw new SliceStopped();
      }
      await();
    }
  }

  private void await() {
    try {
      advanced.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SliceStopped();
    }
  }

  private void handOver(UnitResult unit) {
    for (Entry entry : unit.rejects) {
      pendingBytes -= entry.weight();
      if (!over) {
        take(unit, entry);
      }
    }
    unit.rejects.clear();
  }

  /** The reject with its line counted from the object's begin. */
  private Reject placed(UnitResult unit, Reject found) {
    return found.with(found.lineNumber() + frontLines + 1, found.raw(), true);
  }

  /** The reject as it is kept: bytes of records and texts of fields have limits per load. */
  private Reject bounded(Reject reject) {
    RawRecord raw = reject.raw();
    if (raw != null && raw.weight() > 0) {
      if (keptRawBytes + raw.weight() > maxRawBytes) {
        raw = raw.withoutBytes();
      } else {
        keptRawBytes += raw.weight();
      }
    }
    return reject.with(reject.lineNumber(), raw, kept.size() < Reject.MAX_DETAILED);
  }

  /** Counts the next reject in input order. */
  private void take(UnitResult unit, Entry entry) {
    Reject reject = placed(unit, entry.reject());
    if (entry.fate() == Fate.REPLACED) {
      if (replacements.size() < LoadOutcome.MAX_REPLACEMENTS) {
        replacements.add(reject);
      }
      return;
    }
    // What a slice knows of a reject depends on how many its unit had before.
    reject =
        kept.size() < plan.maxRejectsKept()
            ? bounded(reject)
            : reject.with(reject.lineNumber(), null, false);
    if (kept.size() < plan.maxRejectsKept()) {
      kept.add(reject);
    }
    if (entry.fate() == Fate.NULLED) {
      return;
    }
    rejected++;
    frontRejects++;
    if (entry.fatal() || rejected >= plan.budget().limit()) {
      decisive = reject;
      rows += entry.rowsBefore();
      over = true;
      advanced.signalAll();
    }
  }

  /** Takes a finished unit. */
  void finish(UnitResult unit) {
    lock.lock();
    try {
      if (unit.failure != null || unit.tooLongLine >= 0) {
        stopOrdinal = Math.min(stopOrdinal, unit.ordinal());
      }
      waiting.put(unit.ordinal(), unit);
      while (!over && !waiting.isEmpty()) {
        UnitResult front = waiting.get(UnitResult.ordinal(frontObject, frontUnit));
        if (front == null) {
          break;
        }
        waiting.remove(front.ordinal());
        settle(front);
      }
      advanced.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void settle(UnitResult unit) {
    handOver(unit);
    if (over) {
      return;
    }
    if (unit.tooLongLine >= 0) {
      failure =
          new CopyException(
                  CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
                  "record is longer than " + Limits.recordBytes(plan) + " bytes")
              .withHint(
                  plan.format() instanceof JsonSpec
                      ? "Redshift's limit for one document is 4 MB; a bracket may not have been"
                          + " closed."
                      : "A quote may not have been closed; otherwise raise the memory setting.")
              .withContext(
                  ErrorContext.ofLine(
                      plan.tableName(),
                      unit.source.source.name(),
                      unit.tooLongLine + frontLines + 1));
      over = true;
      return;
    }
    if (unit.failure != null) {
      failure =
          unit.refused != null && unit.failure instanceof RowRefusedException row
              ? row.withContext(ErrorContext.of(plan.tableName(), placed(unit, unit.refused)))
              : unit.failure;
      over = true;
      return;
    }
    if (unit.firstStart >= 0) {
      if (nextStart >= 0 && nextStart != unit.firstStart) {
        failure =
            new CopyException(
                CopyErrorCode.INTERNAL,
                "load units of \""
                    + unit.source.source.name()
                    + "\" do not meet: one ends at byte "
                    + nextStart
                    + ", the next begins at byte "
                    + unit.firstStart);
        over = true;
        return;
      }
      nextStart = unit.nextStart;
    }
    if (unit.ended) {
      nextStart = -1;
    } else if (unit.last && nextStart >= 0 && nextStart != unit.objectEnd) {
      failure =
          new CopyException(
              CopyErrorCode.INTERNAL,
              "records of \""
                  + unit.source.source.name()
                  + "\" end at byte "
                  + nextStart
                  + " of "
                  + unit.objectEnd);
      over = true;
      return;
    }
    for (UnitResult.ChunkStart next : unit.chunkStarts) {
      long bytes = unit.source.chunkBytes();
      endChunk(unit.source, frontLines + next.lines(), unitRejects + next.rejects(), bytes);
    }
    unitRejects += unit.rejectCount;
    if (unit.endsChunk) {
      endChunk(unit.source, frontLines + unit.lines, unitRejects, unit.source.chunkBytes());
    }
    rows += unit.rows;
    nulledRows += unit.nulledRows;
    replacedRows += unit.replacedRows;
    frontRows += unit.rows;
    frontLines += unit.lines;
    if (unit.last) {
      settleObject(unit.source);
      progress.objectsDone.increment();
      frontUnit = 0;
      nextStart = -1;
    } else {
      frontUnit++;
    }
  }

  /** Ends the current chunk of the front object behind these lines and rejects of it. */
  private void endChunk(InputObject object, long lines, long rejectsBefore, long bytes) {
    long start = chunks.size() * object.chunkBytes();
    long micros = object.micros();
    chunks.add(
        new LoadOutcome.Chunk(
            start, bytes, lines - chunkLines, rejectsBefore - chunkRejects, micros - chunkMicros));
    chunkLines = lines;
    chunkRejects = rejectsBefore;
    chunkMicros = micros;
  }

  private void settleObject(InputObject object) {
    object.settled = true;
    LoadOutcome.ObjectOutcome outcome = object.described(frontLines, frontRejects, frontRows);
    if (!chunks.isEmpty()) {
      long begin = chunks.size() * object.chunkBytes();
      endChunk(object, frontLines, unitRejects, outcome.storedBytes() - begin);
      outcome = outcome.of(chunks);
      chunks.clear();
    }
    unitRejects = 0;
    chunkLines = 0;
    chunkRejects = 0;
    chunkMicros = 0;
    done.add(outcome);
    frontRows = 0;
    frontLines = 0;
    frontRejects = 0;
    frontObject++;
    if (done.size() >= MAX_UNLOGGED_OBJECTS && progress.logsObjects()) {
      progress.logObjects(done, logged.count());
      logged = logged.plus(done);
      done.clear();
    }
  }

  /** The result, once all slices have stopped; throws what ended the load. */
  LoadOutcome outcome(BegunObjects begun) {
    lock.lock();
    try {
      if (abort instanceof RuntimeException e) {
        throw e;
      }
      if (abort instanceof Error e) {
        throw e;
      }
      if (decisive == null && failure == null) {
        cancel.check();
      }
      if (failure != null) {
        throw failure;
      }
      List<LoadOutcome.ObjectOutcome> objects = new ArrayList<>(done);
      SourceObject front = null;
      for (InputObject object : begun.begun()) {
        boolean atFront = object.index == frontObject;
        if (!object.settled) {
          objects.add(
              atFront
                  ? object.described(frontLines, frontRejects, frontRows)
                  : object.described(0, 0, 0));
          front = atFront ? object.source : front;
        }
      }
      LoadOutcome outcome =
          new LoadOutcome(
              rows, rejected, kept, objects, nulledRows, replacedRows, replacements, logged);
      if (decisive != null) {
        throw new LoadFailedException(outcome, decisive, front);
      }
      if (frontObject != begun.count()) {
        throw new CopyException(
            CopyErrorCode.INTERNAL, "load ended before object " + (frontObject + 1) + " was done");
      }
      return outcome;
    } finally {
      lock.unlock();
    }
  }
}

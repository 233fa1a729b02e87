package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.compress.ExpansionLimit;
import io.copyload.engine.convert.FieldRejects;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.convert.VectorCast;
import io.copyload.engine.convert.VectorCasts;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;

/**
 * One lane of parallel work over a {@link io.copyload.engine.format.VectorFormat}: takes units one
 * after the other, lets the reader fill vectors, casts and hands over. A row's line number is its
 * number within the object.
 */
final class VectorSlice implements FieldRejects {
  private final LoadPlan plan;
  private final VectorFeed feed;
  private final InputOrder order;
  private final CancelToken cancel;
  private final LoadProgress progress;
  private final RowSink.Slice sink;
  private final int capacity;
  private final Problem[] problems;
  private final int[] selection;
  private boolean anyProblem;
  private int field;

  /** The object that vectors and casts were made for. */
  private VectorFeed.Opened madeFor;

  private ColumnVector[] read;
  private ColumnVector[] wanted;
  private VectorCast[] casts;
  private UnitResult result;

  private record Problem(
      int field, RejectReason reason, String message, String detail, String hint) {}

  VectorSlice(
      LoadPlan plan,
      VectorFeed feed,
      InputOrder order,
      CancelToken cancel,
      LoadProgress progress,
      RowSink.Slice sink) {
    this.plan = plan;
    this.feed = feed;
    this.order = order;
    this.cancel = cancel;
    this.progress = progress;
    this.sink = sink;
    capacity = Limits.batchRows(plan.columns().size());
    problems = new Problem[capacity];
    selection = new int[capacity];
    wanted = new ColumnVector[plan.columns().size()];
  }

  /** Works until there are no units left or the load is over. */
  void run() {
    for (VectorFeed.Unit unit = feed.next(); unit != null; unit = feed.next()) {
      try {
        work(unit);
      } finally {
        feed.done(unit);
      }
    }
  }

  private void work(VectorFeed.Unit unit) {
    VectorFeed.Opened object = unit.of();
    result = new UnitResult(object, unit.number());
    result.last = unit.number() == object.unitCount - 1;
    if (order.isPast(result.ordinal())) {
      return;
    }
    try {
      prepare(object);
      try (VectorReader reader = object.object.reader(unit.number())) {
        readUnit(object, reader);
      }
      sink.endUnit(result.ordinal());
    } catch (SliceStopped e) {
      return;
    } catch (IOException e) {
      cancel.check();
      result.failure = Failures.unreadable(object.source.name(), e);
    } catch (FormatFailure e) {
      cancel.check();
      if (e.failure().code() == CopyErrorCode.INTERNAL) {
        throw e.failure();
      }
      result.failure = e.failure();
    }
    order.finish(result);
  }

  /**
   * What a reader found wrong, as opposed to a failure of the sink, which ends the load at once.
   */
  private static final class FormatFailure extends Exception {
    private static final long serialVersionUID = 1L;

    FormatFailure(CopyException cause) {
      super(cause);
    }

    CopyException failure() {
      return (CopyException) getCause();
    }
  }

  private void prepare(VectorFeed.Opened object) throws FormatFailure {
    if (madeFor == object) {
      return;
    }
    madeFor = null;
    List<TargetType> types = object.object.types();
    read = new ColumnVector[types.size()];
    casts = new VectorCast[types.size()];
    for (int f = 0; f < read.length; f++) {
      TargetColumn column = plan.columns().get(f);
      read[f] = new ColumnVector(types.get(f), capacity);
      casts[f] = VectorCasts.of(types.get(f), column.type(), capacity, plan.conversion());
      if (casts[f] == null) {
        throw new FormatFailure(
            new CopyException(
                CopyErrorCode.DATATYPE_MISMATCH,
                "column \""
                    + column.name()
                    + "\" of relation \""
                    + plan.tableName()
                    + "\" cannot take the values of \""
                    + object.source.name()
                    + "\": "
                    + types.get(f).kind()
                    + " is not assignable to "
                    + column.type().kind()));
      }
    }
    madeFor = object;
  }

  private void readUnit(VectorFeed.Opened object, VectorReader reader)
      throws IOException, FormatFailure {
    while (true) {
      cancel.check();
      if (order.isPast(result.ordinal())) {
        throw new SliceStopped();
      }
      int count;
      try {
        count = reader.read(read, capacity);
      } catch (CopyException e) {
        throw new FormatFailure(e);
      }
      if (count == 0) {
        return;
      }
      checkExpansion(object, count);
      for (VectorReader.Fault fault : reader.faults()) {
        field = fault.column();
        RejectReason reason =
            switch (fault.kind()) {
              case GEOMETRY -> RejectReason.INVALID_GEOMETRY;
              case DATE -> RejectReason.INVALID_DATE;
              case PATH -> RejectReason.MALFORMED_RECORD;
            };
        reject(fault.row(), reason, fault.message(), null, fault.hint(), null);
      }
      for (field = 0; field < read.length; field++) {
        wanted[field] = casts[field].cast(read[field], count, this);
      }
      checkNotNull(count);
      if (anyProblem) {
        takeProblems(object, count);
      } else {
        deliver(object, null, count);
      }
      result.lines += count;
    }
  }

  /** Runs and dictionaries let a small file claim as much as it likes. */
  private void checkExpansion(VectorFeed.Opened object, int count) throws FormatFailure {
    long bytes = 0;
    for (ColumnVector vector : read) {
      // A number counts as one byte: long columns of equal ones are common, and harmless.
      bytes += count;
      if (vector.length != null) {
        for (int r = 0; r < count; r++) {
          bytes += vector.nulls[r] ? 0 : vector.length[r];
        }
      }
    }
    long stored = object.source.size();
    long limit = ExpansionLimit.limit(stored, plan.maxExpansion());
    if (object.valueBytes.addAndGet(bytes) > limit && stored >= 0) {
      throw new FormatFailure(
          ExpansionLimit.exceeded(object.source.name(), limit, stored, plan.maxExpansion()));
    }
  }

  private void checkNotNull(int count) {
    for (field = 0; field < wanted.length; field++) {
      TargetColumn column = plan.columns().get(field);
      if (!column.notNull()) {
        continue;
      }
      boolean[] nulls = wanted[field].nulls;
      for (int r = 0; r < count; r++) {
        if (nulls[r] && problems[r] == null) {
          reject(
              r,
              RejectReason.NOT_NULL,
              "null value in column \""
                  + column.name()
                  + "\" of relation \""
                  + plan.tableName()
                  + "\" violates not-null constraint",
              null,
              null,
              null);
        }
      }
    }
  }

  @Override
  public void reject(
      int record, RejectReason reason, String message, String detail, String hint, String context) {
    if (problems[record] == null) {
      problems[record] =
          new Problem(field, reason, Failures.bounded(message), Failures.bounded(detail), hint);
      anyProblem = true;
    }
  }

  private void takeProblems(VectorFeed.Opened object, int count) {
    anyProblem = false;
    int good = 0;
    try {
      for (int r = 0; r < count; r++) {
        Problem problem = problems[r];
        if (problem == null) {
          selection[good++] = r;
          continue;
        }
        if (good > 0 && sink.mayRefuse()) {
          deliver(object, selection, good);
          good = 0;
        }
        boolean fatal = plan.budget().softOnly() && !problem.reason().soft();
        order.reject(
            result, new UnitResult.Entry(describe(object, r, problem), result.rows + good, fatal));
        if (fatal || result.rejectCount >= plan.budget().limit()) {
          // Nothing behind this row matters.
          result.rows += good;
          result.lines += count;
          order.finish(result);
          throw new SliceStopped();
        }
      }
    } finally {
      Arrays.fill(problems, 0, count, null);
    }
    if (good > 0) {
      deliver(object, selection, good);
    }
  }

  private Reject describe(VectorFeed.Opened object, int row, Problem problem) {
    int f = problem.field();
    return new Reject(
        object.index,
        object.source.name(),
        result.lines + row,
        f + 1,
        f >= 0 ? plan.columns().get(f).name() : null,
        f >= 0 && !read[f].nulls[row] ? VectorText.of(read[f], row) : null,
        null,
        -1,
        problem.reason(),
        problem.message(),
        problem.detail(),
        problem.hint());
  }

  private void deliver(VectorFeed.Opened object, int[] rows, int count) {
    try {
      sink.rows(wanted, rows, count);
    } catch (RowRefusedException e) {
      result.failure = e;
      result.refused =
          describe(
              object, e.record(), new Problem(-1, RejectReason.CHECK, e.getMessage(), null, null));
      order.finish(result);
      throw new SliceStopped();
    }
    result.rows += count;
    progress.rows.add(count);
  }
}

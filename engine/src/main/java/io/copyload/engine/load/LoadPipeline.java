package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.VectorFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs a load plan: cuts the objects into load units, lets slices read, cut, convert and hand over
 * rows, and puts rejects into input order.
 *
 * <p>The result does not depend on slices, unit size or buffer size: same rows to the sink per
 * input order of units, same rejects, line numbers and messages; a failing load names the earliest
 * bad record.
 */
public final class LoadPipeline {
  /** Numbers the loads of this process, for names of threads only. */
  private static final AtomicLong LOADS = new AtomicLong();

  private LoadPipeline() {}

  /**
   * Runs the load. When the budget is spent it throws {@link LoadFailedException} with the rejects
   * so far; a tripped token makes it throw the token's reason. On return and on every exception all
   * threads of the load have ended and all slices of the sink are closed; only a thread that waits
   * in a caller's stream may remain, and ends when the stream answers.
   */
  public static LoadOutcome run(
      LoadPlan plan, RowSink sink, CancelToken cancel, LoadProgress progress) {
    cancel.check();
    if (plan.format() instanceof VectorFormat) {
      return runVectors(plan, sink, cancel, progress);
    }
    long total = plan.objects().size();
    InputOrder order = new InputOrder(plan, cancel, progress);
    long count = plan.objects().count();
    boolean small = count >= 0 && count <= 1 && total >= 0 && total <= Limits.unitBytes(plan);
    UnitFeed feed = new UnitFeed(plan, order, cancel, progress);
    try (feed) {
      // One unit needs no second thread.
      int slices = small && !feed.objects().mayExpand() ? 1 : plan.slices();
      if (slices == 1) {
        runSlice(plan, feed, order, cancel, progress, true, sink);
      } else {
        runThreads(slices, order, () -> runSlice(plan, feed, order, cancel, progress, false, sink));
      }
    }
    return order.outcome(feed.objects());
  }

  /** Loads a format whose readers fill vectors themselves. */
  private static LoadOutcome runVectors(
      LoadPlan plan, RowSink sink, CancelToken cancel, LoadProgress progress) {
    InputOrder order = new InputOrder(plan, cancel, progress);
    VectorFeed feed = new VectorFeed(plan, order, cancel, progress);
    Runnable slice =
        () -> {
          try (RowSink.Slice end = sink.openSlice()) {
            new VectorSlice(plan, feed, order, cancel, progress, end).run();
          } catch (Throwable e) {
            order.abort(e);
          }
        };
    try {
      if (plan.slices() == 1) {
        slice.run();
      } else {
        runThreads(plan.slices(), order, slice);
      }
    } finally {
      feed.close();
    }
    return order.outcome(feed.objects());
  }

  private static void runThreads(int slices, InputOrder order, Runnable slice) {
    long load = LOADS.incrementAndGet();
    List<Thread> threads = new ArrayList<>(slices);
    try {
      for (int i = 0; i < slices; i++) {
        Thread thread = new Thread(slice, "copyload-" + load + "-slice-" + i);
        thread.setDaemon(true);
        thread.start();
        threads.add(thread);
      }
    } catch (OutOfMemoryError e) {
      order.abort(e);
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (true) {
        try {
          thread.join();
          break;
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void runSlice(
      LoadPlan plan,
      UnitFeed feed,
      InputOrder order,
      CancelToken cancel,
      LoadProgress progress,
      boolean single,
      RowSink sink) {
    try (RowSink.Slice end = sink.openSlice()) {
      new Slice(plan, feed, order, cancel, progress, single, end).run();
    } catch (Throwable e) {
      order.abort(e);
    }
  }
}

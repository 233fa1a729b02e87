package io.copyload.engine.load;

import io.copyload.engine.CancelToken;

/**
 * Runs a load plan: cuts the objects into load units, lets slices read, cut, convert and hand over rows, and puts
 * rejects into input order.
 *
 * <p>The result does not depend on slices, unit size or buffer size: same rows to the sink per input order of units,
 * same rejects, line numbers and messages; a failing load names the earliest bad record.
 */
public final class LoadPipeline {
  private LoadPipeline() {}

  /**
   * Runs the load. When the budget is spent it throws {@link LoadFailedException} with the rejects so far; a tripped
   * token makes it throw the token's reason. On return and on every exception all threads of the load have ended and
   * all slices of the sink are closed.
   */
  public static LoadOutcome run(
      LoadPlan plan, RowSink sink, CancelToken cancel, LoadProgress progress) {
    throw new UnsupportedOperationException();
  }
}

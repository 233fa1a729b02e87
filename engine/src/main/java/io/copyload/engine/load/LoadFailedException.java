package io.copyload.engine.load;

import io.copyload.engine.source.SourceObject;

/** The error budget is spent: the load must be undone. Carries what had been found until then. */
public final class LoadFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient LoadOutcome outcome;
  private final transient Reject decisive;
  private final transient SourceObject object;

  public LoadFailedException(LoadOutcome outcome, Reject decisive, SourceObject object) {
    super(decisive.message());
    this.outcome = outcome;
    this.decisive = decisive;
    this.object = object;
  }

  public LoadOutcome outcome() {
    return outcome;
  }

  /** The reject that spent the budget, in input order. */
  public Reject decisive() {
    return decisive;
  }

  /** The object that the decisive reject is in. */
  public SourceObject object() {
    return object;
  }
}

package io.copyload.engine.load;

/** The error budget is spent: the load must be undone. Carries what had been found until then. */
public final class LoadFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient LoadOutcome outcome;
  private final transient Reject decisive;

  public LoadFailedException(LoadOutcome outcome, Reject decisive) {
    super(decisive.message());
    this.outcome = outcome;
    this.decisive = decisive;
  }

  public LoadOutcome outcome() {
    return outcome;
  }

  /** The reject that spent the budget, in input order. */
  public Reject decisive() {
    return decisive;
  }
}

package io.copyload.engine.load;

/**
 * How many rejects a load survives.
 *
 * @param limit the load fails when this many records have been refused; 1 stops at the first
 * @param softOnly only conversion errors may be refused, any other bad record ends the load
 *     (PostgreSQL's ON_ERROR ignore)
 */
public record ErrorBudget(long limit, boolean softOnly) {
  /** Stops at the first bad record. */
  public static final ErrorBudget NONE = new ErrorBudget(1, false);

  public ErrorBudget {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is less than 1");
    }
  }
}

package io.copyload.engine.h2;

/**
 * Rides on H2's exception for a broken check as suppressed: PostgreSQL's DETAIL, {@code Failing row
 * contains (1, x).}
 */
final class FailingRow extends RuntimeException {
  private static final long serialVersionUID = 1L;

  FailingRow(String detail) {
    super(detail, null, false, false);
  }

  /** The detail that rides on {@code e}, or null. */
  static String of(Throwable e) {
    for (Throwable suppressed : e.getSuppressed()) {
      if (suppressed instanceof FailingRow row) {
        return row.getMessage();
      }
    }
    return null;
  }
}

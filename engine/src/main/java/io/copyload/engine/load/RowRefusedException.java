package io.copyload.engine.load;

/**
 * A sink did not take a row, for the reason that is the cause, and the load has to end. The
 * pipeline knows where the row came from and adds that.
 */
public final class RowRefusedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int record;
  private final String context;

  /**
   * @param record row of the vectors, which is the number of the record within its batch
   */
  public RowRefusedException(int record, RuntimeException cause) {
    this(record, null, cause);
  }

  private RowRefusedException(int record, String context, RuntimeException cause) {
    super(cause.getMessage(), cause);
    this.record = record;
    this.context = context;
  }

  /** The same with PostgreSQL's CONTEXT line, for example {@code COPY t, line 2: "1,x"}. */
  public RowRefusedException withContext(String newContext) {
    return new RowRefusedException(record, newContext, reason());
  }

  public int record() {
    return record;
  }

  /** Where the row came from, or null when nobody has added it. */
  public String context() {
    return context;
  }

  /** Why the row was refused. */
  public RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}

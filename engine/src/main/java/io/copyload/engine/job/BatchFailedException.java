package io.copyload.engine.job;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;

/** A COPY of a job has loaded nothing. */
public final class BatchFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Fault {
    /** One of the objects, at least perhaps: the others may load without it. */
    OBJECT,
    /** One of the objects, which could not be read. */
    UNREADABLE,
    /** Something that no object can help. */
    JOB
  }

  private final Fault fault;
  private final String objectName;
  private final String sqlState;

  /**
   * @param objectName the object at fault, or null when not known
   */
  public BatchFailedException(
      Fault fault, String objectName, String sqlState, String message, Throwable cause) {
    super(message, cause);
    this.fault = fault;
    this.objectName = objectName;
    this.sqlState = sqlState;
  }

  /** An object that could not be read before its load began. */
  static BatchFailedException unreadable(String objectName, Exception e) {
    String state =
        e instanceof CopyException copy
            ? copy.code().sqlState()
            : CopyErrorCode.OBJECT_UNREADABLE.sqlState();
    return new BatchFailedException(Fault.UNREADABLE, objectName, state, e.getMessage(), e);
  }

  public Fault fault() {
    return fault;
  }

  /** The object at fault, or null when not known. */
  public String objectName() {
    return objectName;
  }

  public String sqlState() {
    return sqlState;
  }
}

package io.copyload.engine;

/**
 * The one exception with which a COPY statement ends unsuccessfully.
 *
 * <p>{@code message}, {@code detail}, {@code hint} and {@code context} mean what they mean in
 * PostgreSQL's error reports; {@code context} is the {@code COPY t, line 2, column a: "foo"} line.
 * {@code position} counts characters of the statement from 1 and is 0 when unknown. No part ever
 * holds a secret.
 */
public final class CopyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final CopyErrorCode code;
  private final String detail;
  private final String hint;
  private final String context;
  private final int position;

  public CopyException(CopyErrorCode code, String message) {
    this(code, message, null, null, null, 0, null);
  }

  public CopyException(CopyErrorCode code, String message, Throwable cause) {
    this(code, message, null, null, null, 0, cause);
  }

  public CopyException(
      CopyErrorCode code,
      String message,
      String detail,
      String hint,
      String context,
      int position,
      Throwable cause) {
    super(message, cause);
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.context = context;
    this.position = position;
  }

  public CopyErrorCode code() {
    return code;
  }

  /** PostgreSQL's DETAIL, or null. */
  public String detail() {
    return detail;
  }

  /** PostgreSQL's HINT, or null. */
  public String hint() {
    return hint;
  }

  /** PostgreSQL's CONTEXT, or null. */
  public String context() {
    return context;
  }

  /** Character position in the statement, counted from 1; 0 when unknown. */
  public int position() {
    return position;
  }

  public CopyException withDetail(String newDetail) {
    return new CopyException(code, getMessage(), newDetail, hint, context, position, getCause());
  }

  public CopyException withHint(String newHint) {
    return new CopyException(code, getMessage(), detail, newHint, context, position, getCause());
  }

  public CopyException withContext(String newContext) {
    return new CopyException(code, getMessage(), detail, hint, newContext, position, getCause());
  }

  public CopyException withPosition(int newPosition) {
    return new CopyException(code, getMessage(), detail, hint, context, newPosition, getCause());
  }
}

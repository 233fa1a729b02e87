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
  private final ErrorObject object;

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
    this(code, message, detail, hint, context, position, ErrorObject.NONE, cause);
  }

  private CopyException(
      CopyErrorCode code,
      String message,
      String detail,
      String hint,
      String context,
      int position,
      ErrorObject object,
      Throwable cause) {
    super(message, cause);
    this.code = code;
    this.detail = detail;
    this.hint = hint;
    this.context = context;
    this.position = position;
    this.object = object;
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

  /** The table, column or constraint that the error is about. */
  public ErrorObject object() {
    return object;
  }

  public CopyException withDetail(String newDetail) {
    return with(newDetail, hint, context, position, object);
  }

  public CopyException withHint(String newHint) {
    return with(detail, newHint, context, position, object);
  }

  public CopyException withContext(String newContext) {
    return with(detail, hint, newContext, position, object);
  }

  public CopyException withPosition(int newPosition) {
    return with(detail, hint, context, newPosition, object);
  }

  /** The same when the statement begins {@code offset} characters behind the text's beginning. */
  public CopyException movedBy(int offset) {
    return position > 0 && offset > 0 ? withPosition(position + offset) : this;
  }

  public CopyException withObject(ErrorObject newObject) {
    return with(detail, hint, context, position, newObject);
  }

  private CopyException with(
      String newDetail, String newHint, String newContext, int newPosition, ErrorObject newObject) {
    return new CopyException(
        code, getMessage(), newDetail, newHint, newContext, newPosition, newObject, getCause());
  }
}

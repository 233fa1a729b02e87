package io.copyload.engine;

import java.util.concurrent.atomic.AtomicReference;

/**
 * The one signal that stops a load: set by {@code Statement.cancel}, a query timeout, {@code
 * Connection.abort} or the first fatal error, seen by every slice. Threads: any. The first reason
 * wins.
 */
public final class CancelToken {
  private final AtomicReference<CopyException> reason = new AtomicReference<>();

  /** Trips the token. Returns false when it was tripped before. */
  public boolean cancel(CopyException why) {
    return reason.compareAndSet(null, why);
  }

  /** Trips the token with PostgreSQL's text for a user's cancel request. */
  public boolean cancelByUser() {
    return cancel(
        new CopyException(CopyErrorCode.CANCELLED, "canceling statement due to user request"));
  }

  /** Trips the token with PostgreSQL's text for a statement timeout. */
  public boolean cancelByTimeout() {
    return cancel(
        new CopyException(CopyErrorCode.TIMED_OUT, "canceling statement due to statement timeout"));
  }

  public boolean isCancelled() {
    return reason.get() != null;
  }

  /** The reason, or null when not tripped. */
  public CopyException reason() {
    return reason.get();
  }

  /** Throws the reason when tripped. Call once per batch and after each blocking call. */
  public void check() {
    CopyException why = reason.get();
    if (why != null) {
      throw why;
    }
  }
}

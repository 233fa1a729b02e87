package io.copyload.engine.source.remote;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;

/** One request to another machine has failed. The message holds no secret. */
public final class RemoteFailure extends IOException {
  private static final long serialVersionUID = 1L;

  /** Whether another try may help. */
  public enum Kind {
    FINAL,
    /** The object is not the one that was listed. */
    CHANGED,
    /** Soon: the connection or the server broke. */
    PASSING,
    /** Hardly: nobody answers at the address. */
    UNREACHABLE
  }

  private final Kind kind;
  private final CopyErrorCode code;
  private final String hint;

  public RemoteFailure(Kind kind, CopyErrorCode code, String message, String hint, Throwable e) {
    super(message, e);
    this.kind = kind;
    this.code = code;
    this.hint = hint;
  }

  /** A failure that no other try will mend. */
  public static RemoteFailure lasting(CopyErrorCode code, String message, String hint) {
    return new RemoteFailure(Kind.FINAL, code, message, hint, null);
  }

  /** The object is not the one that was listed. */
  public static RemoteFailure changed() {
    return new RemoteFailure(
        Kind.CHANGED,
        CopyErrorCode.OBJECT_UNREADABLE,
        "the object changed while it was being loaded",
        "Load it again when nobody writes it.",
        null);
  }

  /** A failure that another try may mend. */
  public static RemoteFailure passing(String message, Throwable e) {
    return new RemoteFailure(Kind.PASSING, CopyErrorCode.OBJECT_UNREADABLE, message, null, e);
  }

  /** A failure that has its words already. */
  public static RemoteFailure of(CopyException e) {
    return new RemoteFailure(Kind.FINAL, e.code(), e.getMessage(), e.hint(), e);
  }

  /** What an I/O error of the network means. */
  public static RemoteFailure of(IOException e) {
    if (e instanceof RemoteFailure failure) {
      return failure;
    }
    for (Throwable t = e; t != null; t = t.getCause()) {
      if (t instanceof UnknownHostException) {
        return unreachable("unknown host " + t.getMessage(), e);
      }
      if (t instanceof ConnectException) {
        return unreachable("no connection", e);
      }
      if (t instanceof javax.net.ssl.SSLException) {
        String why = t.getMessage();
        return why != null && why.contains("PKIX")
            ? new RemoteFailure(
                Kind.FINAL,
                CopyErrorCode.OBJECT_UNREADABLE,
                "the server's certificate is not trusted",
                "Name a file with its authority's certificate in the connection property"
                    + " network_authorities, or add it to the JVM's trust store.",
                e)
            : passing("the secure connection broke", e);
      }
    }
    String why = e.getMessage();
    return passing(why == null ? "the connection broke" : "the connection broke: " + why, e);
  }

  private static RemoteFailure unreachable(String message, Throwable e) {
    return new RemoteFailure(Kind.UNREACHABLE, CopyErrorCode.OBJECT_UNREADABLE, message, null, e);
  }

  public Kind kind() {
    return kind;
  }

  public CopyErrorCode code() {
    return code;
  }

  /** What to change, or null. */
  public String hint() {
    return hint;
  }

  /** The failure of a statement that could not read {@code what}. */
  public CopyException toCopyException(String what) {
    return toCopyException("read", what);
  }

  /** The failure of a statement that could not write {@code what}. */
  public CopyException whileWriting(String what) {
    return toCopyException("write", what);
  }

  private CopyException toCopyException(String doing, String what) {
    if (getCause() instanceof CopyException e) {
      return e;
    }
    return new CopyException(
        code,
        "could not " + doing + " \"" + what + "\": " + getMessage(),
        null,
        hint,
        null,
        0,
        this);
  }
}

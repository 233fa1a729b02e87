package io.copyload.engine;

import java.sql.SQLWarning;

/** A notice of PostgreSQL's about a COPY that goes on or has succeeded. */
public final class CopyNotice extends SQLWarning {
  private static final long serialVersionUID = 1L;

  private static final String SQL_STATE = "00000";

  private final String context;

  public CopyNotice(String message, String context) {
    super(message, SQL_STATE);
    this.context = context;
  }

  /** PostgreSQL's CONTEXT, or null. */
  public String context() {
    return context;
  }
}

package org.h2.jdbc;

import java.sql.SQLException;
import java.sql.SQLWarning;

/**
 * The warnings of one statement object or connection: those of its latest execution. Threads: any.
 */
final class CopyWarnings {
  /** A call that may execute a COPY. */
  @FunctionalInterface
  interface Call<T> {
    T run() throws SQLException;
  }

  private SQLWarning first;

  synchronized SQLWarning first() {
    return first;
  }

  synchronized void clear() {
    first = null;
  }

  synchronized void add(SQLWarning warning) {
    if (first == null) {
      first = warning;
    } else {
      first.setNextWarning(warning);
    }
  }
}

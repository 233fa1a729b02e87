package io.copyload.engine.dialect;

import java.util.Objects;

/**
 * What only PostgreSQL's options say about a COPY FROM, with every default filled in.
 *
 * @param forceNotNull columns whose unquoted null markers are text
 * @param forceNull columns whose quoted null markers are NULL
 * @param convertSelectively the only columns that are converted, the others being NULL; none when
 *     all are
 * @param onError what a value that does not fit its column does
 * @param rejectLimit most rows that may be skipped; 0 when there is no limit
 * @param verbosity which notices there are about such values
 * @param encoding of delimited text
 * @param freeze whether only a table of this transaction may be loaded
 */
public record PostgresClauses(
    ColumnChoice forceNotNull,
    ColumnChoice forceNull,
    ColumnChoice convertSelectively,
    OnError onError,
    long rejectLimit,
    LogVerbosity verbosity,
    TextEncoding encoding,
    boolean freeze) {
  /** ON_ERROR. */
  public enum OnError {
    /** The load fails. */
    STOP,
    /** The row is skipped. */
    IGNORE,
    /** The value becomes NULL (PostgreSQL 19). */
    SET_NULL
  }

  /** LOG_VERBOSITY. */
  public enum LogVerbosity {
    /** No notice at all. */
    SILENT,
    /** One notice with a count. */
    DEFAULT,
    /** A notice for each value, too. */
    VERBOSE
  }

  /** Every option left out. */
  public static final PostgresClauses NONE =
      new PostgresClauses(
          ColumnChoice.NONE,
          ColumnChoice.NONE,
          ColumnChoice.NONE,
          OnError.STOP,
          0,
          LogVerbosity.DEFAULT,
          TextEncoding.UTF8,
          false);

  public PostgresClauses {
    Objects.requireNonNull(forceNotNull, "forceNotNull");
    Objects.requireNonNull(forceNull, "forceNull");
    Objects.requireNonNull(convertSelectively, "convertSelectively");
    Objects.requireNonNull(onError, "onError");
    Objects.requireNonNull(verbosity, "verbosity");
    Objects.requireNonNull(encoding, "encoding");
    if (rejectLimit < 0) {
      throw new IllegalArgumentException("rejectLimit is negative");
    }
  }
}

package io.copyload.engine.format.delimited;

/**
 * What ends a record of one object. Fixed by the first line end of the data in the PostgreSQL
 * styles.
 */
public enum NewlineStyle {
  LF,
  CR,
  CRLF,
  /** Redshift: LF, and CR LF just as well. */
  LF_OR_CRLF,
  /** Materialize's CSV: LF, CR and CR LF in any mix. */
  ANY
}

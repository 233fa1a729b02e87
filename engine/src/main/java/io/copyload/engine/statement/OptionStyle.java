package io.copyload.engine.statement;

/** In which dialect's way a clause is written. */
public enum OptionStyle {
  /** {@code (FORMAT csv, ...)}: PostgreSQL since 9.0, Materialize. */
  PARENTHESISED,
  /** A form that PostgreSQL's old syntax allows; Redshift shares some of these. */
  LEGACY,
  /** A form that only Redshift allows. */
  REDSHIFT
}

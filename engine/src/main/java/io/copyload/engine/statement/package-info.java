/**
 * Text of the COPY statement family to records: one tokenizer and one grammar for PostgreSQL,
 * Materialize and Redshift.
 *
 * <p>The grammar accepts the union of the three dialects and records how each part was written
 * ({@link io.copyload.engine.statement.OptionStyle}) and where ({@link
 * io.copyload.engine.statement.TextRange}); which combinations mean something is decided by the
 * dialect room. Nothing here does I/O or knows the database. Errors are {@code CopyException}s with
 * SQLSTATE 42601, PostgreSQL's text and a position; they never repeat a string literal, since that
 * may be a secret.
 */
package io.copyload.engine.statement;

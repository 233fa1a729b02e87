package io.copyload.engine.statement;

/** Where a COPY reads from or writes to, as written. */
public sealed interface SourceRef {
  /** The part of the statement that names the source. */
  TextRange range();

  /** A string literal: path, glob or URL, decoded. */
  record StringSource(String text, TextRange range) implements SourceRef {}

  /**
   * A JDBC parameter.
   *
   * @param index counted from 0
   */
  record ParameterSource(int index, TextRange range) implements SourceRef {}

  /** STDIN or STDOUT; either word is taken in both directions, as PostgreSQL does. */
  record Stdin(TextRange range) implements SourceRef {}

  /** Standard output or input of a shell command. */
  record Program(String command, TextRange range) implements SourceRef {}

  /** Materialize: a scalar expression of type text, not parsed here. */
  record ExpressionSource(TextRange range) implements SourceRef {}
}

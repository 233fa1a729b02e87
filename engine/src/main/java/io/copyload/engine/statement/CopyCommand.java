package io.copyload.engine.statement;

/** A statement of the COPY family. */
public sealed interface CopyCommand permits CopyFrom, CopyTo, CopyJob {
  /** Name of the kind of statement, for messages. */
  String statementName();

  /** The statement without surrounding blanks and semicolons. */
  TextRange range();
}

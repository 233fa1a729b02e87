package io.copyload.engine.statement;

import java.util.Objects;

/**
 * A statement of a script.
 *
 * @param data the lines behind the statement that are its standard input, or null
 */
public record ScriptStatement(TextRange statement, TextRange data) {
  public ScriptStatement {
    Objects.requireNonNull(statement, "statement");
  }
}

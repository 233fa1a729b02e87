package io.copyload.engine.statement;

import java.util.Locale;
import java.util.Objects;

/**
 * A name as written.
 *
 * @param text without quotes
 * @param quoted whether the case of {@code text} is meant; an unquoted name is folded by the
 *     database
 */
public record Identifier(String text, boolean quoted, TextRange range) {
  public Identifier {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(range, "range");
  }

  /** The name as PostgreSQL's messages show it: unquoted names in lower case. */
  public String shown() {
    return quoted ? text : text.toLowerCase(Locale.ROOT);
  }
}

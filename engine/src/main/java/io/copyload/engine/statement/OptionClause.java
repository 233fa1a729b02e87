package io.copyload.engine.statement;

import java.util.Objects;

/**
 * One option or clause.
 *
 * @param name canonical: upper case with the words of the grammar, for example {@code FORCE_NULL},
 *     {@code AWS CONNECTION}, {@code IGNOREHEADER}; a quoted option name that is not lower case
 *     stays as it is, with its quotes
 * @param written the name as PostgreSQL's messages show it, for example {@code force_null}
 * @param range the clause with its name and value
 * @param nameRange the name
 * @param equalsRange the {@code =} before the value, which Materialize allows, or null
 */
public record OptionClause(
    String name,
    String written,
    OptionValue value,
    OptionStyle style,
    TextRange range,
    TextRange nameRange,
    TextRange equalsRange) {
  public OptionClause {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(written, "written");
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(range, "range");
    Objects.requireNonNull(nameRange, "nameRange");
  }

  public boolean hasValue() {
    return !(value instanceof OptionValue.None);
  }
}

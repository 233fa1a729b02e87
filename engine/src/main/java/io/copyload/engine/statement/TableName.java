package io.copyload.engine.statement;

import java.util.Objects;

/**
 * Name of a COPY's table.
 *
 * @param catalog database name, or null
 * @param schema schema name, or null; there when {@code catalog} is
 */
public record TableName(Identifier catalog, Identifier schema, Identifier table, TextRange range) {
  public TableName {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(range, "range");
  }
}

package io.copyload.engine.statement;

import java.util.List;
import java.util.Objects;

/**
 * COPY into a table.
 *
 * @param columns empty when there is no list
 * @param into the word INTO, or null
 * @param options in the order written; a {@code COPY BINARY} prefix comes first as {@code BINARY}
 * @param where the condition behind WHERE, or null
 */
public record CopyFrom(
    TableName table,
    List<Identifier> columns,
    TextRange into,
    SourceRef source,
    List<OptionClause> options,
    TextRange where,
    TextRange range)
    implements CopyCommand {
  public CopyFrom {
    Objects.requireNonNull(table, "table");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(range, "range");
    columns = List.copyOf(columns);
    options = List.copyOf(options);
  }

  @Override
  public String statementName() {
    return "COPY FROM";
  }
}

package io.copyload.engine.statement;

import java.util.List;
import java.util.Objects;

/**
 * COPY out of a table or query.
 *
 * @param table null when there is a query
 * @param columns empty when there is no list
 * @param query the text within the parentheses, or null
 */
public record CopyTo(
    TableName table,
    List<Identifier> columns,
    TextRange query,
    SourceRef target,
    List<OptionClause> options,
    TextRange range)
    implements CopyCommand {
  public CopyTo {
    if ((table == null) == (query == null)) {
      throw new IllegalArgumentException("either table or query");
    }
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(range, "range");
    columns = List.copyOf(columns);
    options = List.copyOf(options);
  }

  @Override
  public String statementName() {
    return "COPY TO";
  }
}

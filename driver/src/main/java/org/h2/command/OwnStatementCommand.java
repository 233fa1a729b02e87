package org.h2.command;

import io.copyload.engine.h2.OwnStatement;
import java.util.List;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionColumn;
import org.h2.message.DbException;
import org.h2.result.LocalResult;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;
import org.h2.table.Column;

/** One statement of ours beside COPY as a command of H2. */
final class OwnStatementCommand extends HostedCommand {
  private final OwnStatement statement;
  private final List<Column> columns;

  OwnStatementCommand(CopyHost host, String sql, int begin, OwnStatement statement) {
    super(host, sql, begin, StatementText.countParameters(sql, false));
    this.statement = statement;
    this.columns = statement.columns();
  }

  @Override
  public ResultWithGeneratedKeys update(Object generatedKeysRequest) {
    return guarded(
        (parameters, token) ->
            ResultWithGeneratedKeys.of(
                statement.run(
                    new OwnStatement.Execution(
                        session,
                        parameters,
                        token,
                        host.copySettings(),
                        host::copyWarning,
                        row -> {}))));
  }

  @Override
  public ResultInterface query(long maxRows) {
    if (columns.isEmpty()) {
      throw DbException.get(org.h2.api.ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY);
    }
    return guarded(
        (parameters, token) -> {
          LocalResult result = emptyResult();
          if (maxRows > 0) {
            result.setLimit(maxRows);
          }
          statement.run(
              new OwnStatement.Execution(
                  session,
                  parameters,
                  token,
                  host.copySettings(),
                  host::copyWarning,
                  result::addRow));
          result.done();
          return result;
        });
  }

  private LocalResult emptyResult() {
    Expression[] expressions =
        columns.stream()
            .map(column -> new ExpressionColumn(getDatabase(), column))
            .toArray(Expression[]::new);
    return new LocalResult(session, expressions, expressions.length, expressions.length);
  }

  @Override
  String doing() {
    return "executing a statement";
  }

  @Override
  public boolean isQuery() {
    return !columns.isEmpty();
  }

  @Override
  public ResultInterface queryMeta() {
    if (columns.isEmpty()) {
      return null;
    }
    LocalResult result = emptyResult();
    result.done();
    return result;
  }

  @Override
  public int getCommandType() {
    return columns.isEmpty() ? UNKNOWN : CALL;
  }
}

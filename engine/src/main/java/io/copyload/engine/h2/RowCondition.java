package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.ConditionRules;
import io.copyload.engine.statement.TextRange;
import java.util.HashSet;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.h2.command.Parser;
import org.h2.engine.SessionLocal;
import org.h2.expression.Expression;
import org.h2.expression.ExpressionVisitor;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableFilter;
import org.h2.value.Value;

/**
 * The condition of COPY FROM ... WHERE, compiled by H2 as a condition on one row of the table.
 * Threads: the session's.
 */
final class RowCondition {
  private final SessionLocal session;
  private final TableFilter filter;
  private final Expression expression;

  private RowCondition(SessionLocal session, TableFilter filter, Expression expression) {
    this.session = session;
    this.filter = filter;
    this.expression = expression;
  }

  /**
   * Compiles a condition.
   *
   * <p>Failures: PostgreSQL's for what a condition of COPY must not hold; H2's own for functions
   * and operators that it does not know.
   *
   * @param where null when the statement has none, which gives null
   */
  static RowCondition of(SessionLocal session, Table table, String sql, TextRange where) {
    if (where == null) {
      return null;
    }
    ConditionRules.check(sql, where);
    TableFilter filter = new TableFilter(session, table, null, false, null, 0, null);
    Expression expression;
    try {
      // The line end ends a comment that the condition may end with.
      expression = new Parser(session).parseExpression("(" + where.of(sql) + "\n)");
      expression.mapColumns(filter, 0, Expression.MAP_INITIAL);
      expression = expression.optimize(session);
    } catch (DbException e) {
      throw translated(e, where);
    }
    checkType(expression, where);
    checkColumns(expression, table);
    return new RowCondition(session, filter, expression);
  }

  private static CopyException translated(DbException e, TextRange where) {
    CopyErrorCode code =
        switch (e.getErrorCode()) {
          case ErrorCode.COLUMN_NOT_FOUND_1 -> CopyErrorCode.UNDEFINED_COLUMN;
          case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 -> CopyErrorCode.SYNTAX;
          default -> throw e;
        };
    String message = e.getSQLException().getMessage();
    int begin = message.indexOf('"');
    int end = message.indexOf('"', begin + 1);
    String name = begin >= 0 && end > begin ? message.substring(begin + 1, end) : "";
    return new CopyException(
            code,
            code == CopyErrorCode.UNDEFINED_COLUMN
                ? "column \"" + name.toLowerCase(Locale.ROOT) + "\" does not exist"
                : "syntax error in the condition of WHERE",
            e)
        .withPosition(where.position());
  }

  private static void checkType(Expression expression, TextRange where) {
    int type = expression.getType().getValueType();
    boolean text = expression.isConstant() && (type == Value.VARCHAR || type == Value.NULL);
    if (type == Value.BOOLEAN || text) {
      return;
    }
    throw new CopyException(
            CopyErrorCode.DATATYPE_MISMATCH,
            "argument of WHERE must be type boolean, not type " + PostgresTypes.name(type))
        .withPosition(where.position());
  }

  private static void checkColumns(Expression expression, Table table) {
    HashSet<Column> columns = new HashSet<>();
    expression.isEverything(ExpressionVisitor.getColumnsVisitor(columns, null));
    for (Column column : table.getColumns()) {
      if (columns.contains(column) && column.isGenerated()) {
        throw new CopyException(
                CopyErrorCode.INVALID_COLUMN_REFERENCE,
                "generated columns are not supported in COPY FROM WHERE conditions")
            .withDetail("Column \"" + column.getName() + "\" is a generated column.");
      }
    }
  }

  /** Whether the condition is true for a row whose columns all have their values. */
  boolean holds(Row row) {
    filter.set(row);
    try {
      return expression.getBooleanValue(session);
    } catch (DbException e) {
      if (e.getErrorCode() == ErrorCode.DIVISION_BY_ZERO_1) {
        throw new CopyException(CopyErrorCode.DIVISION_BY_ZERO, "division by zero", e);
      }
      throw e;
    }
  }
}

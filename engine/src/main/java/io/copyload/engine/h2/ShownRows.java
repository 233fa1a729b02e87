package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import org.h2.api.ErrorCode;
import org.h2.command.Prepared;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.ResultInterface;
import org.h2.value.ValueVarchar;

/**
 * The condition of SHOW ... WHERE: a query of H2's, with the rights of the user, on one row of
 * texts at a time. Threads: the session's.
 */
final class ShownRows {
  private final Prepared query;

  private ShownRows(Prepared query) {
    this.query = query;
  }

  /**
   * Compiles a condition.
   *
   * @param columns names of the texts of a row
   */
  static ShownRows where(SessionLocal session, String condition, String... columns) {
    StringBuilder sql = new StringBuilder("SELECT 1 FROM (SELECT ");
    for (int i = 0; i < columns.length; i++) {
      sql.append(i == 0 ? "" : ", ").append("CAST(? AS VARCHAR) AS ").append(columns[i]);
    }
    // The line end ends a comment that the condition may end with.
    sql.append(") AS shown WHERE (").append(condition).append("\n)");
    Prepared query;
    try {
      query = session.prepare(sql.toString());
    } catch (DbException e) {
      throw translated(e);
    }
    if (!query.isQuery() || query.getParameters().size() != columns.length) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "the condition of SHOW has no parameters");
    }
    return new ShownRows(query);
  }

  private static RuntimeException translated(DbException e) {
    String message = e.getSQLException().getMessage();
    String first = message.lines().findFirst().orElse(message);
    int statement = first.indexOf("; SQL statement:");
    return switch (e.getErrorCode()) {
      case ErrorCode.SYNTAX_ERROR_1, ErrorCode.SYNTAX_ERROR_2 ->
          new CopyException(CopyErrorCode.SYNTAX, "syntax error in the condition of WHERE", e);
      case ErrorCode.COLUMN_NOT_FOUND_1 ->
          new CopyException(
              CopyErrorCode.UNDEFINED_COLUMN,
              statement < 0 ? first : first.substring(0, statement),
              e);
      default -> e;
    };
  }

  /** Whether the condition is true for a row. */
  boolean include(String... row) {
    for (int i = 0; i < row.length; i++) {
      query.getParameters().get(i).setValue(ValueVarchar.get(row[i]));
    }
    try (ResultInterface result = query.query(1)) {
      return result.next();
    }
  }
}

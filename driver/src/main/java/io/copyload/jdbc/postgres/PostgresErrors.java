package io.copyload.jdbc.postgres;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.jdbc.SqlErrors;
import java.sql.SQLException;
import org.h2.jdbc.JdbcException;
import org.h2.message.DbException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.ServerErrorMessage;

/**
 * Errors as PostgreSQL's driver throws them: clients of its COPY API look at {@link
 * PSQLException#getServerErrorMessage}.
 */
public final class PostgresErrors {
  private static final String WHERE = "\n  Where: ";

  private PostgresErrors() {}

  /** The failure of a COPY, with every part that PostgreSQL's server would send. */
  static PSQLException of(Throwable failure) {
    if (failure instanceof PSQLException known) {
      return known;
    }
    Throwable e = failure instanceof DbException db ? db.getSQLException() : failure;
    if (e instanceof SQLException sql) {
      e = SqlErrors.unwrap(sql);
    }
    CopyException copy = e instanceof CopyException own ? own : null;
    if (copy == null && e.getCause() instanceof CopyException cause) {
      copy = cause;
    }
    PSQLException result;
    if (copy != null) {
      result =
          server(
              copy.code().sqlState(),
              copy.getMessage(),
              copy.detail(),
              copy.hint(),
              copy.position(),
              copy.context());
    } else if (e instanceof SQLException sql) {
      result = ofDatabase(sql);
    } else {
      result =
          server(
              CopyErrorCode.INTERNAL.sqlState(),
              "internal error while loading",
              null,
              null,
              0,
              null);
    }
    result.initCause(e);
    return result;
  }

  /** An error of H2, whose place in the input may have been added to its text. */
  private static PSQLException ofDatabase(SQLException e) {
    Throwable h2 = e.getCause() instanceof JdbcException ? e.getCause() : e;
    String message =
        h2 instanceof JdbcException known ? known.getOriginalMessage() : e.getMessage();
    String all = String.valueOf(e.getMessage());
    int where = all.lastIndexOf(WHERE);
    String context = where < 0 ? null : all.substring(where + WHERE.length());
    if (message != null && message.contains(WHERE)) {
      message = message.substring(0, message.indexOf(WHERE));
    }
    return server(e.getSQLState(), message, null, null, 0, context);
  }

  /** An error with code and text, as the server would report it. */
  static PSQLException of(String sqlState, String message, int position) {
    return server(sqlState, message, null, null, position, null);
  }

  /** An error that the driver finds by itself: it has no server message. */
  public static PSQLException local(PSQLState state, String message) {
    return new PSQLException(message, state);
  }

  private static PSQLException server(
      String state, String message, String detail, String hint, int position, String context) {
    StringBuilder fields = new StringBuilder();
    field(fields, 'S', "ERROR");
    field(fields, 'V', "ERROR");
    field(fields, 'C', state);
    field(fields, 'M', message);
    field(fields, 'D', detail);
    field(fields, 'H', hint);
    field(fields, 'P', position > 0 ? Integer.toString(position) : null);
    field(fields, 'W', context);
    return new PSQLException(new ServerErrorMessage(fields.toString()));
  }

  private static void field(StringBuilder fields, char code, String value) {
    if (value != null && !value.isEmpty()) {
      fields.append(code).append(value.replace('\0', ' ')).append('\0');
    }
  }
}

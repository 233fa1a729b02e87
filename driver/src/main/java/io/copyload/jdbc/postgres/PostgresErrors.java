package io.copyload.jdbc.postgres;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CopyNotice;
import io.copyload.engine.ErrorObject;
import io.copyload.jdbc.SqlErrors;
import java.sql.SQLException;
import java.sql.SQLWarning;
import org.h2.jdbc.JdbcException;
import org.h2.message.DbException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Errors as PostgreSQL's driver throws them: clients of its COPY API look at {@link
 * PSQLException#getServerErrorMessage}.
 */
public final class PostgresErrors {
  private static final String WHERE = "\n  Where: ";

  private PostgresErrors() {}

  /** The failure of a COPY as its client sees it, with every part that the server would send. */
  static PSQLException of(Throwable failure) {
    Throwable e = failure instanceof DbException db ? db.getSQLException() : failure;
    if (e instanceof CopyException copy) {
      return of(copy);
    }
    PSQLException inner = null;
    if (e instanceof PSQLException known) {
      inner = known;
    } else if (e instanceof SQLException sql) {
      if (!(SqlErrors.unwrap(sql).getCause() instanceof PSQLException ours)) {
        PSQLException result = ofDatabase(sql);
        result.addSuppressed(sql);
        return result;
      }
      inner = ours;
    }
    if (inner == null) {
      return of(new CopyException(CopyErrorCode.INTERNAL, "internal error while loading", e));
    }
    if (inner.getServerErrorMessage() == null) {
      return inner;
    }
    // Made in another thread, perhaps: the caller's own stack says more.
    PSQLException result = new PSQLException(inner.getServerErrorMessage());
    result.initCause(inner.getCause());
    for (Throwable suppressed : inner.getSuppressed()) {
      result.addSuppressed(suppressed);
    }
    return result;
  }

  /**
   * The error of the server that this driver stands for. It is the root of its chain of causes,
   * where frameworks look for it, unless something outside the database caused it; H2's own report
   * of the same failure is suppressed in it.
   */
  public static PSQLException of(CopyException e) {
    PSQLException result =
        server(
            e.code().sqlState(),
            e.getMessage(),
            e.detail(),
            e.hint(),
            e.position(),
            e.context(),
            e.object());
    result.setStackTrace(e.getStackTrace());
    Throwable cause = e.getCause();
    if (cause instanceof DbException || cause instanceof SQLException) {
      result.addSuppressed(cause);
      result.initCause(null);
    } else {
      result.initCause(cause instanceof CopyException inner ? inner.getCause() : cause);
    }
    return result;
  }

  /** A notice of a COPY as PostgreSQL's driver chains it to the connection. */
  public static PSQLWarning warning(SQLWarning notice) {
    StringBuilder fields = new StringBuilder();
    field(fields, 'S', "NOTICE");
    field(fields, 'V', "NOTICE");
    field(fields, 'C', notice.getSQLState());
    field(fields, 'M', notice.getMessage());
    field(fields, 'W', notice instanceof CopyNotice copy ? copy.context() : null);
    return new PSQLWarning(new ServerErrorMessage(fields.toString()));
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
    return server(e.getSQLState(), message, null, null, 0, context, ErrorObject.NONE);
  }

  /** An error with code and text, as the server would report it. */
  static PSQLException of(String sqlState, String message, int position) {
    return server(sqlState, message, null, null, position, null, ErrorObject.NONE);
  }

  /** An error that the driver finds by itself: it has no server message. */
  public static PSQLException local(PSQLState state, String message) {
    return new PSQLException(message, state);
  }

  private static PSQLException server(
      String state,
      String message,
      String detail,
      String hint,
      int position,
      String context,
      ErrorObject object) {
    StringBuilder fields = new StringBuilder();
    field(fields, 'S', "ERROR");
    field(fields, 'V', "ERROR");
    field(fields, 'C', state);
    field(fields, 'M', message);
    field(fields, 'D', detail);
    field(fields, 'H', hint);
    field(fields, 'P', position > 0 ? Integer.toString(position) : null);
    field(fields, 'W', context);
    field(fields, 's', object.schema());
    field(fields, 't', object.table());
    field(fields, 'c', object.column());
    field(fields, 'd', object.dataType());
    field(fields, 'n', object.constraint());
    return new PSQLException(new ServerErrorMessage(fields.toString()));
  }

  private static void field(StringBuilder fields, char code, String value) {
    if (value != null && !value.isEmpty()) {
      fields.append(code).append(value.replace('\0', ' ')).append('\0');
    }
  }
}

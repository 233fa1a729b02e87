package io.copyload.jdbc;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.jdbc.postgres.PostgresErrors;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.SQLInvalidAuthorizationSpecException;
import java.sql.SQLNonTransientException;
import java.sql.SQLSyntaxErrorException;
import java.sql.SQLTimeoutException;
import java.sql.SQLTransactionRollbackException;
import java.sql.SQLTransientException;
import org.h2.api.ErrorCode;
import org.postgresql.util.PSQLException;

/**
 * Turns a failed COPY into the {@code java.sql} exception that clients expect: type by family,
 * SQLSTATE by code, H2's vendor code where H2 has the same failure (frameworks look at it), and the
 * text in the layout of PostgreSQL's own JDBC driver. Its cause is that driver's exception, which
 * has detail, hint, table, constraint and so on as fields (decision 005).
 */
public final class SqlErrors {
  private SqlErrors() {}

  /** The exception for {@code failure}, with a {@link PSQLException} as its cause. */
  public static SQLException toSqlException(CopyException failure) {
    String text = text(failure);
    String state = failure.code().sqlState();
    int vendor = vendorCode(failure.code());
    PSQLException e = PostgresErrors.of(failure);
    return switch (failure.code().family()) {
      case SYNTAX -> new SQLSyntaxErrorException(text, state, vendor, e);
      case DATA -> new SQLDataException(text, state, vendor, e);
      case NOT_SUPPORTED -> new SQLFeatureNotSupportedException(text, state, vendor, e);
      case CONSTRAINT -> new SQLIntegrityConstraintViolationException(text, state, vendor, e);
      case NON_TRANSIENT -> new SQLNonTransientException(text, state, vendor, e);
      case TRANSIENT -> new SQLTransientException(text, state, vendor, e);
      case AUTHORIZATION -> new SQLInvalidAuthorizationSpecException(text, state, vendor, e);
      case ROLLBACK -> new SQLTransactionRollbackException(text, state, vendor, e);
      case TIMEOUT -> new SQLTimeoutException(text, state, vendor, e);
      case GENERAL -> new SQLException(text, state, vendor, e);
    };
  }

  /** Our exception inside {@code e} when H2 has wrapped one, else {@code e} itself. */
  public static SQLException unwrap(SQLException e) {
    for (Throwable t = e; t instanceof SQLException ours; t = t.getCause()) {
      if (ours.getCause() instanceof PSQLException) {
        return ours;
      }
    }
    return e;
  }

  /** A URL or property of ours that cannot be used. */
  static SQLException badConnection(String message) {
    return new SQLNonTransientException(message, "08001");
  }

  private static String text(CopyException e) {
    StringBuilder text = new StringBuilder(String.valueOf(e.getMessage()));
    append(text, "Detail", e.detail());
    append(text, "Hint", e.hint());
    append(text, "Position", e.position() > 0 ? Integer.toString(e.position()) : null);
    append(text, "Where", e.context());
    return text.toString();
  }

  private static void append(StringBuilder text, String label, String value) {
    if (value != null && !value.isEmpty()) {
      text.append("\n  ").append(label).append(": ").append(value);
    }
  }

  private static int vendorCode(CopyErrorCode code) {
    return switch (code) {
      case SYNTAX -> ErrorCode.SYNTAX_ERROR_1;
      case UNDEFINED_TABLE -> ErrorCode.TABLE_OR_VIEW_NOT_FOUND_1;
      case UNDEFINED_SCHEMA -> ErrorCode.SCHEMA_NOT_FOUND_1;
      case UNDEFINED_COLUMN -> ErrorCode.COLUMN_NOT_FOUND_1;
      case DUPLICATE_COLUMN -> ErrorCode.DUPLICATE_COLUMN_NAME_1;
      case INVALID_NAME -> ErrorCode.INVALID_NAME_1;
      case INSUFFICIENT_PRIVILEGE -> ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1;
      case FEATURE_NOT_SUPPORTED -> ErrorCode.FEATURE_NOT_SUPPORTED_1;
      case INVALID_TEXT_REPRESENTATION -> ErrorCode.DATA_CONVERSION_ERROR_1;
      case INVALID_DATETIME_FORMAT, DATETIME_FIELD_OVERFLOW ->
          ErrorCode.INVALID_DATETIME_CONSTANT_2;
      case NUMERIC_VALUE_OUT_OF_RANGE -> ErrorCode.NUMERIC_VALUE_OUT_OF_RANGE_1;
      case STRING_DATA_RIGHT_TRUNCATION -> ErrorCode.VALUE_TOO_LONG_2;
      case NOT_NULL_VIOLATION -> ErrorCode.NULL_NOT_ALLOWED;
      case CHECK_VIOLATION -> ErrorCode.CHECK_CONSTRAINT_VIOLATED_1;
      case UNIQUE_VIOLATION -> ErrorCode.DUPLICATE_KEY_1;
      case FOREIGN_KEY_VIOLATION -> ErrorCode.REFERENTIAL_INTEGRITY_VIOLATED_PARENT_MISSING_1;
      case DIVISION_BY_ZERO -> ErrorCode.DIVISION_BY_ZERO_1;
      case READ_ONLY_TRANSACTION -> ErrorCode.DATABASE_IS_READ_ONLY;
      case NO_RESULT -> ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY;
      case CANCELLED, TIMED_OUT -> ErrorCode.STATEMENT_WAS_CANCELED;
      case SERIALIZATION_FAILURE -> ErrorCode.DEADLOCK_1;
      // H2 shuts the whole database down on its own out-of-memory code: ours must not look like it.
      case OUT_OF_MEMORY,
          DISK_FULL,
          EXTERNAL_PROGRAM,
          INVALID_COLUMN_REFERENCE,
          WRONG_OBJECT_TYPE,
          GROUPING_ERROR,
          NOT_IN_PREREQUISITE_STATE,
          DUPLICATE_OBJECT,
          UNDEFINED_OBJECT,
          OBJECT_IN_USE,
          ACTIVE_TRANSACTION,
          WINDOWING_ERROR,
          DATATYPE_MISMATCH,
          INVALID_PARAMETER_VALUE,
          BAD_COPY_FILE_FORMAT,
          INVALID_BINARY_REPRESENTATION,
          PROTOCOL_VIOLATION,
          INVALID_TIME_ZONE_DISPLACEMENT,
          INTERVAL_FIELD_OVERFLOW,
          CHARACTER_NOT_IN_REPERTOIRE,
          UNTRANSLATABLE_CHARACTER,
          DATA_EXCEPTION,
          ARRAY_SUBSCRIPT_ERROR,
          OBJECT_MISSING,
          OBJECT_EXISTS,
          OBJECT_UNREADABLE,
          DEPENDENT_OBJECTS,
          CREDENTIALS_REFUSED,
          PROGRAM_LIMIT_EXCEEDED,
          LOAD_FAILED,
          DATA_CORRUPTED,
          INTERNAL ->
          0;
    };
  }
}

package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.ErrorObject;
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
import java.util.Map;
import org.h2.message.DbException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

class SqlErrorsTest {
  private static final Map<CopyErrorCode.Family, Class<? extends SQLException>> TYPES =
      Map.of(
          CopyErrorCode.Family.SYNTAX, SQLSyntaxErrorException.class,
          CopyErrorCode.Family.DATA, SQLDataException.class,
          CopyErrorCode.Family.NOT_SUPPORTED, SQLFeatureNotSupportedException.class,
          CopyErrorCode.Family.CONSTRAINT, SQLIntegrityConstraintViolationException.class,
          CopyErrorCode.Family.NON_TRANSIENT, SQLNonTransientException.class,
          CopyErrorCode.Family.TRANSIENT, SQLTransientException.class,
          CopyErrorCode.Family.AUTHORIZATION, SQLInvalidAuthorizationSpecException.class,
          CopyErrorCode.Family.ROLLBACK, SQLTransactionRollbackException.class,
          CopyErrorCode.Family.TIMEOUT, SQLTimeoutException.class,
          CopyErrorCode.Family.GENERAL, SQLException.class);

  @ParameterizedTest
  @EnumSource
  void everyCodeHasItsTypeStateAndCause(CopyErrorCode code) {
    CopyException failure = new CopyException(code, "what happened");
    SQLException e = SqlErrors.toSqlException(failure);
    assertEquals(TYPES.get(code.family()), e.getClass());
    assertEquals(code.sqlState(), e.getSQLState());
    assertEquals("what happened", e.getMessage());
    PSQLException cause = assertInstanceOf(PSQLException.class, e.getCause());
    assertEquals(code.sqlState(), cause.getServerErrorMessage().getSQLState());
    assertEquals("ERROR: what happened", cause.getMessage());
    assertNull(cause.getCause());
    // This one would make H2 shut the database down.
    assertNotEquals(org.h2.api.ErrorCode.OUT_OF_MEMORY, e.getErrorCode());
  }

  @Test
  void constraintViolationsHaveTheCodesThatFrameworksKnow() {
    assertEquals(23505, code(CopyErrorCode.UNIQUE_VIOLATION));
    assertEquals(23506, code(CopyErrorCode.FOREIGN_KEY_VIOLATION));
    assertEquals(23502, code(CopyErrorCode.NOT_NULL_VIOLATION));
    assertEquals(40001, code(CopyErrorCode.SERIALIZATION_FAILURE));
  }

  private static int code(CopyErrorCode code) {
    return SqlErrors.toSqlException(new CopyException(code, "x")).getErrorCode();
  }

  @Test
  void messageHasTheLayoutOfPgjdbc() {
    SQLException e =
        SqlErrors.toSqlException(
            new CopyException(
                CopyErrorCode.INVALID_TEXT_REPRESENTATION,
                "invalid input syntax for type integer: \"x\"",
                "more",
                "do this",
                "COPY t, line 1, column a: \"x\"",
                6,
                null));
    assertEquals(
        """
        invalid input syntax for type integer: "x"
          Detail: more
          Hint: do this
          Position: 6
          Where: COPY t, line 1, column a: "x\"""",
        e.getMessage());
  }

  @Test
  void theCauseHasEveryFieldOfPostgresqlsError() {
    IllegalStateException outside = new IllegalStateException();
    SQLException e =
        SqlErrors.toSqlException(
            new CopyException(
                    CopyErrorCode.CHECK_VIOLATION, "broken", "why", "how", "where", 6, outside)
                .withObject(new ErrorObject("s", "t", "c", "d", "n")));
    assertSame(outside, e.getCause().getCause());
    ServerErrorMessage server = ((PSQLException) e.getCause()).getServerErrorMessage();
    assertEquals("ERROR", server.getSeverity());
    assertEquals("23514", server.getSQLState());
    assertEquals("broken", server.getMessage());
    assertEquals("why", server.getDetail());
    assertEquals("how", server.getHint());
    assertEquals("where", server.getWhere());
    assertEquals(6, server.getPosition());
    assertEquals("s", server.getSchema());
    assertEquals("t", server.getTable());
    assertEquals("c", server.getColumn());
    assertEquals("d", server.getDatatype());
    assertEquals("n", server.getConstraint());
    assertEquals("ERROR: " + e.getMessage(), e.getCause().getMessage());
  }

  @Test
  void reportsOfTheSameFailureAreSuppressed() {
    SQLException h2 = new SQLException("the same");
    SQLException e =
        SqlErrors.toSqlException(
            new CopyException(CopyErrorCode.UNIQUE_VIOLATION, "twice", DbException.convert(h2)));
    assertNull(e.getCause().getCause());
    assertSame(h2, ((DbException) e.getCause().getSuppressed()[0]).getSQLException());
  }
}

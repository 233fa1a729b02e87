package io.copyload.jdbc.postgres;

import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.MaterializeSyntax;
import io.copyload.engine.statement.CopyCommand;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.SourceRef;
import io.copyload.engine.statement.StatementSplitter;
import io.copyload.engine.statement.TextRange;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.h2.message.DbException;
import org.postgresql.copy.CopyOperation;
import org.postgresql.core.QueryExecutor;
import org.postgresql.util.PSQLState;

/**
 * Starts the operations of the COPY API. {@link #asQueryExecutor} is what PostgreSQL's {@code
 * CopyManager} calls; of that interface's many methods it uses one.
 */
public final class CopyStarter {
  private final CopyApiHost host;

  public CopyStarter(CopyApiHost host) {
    this.host = host;
  }

  /** The starter in the shape that {@code CopyManager} expects, whatever release it is of. */
  public QueryExecutor asQueryExecutor() {
    return (QueryExecutor)
        Proxy.newProxyInstance(
            CopyStarter.class.getClassLoader(),
            new Class<?>[] {QueryExecutor.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "startCopy" -> start((String) arguments[0]);
                  case "toString" -> "COPY of " + host;
                  case "hashCode" -> System.identityHashCode(proxy);
                  case "equals" -> proxy == arguments[0];
                  case "isClosed" -> host.isClosed();
                  default -> throw refusal(method);
                });
  }

  private static Exception refusal(Method method) {
    String text = "QueryExecutor." + method.getName() + " is not supported: only COPY is";
    return Arrays.asList(method.getExceptionTypes()).contains(SQLException.class)
        ? new SQLFeatureNotSupportedException(text, "0A000")
        : new UnsupportedOperationException(text);
  }

  /**
   * Starts the COPY of a text that is one COPY with STDIN or STDOUT and nothing else. Everything
   * else is refused before anything is executed.
   */
  CopyOperation start(String sql) throws SQLException {
    Objects.requireNonNull(sql, "sql");
    if (host.isClosed()) {
      throw PostgresErrors.local(
          PSQLState.CONNECTION_DOES_NOT_EXIST, "This connection has been closed.");
    }
    checkNotUsed(host);
    List<TextRange> statements = StatementSplitter.split(sql);
    if (statements.isEmpty()) {
      throw PostgresErrors.of("42601", "the statement is empty: expected COPY", 0);
    }
    if (statements.size() > 1) {
      throw PostgresErrors.of(
          "42601",
          "cannot insert multiple commands into a copy operation",
          statements.get(1).begin() + 1);
    }
    int begin = statements.get(0).begin();
    String statement = statements.get(0).of(sql);
    if (!StatementSplitter.isCopy(statement)) {
      throw PostgresErrors.of(
          "42601",
          "only COPY ... FROM STDIN and COPY ... TO STDOUT can be a copy operation",
          begin + 1);
    }
    try {
      CopyCommand command = parse(statement);
      if (command instanceof CopyFrom from && from.source() instanceof SourceRef.Stdin) {
        StreamedCopyIn in = new StreamedCopyIn(host, statement, begin);
        in.start();
        return in;
      }
      if (command instanceof CopyTo to && to.target() instanceof SourceRef.Stdin) {
        DialectName dialect = host.copySettings().dialect();
        StreamedCopyOut out =
            new StreamedCopyOut(host, statement, begin, CopyResolver.resolve(to, dialect).format());
        out.start();
        return out;
      }
      throw PostgresErrors.local(
          PSQLState.OBJECT_NOT_IN_STATE,
          "COPY command does not use STDIN or STDOUT; use Statement.executeUpdate");
    } catch (CopyException e) {
      throw PostgresErrors.of(e.movedBy(begin));
    } catch (DbException e) {
      throw PostgresErrors.of(e);
    }
  }

  private CopyCommand parse(String statement) {
    try {
      return CopyParser.parse(statement);
    } catch (CopyException e) {
      throw host.copySettings().dialect() == DialectName.MATERIALIZE
          ? MaterializeSyntax.reworded(statement, e)
          : e;
    }
  }

  /**
   * Refuses what would wait for ever: the thread that has a copy operation open would wait for its
   * own end.
   */
  public static void checkNotUsed(CopyApiHost host) throws SQLException {
    CopyApiHost.ActiveCopy active = host.activeCopy().get();
    if (active != null && active.isUsedBy(Thread.currentThread())) {
      throw PostgresErrors.of("55006", "a COPY operation is active on this connection", 0);
    }
  }
}

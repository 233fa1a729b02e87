package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.load.LoadProgress;
import java.sql.SQLWarning;
import java.util.List;
import java.util.function.Consumer;
import org.h2.engine.SessionLocal;

/**
 * Runs one COPY statement in a session: everything between the statement's text and its update
 * count.
 *
 * <p>Threads: called by the thread that executes the statement. That thread holds the session's
 * lock, a savepoint is set and a statement has been started, as for an INSERT. The caller commits
 * in auto-commit mode, and goes back to the savepoint when {@link #run} throws.
 *
 * <p>Failures: {@link io.copyload.engine.CopyException} for everything that COPY itself finds; H2's
 * own {@code DbException} passes through as it is. A clash with another transaction must be retried
 * inside, see {@link ConcurrentUpdateRetry}: input streams cannot be read twice, so the caller
 * never runs a COPY again.
 */
@FunctionalInterface
public interface CopyRunner {
  /**
   * Loads rows.
   *
   * @param sql the text of one COPY statement, without a terminating semicolon
   * @param parameters one per {@code ?} of the text, in order: InputStream, Reader, byte[], String,
   *     Path, File, another object as the caller gave it, or null. Streams belong to the caller and
   *     are not closed.
   * @param cancel tripped by Statement.cancel, a query timeout, or the end of the connection
   * @param warnings takes what {@code getWarnings} returns
   * @return rows loaded
   */
  long run(
      SessionLocal session,
      String sql,
      List<Object> parameters,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings);

  /**
   * Loads rows as {@link #run(SessionLocal, String, List, CancelToken, CopySettings, Consumer)}
   * does, for a client that has something to send.
   *
   * @param client the other end of STDIN; null when there is none
   */
  default long run(
      SessionLocal session,
      String sql,
      List<Object> parameters,
      CopyClient client,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings) {
    return run(session, sql, parameters, cancel, settings, warnings);
  }

  /** Counters of the load that runs or ran last, or null before the first. Threads: any. */
  default LoadProgress progress() {
    return null;
  }
}

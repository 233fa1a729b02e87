package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import java.sql.SQLWarning;
import java.util.List;
import java.util.function.Consumer;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;
import org.h2.value.Value;

/**
 * One prepared statement that H2 does not know and that is no load or export either, such as
 * EXPLAIN COPY. Savepoint, commit, cancel and time-out are those of an INSERT.
 *
 * <p>Threads: the session's, which holds the session's lock. May be executed more than once.
 *
 * <p>Failures: {@link io.copyload.engine.CopyException}, or H2's {@code DbException} as it is.
 */
public interface OwnStatement {
  /** Columns of the result set; empty when the statement has an update count instead. */
  List<Column> columns();

  /**
   * Executes it.
   *
   * @return the update count; not looked at when there are {@link #columns}
   */
  long run(Execution execution);

  /**
   * What one execution works with.
   *
   * @param parameters one per {@code ?} of the text, as {@link CopyRunner} gets them
   * @param warnings takes what {@code getWarnings} returns
   * @param rows takes the rows of the result set, one value per column
   */
  record Execution(
      SessionLocal session,
      List<Object> parameters,
      CancelToken cancel,
      CopySettings settings,
      Consumer<SQLWarning> warnings,
      Consumer<Value[]> rows) {}

  /** A kind of statement, found by the words it begins with. */
  interface Kind {
    /**
     * Whether a single statement may be of this kind, by its text alone. Must be cheap: every
     * statement that an application executes is asked about.
     */
    boolean claims(String sql);

    /**
     * The prepared statement, or null to leave the text to H2 after all.
     *
     * <p>Failures: CopyException SYNTAX and others with positions in {@code sql}.
     */
    OwnStatement prepare(SessionLocal session, CopySettings settings, String sql);
  }
}

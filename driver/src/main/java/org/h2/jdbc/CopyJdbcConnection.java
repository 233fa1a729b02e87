package org.h2.jdbc;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CrashPoint;
import io.copyload.engine.h2.CatalogSetup;
import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.h2.CopyRunner;
import io.copyload.engine.h2.CopySettings;
import io.copyload.engine.h2.DurableCommit;
import io.copyload.engine.h2.JobsTable;
import io.copyload.engine.h2.OwnStatements;
import io.copyload.engine.h2.OwnerCreateTable;
import io.copyload.engine.h2.RedshiftDdl;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.statement.StatementSplitter;
import io.copyload.jdbc.CopyloadConnection;
import io.copyload.jdbc.LoadStatus;
import io.copyload.jdbc.SqlErrors;
import io.copyload.jdbc.postgres.CopyApiHost;
import io.copyload.jdbc.postgres.CopyStarter;
import io.copyload.jdbc.postgres.CopyloadCopyManager;
import io.copyload.jdbc.postgres.PostgresConnection;
import io.copyload.jdbc.postgres.PostgresErrors;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.h2.command.Command;
import org.h2.command.CommandInterface;
import org.h2.command.CopyCommands;
import org.h2.command.HostedCommand;
import org.h2.command.StatementText;
import org.h2.engine.Session;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.QueryExecutor;
import org.postgresql.util.PSQLState;

/**
 * H2's connection, with COPY. It overrides the one method that prepares the text of statements;
 * text without a COPY or another statement of ours goes to H2 as it is.
 *
 * <p>It lives in H2's package because that method is visible only there. So H2 and this class must
 * be loaded by the same class loader, from the class path.
 *
 * <p>Threads: as H2's connection; {@link #abort}, {@link #close} and {@link Statement#cancel} stop
 * a COPY that another thread runs.
 */
public final class CopyJdbcConnection extends JdbcConnection
    implements CopyApiHost, CopyloadConnection, PostgresConnection {
  private volatile CopySettings settings;
  private final CopyRunner runner;
  private final String productName;
  private final boolean readsSystemIn;
  private final CopyWarnings warnings = new CopyWarnings();
  private final HiddenTexts hiddenTexts = new HiddenTexts();
  private final ThreadLocal<CopyWarnings> executing = new ThreadLocal<>();
  private volatile HostedCommand running;
  private volatile boolean syncAtCommit;
  private volatile boolean aborted;
  private final AtomicReference<ActiveCopy> activeCopy = new AtomicReference<>();
  private final QueryExecutor copyStarter = new CopyStarter(this).asQueryExecutor();
  private final Queue<JdbcStatement> closeLater = new ConcurrentLinkedQueue<>();
  private CopyManager copyManager;

  /** Opens a connection that never reads {@link System#in}. */
  public CopyJdbcConnection(
      String h2Url, Properties info, CopySettings settings, CopyRunner runner, String productName)
      throws SQLException {
    this(h2Url, info, settings, runner, productName, false);
  }

  /**
   * Opens a connection.
   *
   * @param h2Url a {@code jdbc:h2:} URL
   * @param productName what {@link DatabaseMetaData#getDatabaseProductName} says; null for H2's
   * @param readsSystemIn whether STDIN of a plain statement is {@link System#in}
   */
  public CopyJdbcConnection(
      String h2Url,
      Properties info,
      CopySettings settings,
      CopyRunner runner,
      String productName,
      boolean readsSystemIn)
      throws SQLException {
    super(h2Url, info, null, null, false);
    this.settings = settings;
    this.runner = runner;
    this.productName = productName;
    this.readsSystemIn = readsSystemIn;
    if (getSession() instanceof SessionLocal session) {
      boolean prepared = false;
      try {
        CatalogSetup.prepare(session);
        JobsTable.opened(session, settings);
        prepared = true;
      } finally {
        if (!prepared) {
          close();
        }
      }
    }
  }

  /**
   * What H2 is told instead of a text whose strings may be secrets, when it would trace it. Call
   * {@link #forget} with it afterwards.
   *
   * @param escapes whether JDBC escapes are translated
   */
  String hide(String sql, boolean escapes) {
    return isDebugEnabled() && hasSecrets(sql) ? hiddenTexts.hide(translateSQL(sql, escapes)) : sql;
  }

  void forget(String shown) {
    hiddenTexts.forget(shown);
  }

  private static boolean hasSecrets(String sql) {
    return sql != null
        && (StatementSplitter.containsCopy(sql)
            || OwnStatements.mayContain(sql)
            || StatementText.namesSecrets(sql));
  }

  @Override
  public String nativeSQL(String sql) throws SQLException {
    return hasSecrets(sql) ? translateSQL(sql, true) : super.nativeSQL(sql);
  }

  @Override
  CommandInterface prepareCommand(String given) {
    String sql = hiddenTexts.reveal(given);
    try {
      return prepareRevealed(sql);
    } catch (DbException e) {
      throw StatementText.namesSecrets(sql) ? StatementText.withoutStrings(e, sql) : e;
    }
  }

  private CommandInterface prepareRevealed(String sql) {
    if (!StatementSplitter.containsCopy(sql)
        && !OwnStatements.mayContain(sql)
        && !(sql.indexOf(';') >= 0 && StatementText.namesSecrets(sql))
        && !(getSession() instanceof SessionLocal && RedshiftDdl.mayContain(settings, sql))) {
      CommandInterface command = super.prepareCommand(sql);
      if (command instanceof Command local && getSession() instanceof SessionLocal session) {
        OwnerCreateTable.install(session, local);
      }
      return command;
    }
    SessionLocal session = copySession();
    session.lock();
    try {
      return CopyCommands.prepare(this, sql);
    } finally {
      session.unlock();
    }
  }

  @Override
  public Statement createStatement() throws SQLException {
    return new CopyloadStatement(this, (JdbcStatement) super.createStatement());
  }

  @Override
  public Statement createStatement(int type, int concurrency) throws SQLException {
    return new CopyloadStatement(this, (JdbcStatement) super.createStatement(type, concurrency));
  }

  @Override
  public Statement createStatement(int type, int concurrency, int holdability) throws SQLException {
    return new CopyloadStatement(
        this, (JdbcStatement) super.createStatement(type, concurrency, holdability));
  }

  @Override
  public PreparedStatement prepareStatement(String sql) throws SQLException {
    return prepare(sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency)
      throws SQLException {
    // H2's checks of the arguments.
    super.createStatement(type, concurrency).close();
    return prepare(sql, type, concurrency, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int type, int concurrency, int holdability)
      throws SQLException {
    super.createStatement(type, concurrency, holdability).close();
    return prepare(sql, type, concurrency, null);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int autoGeneratedKeys) throws SQLException {
    return prepareForKeys(sql, autoGeneratedKeys == Statement.RETURN_GENERATED_KEYS);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, int[] columnIndexes) throws SQLException {
    return prepareForKeys(sql, columnIndexes);
  }

  @Override
  public PreparedStatement prepareStatement(String sql, String[] columnNames) throws SQLException {
    return prepareForKeys(sql, columnNames);
  }

  private PreparedStatement prepareForKeys(String sql, Object generatedKeysRequest)
      throws SQLException {
    return prepare(
        sql, ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY, generatedKeysRequest);
  }

  private PreparedStatement prepare(
      String sql, int type, int concurrency, Object generatedKeysRequest) throws SQLException {
    try {
      checkClosed();
      int id = getNextId(org.h2.message.TraceObject.PREPARED_STATEMENT);
      String text = translateSQL(sql, true);
      return StatementSplitter.containsCopy(sql) || OwnStatements.hidesParameters(sql)
          ? new CopyPreparedStatement(
              this,
              text,
              id,
              ResultSet.TYPE_FORWARD_ONLY,
              ResultSet.CONCUR_READ_ONLY,
              generatedKeysRequest)
          : new FeedAwarePreparedStatement(this, text, id, type, concurrency, generatedKeysRequest);
    } catch (Exception e) {
      throw logAndConvert(e);
    }
  }

  /**
   * Runs a call of a statement object; warnings of a COPY in it go to {@code statementWarnings}
   * too.
   */
  <T> T executing(CopyWarnings statementWarnings, CopyWarnings.Call<T> call) throws SQLException {
    checkNotFeeding();
    statementWarnings.clear();
    executing.set(statementWarnings);
    try {
      T result = call.run();
      syncAfterCommit();
      return result;
    } catch (RuntimeException e) {
      throw logAndConvert(e);
    } finally {
      executing.remove();
    }
  }

  @Override
  public SessionLocal copySession() {
    checkClosed();
    if (getSession() instanceof SessionLocal local) {
      return local;
    }
    throw DbException.convert(
        SqlErrors.toSqlException(
            new CopyException(
                CopyErrorCode.FEATURE_NOT_SUPPORTED,
                "COPY is not supported while another process has the database open",
                null,
                "COPY runs in the process that has the database file open.",
                null,
                0,
                null)));
  }

  @Override
  public CopySettings copySettings() {
    return settings;
  }

  @Override
  public CopyRunner copyRunner() {
    return runner;
  }

  @Override
  public CopyClient standardInput() {
    return readsSystemIn ? () -> StreamObjects.of(System.in) : null;
  }

  @Override
  public void copyBegins(HostedCommand command) {
    warnings.clear();
    running = command;
  }

  @Override
  public void copyEnds(boolean succeeded) {
    running = null;
    closeHeldBack();
    if (succeeded) {
      CrashPoint.reach("after-commit");
    }
    if (settings.durable()) {
      // A failed load leaves its history.
      syncAtCommit = true;
      syncAfterCommit();
    }
  }

  /**
   * H2 leaves a commit in memory for up to half a second: a committed COPY is brought to disk at
   * once.
   */
  private void syncAfterCommit() {
    if (!syncAtCommit
        || !(getSession() instanceof SessionLocal session)
        || session.isClosed()
        || session.hasPendingTransaction()) {
      return;
    }
    syncAtCommit = false;
    DurableCommit.sync(session.getDatabase());
  }

  @Override
  public void copyWarning(SQLWarning warning) {
    CopyWarnings statementWarnings = executing.get();
    if (statementWarnings != null) {
      statementWarnings.add(PostgresErrors.warning(warning));
    }
    // A chain of its own: a warning object is a link of one chain only.
    warnings.add(PostgresErrors.warning(warning));
  }

  /** The warnings of the latest COPY of this connection. */
  @Override
  public SQLWarning getWarnings() throws SQLException {
    super.getWarnings();
    return warnings.first();
  }

  @Override
  public void clearWarnings() throws SQLException {
    super.clearWarnings();
    warnings.clear();
  }

  @Override
  public void commit() throws SQLException {
    super.commit();
    try {
      syncAfterCommit();
    } catch (RuntimeException e) {
      throw logAndConvert(e);
    }
  }

  @Override
  public void rollback() throws SQLException {
    syncAtCommit = false;
    super.rollback();
  }

  @Override
  public void close() throws SQLException {
    cancelCopy();
    Runnable closed =
        getSession() instanceof SessionLocal session && !session.isClosed()
            ? JobsTable.closing(session)
            : () -> {};
    super.close();
    closed.run();
  }

  /**
   * Ends the connection without waiting: stops what runs, goes back to the last commit, and closes.
   */
  @Override
  public void abort(Executor executor) {
    // H2's method declares no SQLException, so this one cannot throw it either.
    Objects.requireNonNull(executor, "executor");
    Session session = getSession();
    if (session == null) {
      return;
    }
    aborted = true;
    cancelCopy();
    session.cancel();
    executor.execute(
        () -> {
          try {
            close();
          } catch (SQLException e) {
            logAndConvert(e);
          }
        });
  }

  /** True from {@link #abort} on, although H2's session may take a moment longer to end. */
  @Override
  public boolean isClosed() throws SQLException {
    return aborted || super.isClosed();
  }

  @Override
  public Optional<LoadStatus> loadStatus() {
    LoadProgress progress = runner.progress();
    if (progress == null) {
      return Optional.empty();
    }
    long end = progress.endNanos();
    return Optional.of(
        new LoadStatus(
            progress.readBytes.sum(),
            progress.totalBytes.get(),
            progress.rows.sum(),
            progress.rejects.sum(),
            (end == 0 ? System.nanoTime() : end) - progress.beginNanos,
            end == 0));
  }

  @Override
  public AtomicReference<ActiveCopy> activeCopy() {
    return activeCopy;
  }

  /**
   * Also refuses what would wait for ever: H2's session is held by a COPY operation from its start
   * to its end, so the thread that feeds it must not wait for the session.
   */
  @Override
  protected void checkClosed() {
    super.checkClosed();
    if (isFeedingCopy() && StackWalker.getInstance().walk(CopyJdbcConnection::needsSession)) {
      try {
        CopyStarter.checkNotUsed(this);
      } catch (SQLException e) {
        throw DbException.convert(e);
      }
    }
  }

  /** Refuses to wait for the end of the operation that the calling thread has open. */
  void checkNotFeeding() throws SQLException {
    CopyStarter.checkNotUsed(this);
  }

  /** Results are already in memory: reading them does not touch the session. */
  private static boolean needsSession(Stream<StackWalker.StackFrame> frames) {
    return frames
        .filter(frame -> !frame.getMethodName().equals("checkClosed"))
        .findFirst()
        .filter(
            frame ->
                frame.getClassName().startsWith("org.h2.jdbc.JdbcResultSet")
                    || frame.getMethodName().equals("getWarnings")
                    || frame.getMethodName().equals("clearWarnings")
                    || frame.getMethodName().equals("getAutoCommit"))
        .isEmpty();
  }

  /** Whether the calling thread has a COPY operation open. */
  private boolean isFeedingCopy() {
    ActiveCopy active = activeCopy.get();
    return active != null && active.isUsedBy(Thread.currentThread());
  }

  @Override
  public boolean isValid(int timeout) {
    // H2 asks the session, which the operation holds.
    return isFeedingCopy()
        ? getSession() != null && !getSession().isClosed()
        : super.isValid(timeout);
  }

  /**
   * Whether a statement must not be closed now, because that would wait for the COPY operation that
   * the calling thread has open. It is closed when the operation ends.
   */
  boolean closesLater(JdbcStatement statement) {
    return isFeedingCopy() && closeLater.add(statement);
  }

  private void closeHeldBack() {
    for (JdbcStatement next = closeLater.poll(); next != null; next = closeLater.poll()) {
      try {
        next.close();
      } catch (SQLException e) {
        logAndConvert(e);
      }
    }
  }

  /** PostgreSQL's CopyManager asks this before it starts a COPY. */
  @Override
  public boolean getAutoCommit() throws SQLException {
    checkOpen();
    return super.getAutoCommit();
  }

  private void checkOpen() throws SQLException {
    if (isClosed()) {
      throw PostgresErrors.local(
          PSQLState.CONNECTION_DOES_NOT_EXIST, "This connection has been closed.");
    }
  }

  /** Always the same object, as with PostgreSQL's driver. */
  @Override
  public synchronized CopyManager getCopyAPI() throws SQLException {
    checkOpen();
    if (copyManager == null) {
      copyManager = new CopyloadCopyManager(this);
    }
    return copyManager;
  }

  @Override
  public QueryExecutor getQueryExecutor() {
    return copyStarter;
  }

  @Override
  public int getBackendPID() {
    return getSession() instanceof SessionLocal session ? session.getId() : 1;
  }

  /** Stops the COPY that this connection runs. */
  @Override
  public void cancelQuery() {
    cancelCopy();
  }

  /** Seconds after which a statement is stopped; 0 is never. */
  @Override
  public int getQueryTimeout() {
    try {
      return super.getQueryTimeout();
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  @Override
  public void setQueryTimeout(int seconds) throws SQLException {
    super.setQueryTimeout(seconds);
  }

  private void cancelCopy() {
    HostedCommand command = running;
    if (command != null) {
      command.cancel();
    }
  }

  /** COPY FROM is refused then, as by PostgreSQL; H2 takes it for a hint. */
  @Override
  public void setReadOnly(boolean readOnly) throws SQLException {
    super.setReadOnly(readOnly);
    settings = settings.withReadOnly(readOnly);
  }

  @Override
  public boolean isReadOnly() throws SQLException {
    return super.isReadOnly() || settings.readOnly();
  }

  @Override
  public DatabaseMetaData getMetaData() throws SQLException {
    DatabaseMetaData h2 = super.getMetaData();
    if (productName == null) {
      return h2;
    }
    // H2's class is final; only connections that ask for another name pay for the indirection.
    return (DatabaseMetaData)
        Proxy.newProxyInstance(
            CopyJdbcConnection.class.getClassLoader(),
            new Class<?>[] {DatabaseMetaData.class},
            (proxy, method, args) -> {
              if (method.getName().equals("getDatabaseProductName")) {
                return productName;
              }
              try {
                return method.invoke(h2, args);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  /** The connection behind {@code connection}, or null when it is none of ours. */
  public static CopyJdbcConnection of(Connection connection) throws SQLException {
    return connection.isWrapperFor(CopyJdbcConnection.class)
        ? connection.unwrap(CopyJdbcConnection.class)
        : null;
  }
}

package org.h2.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * H2's prepared statement, for a connection that may have a COPY operation open: its thread is
 * refused where it would wait for itself.
 */
class FeedAwarePreparedStatement extends JdbcPreparedStatement {
  private final CopyJdbcConnection copyload;

  FeedAwarePreparedStatement(
      CopyJdbcConnection conn,
      String sql,
      int id,
      int resultSetType,
      int resultSetConcurrency,
      Object generatedKeysRequest) {
    super(conn, sql, id, resultSetType, resultSetConcurrency, generatedKeysRequest);
    this.copyload = conn;
  }

  /** Runs an execution of H2's. */
  <T> T executing(CopyWarnings.Call<T> call) throws SQLException {
    copyload.checkNotFeeding();
    return call.run();
  }

  @Override
  public ResultSet executeQuery() throws SQLException {
    return executing(() -> super.executeQuery());
  }

  @Override
  public int executeUpdate() throws SQLException {
    return executing(() -> super.executeUpdate());
  }

  @Override
  public long executeLargeUpdate() throws SQLException {
    return executing(() -> super.executeLargeUpdate());
  }

  @Override
  public boolean execute() throws SQLException {
    return executing(() -> super.execute());
  }

  @Override
  public int[] executeBatch() throws SQLException {
    return executing(() -> super.executeBatch());
  }

  @Override
  public long[] executeLargeBatch() throws SQLException {
    return executing(() -> super.executeLargeBatch());
  }

  @Override
  public void close() throws SQLException {
    if (!copyload.closesLater(this)) {
      super.close();
    }
  }
}

package org.h2.command;

import io.copyload.jdbc.SqlErrors;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.h2.engine.DbObject;
import org.h2.engine.SessionLocal;
import org.h2.expression.ParameterInterface;
import org.h2.message.DbException;
import org.h2.result.BatchResult;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;
import org.h2.table.Table;
import org.h2.value.Value;

/**
 * A command that is or contains a COPY. Locks, savepoint, commit, exclusive mode and bookkeeping
 * are those of {@link Command}, so a COPY behaves in a transaction as an INSERT does.
 *
 * <p>{@link Command} wraps every exception into one of H2's that repeats the statement's text; ours
 * are taken out again, because their type is part of the contract and the text may hold secrets.
 */
abstract class CopyCommand extends Command {
  CopyCommand(SessionLocal session, String shownSql) {
    super(session, shownSql);
  }

  @Override
  public ResultInterface executeQuery(long maxRows, int fetchSize, boolean scrollable) {
    try {
      return super.executeQuery(maxRows, fetchSize, scrollable);
    } catch (DbException e) {
      throw unwrap(e);
    }
  }

  @Override
  public ResultWithGeneratedKeys executeUpdate(Object generatedKeysRequest) {
    try {
      return super.executeUpdate(generatedKeysRequest);
    } catch (DbException e) {
      throw unwrap(e);
    }
  }

  @Override
  public BatchResult executeBatchUpdate(
      ArrayList<Value[]> batchParameters, Object generatedKeysRequest) {
    BatchResult result = super.executeBatchUpdate(batchParameters, generatedKeysRequest);
    if (result.getExceptions().isEmpty()) {
      return result;
    }
    List<SQLException> failures = new ArrayList<>();
    for (SQLException e : result.getExceptions()) {
      failures.add(SqlErrors.unwrap(e));
    }
    return new BatchResult(result.getUpdateCounts(), result.getGeneratedKeys(), failures);
  }

  /** Our own exception, where H2 has put one into its own. */
  static DbException unwrap(DbException e) {
    SQLException wrapped = e.getSQLException();
    SQLException ours = SqlErrors.unwrap(wrapped);
    return ours == wrapped ? e : DbException.convert(ours);
  }

  @Override
  public final boolean isTransactional() {
    return true;
  }

  @Override
  public final boolean isReadOnly() {
    return false;
  }

  @Override
  public Set<DbObject> getDependencies() {
    return Set.of();
  }

  @Override
  public final void invalidateCachedResult(Table table) {
    // Never cached.
  }

  /** Streams cannot be read twice; what may be repeated is repeated inside. */
  @Override
  protected final boolean isRetryable() {
    return false;
  }

  abstract static class Parameters {
    private Parameters() {}

    static ArrayList<CopyParameter> create(int count) {
      ArrayList<CopyParameter> parameters = new ArrayList<>(count);
      for (int i = 1; i <= count; i++) {
        parameters.add(new CopyParameter(i));
      }
      return parameters;
    }

    static void copyValues(
        List<? extends ParameterInterface> from, List<? extends ParameterInterface> to) {
      for (int i = 0; i < to.size(); i++) {
        from.get(i).checkSet();
        to.get(i).setValue(from.get(i).getParamValue(), false);
      }
    }
  }
}

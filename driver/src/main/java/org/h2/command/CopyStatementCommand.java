package org.h2.command;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import io.copyload.jdbc.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import org.h2.expression.ParameterInterface;
import org.h2.message.DbException;
import org.h2.result.BatchResult;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;
import org.h2.value.Value;

/**
 * One COPY statement as a command of H2.
 *
 * <p>Threads: executed by one thread at a time, under the session's lock; {@link #cancel} may be
 * called by any thread and takes no lock.
 */
public final class CopyStatementCommand extends CopyCommand {
  private final CopyHost host;
  private final String sql;
  private final CopyClient client;
  private final ArrayList<CopyParameter> parameters;

  /** Trips the running execution, or the next one when none runs. */
  private volatile CancelToken cancel = new CancelToken();

  CopyStatementCommand(CopyHost host, String sql, CopyClient client) {
    super(host.copySession(), StatementText.withoutStrings(sql));
    this.host = host;
    this.sql = sql;
    this.client = client;
    this.parameters = Parameters.create(StatementText.countParameters(sql, true));
  }

  @Override
  public ResultWithGeneratedKeys executeUpdate(Object generatedKeysRequest) {
    boolean succeeded = false;
    begin();
    try {
      ResultWithGeneratedKeys result = super.executeUpdate(generatedKeysRequest);
      succeeded = true;
      return result;
    } finally {
      end(succeeded);
    }
  }

  @Override
  public BatchResult executeBatchUpdate(
      ArrayList<Value[]> batchParameters, Object generatedKeysRequest) {
    begin();
    try {
      return super.executeBatchUpdate(batchParameters, generatedKeysRequest);
    } finally {
      end(true);
    }
  }

  private void begin() {
    host.copyBegins(this);
  }

  private void end(boolean succeeded) {
    cancel = new CancelToken();
    host.copyEnds(succeeded);
  }

  @Override
  public ResultWithGeneratedKeys update(Object generatedKeysRequest) {
    CancelToken token = cancel;
    List<Object> objects = new ArrayList<>(parameters.size());
    for (CopyParameter parameter : parameters) {
      parameter.checkSet();
      objects.add(parameter.object());
    }
    try (CancelWatch watch = new CancelWatch(session, token)) {
      watch.start();
      token.check();
      long rows =
          client == null
              ? host.copyRunner()
                  .run(session, sql, objects, token, host.copySettings(), host::copyWarning)
              : host.copyRunner()
                  .run(
                      session, sql, objects, client, token, host.copySettings(), host::copyWarning);
      return ResultWithGeneratedKeys.of(rows);
    } catch (CopyException e) {
      throw DbException.convert(SqlErrors.toSqlException(e));
    } catch (DbException e) {
      throw e;
    } catch (RuntimeException e) {
      throw DbException.convert(
          SqlErrors.toSqlException(
              new CopyException(CopyErrorCode.INTERNAL, "internal error while loading", e)));
    }
  }

  @Override
  public void cancel() {
    cancel.cancelByUser();
  }

  /** Stops the running execution with a reason of the caller's. Threads: any. */
  public void cancel(CopyException reason) {
    cancel.cancel(reason);
  }

  /** Throws the reason when the running execution is to stop. Threads: any. */
  public void checkCancelled() {
    cancel.check();
  }

  /** Called by H2 while it evaluates the query or the rows of a COPY. */
  @Override
  protected void checkCanceled() {
    cancel.check();
  }

  @Override
  public boolean isQuery() {
    return false;
  }

  @Override
  public ArrayList<? extends ParameterInterface> getParameters() {
    return parameters;
  }

  @Override
  public ResultInterface queryMeta() {
    return null;
  }

  @Override
  public ResultInterface query(long maxRows) {
    throw DbException.get(org.h2.api.ErrorCode.METHOD_ONLY_ALLOWED_FOR_QUERY);
  }

  @Override
  public int getCommandType() {
    return INSERT;
  }
}

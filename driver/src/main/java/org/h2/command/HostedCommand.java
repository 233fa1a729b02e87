package org.h2.command;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.jdbc.SqlErrors;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.h2.expression.ParameterInterface;
import org.h2.message.DbException;
import org.h2.result.BatchResult;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;
import org.h2.value.Value;

/**
 * One statement of ours as a command of H2: begin, end, parameters and cancellation.
 *
 * <p>Threads: executed by one thread at a time, under the session's lock; {@link #cancel} may be
 * called by any thread and takes no lock.
 */
public abstract class HostedCommand extends CopyCommand {
  final CopyHost host;
  final String sql;
  private final int begin;
  private final ArrayList<CopyParameter> parameters;

  /** Trips the running execution, or the next one when none runs. */
  private volatile CancelToken cancel = new CancelToken();

  /**
   * @param begin where the statement begins in the text that the application gave
   */
  HostedCommand(CopyHost host, String sql, int begin, int parameterCount) {
    super(host.copySession(), StatementText.withoutStrings(sql));
    this.host = host;
    this.sql = sql;
    this.begin = begin;
    this.parameters = Parameters.create(parameterCount);
  }

  @Override
  public ResultInterface executeQuery(long maxRows, int fetchSize, boolean scrollable) {
    return hosted(() -> super.executeQuery(maxRows, fetchSize, scrollable));
  }

  @Override
  public ResultWithGeneratedKeys executeUpdate(Object generatedKeysRequest) {
    return hosted(() -> super.executeUpdate(generatedKeysRequest));
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

  private <T> T hosted(Supplier<T> execution) {
    boolean succeeded = false;
    begin();
    try {
      T result = execution.get();
      succeeded = true;
      return result;
    } finally {
      end(succeeded);
    }
  }

  private void begin() {
    host.copyBegins(this);
  }

  private void end(boolean succeeded) {
    cancel = new CancelToken();
    host.copyEnds(succeeded);
  }

  /** What the statement does, between cancellation and the conversion of its failures. */
  interface Body<T> {
    T run(List<Object> parameters, CancelToken token);
  }

  <T> T guarded(Body<T> body) {
    CancelToken token = cancel;
    List<Object> objects = new ArrayList<>(parameters.size());
    for (CopyParameter parameter : parameters) {
      parameter.checkSet();
      objects.add(parameter.object());
    }
    try (CancelWatch watch = new CancelWatch(session, token)) {
      watch.start();
      token.check();
      return body.run(objects, token);
    } catch (CopyException e) {
      throw DbException.convert(SqlErrors.toSqlException(e.movedBy(begin)));
    } catch (DbException e) {
      throw e;
    } catch (RuntimeException e) {
      throw DbException.convert(
          SqlErrors.toSqlException(
              new CopyException(CopyErrorCode.INTERNAL, "internal error while " + doing(), e)));
    }
  }

  /** What the statement is busy with, for messages: {@code loading}. */
  abstract String doing();

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
  public ArrayList<? extends ParameterInterface> getParameters() {
    return parameters;
  }
}

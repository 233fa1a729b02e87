package org.h2.command;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;

/** One COPY statement as a command of H2. */
public final class CopyStatementCommand extends HostedCommand {
  private final CopyClient client;

  CopyStatementCommand(CopyHost host, String sql, int begin, CopyClient client) {
    super(host, sql, begin, StatementText.countParameters(sql, true));
    this.client = client;
  }

  @Override
  public ResultWithGeneratedKeys update(Object generatedKeysRequest) {
    return guarded(
        (parameters, token) ->
            ResultWithGeneratedKeys.of(
                client == null
                    ? host.copyRunner()
                        .run(
                            session, sql, parameters, token, host.copySettings(), host::copyWarning)
                    : host.copyRunner()
                        .run(
                            session,
                            sql,
                            parameters,
                            client,
                            token,
                            host.copySettings(),
                            host::copyWarning)));
  }

  @Override
  String doing() {
    return "loading";
  }

  @Override
  public boolean isQuery() {
    return false;
  }

  @Override
  public ResultInterface queryMeta() {
    return null;
  }

  @Override
  public ResultInterface query(long maxRows) {
    return guarded(
        (parameters, token) -> {
          throw new CopyException(
              CopyErrorCode.NO_RESULT, "No results were returned by the query.");
        });
  }

  @Override
  public int getCommandType() {
    return INSERT;
  }
}

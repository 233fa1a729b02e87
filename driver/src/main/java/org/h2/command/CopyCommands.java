package org.h2.command;

import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.h2.OwnerCreateTable;
import io.copyload.engine.statement.StatementSplitter;
import io.copyload.engine.statement.TextRange;
import java.util.List;

/** Makes commands of text that contains a COPY. */
public final class CopyCommands {
  private CopyCommands() {}

  /** The command for {@code sql}, which must contain a COPY. Call with the session's lock held. */
  public static CommandInterface prepare(CopyHost host, String sql) {
    List<TextRange> pieces = StatementSplitter.split(sql);
    return pieces.size() == 1
        ? prepareOne(host, pieces.get(0).of(sql))
        : CopyListCommand.create(host, sql, pieces);
  }

  /**
   * The command for a single COPY whose STDIN is {@code client}. Call with the session's lock held.
   */
  public static CopyStatementCommand prepareCopy(CopyHost host, String sql, CopyClient client) {
    return new CopyStatementCommand(host, sql, client);
  }

  static Command prepareOne(CopyHost host, String statement) {
    if (StatementSplitter.isCopy(statement)) {
      return new CopyStatementCommand(host, statement, null);
    }
    Command command = host.copySession().prepareLocal(statement);
    OwnerCreateTable.install(host.copySession(), command);
    return command;
  }
}

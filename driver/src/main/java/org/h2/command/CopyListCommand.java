package org.h2.command;

import io.copyload.engine.statement.StatementSplitter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.h2.command.CopyCommands.ScriptPart;
import org.h2.engine.DbObject;
import org.h2.expression.ParameterInterface;
import org.h2.result.ResultInterface;
import org.h2.result.ResultWithGeneratedKeys;

/**
 * Several statements in one text, a COPY among them. As H2 does with lists, the first statement's
 * result is the result and the others are executed after it; parameters count through the whole
 * text. Statements behind the first are prepared when it is their turn, so that they may use what
 * earlier ones create.
 */
final class CopyListCommand extends CopyCommand {
  private final CopyHost host;
  private final Command first;
  private final List<ScriptPart> others;
  private final ArrayList<ParameterInterface> parameters;
  private volatile Command running;

  private CopyListCommand(CopyHost host, String shownSql, Command first, List<ScriptPart> others) {
    super(host.copySession(), shownSql);
    this.host = host;
    this.first = first;
    this.others = others;
    this.running = first;
    this.parameters = new ArrayList<>(first.getParameters());
    for (ScriptPart other : others) {
      int count =
          StatementText.countParameters(other.text(), StatementSplitter.isCopy(other.text()));
      for (int i = 0; i < count; i++) {
        parameters.add(new CopyParameter(parameters.size() + 1));
      }
    }
  }

  static Command create(CopyHost host, List<ScriptPart> parts) {
    StringJoiner shown = new StringJoiner("; ");
    for (ScriptPart part : parts) {
      shown.add(StatementText.withoutStrings(part.text()));
    }
    return new CopyListCommand(
        host,
        shown.toString(),
        CopyCommands.prepareOne(host, parts.get(0)),
        parts.subList(1, parts.size()));
  }

  @Override
  public ResultWithGeneratedKeys update(Object generatedKeysRequest) {
    running = first;
    ResultWithGeneratedKeys result = first.executeUpdate(generatedKeysRequest);
    executeOthers();
    return result;
  }

  @Override
  public ResultInterface query(long maxRows) {
    running = first;
    ResultInterface result = first.query(maxRows);
    executeOthers();
    return result;
  }

  private void executeOthers() {
    int used = first.getParameters().size();
    for (ScriptPart other : others) {
      checkCanceled();
      Command command = CopyCommands.prepareOne(host, other);
      ArrayList<? extends ParameterInterface> own = command.getParameters();
      Parameters.copyValues(parameters.subList(used, used + own.size()), own);
      used += own.size();
      running = command;
      if (command.isQuery()) {
        command.executeQuery(0, -1, false).close();
      } else {
        command.executeUpdate(null);
      }
      command.close();
    }
  }

  @Override
  public void cancel() {
    super.cancel();
    running.cancel();
  }

  @Override
  public void stop(boolean commitIfAutoCommit) {
    first.stop(commitIfAutoCommit);
  }

  @Override
  public boolean isQuery() {
    return first.isQuery();
  }

  @Override
  public ArrayList<? extends ParameterInterface> getParameters() {
    return parameters;
  }

  @Override
  public ResultInterface queryMeta() {
    return first.queryMeta();
  }

  @Override
  public Set<DbObject> getDependencies() {
    return first.getDependencies();
  }

  @Override
  public int getCommandType() {
    return first.getCommandType();
  }
}

package org.h2.command;

import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.h2.OwnStatement;
import io.copyload.engine.h2.OwnStatements;
import io.copyload.engine.h2.OwnerCreateTable;
import io.copyload.engine.h2.RedshiftDdl;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.statement.ScriptStatement;
import io.copyload.engine.statement.StatementSplitter;
import io.copyload.jdbc.SqlErrors;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.h2.message.DbException;

/** Makes commands of text that contains a COPY or another statement of ours. */
public final class CopyCommands {
  private CopyCommands() {}

  /**
   * The command for {@code sql}, which must contain one of ours. Call with the session's lock held.
   */
  public static CommandInterface prepare(CopyHost host, String sql) {
    List<ScriptPart> parts = new ArrayList<>();
    for (ScriptStatement piece : StatementSplitter.splitScript(sql)) {
      parts.add(
          new ScriptPart(
              piece.statement().of(sql),
              piece.statement().begin(),
              piece.data() == null ? null : piece.data().of(sql)));
    }
    return parts.size() == 1
        ? prepareOne(host, parts.get(0))
        : CopyListCommand.create(host, List.copyOf(parts));
  }

  /**
   * The command for a single COPY whose STDIN is {@code client}. Call with the session's lock held.
   *
   * @param begin where the statement begins in the text that the application gave
   */
  public static CopyStatementCommand prepareCopy(
      CopyHost host, String sql, int begin, CopyClient client) {
    return new CopyStatementCommand(host, sql, begin, client);
  }

  /**
   * A statement of a text that an application executes.
   *
   * @param begin where it begins in that text
   * @param data what stands behind it as its standard input, or null
   */
  record ScriptPart(String text, int begin, String data) {}

  static Command prepareOne(CopyHost host, ScriptPart part) {
    OwnStatement own = prepareOwn(host, part);
    if (own != null) {
      return new OwnStatementCommand(host, part.text(), part.begin(), own);
    }
    if (StatementSplitter.isCopy(part.text())) {
      return new CopyStatementCommand(
          host,
          part.text(),
          part.begin(),
          part.data() == null
              ? host.standardInput()
              : () -> StreamObjects.of(new StringReader(part.data())));
    }
    RedshiftDdl.Translated translated = translate(host, part);
    if (translated != null) {
      return new TranslatedCommand(host.copySession(), part.text(), part.begin(), translated);
    }
    try {
      Command command = host.copySession().prepareLocal(part.text());
      OwnerCreateTable.install(host.copySession(), command);
      return command;
    } catch (DbException e) {
      throw StatementText.namesSecrets(part.text())
          ? StatementText.withoutStrings(e, part.text())
          : e;
    }
  }

  private static RedshiftDdl.Translated translate(CopyHost host, ScriptPart part) {
    try {
      return RedshiftDdl.prepare(host.copySession(), host.copySettings(), part.text());
    } catch (CopyException e) {
      throw DbException.convert(SqlErrors.toSqlException(e.movedBy(part.begin())));
    }
  }

  private static OwnStatement prepareOwn(CopyHost host, ScriptPart part) {
    try {
      return OwnStatements.prepare(host.copySession(), host.copySettings(), part.text());
    } catch (CopyException e) {
      throw DbException.convert(SqlErrors.toSqlException(e.movedBy(part.begin())));
    }
  }
}

package org.h2.command;

import io.copyload.engine.CopyException;
import io.copyload.engine.h2.RedshiftDdl;
import io.copyload.jdbc.SqlErrors;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.ResultWithGeneratedKeys;

/** A statement of H2's that was written in another dialect, which is what its errors show. */
final class TranslatedCommand extends CommandContainer {
  private final int begin;
  private final RedshiftDdl.Translated statement;

  /**
   * @param begin where {@code sql} stands in the text that the application executes
   */
  TranslatedCommand(SessionLocal session, String sql, int begin, RedshiftDdl.Translated statement) {
    super(session, sql, statement.prepared());
    this.begin = begin;
    this.statement = statement;
  }

  @Override
  public ResultWithGeneratedKeys executeUpdate(Object generatedKeysRequest) {
    try {
      return super.executeUpdate(generatedKeysRequest);
    } catch (DbException e) {
      throw CopyCommand.unwrap(e);
    }
  }

  @Override
  public ResultWithGeneratedKeys update(Object generatedKeysRequest) {
    try {
      statement.before().run();
      try {
        return super.update(generatedKeysRequest);
      } finally {
        statement.after().run();
      }
    } catch (CopyException e) {
      throw DbException.convert(SqlErrors.toSqlException(e.movedBy(begin)));
    }
  }
}

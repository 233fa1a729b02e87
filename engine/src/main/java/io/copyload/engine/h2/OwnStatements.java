package io.copyload.engine.h2;

import io.copyload.engine.statement.StatementSplitter;
import io.copyload.engine.statement.StoredObjectParser;
import io.copyload.engine.statement.TextRange;
import java.util.List;
import org.h2.engine.SessionLocal;

/** The one list of statements of ours beside COPY FROM and COPY TO. */
public final class OwnStatements {
  private static final List<OwnStatement.Kind> KINDS =
      List.of(
          new CompressionAnalyses(),
          ReplayCopy.KIND,
          ExplainCopy.KIND,
          JobStatement.KIND,
          SshKeys.ROTATE,
          new ReadSridSetting(),
          new StoredObjectStatements(),
          UnloadStatement.KIND);

  private OwnStatements() {}

  /** Whether any statement of the text may be one of ours. */
  public static boolean mayContain(String sql) {
    if (claimed(sql)) {
      return true;
    }
    int semicolon = sql.indexOf(';');
    if (semicolon < 0 || semicolon == sql.length() - 1) {
      return false;
    }
    for (TextRange piece : StatementSplitter.split(sql)) {
      if (claimed(piece.of(sql))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a single statement may be one of ours. */
  public static boolean claimed(String sql) {
    for (OwnStatement.Kind kind : KINDS) {
      if (kind.claims(sql)) {
        return true;
      }
    }
    return false;
  }

  /** Whether values of the statement's parameters are secrets. */
  public static boolean hidesParameters(String sql) {
    return StoredObjectParser.claims(sql);
  }

  /** The prepared statement, or null when the single statement is not one of ours. */
  public static OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
    for (OwnStatement.Kind kind : KINDS) {
      OwnStatement statement = kind.claims(sql) ? kind.prepare(session, settings, sql) : null;
      if (statement != null) {
        return statement;
      }
    }
    return null;
  }
}

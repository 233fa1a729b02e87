package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.SourceRef;

/**
 * Materialize's words for mistakes that the common grammar finds, where Materialize documents them.
 * All others have PostgreSQL's.
 */
public final class MaterializeSyntax {
  private MaterializeSyntax() {}

  /** The error of a statement that could not be parsed. */
  public static CopyException reworded(String sql, CopyException e) {
    if (e.code() != CopyErrorCode.SYNTAX || e.position() < 1 || e.position() > sql.length()) {
      return e;
    }
    String before = sql.substring(0, e.position() - 1).strip();
    String found = sql.substring(e.position() - 1);
    String message = null;
    if (found.startsWith(")") && before.endsWith("(") && !before.matches("(?is)COPY\\s*\\(")) {
      message =
          "Expected one of " + MaterializeOptionReader.OPTION_NAMES + ", found right parenthesis";
    } else if (before.matches("(?is)COPY\\s*\\(.*\\)") && startsWithWord(found, "FROM")) {
      message = "queries not allowed in COPY FROM";
    } else if (before.matches("(?is)COPY\\s+INTO\\b.*") && startsWithWord(found, "TO")) {
      int into = before.toUpperCase(java.util.Locale.ROOT).indexOf("INTO");
      int start = sql.indexOf(before) + into;
      return new CopyException(CopyErrorCode.SYNTAX, "Expected identifier, found INTO")
          .withPosition(start + 1);
    }
    return message == null
        ? e
        : new CopyException(CopyErrorCode.SYNTAX, message).withPosition(e.position());
  }

  private static boolean startsWithWord(String text, String word) {
    return text.regionMatches(true, 0, word, 0, word.length())
        && (text.length() == word.length()
            || !Character.isJavaIdentifierPart(text.charAt(word.length())));
  }

  /** Refuses PROGRAM, which Materialize reads as a column's name. */
  static void checkPlace(SourceRef place) {
    if (place instanceof SourceRef.Program program) {
      throw new CopyException(
              CopyErrorCode.SYNTAX,
              "Expected end of statement, found string literal \"" + program.command() + "\"")
          .withHint("COPY ... PROGRAM is PostgreSQL's; the connection's dialect is materialize.")
          .withPosition(program.range().position());
    }
  }
}

package io.copyload.engine.statement;

import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds COPY statements in the text that an application hands to the driver.
 *
 * <p>Text is cut at semicolons outside strings, quoted identifiers, dollar quotes and comments. A
 * statement that starts with COPY is read by {@link SqlTokenizer}'s rules, any other one as H2
 * reads it: no backslash escapes, {@code $$} only without a tag, {@code //} starts a comment. (H2
 * in MSSQLServer mode also quotes with brackets; that is not seen here.) All methods are total:
 * text that does not lex is one statement up to its end, and H2 or the parser will say what is
 * wrong with it.
 */
public final class StatementSplitter {
  private StatementSplitter() {}

  /** Whether the first keyword after blanks and comments is COPY. */
  public static boolean isCopy(String sql) {
    return isCopyAt(sql, SqlTokenizer.skipBlanksAndComments(sql, 0));
  }

  private static boolean isCopyAt(String sql, int i) {
    return i >= 0
        && sql.regionMatches(true, i, "COPY", 0, 4)
        && (i + 4 == sql.length() || !Character.isJavaIdentifierPart(sql.codePointAt(i + 4)));
  }

  /** Whether any of the statements of the text is a COPY. */
  public static boolean containsCopy(String sql) {
    if (isCopy(sql)) {
      return true;
    }
    if (sql.indexOf(';') < 0 || !mentionsCopy(sql)) {
      return false;
    }
    for (TextRange piece : split(sql)) {
      if (isCopyAt(sql, SqlTokenizer.skipBlanksAndComments(sql, piece.begin()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean mentionsCopy(String sql) {
    for (int i = 0; i + 4 <= sql.length(); i++) {
      if ((sql.charAt(i) | 0x20) == 'c' && sql.regionMatches(true, i, "COPY", 0, 4)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The statements of the text in order, without their semicolons and surrounding blanks. Pieces
   * that hold only blanks and comments are left out.
   */
  public static List<TextRange> split(String sql) {
    List<TextRange> pieces = new ArrayList<>();
    int begin = 0;
    while (begin < sql.length()) {
      int first = SqlTokenizer.skipBlanksAndComments(sql, begin);
      int end = first < 0 ? sql.length() : endOfStatement(sql, first, isCopyAt(sql, first));
      if (first < end) {
        pieces.add(trim(sql, begin, end));
      }
      begin = end + 1;
    }
    return List.copyOf(pieces);
  }

  /**
   * The statements of a script. As in psql, the lines behind a {@code COPY ... FROM STDIN;} up to
   * one that holds only {@code \\.} are its data and not statements; without such a line there is
   * no data.
   */
  public static List<ScriptStatement> splitScript(String sql) {
    List<ScriptStatement> pieces = new ArrayList<>();
    int begin = 0;
    while (begin < sql.length()) {
      int first = SqlTokenizer.skipBlanksAndComments(sql, begin);
      boolean copy = first >= 0 && isCopyAt(sql, first);
      int end = first < 0 ? sql.length() : endOfStatement(sql, first, copy);
      int next = end + 1;
      if (first < end) {
        TextRange statement = trim(sql, begin, end);
        TextRange data = copy ? inlineData(sql, statement, end + 1) : null;
        pieces.add(new ScriptStatement(statement, data));
        if (data != null) {
          next = endOfLine(sql, data.end()) + 1;
        }
      }
      begin = next;
    }
    return List.copyOf(pieces);
  }

  /** Whether a COPY of the script has its data behind it. */
  public static boolean hasInlineData(String sql) {
    if (!sql.contains("\n\\.") || !containsCopy(sql)) {
      return false;
    }
    for (ScriptStatement piece : splitScript(sql)) {
      if (piece.data() != null) {
        return true;
      }
    }
    return false;
  }

  private static TextRange inlineData(String sql, TextRange statement, int behind) {
    if (behind >= sql.length()) {
      return null;
    }
    int begin = endOfLine(sql, behind) + 1;
    if (begin > sql.length() || !sql.substring(behind, begin).isBlank()) {
      return null;
    }
    int line = begin;
    while (line < sql.length()) {
      int end = endOfLine(sql, line);
      int length = end > line && sql.charAt(end - 1) == '\r' ? end - 1 - line : end - line;
      if (length == 2 && sql.startsWith("\\.", line)) {
        return readsStdin(statement.of(sql)) ? new TextRange(begin, line) : null;
      }
      line = end + 1;
    }
    return null;
  }

  private static int endOfLine(String sql, int from) {
    int end = sql.indexOf('\n', from);
    return end < 0 ? sql.length() : end;
  }

  private static boolean readsStdin(String statement) {
    try {
      return CopyParser.parse(statement) instanceof CopyFrom from
          && from.source() instanceof SourceRef.Stdin;
    } catch (CopyException e) {
      // Whoever executes it will say so.
      return false;
    }
  }

  private static TextRange trim(String sql, int begin, int end) {
    int first = begin;
    int last = end;
    while (first < last && sql.charAt(first) <= ' ') {
      first++;
    }
    while (first < last && sql.charAt(last - 1) <= ' ') {
      last--;
    }
    return new TextRange(first, last);
  }

  /** Offset of the semicolon that ends the statement, or the text's length. */
  private static int endOfStatement(String sql, int begin, boolean copy) {
    int i = begin;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      int next;
      if (c == ';') {
        return i;
      } else if (c == '\'' || c == '"' || c == '`') {
        next = SqlTokenizer.skipQuoted(sql, i);
      } else if (c == '$') {
        next = skipDollar(sql, i, copy);
      } else if (c == '?') {
        next = skipDigits(sql, i + 1, 10);
      } else if (SqlTokenizer.isLineComment(sql, i)) {
        next = SqlTokenizer.skipLineComment(sql, i);
      } else if (SqlTokenizer.isBlockComment(sql, i)) {
        next = SqlTokenizer.skipBlockComment(sql, i);
      } else if (copy
          && (c == 'e' || c == 'E')
          && i + 1 < sql.length()
          && sql.charAt(i + 1) == '\'') {
        next = SqlTokenizer.skipEscapeString(sql, i + 1);
      } else if (Character.isJavaIdentifierStart(c) || Character.isHighSurrogate(c)) {
        next = SqlTokenizer.skipIdentifier(sql, i);
      } else if (c >= '0' && c <= '9') {
        next = skipNumber(sql, i);
      } else {
        next = i + 1;
      }
      if (next < 0) {
        return sql.length();
      }
      i = next;
    }
    return sql.length();
  }

  private static int skipDollar(String sql, int begin, boolean copy) {
    int bodyBegin = SqlTokenizer.dollarTagEnd(sql, begin);
    if (bodyBegin < 0 || !copy && bodyBegin != begin + 2) {
      return skipDigits(sql, begin + 1, 10);
    }
    int bodyEnd = sql.indexOf(sql.substring(begin, bodyBegin), bodyBegin);
    return bodyEnd < 0 ? -1 : bodyEnd + bodyBegin - begin;
  }

  /**
   * Skips a number, so that its letters do not start an identifier which could take in a {@code
   * $$}.
   */
  private static int skipNumber(String sql, int begin) {
    if (sql.charAt(begin) == '0'
        && begin + 1 < sql.length()
        && (sql.charAt(begin + 1) | 0x20) == 'x') {
      return skipDigits(sql, begin + 2, 16);
    }
    int end = skipDigits(sql, begin, 10);
    if (end < sql.length() && (sql.charAt(end) | 0x20) == 'e') {
      int exponent = end + 1;
      if (exponent < sql.length() && "+-".indexOf(sql.charAt(exponent)) >= 0) {
        exponent++;
      }
      int exponentEnd = skipDigits(sql, exponent, 10);
      return exponentEnd > exponent ? exponentEnd : end;
    }
    return end;
  }

  private static int skipDigits(String sql, int begin, int radix) {
    int i = begin;
    while (i < sql.length() && sql.charAt(i) < 0x80 && Character.digit(sql.charAt(i), radix) >= 0) {
      i++;
    }
    return i;
  }
}

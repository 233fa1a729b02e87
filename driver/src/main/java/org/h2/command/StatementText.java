package org.h2.command;

import java.sql.SQLException;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.jdbc.JdbcException;
import org.h2.message.DbException;

/**
 * Looks at statement text without understanding it: skips strings, quoted names, dollar quotes and
 * comments. Total: an unterminated part reaches to the end.
 */
public final class StatementText {
  /** A secret whose quotes were forgotten. */
  private static final Pattern BARE_SECRET =
      Pattern.compile(
          "(?i)\\b(SECRET_ACCESS_KEY|SESSION_TOKEN|TOKEN|CREDENTIALS|MASTER_SYMMETRIC_KEY)(\\s+AS)?\\s+(?!')\\S+");

  /** Words that stand near secrets, also where the statement is one that nobody knows. */
  private static final Pattern NEAR_SECRETS =
      Pattern.compile(
          "(?i)\\bSECRETS?\\b|\\bSECRET_ACCESS_KEY|\\bSESSION[_ ]TOKEN\\b|\\bCREDENTIALS\\b"
              + "|\\bMASTER_SYMMETRIC_KEY\\b");

  private StatementText() {}

  /** Whether a text has words that stand near secrets: misspelled statements have them, too. */
  public static boolean namesSecrets(String sql) {
    return NEAR_SECRETS.matcher(sql).find();
  }

  /** An error of H2's without the strings of the statement. */
  public static DbException withoutStrings(DbException e, String sql) {
    SQLException shown = e.getSQLException();
    if ("42601".equals(shown.getSQLState())) {
      // One of ours, which shows no strings.
      return e;
    }
    String text = withoutStrings(sql);
    if (e.getErrorCode() == ErrorCode.SYNTAX_ERROR_1
        || e.getErrorCode() == ErrorCode.SYNTAX_ERROR_2) {
      return DbException.get(ErrorCode.SYNTAX_ERROR_1, text).addSQL(text);
    }
    if (shown instanceof JdbcException known) {
      return DbException.convert(
          DbException.getJdbcSQLException(
              known.getOriginalMessage(), text, shown.getSQLState(), e.getErrorCode(), null, null));
    }
    return e;
  }

  /** How many parameters the statement has; {@code ?3} makes it at least three. */
  static int countParameters(String sql, boolean copy) {
    int plain = 0;
    int highest = 0;
    int i = 0;
    while (i < sql.length()) {
      int next = skip(sql, i, copy);
      if (next == i) {
        next++;
        if (sql.charAt(i) == '?') {
          int number = 0;
          while (next < sql.length() && sql.charAt(next) >= '0' && sql.charAt(next) <= '9') {
            number = Math.min(number * 10 + sql.charAt(next) - '0', 100_000);
            next++;
          }
          if (number == 0) {
            plain++;
          }
          highest = Math.max(highest, number);
        }
      }
      i = next;
    }
    return Math.max(plain, highest);
  }

  /** The text with every string literal replaced by stars: they may be secrets. */
  static String withoutStrings(String sql) {
    StringBuilder shown = new StringBuilder(sql.length());
    int i = 0;
    while (i < sql.length()) {
      int next = skip(sql, i, true);
      if (next == i) {
        shown.append(sql.charAt(i));
        next++;
      } else if (sql.charAt(i) == '\'' || sql.charAt(i) == '$') {
        shown.append("'***'");
      } else if (isEscapeString(sql, i)) {
        shown.append("E'***'");
      } else if (sql.charAt(i) == '"') {
        shown.append(sql, i, next);
      } else {
        shown.append(' ');
      }
      i = next;
    }
    return BARE_SECRET.matcher(shown).replaceAll("$1 ***");
  }

  /** End of the quoted part, word or comment that begins at {@code i}; {@code i} when none does. */
  private static int skip(String sql, int i, boolean copy) {
    char c = sql.charAt(i);
    if (c == '\'' || c == '"' || c == '`') {
      return quoted(sql, i, false);
    }
    if (copy && isEscapeString(sql, i)) {
      return quoted(sql, i + 1, true);
    }
    if (c == '$') {
      return dollarQuoted(sql, i, copy);
    }
    if (sql.startsWith("--", i) || sql.startsWith("//", i)) {
      int end = i;
      while (end < sql.length() && sql.charAt(end) != '\n' && sql.charAt(end) != '\r') {
        end++;
      }
      return end;
    }
    if (sql.startsWith("/*", i)) {
      return blockComment(sql, i);
    }
    return i;
  }

  private static boolean isEscapeString(String sql, int i) {
    return (sql.charAt(i) == 'e' || sql.charAt(i) == 'E')
        && i + 1 < sql.length()
        && sql.charAt(i + 1) == '\''
        && (i == 0 || !Character.isJavaIdentifierPart(sql.charAt(i - 1)));
  }

  private static int quoted(String sql, int begin, boolean backslash) {
    char quote = sql.charAt(begin);
    int i = begin + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == quote) {
        if (i + 1 < sql.length() && sql.charAt(i + 1) == quote) {
          i++;
        } else {
          return i + 1;
        }
      } else if (c == '\\' && backslash) {
        i++;
      }
      i++;
    }
    return sql.length();
  }

  private static int dollarQuoted(String sql, int begin, boolean copy) {
    if (begin > 0 && Character.isJavaIdentifierPart(sql.charAt(begin - 1))) {
      return begin;
    }
    int tagEnd = begin + 1;
    while (copy && tagEnd < sql.length() && Character.isLetterOrDigit(sql.charAt(tagEnd))) {
      tagEnd++;
    }
    if (tagEnd >= sql.length() || sql.charAt(tagEnd) != '$') {
      return begin;
    }
    String tag = sql.substring(begin, tagEnd + 1);
    int end = sql.indexOf(tag, tagEnd + 1);
    return end < 0 ? sql.length() : end + tag.length();
  }

  private static int blockComment(String sql, int begin) {
    int depth = 0;
    int i = begin;
    while (i < sql.length()) {
      if (sql.startsWith("/*", i)) {
        depth++;
        i += 2;
      } else if (sql.startsWith("*/", i)) {
        depth--;
        i += 2;
        if (depth == 0) {
          return i;
        }
      } else {
        i++;
      }
    }
    return sql.length();
  }
}

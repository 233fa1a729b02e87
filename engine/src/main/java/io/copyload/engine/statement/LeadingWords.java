package io.copyload.engine.statement;

/**
 * The first words of a statement, which tell whose it is. Comments and blanks before and between
 * them are passed over. Total: text that does not lex has fewer words.
 */
public final class LeadingWords {
  private LeadingWords() {}

  /** Whether the statement begins with these words, in any case. */
  public static boolean are(String sql, String... words) {
    return behind(sql, words) >= 0;
  }

  /**
   * Where the text behind the words begins, blanks and comments passed over; -1 when the statement
   * does not begin with these words.
   */
  public static int behind(String sql, String... words) {
    int at = 0;
    for (String word : words) {
      at = SqlTokenizer.skipBlanksAndComments(sql, at);
      if (at < 0
          || !sql.regionMatches(true, at, word, 0, word.length())
          || SqlTokenizer.skipIdentifier(sql, at) != at + word.length()) {
        return -1;
      }
      at += word.length();
    }
    return SqlTokenizer.skipBlanksAndComments(sql, at);
  }
}

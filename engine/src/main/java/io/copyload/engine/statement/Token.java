package io.copyload.engine.statement;

import java.util.Locale;

/**
 * A lexical unit of a statement.
 *
 * @param text raw text of words, numbers and symbols; decoded text of strings and quoted
 *     identifiers; the digits of a parameter, or nothing for a plain {@code ?}
 */
record Token(Kind kind, String text, TextRange range) {
  enum Kind {
    /** Unquoted identifier or keyword. */
    WORD,
    QUOTED_IDENTIFIER,
    STRING,
    NUMBER,
    PARAMETER,
    /** Operator or punctuation. */
    SYMBOL,
    END
  }

  boolean isEnd() {
    return kind == Kind.END;
  }

  boolean isString() {
    return kind == Kind.STRING;
  }

  boolean isWord() {
    return kind == Kind.WORD;
  }

  boolean isWord(String upperCase) {
    return kind == Kind.WORD && text.equalsIgnoreCase(upperCase);
  }

  boolean isSymbol(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  /** The word in upper case, or an empty string when this is no word. */
  String upper() {
    return kind == Kind.WORD ? text.toUpperCase(Locale.ROOT) : "";
  }

  /** Hides string literals, which may be secrets. */
  @Override
  public String toString() {
    return kind
        + " "
        + (kind == Kind.STRING ? OptionValue.STARS : text)
        + " at "
        + range.position();
  }
}

package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;

/** PostgreSQL's messages for text that is not a statement. String literals are shown as stars. */
final class SyntaxErrors {
  private static final int MAX_SHOWN_CHARS = 64;

  private SyntaxErrors() {}

  static CopyException at(String sql, Token token) {
    if (token.isEnd()) {
      return of("syntax error at end of input", token.range());
    }
    return of("syntax error at or near \"" + shown(sql, token) + "\"", token.range());
  }

  /**
   * As {@link #at}, for a place where a secret was expected and may have been written without
   * quotes.
   */
  static CopyException atSecret(String sql, Token token) {
    if (token.isEnd() || token.kind() == Token.Kind.SYMBOL) {
      return at(sql, token);
    }
    return of("syntax error at or near \"" + OptionValue.STARS + "\"", token.range());
  }

  static CopyException of(String message, TextRange range) {
    return new CopyException(CopyErrorCode.SYNTAX, message).withPosition(range.position());
  }

  private static String shown(String sql, Token token) {
    if (token.isString()) {
      return "'" + OptionValue.STARS + "'";
    }
    String text = token.range().of(sql);
    return text.length() <= MAX_SHOWN_CHARS ? text : text.substring(0, MAX_SHOWN_CHARS) + "...";
  }
}

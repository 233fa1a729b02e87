package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Cuts a COPY statement into tokens, by PostgreSQL's lexical rules (standard_conforming_strings
 * on), plus H2's {@code ?1} parameters, backquoted identifiers and {@code //} comments.
 *
 * <p>The static {@code skip} methods are shared with {@link StatementSplitter}. They return the
 * offset behind the construct, or -1 when it does not end.
 */
final class SqlTokenizer {
  private final String sql;
  private int at;

  SqlTokenizer(String sql, int begin) {
    this.sql = sql;
    this.at = begin;
  }

  /** The next token; an END token of no length when there is none. */
  Token next() {
    int begin = skipBlanksAndComments(sql, at);
    if (begin < 0) {
      throw SyntaxErrors.of("unterminated /* comment", new TextRange(commentBegin(), sql.length()));
    }
    at = begin;
    if (begin == sql.length()) {
      return token(Token.Kind.END, "", begin, begin);
    }
    char c = sql.charAt(begin);
    switch (c) {
      case '\'':
        return string(begin, begin, false);
      case '"':
        return quotedIdentifier(begin, begin);
      case '`':
        return backquoted(begin);
      case '$':
        return dollar(begin);
      case '?':
        return parameter(begin);
      case '.':
        if (isDigit(begin + 1)) {
          return number(begin);
        }
        return symbol(begin, 1);
      default:
        break;
    }
    if (c >= '0' && c <= '9') {
      return number(begin);
    }
    int point = sql.codePointAt(begin);
    if (Character.isJavaIdentifierStart(point)) {
      return wordOrPrefixedString(begin, c);
    }
    if (isPair(begin, '|', '|')
        || isPair(begin, ':', ':')
        || isPair(begin, '<', '=')
        || isPair(begin, '>', '=')
        || isPair(begin, '<', '>')
        || isPair(begin, '!', '=')) {
      return symbol(begin, 2);
    }
    return symbol(begin, Character.charCount(point));
  }

  private int commentBegin() {
    int i = at;
    while (true) {
      int next = sql.indexOf("/*", i);
      if (next < 0) {
        return at;
      }
      int end = skipBlockComment(sql, next);
      if (end < 0) {
        return next;
      }
      i = end;
    }
  }

  private Token wordOrPrefixedString(int begin, char c) {
    if ((c == 'e' || c == 'E') && isChar(begin + 1, '\'')) {
      return string(begin, begin + 1, true);
    }
    if ((c == 'u' || c == 'U') && isChar(begin + 1, '&')) {
      if (isChar(begin + 2, '\'')) {
        return unicode(string(begin, begin + 2, false));
      }
      if (isChar(begin + 2, '"')) {
        return unicode(quotedIdentifier(begin, begin + 2));
      }
    }
    int end = skipIdentifier(sql, begin);
    return token(Token.Kind.WORD, sql.substring(begin, end), begin, end);
  }

  private Token string(int begin, int quoteAt, boolean escapes) {
    StringBuilder text = new StringBuilder();
    int i = quoteAt;
    do {
      int end = escapes ? skipEscapeString(sql, i) : skipQuoted(sql, i);
      if (end < 0) {
        throw SyntaxErrors.of("unterminated quoted string", new TextRange(begin, sql.length()));
      }
      String body = sql.substring(i + 1, end - 1);
      if (escapes) {
        decodeEscapes(body, i + 1, text);
      } else {
        text.append(body.replace("''", "'"));
      }
      at = end;
      i = continuation(end);
    } while (i >= 0);
    return token(Token.Kind.STRING, text.toString(), begin, at);
  }

  /** Literals with a line end between them are one literal. */
  private int continuation(int end) {
    boolean newline = false;
    int i = end;
    while (i < sql.length() && sql.charAt(i) <= ' ') {
      newline |= sql.charAt(i) == '\n' || sql.charAt(i) == '\r';
      i++;
    }
    return newline && isChar(i, '\'') ? i : -1;
  }

  private Token quotedIdentifier(int begin, int quoteAt) {
    int end = skipQuoted(sql, quoteAt);
    if (end < 0) {
      throw SyntaxErrors.of("unterminated quoted identifier", new TextRange(begin, sql.length()));
    }
    String text = sql.substring(quoteAt + 1, end - 1).replace("\"\"", "\"");
    if (text.isEmpty()) {
      throw SyntaxErrors.of(
          "zero-length delimited identifier at or near \"\"\"\"", new TextRange(begin, end));
    }
    return token(Token.Kind.QUOTED_IDENTIFIER, text, begin, end);
  }

  /** H2 folds a backquoted name as it folds an unquoted one, but it is never a keyword. */
  private Token backquoted(int begin) {
    int end = skipQuoted(sql, begin);
    if (end < 0) {
      throw SyntaxErrors.of("unterminated quoted identifier", new TextRange(begin, sql.length()));
    }
    return token(
        Token.Kind.QUOTED_IDENTIFIER,
        sql.substring(begin + 1, end - 1).replace("``", "`"),
        begin,
        end);
  }

  private Token dollar(int begin) {
    int bodyBegin = dollarTagEnd(sql, begin);
    if (bodyBegin < 0) {
      return parameter(begin);
    }
    String tag = sql.substring(begin, bodyBegin);
    int bodyEnd = sql.indexOf(tag, bodyBegin);
    if (bodyEnd < 0) {
      throw SyntaxErrors.of(
          "unterminated dollar-quoted string", new TextRange(begin, sql.length()));
    }
    return token(
        Token.Kind.STRING, sql.substring(bodyBegin, bodyEnd), begin, bodyEnd + tag.length());
  }

  private Token parameter(int begin) {
    int end = begin + 1;
    while (isDigit(end)) {
      end++;
    }
    if (sql.charAt(begin) == '$' && end == begin + 1) {
      return symbol(begin, 1);
    }
    return token(Token.Kind.PARAMETER, sql.substring(begin + 1, end), begin, end);
  }

  private Token number(int begin) {
    int end = begin;
    while (isDigit(end) || isChar(end, '_')) {
      end++;
    }
    if (isChar(end, '.')) {
      end++;
      while (isDigit(end)) {
        end++;
      }
    }
    if (isChar(end, 'e') || isChar(end, 'E')) {
      int exponent = end + 1;
      if (isChar(exponent, '+') || isChar(exponent, '-')) {
        exponent++;
      }
      if (isDigit(exponent)) {
        end = exponent;
        while (isDigit(end)) {
          end++;
        }
      }
    }
    if (end < sql.length() && Character.isJavaIdentifierStart(sql.codePointAt(end))) {
      throw SyntaxErrors.of("trailing junk after numeric literal", new TextRange(begin, end));
    }
    return token(Token.Kind.NUMBER, sql.substring(begin, end), begin, end);
  }

  private Token symbol(int begin, int length) {
    return token(Token.Kind.SYMBOL, sql.substring(begin, begin + length), begin, begin + length);
  }

  private Token token(Token.Kind kind, String text, int begin, int end) {
    at = end;
    return new Token(kind, text, new TextRange(begin, end));
  }

  /** Decodes U& escapes, with the escape character of a UESCAPE clause if one follows. */
  private Token unicode(Token token) {
    int end = token.range().end();
    char escape = '\\';
    int next = skipBlanksAndComments(sql, end);
    if (next >= 0
        && sql.regionMatches(true, next, "UESCAPE", 0, 7)
        && skipIdentifier(sql, next) == next + 7) {
      at = next + 7;
      Token value = next();
      if (!value.isString()
          || value.text().length() != 1
          || !isEscapeChar(value.text().charAt(0))) {
        throw SyntaxErrors.of("invalid Unicode escape character", value.range());
      }
      escape = value.text().charAt(0);
      end = value.range().end();
    }
    return token(
        token.kind(),
        decodeUnicode(token.text(), escape, token.range()),
        token.range().begin(),
        end);
  }

  private static boolean isEscapeChar(char c) {
    return c > ' ' && Character.digit(c, 16) < 0 && "+'\"".indexOf(c) < 0;
  }

  private static String decodeUnicode(String raw, char escape, TextRange range) {
    StringBuilder text = new StringBuilder(raw.length());
    int i = 0;
    while (i < raw.length()) {
      char c = raw.charAt(i);
      if (c != escape) {
        text.append(c);
        i++;
      } else if (i + 1 < raw.length() && raw.charAt(i + 1) == escape) {
        text.append(c);
        i += 2;
      } else {
        boolean six = i + 1 < raw.length() && raw.charAt(i + 1) == '+';
        int begin = six ? i + 2 : i + 1;
        int end = begin + (six ? 6 : 4);
        text.appendCodePoint(hex(raw, begin, end, range));
        i = end;
      }
    }
    return checked(text, range);
  }

  private static int hex(String raw, int begin, int end, TextRange range) {
    int value = 0;
    for (int i = begin; i < end; i++) {
      int digit = i < raw.length() ? Character.digit(raw.charAt(i), 16) : -1;
      if (digit < 0) {
        throw SyntaxErrors.of("invalid Unicode escape", range);
      }
      value = value << 4 | digit;
    }
    if (value <= 0 || value > Character.MAX_CODE_POINT) {
      throw SyntaxErrors.of("invalid Unicode escape value", range);
    }
    return value;
  }

  /** Surrogates may be written as two escapes but must come in pairs. */
  private static String checked(StringBuilder text, TextRange range) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isHighSurrogate(c)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(c)) {
        throw SyntaxErrors.of("invalid Unicode surrogate pair", range);
      }
    }
    return text.toString();
  }

  private void decodeEscapes(String body, int begin, StringBuilder text) {
    byte[] bytes = new byte[body.length()];
    int byteCount = 0;
    TextRange range = new TextRange(begin, begin + body.length());
    int i = 0;
    while (i < body.length()) {
      char c = body.charAt(i);
      int next = i + 1;
      int octet = -1;
      int point = c;
      if (c == '\'') {
        next++;
      } else if (c == '\\') {
        // The body ends with a complete escape: skipEscapeString saw to it.
        char e = body.charAt(next++);
        point = simpleEscape(e);
        if (e >= '0' && e <= '7') {
          int limit = Math.min(body.length(), next + 2);
          octet = e - '0';
          while (next < limit && body.charAt(next) >= '0' && body.charAt(next) <= '7') {
            octet = octet << 3 | body.charAt(next++) - '0';
          }
          octet &= 0xff;
        } else if (e == 'x'
            && next < body.length()
            && Character.digit(body.charAt(next), 16) >= 0) {
          octet = Character.digit(body.charAt(next++), 16);
          if (next < body.length() && Character.digit(body.charAt(next), 16) >= 0) {
            octet = octet << 4 | Character.digit(body.charAt(next++), 16);
          }
        } else if (e == 'u' || e == 'U') {
          int end = next + (e == 'u' ? 4 : 8);
          point = hex(body, next, end, range);
          next = end;
        }
      }
      if (octet >= 0) {
        bytes[byteCount++] = (byte) octet;
      } else {
        flush(bytes, byteCount, text, range);
        byteCount = 0;
        text.appendCodePoint(point);
      }
      i = next;
    }
    flush(bytes, byteCount, text, range);
    checked(text, range);
  }

  private static char simpleEscape(char e) {
    return switch (e) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 11;
      default -> e;
    };
  }

  private static void flush(byte[] bytes, int count, StringBuilder text, TextRange range) {
    if (count == 0) {
      return;
    }
    CharBuffer chars = null;
    try {
      chars = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, count));
    } catch (CharacterCodingException e) {
      // Reported below, together with NUL, which no text may hold.
    }
    if (chars == null || chars.toString().indexOf('\0') >= 0) {
      throw new CopyException(
              CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
              "invalid byte sequence for encoding \"UTF8\": 0x"
                  + Integer.toHexString(0x100 | firstBad(Arrays.copyOf(bytes, count)) & 0xff)
                      .substring(1))
          .withPosition(range.position());
    }
    text.append(chars);
  }

  private static byte firstBad(byte[] bytes) {
    for (byte b : bytes) {
      if (b <= 0) {
        return b;
      }
    }
    return 0;
  }

  private boolean isChar(int i, char c) {
    return i < sql.length() && sql.charAt(i) == c;
  }

  private boolean isDigit(int i) {
    return i < sql.length() && sql.charAt(i) >= '0' && sql.charAt(i) <= '9';
  }

  private boolean isPair(int i, char first, char second) {
    return isChar(i, first) && isChar(i + 1, second);
  }

  /** Skips blanks and comments; -1 when a block comment does not end. */
  static int skipBlanksAndComments(String sql, int begin) {
    int i = begin;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c <= ' ' || c > 0x7f && Character.isSpaceChar(c)) {
        i++;
      } else if (isLineComment(sql, i)) {
        i = skipLineComment(sql, i);
      } else if (isBlockComment(sql, i)) {
        i = skipBlockComment(sql, i);
        if (i < 0) {
          return -1;
        }
      } else {
        break;
      }
    }
    return i;
  }

  static boolean isLineComment(String sql, int i) {
    char c = sql.charAt(i);
    return (c == '-' || c == '/') && i + 1 < sql.length() && sql.charAt(i + 1) == c;
  }

  static boolean isBlockComment(String sql, int i) {
    return sql.charAt(i) == '/' && i + 1 < sql.length() && sql.charAt(i + 1) == '*';
  }

  static int skipLineComment(String sql, int begin) {
    int i = begin + 2;
    while (i < sql.length() && sql.charAt(i) != '\n' && sql.charAt(i) != '\r') {
      i++;
    }
    return i;
  }

  /** Block comments nest. */
  static int skipBlockComment(String sql, int begin) {
    int level = 1;
    int i = begin + 2;
    while (i + 1 < sql.length()) {
      char c = sql.charAt(i);
      char next = sql.charAt(i + 1);
      if (c == '*' && next == '/') {
        i += 2;
        if (--level == 0) {
          return i;
        }
      } else if (c == '/' && next == '*') {
        level++;
        i += 2;
      } else {
        i++;
      }
    }
    return -1;
  }

  /** Skips text in quotes of the kind at {@code begin}, which are doubled inside. */
  static int skipQuoted(String sql, int begin) {
    char quote = sql.charAt(begin);
    int i = begin + 1;
    while (true) {
      i = sql.indexOf(quote, i);
      if (i < 0) {
        return -1;
      }
      if (i + 1 == sql.length() || sql.charAt(i + 1) != quote) {
        return i + 1;
      }
      i += 2;
    }
  }

  /** Skips the quoted part of an E'' string. */
  static int skipEscapeString(String sql, int begin) {
    int i = begin + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c != '\'') {
        i++;
      } else if (i + 1 < sql.length() && sql.charAt(i + 1) == '\'') {
        i += 2;
      } else {
        return i + 1;
      }
    }
    return -1;
  }

  static int skipIdentifier(String sql, int begin) {
    int i = begin + Character.charCount(sql.codePointAt(begin));
    while (i < sql.length()) {
      int point = sql.codePointAt(i);
      if (!Character.isJavaIdentifierPart(point)) {
        break;
      }
      i += Character.charCount(point);
    }
    return i;
  }

  /** Offset behind {@code $tag$} at {@code begin}; -1 when there is no such tag. */
  static int dollarTagEnd(String sql, int begin) {
    int i = begin + 1;
    while (i < sql.length()) {
      char c = sql.charAt(i);
      if (c == '$') {
        return i + 1;
      }
      boolean digit = c >= '0' && c <= '9';
      boolean letter = Character.isLetter(c) || Character.isSurrogate(c) || c == '_';
      if (!letter && !(digit && i > begin + 1)) {
        return -1;
      }
      i++;
    }
    return -1;
  }
}

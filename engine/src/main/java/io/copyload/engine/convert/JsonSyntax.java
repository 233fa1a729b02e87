package io.copyload.engine.convert;

import java.util.Arrays;
import java.util.Locale;

/**
 * Checks JSON as PostgreSQL's json_in does, and says what is wrong in its words: which token, what
 * was expected instead, and the line of the document up to it. Strings are not decoded: any {@code
 * \\u} escape with four digits is right.
 *
 * <p>Threads: one owner.
 */
final class JsonSyntax {
  private static final int SHOWN_BYTES = 50;

  /** Levels that are open, and whether each is an object. */
  private boolean[] objects = new boolean[16];

  private byte[] bytes;
  private int end;

  private enum Token {
    OBJECT_START,
    OBJECT_END,
    ARRAY_START,
    ARRAY_END,
    COMMA,
    COLON,
    STRING,
    /** A number, true, false or null. */
    SCALAR,
    END
  }

  private Token token;
  private int tokenStart;
  private int tokenEnd;
  private int line;
  private int lineStart;

  /** What is wrong; null when nothing is. */
  private String detail;

  /** What is wrong with the text, or null when it is JSON. */
  String check(byte[] newBytes, int begin, int newEnd) {
    bytes = newBytes;
    end = newEnd;
    tokenStart = begin;
    tokenEnd = begin;
    line = 1;
    lineStart = begin;
    token = Token.COLON;
    detail = null;
    return document() ? null : detail;
  }

  /** Where it is wrong: {@code JSON data, line 1: {"a" b}. */
  String context() {
    int from = lineStart;
    while (tokenEnd - from >= SHOWN_BYTES) {
      from++;
      while (from < tokenEnd && (bytes[from] & 0xc0) == 0x80) {
        from++;
      }
    }
    if (from - lineStart <= 3) {
      from = lineStart;
    }
    boolean more =
        token != Token.END && tokenEnd < end && bytes[tokenEnd] != '\n' && bytes[tokenEnd] != '\r';
    return "JSON data, line "
        + line
        + ": "
        + (from > lineStart ? "..." : "")
        + Complaint.text(bytes, from, tokenEnd)
        + (more ? "..." : "");
  }

  private boolean document() {
    int depth = 0;
    if (!next()) {
      return false;
    }
    while (true) {
      // A value begins at the token.
      if (token == Token.OBJECT_START || token == Token.ARRAY_START) {
        boolean object = token == Token.OBJECT_START;
        if (!next()) {
          return false;
        }
        if (token != (object ? Token.OBJECT_END : Token.ARRAY_END)) {
          if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
          }
          objects[depth++] = object;
          if (object && !name("string or \"}\"")) {
            return false;
          }
          continue;
        }
      } else if (token != Token.STRING && token != Token.SCALAR) {
        return expected("JSON value");
      }
      // The value ends with the token.
      if (!next()) {
        return false;
      }
      while (depth > 0 && token == (objects[depth - 1] ? Token.OBJECT_END : Token.ARRAY_END)) {
        depth--;
        if (!next()) {
          return false;
        }
      }
      if (depth == 0) {
        return token == Token.END || expected("end of input");
      }
      boolean object = objects[depth - 1];
      if (token != Token.COMMA) {
        return expected(object ? "\",\" or \"}\"" : "\",\" or \"]\"");
      }
      if (!next() || object && !name("string")) {
        return false;
      }
    }
  }

  /** A member's name and the colon behind it. */
  private boolean name(String otherwise) {
    if (token != Token.STRING) {
      return expected(otherwise);
    }
    if (!next()) {
      return false;
    }
    return token == Token.COLON ? next() : expected("\":\"");
  }

  private boolean expected(String what) {
    return fail(
        token == Token.END
            ? "The input string ended unexpectedly."
            : what.equals("end of input")
                ? "Expected end of input, but found \"" + found() + "\"."
                : "Expected " + what + ", but found \"" + found() + "\".");
  }

  private String found() {
    return Complaint.text(bytes, tokenStart, tokenEnd);
  }

  private boolean fail(String why) {
    detail = why;
    return false;
  }

  private boolean invalidToken(int newEnd) {
    tokenEnd = newEnd;
    return fail("Token \"" + found() + "\" is invalid.");
  }

  /** Finds the next token. */
  private boolean next() {
    int i = tokenEnd;
    while (i < end
        && (bytes[i] == ' ' || bytes[i] == '\t' || bytes[i] == '\n' || bytes[i] == '\r')) {
      if (bytes[i++] == '\n') {
        line++;
        lineStart = i;
      }
    }
    tokenStart = i;
    if (i == end) {
      tokenEnd = i;
      token = Token.END;
      return true;
    }
    switch (bytes[i]) {
      case '{':
        return punctuation(Token.OBJECT_START);
      case '}':
        return punctuation(Token.OBJECT_END);
      case '[':
        return punctuation(Token.ARRAY_START);
      case ']':
        return punctuation(Token.ARRAY_END);
      case ',':
        return punctuation(Token.COMMA);
      case ':':
        return punctuation(Token.COLON);
      case '"':
        return string();
      case '-':
        return number(i + 1);
      case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9':
        return number(i);
      default:
        return word();
    }
  }

  private boolean punctuation(Token kind) {
    tokenEnd = tokenStart + 1;
    token = kind;
    return true;
  }

  private boolean word() {
    int i = wordEnd(tokenStart);
    int length = i - tokenStart;
    boolean known =
        length == 4 && (isWord("true") || isWord("null")) || length == 5 && isWord("false");
    if (!known) {
      return invalidToken(length == 0 ? tokenStart + 1 : i);
    }
    tokenEnd = i;
    token = Token.SCALAR;
    return true;
  }

  private boolean isWord(String word) {
    for (int i = 0; i < word.length(); i++) {
      if (bytes[tokenStart + i] != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private int wordEnd(int from) {
    int i = from;
    while (i < end
        && (bytes[i] < 0
            || bytes[i] == '_'
            || Ascii.isLetter(bytes[i])
            || Ascii.isDigit(bytes[i]))) {
      i++;
    }
    return i;
  }

  private boolean number(int from) {
    boolean good = true;
    int i = from;
    if (i < end && bytes[i] == '0') {
      i++;
    } else {
      i = digits(i);
      good = i > from;
    }
    if (i < end && bytes[i] == '.') {
      int first = ++i;
      i = digits(i);
      good &= i > first;
    }
    if (i < end && (bytes[i] | 0x20) == 'e') {
      i++;
      if (i < end && (bytes[i] == '+' || bytes[i] == '-')) {
        i++;
      }
      int first = i;
      i = digits(i);
      good &= i > first;
    }
    int all = wordEnd(i);
    if (!good || all > i) {
      return invalidToken(all);
    }
    tokenEnd = i;
    token = Token.SCALAR;
    return true;
  }

  private int digits(int from) {
    int i = from;
    while (i < end && Ascii.isDigit(bytes[i])) {
      i++;
    }
    return i;
  }

  private boolean string() {
    for (int i = tokenStart + 1; i < end; i++) {
      int c = bytes[i];
      if (c == '"') {
        tokenEnd = i + 1;
        token = Token.STRING;
        return true;
      }
      if (c >= 0 && c < ' ') {
        tokenEnd = i;
        return fail(
            "Character with value 0x"
                + String.format(Locale.ROOT, "%02x", c)
                + " must be escaped.");
      }
      if (c == '\\') {
        i++;
        if (i == end) {
          return invalidToken(end);
        }
        if (bytes[i] == 'u') {
          for (int n = 1; n <= 4; n++) {
            i++;
            if (i == end) {
              return invalidToken(end);
            }
            if (Ascii.hex(bytes[i]) < 0) {
              tokenEnd = charEnd(i);
              return fail("\"\\u\" must be followed by four hexadecimal digits.");
            }
          }
        } else if ("\"\\/bfnrt".indexOf(bytes[i]) < 0) {
          tokenStart = i;
          tokenEnd = charEnd(i);
          return fail("Escape sequence \"\\" + found() + "\" is invalid.");
        }
      }
    }
    return invalidToken(end);
  }

  private int charEnd(int at) {
    int i = at + 1;
    while (i < end && (bytes[i] & 0xc0) == 0x80) {
      i++;
    }
    return i;
  }
}

package io.copyload.engine.source.manifest;

/** Reads JSON (RFC 8259) from a small text, value by value. Threads: one owner. */
public final class JsonText {
  private static final int MAX_DEPTH = 64;

  private final String text;
  private int position;

  public JsonText(String text, int position) {
    this.text = text;
    this.position = position;
  }

  /** The text is not what it should be. */
  public static final class Wrong extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message);
    }
  }

  public Wrong wrong(String what) {
    int line = 1;
    int lineBegin = 0;
    for (int i = 0; i < Math.min(position, text.length()); i++) {
      if (text.charAt(i) == '\n') {
        line++;
        lineBegin = i + 1;
      }
    }
    return new Wrong(what + " (line " + line + ", character " + (position - lineBegin + 1) + ")");
  }

  int position() {
    return position;
  }

  private char peek() {
    while (position < text.length()) {
      char c = text.charAt(position);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t' && (c != '\ufeff' || position > 0)) {
        return c;
      }
      position++;
    }
    return '\0';
  }

  public boolean accept(char c) {
    if (peek() == c) {
      position++;
      return true;
    }
    return false;
  }

  public void expect(char c) {
    if (!accept(c)) {
      throw wrong("expected '" + c + "'");
    }
  }

  public void expectEnd() {
    peek();
    if (position < text.length()) {
      throw wrong("expected the end of the text");
    }
  }

  public boolean moreInObject() {
    return more('}');
  }

  public boolean moreInArray() {
    return more(']');
  }

  private boolean more(char end) {
    if (accept(',')) {
      return true;
    }
    if (accept(end)) {
      return false;
    }
    throw wrong("expected ',' or '" + end + "'");
  }

  public String string() {
    if (!accept('"')) {
      throw wrong("expected a string in double quotes");
    }
    StringBuilder value = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return value.toString();
      }
      if (c < ' ') {
        position--;
        throw wrong("control character in a string");
      }
      value.append(c == '\\' ? escaped() : c);
    }
    throw wrong("string without end");
  }

  private char escaped() {
    char c = position < text.length() ? text.charAt(position++) : '\0';
    int known = "\"\\/bfnrt".indexOf(c);
    if (known >= 0) {
      return "\"\\/\b\f\n\r\t".charAt(known);
    }
    if (c == 'u' && position + 4 <= text.length()) {
      int code = 0;
      for (int i = 0; i < 4; i++) {
        int digit = Character.digit(text.charAt(position + i), 16);
        if (digit < 0) {
          throw wrong("invalid escape in a string");
        }
        code = code << 4 | digit;
      }
      position += 4;
      return (char) code;
    }
    throw wrong("invalid escape in a string");
  }

  public boolean bool() {
    if (word("true")) {
      return true;
    }
    if (word("false")) {
      return false;
    }
    throw wrong("expected true or false");
  }

  private boolean word(String word) {
    peek();
    if (text.startsWith(word, position)) {
      position += word.length();
      return true;
    }
    return false;
  }

  /** A number that counts something. */
  public long count() {
    int begin = position;
    peek();
    String number = number();
    try {
      long value = Long.parseLong(number);
      if (value >= 0) {
        return value;
      }
    } catch (NumberFormatException e) {
      position = begin;
      throw wrong("expected a whole number that is not negative");
    }
    position = begin;
    throw wrong("expected a whole number that is not negative");
  }

  private String number() {
    int begin = position;
    while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    return text.substring(begin, position);
  }

  public void skipValue() {
    skipValue(0);
  }

  private void skipValue(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("nested too deeply");
    }
    switch (peek()) {
      case '"' -> string();
      case '{' -> {
        position++;
        for (boolean more = !accept('}'); more; more = moreInObject()) {
          string();
          expect(':');
          skipValue(depth + 1);
        }
      }
      case '[' -> {
        position++;
        for (boolean more = !accept(']'); more; more = moreInArray()) {
          skipValue(depth + 1);
        }
      }
      default -> {
        if (!word("true") && !word("false") && !word("null")) {
          String number = number();
          if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw wrong("expected a value");
          }
        }
      }
    }
  }
}

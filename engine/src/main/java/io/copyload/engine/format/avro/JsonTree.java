package io.copyload.engine.format.avro;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a whole JSON text into maps, lists, strings, numbers as {@code Double}, booleans and null:
 * for schemas, which are small. Threads: one.
 */
final class JsonTree {
  private static final int MAX_DEPTH = 200;

  private final String text;
  private int position;

  private JsonTree(String text) {
    this.text = text;
  }

  /**
   * The value of a text.
   *
   * @throws IllegalArgumentException saying what is wrong at which character
   */
  static Object parse(String text) {
    JsonTree tree = new JsonTree(text);
    Object value = tree.value(0);
    if (tree.peek() != 0) {
      throw tree.wrong("something else behind the end");
    }
    return value;
  }

  private IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what + " at character " + (position + 1));
  }

  private char peek() {
    while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
      position++;
    }
    return position < text.length() ? text.charAt(position) : 0;
  }

  private boolean accept(char c) {
    if (peek() != c) {
      return false;
    }
    position++;
    return true;
  }

  private void expect(char c) {
    if (!accept(c)) {
      throw wrong("'" + c + "' is missing");
    }
  }

  private Object value(int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("nested too deeply");
    }
    switch (peek()) {
      case '{' -> {
        position++;
        Map<String, Object> object = new LinkedHashMap<>();
        if (accept('}')) {
          return object;
        }
        do {
          peek();
          String key = string();
          expect(':');
          object.put(key, value(depth + 1));
        } while (accept(','));
        expect('}');
        return object;
      }
      case '[' -> {
        position++;
        List<Object> array = new ArrayList<>();
        if (accept(']')) {
          return array;
        }
        do {
          array.add(value(depth + 1));
        } while (accept(','));
        expect(']');
        return array;
      }
      case '"' -> {
        return string();
      }
      default -> {
        return scalar();
      }
    }
  }

  private Object scalar() {
    int begin = position;
    while (position < text.length()
        && (Character.isLetterOrDigit(text.charAt(position))
            || "+-.".indexOf(text.charAt(position)) >= 0)) {
      position++;
    }
    String word = text.substring(begin, position);
    switch (word) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      default:
        try {
          return Double.valueOf(word);
        } catch (NumberFormatException e) {
          position = begin;
          throw wrong("no JSON value");
        }
    }
  }

  private String string() {
    if (position >= text.length() || text.charAt(position) != '"') {
      throw wrong("a string is missing");
    }
    position++;
    StringBuilder value = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == '"') {
        return value.toString();
      }
      if (c != '\\') {
        value.append(c);
        continue;
      }
      char escaped = position < text.length() ? text.charAt(position++) : 0;
      int known = "\"\\/bfnrt".indexOf(escaped);
      if (known >= 0) {
        value.append("\"\\/\b\f\n\r\t".charAt(known));
      } else if (escaped == 'u' && position + 4 <= text.length()) {
        try {
          value.append((char) Integer.parseInt(text.substring(position, position + 4), 16));
        } catch (NumberFormatException e) {
          throw wrong("an invalid escape");
        }
        position += 4;
      } else {
        throw wrong("an invalid escape");
      }
    }
    throw wrong("a string without end");
  }
}

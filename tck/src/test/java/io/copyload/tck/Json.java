package io.copyload.tck;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A strict JSON reader, so that the suite needs no library.
 *
 * <p>Objects become {@link Map}s in the order of the text, arrays {@link List}s, numbers {@link
 * BigDecimal}s, and the rest {@link String}, {@link Boolean} or null.
 *
 * <p><b>Failures:</b> {@link IllegalArgumentException} naming the offset.
 */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Reads one document. */
  public static Object parse(String text) {
    Json json = new Json(text);
    json.skipBlanks();
    Object value = json.value();
    json.skipBlanks();
    if (json.at != text.length()) {
      throw json.bad("end of text");
    }
    return value;
  }

  /** Reads one document that must be an object. */
  public static Map<String, Object> object(String text) {
    return asObject(parse(text));
  }

  /** The value as an object with text keys. */
  public static Map<String, Object> asObject(Object value) {
    Map<String, Object> result = new LinkedHashMap<>();
    ((Map<?, ?>) value).forEach((key, member) -> result.put((String) key, member));
    return result;
  }

  /** The value as a list. */
  public static List<Object> asList(Object value) {
    return new ArrayList<>((List<?>) value);
  }

  /** The value as a list of texts; null elements stay null. */
  public static List<String> asTexts(Object value) {
    List<String> result = new ArrayList<>();
    for (Object element : (List<?>) value) {
      result.add((String) element);
    }
    return result;
  }

  /** The document with sorted keys, no blanks, and numbers as plain decimals. */
  public static String canonical(String text) {
    StringBuilder out = new StringBuilder();
    write(parse(text), out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> sorted = new TreeMap<>(asObject(map));
      String separator = "{";
      for (Map.Entry<String, Object> entry : sorted.entrySet()) {
        out.append(separator);
        quote(entry.getKey(), out);
        out.append(':');
        write(entry.getValue(), out);
        separator = ",";
      }
      out.append(sorted.isEmpty() ? "{}" : "}");
    } else if (value instanceof List<?> list) {
      String separator = "[";
      for (Object element : list) {
        out.append(separator);
        write(element, out);
        separator = ",";
      }
      out.append(list.isEmpty() ? "[]" : "]");
    } else if (value instanceof BigDecimal number) {
      out.append(RowText.decimal(number));
    } else if (value instanceof String string) {
      quote(string, out);
    } else {
      out.append(value);
    }
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        default -> {
          if (c < ' ') {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private Object value() {
    if (at >= text.length()) {
      throw bad("a value");
    }
    char c = text.charAt(at);
    return switch (c) {
      case '{' -> objectValue();
      case '[' -> arrayValue();
      case '"' -> stringValue();
      case 't' -> word("true", Boolean.TRUE);
      case 'f' -> word("false", Boolean.FALSE);
      case 'n' -> word("null", null);
      default -> numberValue();
    };
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, at)) {
      throw bad(word);
    }
    at += word.length();
    return value;
  }

  private Map<String, Object> objectValue() {
    Map<String, Object> map = new LinkedHashMap<>();
    at++;
    skipBlanks();
    if (peek('}')) {
      at++;
      return map;
    }
    while (true) {
      skipBlanks();
      String key = stringValue();
      skipBlanks();
      expect(':');
      skipBlanks();
      map.put(key, value());
      skipBlanks();
      if (peek('}')) {
        at++;
        return map;
      }
      expect(',');
    }
  }

  private List<Object> arrayValue() {
    List<Object> list = new ArrayList<>();
    at++;
    skipBlanks();
    if (peek(']')) {
      at++;
      return list;
    }
    while (true) {
      skipBlanks();
      list.add(value());
      skipBlanks();
      if (peek(']')) {
        at++;
        return list;
      }
      expect(',');
    }
  }

  private String stringValue() {
    expect('"');
    StringBuilder out = new StringBuilder();
    while (true) {
      if (at >= text.length()) {
        throw bad("a closing quote");
      }
      char c = text.charAt(at++);
      if (c == '"') {
        return out.toString();
      }
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = text.charAt(at++);
      switch (escape) {
        case '"', '\\', '/' -> out.append(escape);
        case 'b' -> out.append('\b');
        case 'f' -> out.append('\f');
        case 'n' -> out.append('\n');
        case 'r' -> out.append('\r');
        case 't' -> out.append('\t');
        case 'u' -> {
          out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
          at += 4;
        }
        default -> throw bad("an escape");
      }
    }
  }

  private BigDecimal numberValue() {
    int begin = at;
    while (at < text.length() && "+-0123456789.eE".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    if (begin == at) {
      throw bad("a value");
    }
    return new BigDecimal(text.substring(begin, at));
  }

  private boolean peek(char c) {
    return at < text.length() && text.charAt(at) == c;
  }

  private void expect(char c) {
    if (!peek(c)) {
      throw bad("'" + c + "'");
    }
    at++;
  }

  private void skipBlanks() {
    while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  private IllegalArgumentException bad(String expected) {
    return new IllegalArgumentException("JSON: expected " + expected + " at offset " + at);
  }
}

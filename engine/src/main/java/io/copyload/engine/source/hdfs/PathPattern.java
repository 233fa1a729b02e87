package io.copyload.engine.source.hdfs;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A path with wildcards as Hadoop reads them ({@code FileSystem.globStatus}): within one part of
 * the path {@code *} is any run of characters, {@code ?} any character, {@code [a-z]} and {@code
 * [^a-z]} or {@code [!a-z]} one in or not in a set, {@code {a,b}} one of several texts, which may
 * have slashes; a backslash takes the next character as it is.
 *
 * <p>Matching takes time in proportion to pattern times name, whatever they are.
 */
final class PathPattern {
  private static final int MAX_ALTERNATIVES = 1000;
  private static final String WILD = "*?[]{}\\";

  private final List<Part> parts;

  /** One part of the path: a name, or what names must match. */
  record Part(String name, List<List<Token>> alternatives) {
    boolean isName() {
      return name != null;
    }

    boolean matches(String other) {
      return isName()
          ? name.equals(other)
          : alternatives.stream().anyMatch(tokens -> PathPattern.matches(tokens, other));
    }
  }

  private enum Kind {
    CHARACTER,
    ANY,
    RUN,
    WITHIN,
    EXCEPT
  }

  /**
   * @param ranges first and last of each range of a set; of a character, the character twice
   */
  private record Token(Kind kind, String ranges) {
    boolean fits(char c) {
      if (kind == Kind.ANY) {
        return true;
      }
      boolean within = false;
      for (int i = 0; i < ranges.length(); i += 2) {
        within |= c >= ranges.charAt(i) && c <= ranges.charAt(i + 1);
      }
      return within != (kind == Kind.EXCEPT);
    }
  }

  private PathPattern(List<Part> parts) {
    this.parts = parts;
  }

  List<Part> parts() {
    return parts;
  }

  /** Whether a text has characters that mean something. */
  static boolean isOne(String text) {
    return text.chars().anyMatch(c -> WILD.indexOf(c) >= 0);
  }

  /**
   * The patterns that a text stands for: several when alternatives have slashes.
   *
   * @param path from the root
   * @throws CopyException INVALID_NAME when it is none
   */
  static List<PathPattern> of(String path) {
    List<PathPattern> patterns = new ArrayList<>();
    for (String one : expanded(path, true)) {
      List<Part> parts = new ArrayList<>();
      for (String part : split(one)) {
        parts.add(part(part, path));
      }
      patterns.add(new PathPattern(List.copyOf(parts)));
    }
    return patterns;
  }

  /** The path of that very name. */
  static PathPattern named(String path) {
    return new PathPattern(split(path).stream().map(name -> new Part(name, null)).toList());
  }

  /** Whether a whole path fits. */
  boolean matches(String path) {
    List<String> names = split(path);
    boolean fits = names.size() == parts.size();
    for (int i = 0; fits && i < names.size(); i++) {
      fits = parts.get(i).matches(names.get(i));
    }
    return fits;
  }

  /** Whether the last part is a name rather than wildcards. */
  boolean endsInName() {
    return parts.isEmpty() || parts.get(parts.size() - 1).isName();
  }

  private static List<String> split(String path) {
    List<String> parts = new ArrayList<>();
    for (String part : path.split("/")) {
      if (!part.isEmpty()) {
        parts.add(part);
      }
    }
    return parts;
  }

  private static Part part(String text, String path) {
    if (text.equals(".") || text.equals("..")) {
      throw wrong(path, "a part . or ..");
    }
    if (!isOne(text)) {
      return new Part(text, null);
    }
    List<List<Token>> alternatives = new ArrayList<>();
    for (String one : expanded(text, false)) {
      alternatives.add(tokens(one, path));
    }
    if (alternatives.size() == 1
        && alternatives.get(0).stream().allMatch(t -> t.kind() == Kind.CHARACTER)) {
      StringBuilder name = new StringBuilder();
      alternatives.get(0).forEach(t -> name.append(t.ranges().charAt(0)));
      return new Part(name.toString(), null);
    }
    return new Part(null, alternatives);
  }

  /**
   * The texts that a text with alternatives stands for, in their order.
   *
   * @param slashesOnly leaves alternatives as they are that have no slash
   */
  private static List<String> expanded(String text, boolean slashesOnly) {
    List<String> open = List.of(text);
    while (true) {
      List<String> next = new ArrayList<>();
      boolean changed = false;
      for (String one : open) {
        int begin = braces(one, slashesOnly);
        if (begin < 0) {
          next.add(one);
          continue;
        }
        int end = closing(one, begin);
        changed = true;
        for (String choice : choices(one.substring(begin + 1, end))) {
          next.add(one.substring(0, begin) + choice + one.substring(end + 1));
        }
        if (next.size() > MAX_ALTERNATIVES) {
          throw new CopyException(
              CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
              "pattern \"" + text + "\" has more than " + MAX_ALTERNATIVES + " alternatives");
        }
      }
      if (!changed) {
        return next;
      }
      open = next;
    }
  }

  /** Where the first braces begin that are to be expanded, -1 for none. */
  private static int braces(String text, boolean slashesOnly) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '[') {
        i = Math.max(i, text.indexOf(']', i + 2));
      } else if (c == '{') {
        int end = closing(text, i);
        if (!slashesOnly || text.substring(i, end).indexOf('/') >= 0) {
          return i;
        }
        i = end;
      } else if (c == '}') {
        throw wrong(text, "a } without {");
      }
    }
    return -1;
  }

  private static int closing(String text, int begin) {
    int depth = 0;
    for (int i = begin; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}' && --depth == 0) {
        return i;
      }
    }
    throw wrong(text, "a { without }");
  }

  private static List<String> choices(String text) {
    List<String> choices = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        choices.add(text.substring(begin, i));
        begin = i + 1;
      }
    }
    choices.add(text.substring(begin));
    return choices;
  }

  private static List<Token> tokens(String text, String path) {
    List<Token> tokens = new ArrayList<>();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '*' -> tokens.add(new Token(Kind.RUN, ""));
        case '?' -> tokens.add(new Token(Kind.ANY, ""));
        case '[' -> {
          boolean except = i + 1 < text.length() && "^!".indexOf(text.charAt(i + 1)) >= 0;
          int first = i + (except ? 2 : 1);
          int end = closingSet(text, first);
          if (end < 0) {
            throw wrong(path, "a [ without ]");
          }
          tokens.add(
              new Token(
                  except ? Kind.EXCEPT : Kind.WITHIN, ranges(text.substring(first, end), path)));
          i = end;
        }
        case '\\' -> {
          if (++i == text.length()) {
            throw wrong(path, "a backslash without a character behind it");
          }
          tokens.add(character(text.charAt(i)));
        }
        default -> tokens.add(character(c));
      }
    }
    return tokens;
  }

  /** A bracket at the begin is an ordinary character of the set. */
  private static int closingSet(String text, int first) {
    for (int i = first; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\') {
        i++;
      } else if (c == ']' && i > first) {
        return i;
      }
    }
    return -1;
  }

  private static String ranges(String set, String path) {
    StringBuilder ranges = new StringBuilder();
    int i = 0;
    while (i < set.length()) {
      i += set.charAt(i) == '\\' && i + 1 < set.length() ? 1 : 0;
      char first = set.charAt(i++);
      char last = first;
      if (i + 1 < set.length() && set.charAt(i) == '-') {
        i++;
        i += set.charAt(i) == '\\' && i + 1 < set.length() ? 1 : 0;
        last = set.charAt(i++);
      }
      if (last < first) {
        throw wrong(path, "a range that ends before it begins");
      }
      ranges.append(first).append(last);
    }
    return ranges.toString();
  }

  private static Token character(char c) {
    return new Token(Kind.CHARACTER, "" + c + c);
  }

  private static CopyException wrong(String path, String what) {
    return new CopyException(
        CopyErrorCode.INVALID_NAME, "invalid file pattern \"" + path + "\": it has " + what);
  }

  private static boolean matches(List<Token> tokens, String name) {
    BitSet reached = new BitSet(name.length() + 1);
    reached.set(0);
    for (Token token : tokens) {
      BitSet next = new BitSet(name.length() + 1);
      int first = reached.nextSetBit(0);
      if (first < 0) {
        return false;
      }
      if (token.kind() == Kind.RUN) {
        next.set(first, name.length() + 1);
      } else {
        for (int i = first; i >= 0 && i < name.length(); i = reached.nextSetBit(i + 1)) {
          if (token.fits(name.charAt(i))) {
            next.set(i + 1);
          }
        }
      }
      reached = next;
    }
    return reached.get(name.length());
  }
}

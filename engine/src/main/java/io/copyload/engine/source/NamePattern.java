package io.copyload.engine.source;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * A pattern of object names as Materialize reads it (Rust's {@code glob}): {@code ?} is any
 * character, {@code *} any run of them, slashes included, {@code **} any run of folders, {@code
 * [a-z]} and {@code [!a-z]} a character in or not in a set. Case counts; nothing escapes.
 *
 * <p>Matching takes time in proportion to pattern times name, whatever they are.
 */
public final class NamePattern {
  private static final String WILDCARDS = "wildcards are either regular `*` or recursive `**`";
  private static final String RECURSIVE = "recursive wildcards must form a single path component";
  private static final String RANGE = "invalid range pattern";

  private enum Kind {
    CHARACTER,
    ANY,
    RUN,
    FOLDERS,
    WITHIN,
    EXCEPT
  }

  /**
   * @param text the character, or the content of the brackets
   */
  private record Token(Kind kind, String text) {}

  private final List<Token> tokens = new ArrayList<>();

  private NamePattern() {}

  /**
   * Reads a pattern.
   *
   * @throws CopyException INVALID_PARAMETER_VALUE with the place of what is wrong
   */
  public static NamePattern of(String text) {
    NamePattern pattern = new NamePattern();
    int i = 0;
    while (i < text.length()) {
      char c = text.charAt(i);
      switch (c) {
        case '?' -> {
          pattern.tokens.add(new Token(Kind.ANY, ""));
          i++;
        }
        case '*' -> i = pattern.stars(text, i);
        case '[' -> i = pattern.set(text, i);
        default -> {
          pattern.tokens.add(new Token(Kind.CHARACTER, String.valueOf(c)));
          i++;
        }
      }
    }
    return pattern;
  }

  private int stars(String text, int begin) {
    int end = begin;
    while (end < text.length() && text.charAt(end) == '*') {
      end++;
    }
    if (end - begin > 2) {
      throw wrong(begin + 2, WILDCARDS);
    }
    if (end - begin == 1) {
      tokens.add(new Token(Kind.RUN, ""));
      return end;
    }
    if (begin > 0 && text.charAt(begin - 1) != '/') {
      throw wrong(begin - 1, RECURSIVE);
    }
    if (end == text.length()) {
      tokens.add(new Token(Kind.RUN, ""));
      return end;
    }
    if (text.charAt(end) != '/') {
      throw wrong(end, RECURSIVE);
    }
    tokens.add(new Token(Kind.FOLDERS, ""));
    return end + 1;
  }

  private int set(String text, int begin) {
    boolean except = begin + 1 < text.length() && text.charAt(begin + 1) == '!';
    int first = begin + (except ? 2 : 1);
    // A bracket at the begin is an ordinary character.
    int end = first + 1 > text.length() ? -1 : text.indexOf(']', first + 1);
    if (end < 0) {
      throw wrong(begin, RANGE);
    }
    tokens.add(new Token(except ? Kind.EXCEPT : Kind.WITHIN, text.substring(first, end)));
    return end + 1;
  }

  private static CopyException wrong(int position, String why) {
    return new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "Pattern syntax error near position " + position + ": " + why);
  }

  /** Whether the whole name fits. */
  public boolean matches(String name) {
    BitSet reached = new BitSet(name.length() + 1);
    reached.set(0);
    for (Token token : tokens) {
      if (reached.isEmpty()) {
        return false;
      }
      reached = behind(token, name, reached);
    }
    return reached.get(name.length());
  }

  /** The places that may be reached when the token follows one of these. */
  private static BitSet behind(Token token, String name, BitSet reached) {
    BitSet next = new BitSet(name.length() + 1);
    int first = reached.nextSetBit(0);
    switch (token.kind()) {
      case RUN -> next.set(first, name.length() + 1);
      case FOLDERS -> {
        next.or(reached);
        for (int i = first; i < name.length(); i++) {
          if (name.charAt(i) == '/') {
            next.set(i + 1);
          }
        }
      }
      case CHARACTER, ANY, WITHIN, EXCEPT -> {
        for (int i = first; i >= 0 && i < name.length(); i = reached.nextSetBit(i + 1)) {
          if (fits(token, name.charAt(i))) {
            next.set(i + 1);
          }
        }
      }
    }
    return next;
  }

  private static boolean fits(Token token, char c) {
    return switch (token.kind()) {
      case ANY -> true;
      case CHARACTER -> token.text().charAt(0) == c;
      case WITHIN -> contains(token.text(), c);
      case EXCEPT -> !contains(token.text(), c);
      case RUN, FOLDERS -> false;
    };
  }

  private static boolean contains(String set, char c) {
    for (int i = 0; i < set.length(); ) {
      if (i + 3 <= set.length() && set.charAt(i + 1) == '-') {
        if (c >= set.charAt(i) && c <= set.charAt(i + 2)) {
          return true;
        }
        i += 3;
      } else if (set.charAt(i++) == c) {
        return true;
      }
    }
    return false;
  }
}

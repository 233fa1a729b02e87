package io.copyload.engine.convert;

/**
 * ASCII characters in UTF-8 text, as C's {@code isspace} and friends classify them in the C locale.
 */
final class Ascii {
  private Ascii() {}

  static boolean isSpace(int c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(int c) {
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'z' && c > 0;
  }

  static boolean isPunctuation(int c) {
    return c > ' ' && c < 0x7f && !isDigit(c) && !isLetter(c);
  }

  /** Value of a hexadecimal digit, or -1. */
  static int hex(int c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    int lower = c | 0x20;
    return lower >= 'a' && lower <= 'f' && c > 0 ? lower - 'a' + 10 : -1;
  }

  static int skipSpaces(byte[] bytes, int begin, int end) {
    int i = begin;
    while (i < end && isSpace(bytes[i])) {
      i++;
    }
    return i;
  }

  /** End of the range without its trailing spaces. */
  static int trimEnd(byte[] bytes, int begin, int end) {
    int i = end;
    while (i > begin && isSpace(bytes[i - 1])) {
      i--;
    }
    return i;
  }

  /** Whether the range is {@code word} (lower-case letters), in any case. */
  static boolean equalsWord(byte[] bytes, int begin, int end, String word) {
    return end - begin == word.length() && isPrefixOf(bytes, begin, end, word);
  }

  /** Whether the range is a prefix of {@code word} (lower-case letters), in any case. */
  static boolean isPrefixOf(byte[] bytes, int begin, int end, String word) {
    int n = end - begin;
    if (n > word.length()) {
      return false;
    }
    for (int i = 0; i < n; i++) {
      int c = bytes[begin + i];
      if (c >= 'A' && c <= 'Z') {
        c |= 0x20;
      }
      if (c != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}

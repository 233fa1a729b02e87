package io.copyload.engine.convert;

import java.nio.charset.StandardCharsets;

/**
 * Cuts the text of a date, time or interval into tokens, as PostgreSQL's ParseDateTime does: kinds
 * are told by the first character and by the delimiters that follow; letters become lower case;
 * other punctuation only separates.
 *
 * <p>Threads: one owner.
 */
final class DateTimeTokens {
  /** Kinds of tokens. */
  enum Kind {
    NUMBER,
    DATE,
    TIME,
    /** Sign and digits: a zone, or a signed number of an interval. */
    SIGNED,
    WORD,
    /** Sign and letters. */
    SIGNED_WORD
  }

  private static final int MAX_TOKENS = 25;

  /** PostgreSQL's limit of all tokens together. */
  private static final int MAX_BYTES = 128;

  int count;
  final Kind[] kinds = new Kind[MAX_TOKENS];
  final int[] begin = new int[MAX_TOKENS];
  final int[] end = new int[MAX_TOKENS];

  /** The tokens' text, each followed by a 0. */
  final byte[] work = new byte[MAX_BYTES + MAX_TOKENS + 1];

  private int size;

  String text(int token) {
    return new String(work, begin[token], end[token] - begin[token], StandardCharsets.UTF_8);
  }

  /** Returns false when the text is not a sequence of tokens. */
  boolean parse(byte[] bytes, int textBegin, int textEnd) {
    count = 0;
    size = 0;
    int i = textBegin;
    while (i < textEnd) {
      int c = bytes[i];
      if (Ascii.isSpace(c)) {
        i++;
        continue;
      }
      if (count == MAX_TOKENS) {
        return false;
      }
      int tokenBegin = size;
      // 0 when the character only separates.
      int next;
      if (Ascii.isDigit(c)) {
        next = number(bytes, i, textEnd);
      } else if (c == '.') {
        kinds[count] = Kind.NUMBER;
        next = digits(bytes, append(bytes, i), textEnd);
      } else if (Ascii.isLetter(c)) {
        next = word(bytes, i, textEnd);
      } else if (c == '+' || c == '-') {
        next = signed(bytes, i, textEnd);
        if (next < 0) {
          return false;
        }
      } else if (Ascii.isPunctuation(c)) {
        i++;
        continue;
      } else {
        return false;
      }
      if (size - count > MAX_BYTES) {
        return false;
      }
      begin[count] = tokenBegin;
      end[count] = Math.min(size, work.length - 1);
      work[end[count]] = 0;
      size++;
      count++;
      i = next;
    }
    return true;
  }

  private int append(byte[] bytes, int i) {
    int c = bytes[i];
    if (size < work.length) {
      work[size] = (byte) (c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    }
    size++;
    return i + 1;
  }

  private int digits(byte[] bytes, int from, int textEnd) {
    int i = from;
    while (i < textEnd && Ascii.isDigit(bytes[i])) {
      i = append(bytes, i);
    }
    return i;
  }

  private int letters(byte[] bytes, int from, int textEnd) {
    int i = from;
    while (i < textEnd && Ascii.isLetter(bytes[i])) {
      i = append(bytes, i);
    }
    return i;
  }

  private int number(byte[] bytes, int from, int textEnd) {
    int i = digits(bytes, from, textEnd);
    int delimiter = i < textEnd ? bytes[i] : 0;
    if (delimiter == ':') {
      kinds[count] = Kind.TIME;
      while (i < textEnd && (Ascii.isDigit(bytes[i]) || bytes[i] == ':' || bytes[i] == '.')) {
        i = append(bytes, i);
      }
    } else if (delimiter == '-' || delimiter == '/' || delimiter == '.') {
      i = append(bytes, i);
      if (i < textEnd && Ascii.isDigit(bytes[i])) {
        kinds[count] = delimiter == '.' ? Kind.NUMBER : Kind.DATE;
        i = digits(bytes, i, textEnd);
        if (i < textEnd && bytes[i] == delimiter) {
          kinds[count] = Kind.DATE;
          while (i < textEnd && (Ascii.isDigit(bytes[i]) || bytes[i] == delimiter)) {
            i = append(bytes, i);
          }
        }
      } else {
        kinds[count] = Kind.DATE;
        while (i < textEnd
            && (Ascii.isDigit(bytes[i]) || Ascii.isLetter(bytes[i]) || bytes[i] == delimiter)) {
          i = append(bytes, i);
        }
      }
    } else {
      kinds[count] = Kind.NUMBER;
    }
    return i;
  }

  private int word(byte[] bytes, int from, int textEnd) {
    int tokenBegin = size;
    int i = letters(bytes, from, textEnd);
    kinds[count] = Kind.WORD;
    int c = i < textEnd ? bytes[i] : 0;
    boolean isDate = c == '-' || c == '/' || c == '.';
    if ((c == '+' || Ascii.isDigit(c)) && size <= work.length) {
      String word = new String(work, tokenBegin, size - tokenBegin, StandardCharsets.US_ASCII);
      isDate = DateTimeWord.find(word) == null;
    }
    if (isDate) {
      kinds[count] = Kind.DATE;
      do {
        i = append(bytes, i);
      } while (i < textEnd
          && (Ascii.isDigit(bytes[i])
              || Ascii.isLetter(bytes[i])
              || "+-/_.:".indexOf(bytes[i]) >= 0));
    }
    return i;
  }

  /** Returns -1 when neither digits nor letters follow the sign. */
  private int signed(byte[] bytes, int from, int textEnd) {
    int i = Ascii.skipSpaces(bytes, append(bytes, from), textEnd);
    int c = i < textEnd ? bytes[i] : 0;
    if (Ascii.isDigit(c)) {
      kinds[count] = Kind.SIGNED;
      while (i < textEnd
          && (Ascii.isDigit(bytes[i]) || bytes[i] == ':' || bytes[i] == '.' || bytes[i] == '-')) {
        i = append(bytes, i);
      }
      return i;
    }
    if (Ascii.isLetter(c)) {
      kinds[count] = Kind.SIGNED_WORD;
      return letters(bytes, i, textEnd);
    }
    return -1;
  }
}

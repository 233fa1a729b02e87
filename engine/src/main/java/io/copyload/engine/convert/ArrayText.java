package io.copyload.engine.convert;

import io.copyload.engine.format.RecordBatch;
import java.util.Arrays;

/**
 * The parser of array literals, as PostgreSQL reads them: {@code {1,NULL,"a b"}}, nested braces,
 * bounds {@code [0:1]=} (checked, then dropped: H2 counts from 1). Sub-arrays of one level have the
 * same length.
 *
 * <p>Holds the dimensions and the elements' unescaped texts of the last literal; the elements are
 * the records of a batch with one field. Threads: one owner.
 */
final class ArrayText extends ArrayElements {
  private byte[] source;
  private int sourceBegin;

  /** Where the text that a message shows begins. */
  private int shownBegin;

  private int sourceEnd;
  private int at;
  private int heapSize;
  private final int postgresMajor;
  private Complaint complaint;

  /**
   * @param postgresMajor before 17 an empty sub-array is refused, and quotes in an element have
   *     another text
   */
  ArrayText(int postgresMajor) {
    this.postgresMajor = postgresMajor;
    elements.bytes = new byte[64];
  }

  @Override
  boolean parse(byte[] bytes, int begin, int end, Complaint sink) {
    source = bytes;
    sourceBegin = begin;
    shownBegin = begin;
    sourceEnd = end;
    at = begin;
    heapSize = 0;
    complaint = sink;
    elements.recordCount = 0;
    // Unescaping never lengthens; the slack lets converters read whole words.
    if (elements.bytes.length < end - begin + 16) {
      elements.bytes = new byte[Math.max(end - begin + 16, elements.bytes.length * 2)];
    }
    boolean good = parseLiteral();
    source = null;
    complaint = null;
    return good;
  }

  private boolean malformed(String detail) {
    return complaint.set(
        RejectReason.INVALID_ARRAY,
        "malformed array literal: \"" + Complaint.text(source, shownBegin, sourceEnd) + "\"",
        detail,
        null);
  }

  private boolean unexpected(int c) {
    return malformed("Unexpected \"" + (char) c + "\" character.");
  }

  private int peek() {
    return at < sourceEnd ? source[at] : 0;
  }

  private void skipSpaces() {
    at = Ascii.skipSpaces(source, at, sourceEnd);
  }

  private boolean parseLiteral() {
    Arrays.fill(lengths, -1);
    dimensions = 0;
    skipSpaces();
    while (peek() == '[') {
      if (dimensions == MAX_DIMENSIONS) {
        return tooManyDimensions();
      }
      if (!parseBounds()) {
        return false;
      }
      skipSpaces();
    }
    boolean bounded = dimensions > 0;
    if (bounded) {
      if (peek() != '=') {
        return malformed("Missing \"=\" after array dimensions.");
      }
      at++;
      skipSpaces();
      if (peek() != '{') {
        return malformed("Array contents must start with \"{\".");
      }
    } else if (peek() != '{') {
      return malformed("Array value must start with \"{\" or dimension information.");
    }
    if (postgresMajor < 17) {
      shownBegin = at;
    }
    if (!parseBraces(bounded)) {
      return false;
    }
    skipSpaces();
    if (at < sourceEnd) {
      return malformed("Junk after closing right brace.");
    }
    if (elements.recordCount == 0) {
      dimensions = 0;
    }
    return true;
  }

  private boolean tooManyDimensions() {
    return complaint.set(
        RejectReason.INVALID_ARRAY,
        "number of array dimensions exceeds the maximum allowed (" + MAX_DIMENSIONS + ")");
  }

  /** {@code [upper]} or {@code [lower:upper]}. */
  private boolean parseBounds() {
    at++;
    long lower = 1;
    skipSpaces();
    int begin = at;
    long upper = parseBound();
    if (at == begin) {
      return malformed("\"[\" must introduce explicitly-specified array dimensions.");
    }
    skipSpaces();
    if (peek() == ':') {
      at++;
      skipSpaces();
      lower = upper;
      begin = at;
      upper = parseBound();
      if (at == begin) {
        return malformed("Missing array dimension value.");
      }
      skipSpaces();
    }
    if (peek() != ']') {
      return malformed("Missing \"]\" after array dimensions.");
    }
    at++;
    if (upper < lower) {
      return complaint.set(
          RejectReason.INVALID_ARRAY, "upper bound cannot be less than lower bound");
    }
    if (upper - lower >= Integer.MAX_VALUE) {
      return complaint.set(
          RejectReason.INVALID_ARRAY,
          "array size exceeds the maximum allowed (" + Integer.MAX_VALUE + ")");
    }
    lengths[dimensions++] = (int) (upper - lower + 1);
    return true;
  }

  private long parseBound() {
    int begin = at;
    boolean negative = peek() == '-';
    if (negative || peek() == '+') {
      at++;
    }
    int first = at;
    long value = 0;
    while (Ascii.isDigit(peek())) {
      value = Math.min(value * 10 + source[at++] - '0', 1L << 40);
    }
    if (at == first) {
      at = begin;
    }
    return negative ? -value : value;
  }

  private boolean mismatch(boolean bounded) {
    shownBegin = bounded ? sourceBegin : shownBegin;
    return malformed(
        bounded
            ? "Specified array dimensions do not match array contents."
            : "Multidimensional arrays must have sub-arrays with matching dimensions.");
  }

  private boolean parseBraces(boolean bounded) {
    int[] counts = new int[MAX_DIMENSIONS];
    int level = 0;
    boolean frozen = bounded;
    boolean expectDelimiter = false;
    boolean afterElement = false;
    do {
      skipSpaces();
      if (at == sourceEnd) {
        return malformed("Unexpected end of input.");
      }
      int c = source[at];
      if (c == '{') {
        // Before 17 a comma behind an element led to elements alone.
        if (expectDelimiter || postgresMajor < 17 && afterElement) {
          return unexpected(c);
        }
        if (level == MAX_DIMENSIONS) {
          return tooManyDimensions();
        }
        at++;
        afterElement = false;
        counts[level++] = 0;
        if (level > dimensions) {
          if (frozen) {
            return mismatch(bounded);
          }
          dimensions = level;
        }
      } else if (c == '}') {
        boolean emptyInner = counts[level - 1] == 0 && !expectDelimiter && level > 1;
        if (counts[level - 1] > 0 && !expectDelimiter || emptyInner && postgresMajor < 17) {
          return unexpected(c);
        }
        at++;
        afterElement = false;
        level--;
        if (level > 0) {
          counts[level - 1]++;
        }
        if (lengths[level] < 0) {
          lengths[level] = counts[level];
        } else if (counts[level] != lengths[level]) {
          return mismatch(bounded);
        }
        expectDelimiter = true;
      } else if (c == ',') {
        if (!expectDelimiter) {
          return unexpected(c);
        }
        at++;
        expectDelimiter = false;
      } else {
        if (c == '"' ? !parseQuoted(expectDelimiter) : !parseUnquoted(expectDelimiter)) {
          return false;
        }
        frozen = true;
        if (level != dimensions) {
          return mismatch(bounded);
        }
        counts[level - 1]++;
        expectDelimiter = true;
        afterElement = true;
      }
    } while (level > 0);
    return true;
  }

  private boolean parseQuoted(boolean expectDelimiter) {
    byte[] heap = elements.bytes;
    int begin = heapSize;
    int i = at + 1;
    while (true) {
      if (i >= sourceEnd) {
        return malformed("Unexpected end of input.");
      }
      int c = source[i++];
      if (c == '"') {
        break;
      }
      if (c == '\\') {
        if (i >= sourceEnd) {
          return malformed("Unexpected end of input.");
        }
        c = source[i++];
      }
      heap[heapSize++] = (byte) c;
    }
    i = Ascii.skipSpaces(source, i, sourceEnd);
    int next = i < sourceEnd ? source[i] : 0;
    if (i == sourceEnd) {
      return malformed("Unexpected end of input.");
    }
    if (next != ',' && next != '{' && next != '}') {
      return badQuotes();
    }
    if (expectDelimiter) {
      return malformed("Unexpected array element.");
    }
    at = i;
    addElement(begin, heapSize);
    return true;
  }

  private boolean badQuotes() {
    return malformed(
        postgresMajor < 17 ? "Unexpected array element." : "Incorrectly quoted array element.");
  }

  private boolean parseUnquoted(boolean expectDelimiter) {
    byte[] heap = elements.bytes;
    int begin = heapSize;
    // Trailing spaces go, escaped ones stay.
    int kept = heapSize;
    boolean escaped = false;
    int i = at;
    while (true) {
      if (i >= sourceEnd) {
        return malformed("Unexpected end of input.");
      }
      int c = source[i];
      if (c == ',' || c == '}') {
        break;
      }
      if (c == '{') {
        return unexpected(c);
      }
      if (c == '"') {
        return badQuotes();
      }
      i++;
      if (c == '\\') {
        if (i >= sourceEnd) {
          return malformed("Unexpected end of input.");
        }
        escaped = true;
        heap[heapSize++] = source[i++];
        kept = heapSize;
      } else {
        heap[heapSize++] = (byte) c;
        if (!Ascii.isSpace(c)) {
          kept = heapSize;
        }
      }
    }
    if (expectDelimiter) {
      return malformed("Unexpected array element.");
    }
    at = i;
    heapSize = kept;
    boolean isNull = !escaped && Ascii.equalsWord(heap, begin, kept, "null");
    addElement(begin, isNull ? RecordBatch.NULL : kept);
    return true;
  }
}

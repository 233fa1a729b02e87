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
  private static final long OUT_OF_RANGE = Long.MAX_VALUE;

  private byte[] source;
  private int sourceBegin;

  private int sourceEnd;
  private int at;
  private int heapSize;

  /** The look at all braces before elements are read, which PostgreSQL had until 17; or null. */
  private final ArrayBraces braces;

  private final int[] lowerBounds = new int[MAX_DIMENSIONS];
  private Complaint complaint;

  ArrayText(int postgresMajor) {
    braces = postgresMajor < 17 ? new ArrayBraces() : null;
    elements.bytes = new byte[64];
  }

  @Override
  boolean parse(byte[] bytes, int begin, int end, Complaint sink) {
    source = bytes;
    sourceBegin = begin;
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
        "malformed array literal: \"" + Complaint.text(source, sourceBegin, sourceEnd) + "\"",
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
    if (braces != null && !countBraces(bounded) || !parseBraces(bounded)) {
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
        RejectReason.ARRAY_DIMENSIONS,
        "number of array dimensions "
            + (braces == null ? "" : "(" + (MAX_DIMENSIONS + 1) + ") ")
            + "exceeds the maximum allowed ("
            + MAX_DIMENSIONS
            + ")");
  }

  private boolean countBraces(boolean bounded) {
    if (!braces.count(source, at, sourceEnd)) {
      if (braces.tooDeep) {
        return tooManyDimensions();
      }
      sourceBegin = at;
      return malformed(braces.detail);
    }
    if (!bounded) {
      return true;
    }
    if (braces.dimensions != dimensions) {
      return mismatch(true);
    }
    for (int d = 0; d < dimensions; d++) {
      if (lengths[d] != braces.lengths[d]) {
        return mismatch(true);
      }
    }
    for (int d = 0; d < dimensions; d++) {
      if (lowerBounds[d] > Integer.MAX_VALUE - lengths[d]) {
        return complaint.set(
            RejectReason.ARRAY_DIMENSIONS, "array lower bound is too large: " + lowerBounds[d]);
      }
    }
    return true;
  }

  /** {@code [upper]} or {@code [lower:upper]}. */
  private boolean parseBounds() {
    at++;
    long lower = 1;
    int begin = at;
    long upper = parseBound();
    if (at == begin) {
      return malformed("\"[\" must introduce explicitly-specified array dimensions.");
    }
    if (upper != OUT_OF_RANGE && peek() == ':') {
      at++;
      lower = upper;
      begin = at;
      upper = parseBound();
      if (at == begin) {
        return malformed("Missing array dimension value.");
      }
    }
    if (upper == OUT_OF_RANGE) {
      return complaint.set(RejectReason.ARRAY_DIMENSIONS, "array bound is out of integer range");
    }
    if (peek() != ']') {
      return malformed("Missing \"]\" after array dimensions.");
    }
    at++;
    if (braces == null && upper == Integer.MAX_VALUE) {
      return complaint.set(
          RejectReason.ARRAY_DIMENSIONS, "array upper bound is too large: " + upper);
    }
    if (upper < lower) {
      return complaint.set(
          RejectReason.ARRAY_BOUNDS, "upper bound cannot be less than lower bound");
    }
    if (braces == null && upper - lower >= Integer.MAX_VALUE) {
      return complaint.set(
          RejectReason.ARRAY_DIMENSIONS,
          "array size exceeds the maximum allowed (" + MAX_ELEMENTS + ")");
    }
    lowerBounds[dimensions] = (int) lower;
    // Before 17 it wraps around, and then does not match the contents.
    lengths[dimensions++] = (int) (upper - lower + 1);
    return true;
  }

  /**
   * A number of 32 bits, or {@link #OUT_OF_RANGE}. Before 17 signs may stand among the digits, C's
   * atoi reads what it understands, and what exceeds an int wraps around.
   */
  private long parseBound() {
    int begin = at;
    boolean negative = peek() == '-';
    if (negative || peek() == '+') {
      at++;
    }
    int first = at;
    long value = 0;
    boolean tooLarge = false;
    while (Ascii.isDigit(peek())) {
      int digit = source[at++] - '0';
      tooLarge |= value > (Long.MAX_VALUE - digit) / 10;
      value = tooLarge ? Long.MAX_VALUE : value * 10 + digit;
    }
    if (braces != null) {
      while (Ascii.isDigit(peek()) || peek() == '-' || peek() == '+') {
        at++;
      }
      return tooLarge && negative ? (int) Long.MIN_VALUE : (int) (negative ? -value : value);
    }
    if (at == first) {
      at = begin;
    }
    value = negative ? -value : value;
    return value == (int) value ? value : OUT_OF_RANGE;
  }

  private boolean mismatch(boolean bounded) {
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
    do {
      skipSpaces();
      if (at == sourceEnd) {
        return malformed("Unexpected end of input.");
      }
      int c = source[at];
      if (c == '{') {
        if (expectDelimiter) {
          return unexpected(c);
        }
        if (level == MAX_DIMENSIONS) {
          return tooManyDimensions();
        }
        at++;
        counts[level++] = 0;
        if (level > dimensions) {
          if (frozen) {
            return mismatch(bounded);
          }
          dimensions = level;
        }
      } else if (c == '}') {
        if (counts[level - 1] > 0 && !expectDelimiter) {
          return unexpected(c);
        }
        at++;
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
      return malformed("Incorrectly quoted array element.");
    }
    if (expectDelimiter) {
      return malformed("Unexpected array element.");
    }
    at = i;
    addElement(begin, heapSize);
    return true;
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
        return malformed("Incorrectly quoted array element.");
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

package io.copyload.engine.export;

import io.copyload.engine.format.DelimitedSpec;
import java.nio.charset.StandardCharsets;

/** Quotes or escapes finished text in place, where a special byte asks for it. Threads: any. */
final class FieldQuoting {
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;

  /** Bytes without a meaning in most formats; where they have one, they only cost time. */
  private static final long FILLER = 0x7f7f7f7f7f7f7f7fL;

  private final boolean csv;
  private final byte quote;
  private final byte escape;
  private final byte[] nullMarker;
  private final boolean oneColumn;

  /** Redshift's ADDQUOTES: every field stands in quotes. */
  private final boolean wraps;

  /** Per byte: 0 for ordinary ones. In text the byte behind the backslash. */
  private final byte[] special = new byte[256];

  /** The delimiter, and the quote or in text the backslash, in every byte. */
  private final long delimiters;

  private final long quotes;

  FieldQuoting(DelimitedSpec spec, boolean oneColumn) {
    csv = spec.isCsv();
    byte delimiter = spec.delimiter();
    quote = (byte) spec.quote();
    escape = (byte) spec.escape();
    nullMarker = spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    this.oneColumn = oneColumn;
    wraps = spec.style() == DelimitedSpec.Style.REDSHIFT_TEXT && spec.quote() >= 0;
    delimiters = ONES * (delimiter & 0xff);
    quotes = ONES * (csv ? quote & 0xff : '\\');
    if (csv) {
      special[delimiter & 0xff] = 1;
      special[quote & 0xff] = 1;
      special['\n'] = 1;
      special['\r'] = 1;
    } else if (spec.isRedshift()) {
      // Nothing is escaped without ESCAPE, and each byte by itself.
      String own = spec.escape() < 0 ? "" : wraps ? "\n\r\\\"'" : "\n\r\\";
      for (int i = 0; i < own.length(); i++) {
        special[own.charAt(i)] = (byte) own.charAt(i);
      }
      if (spec.escape() >= 0) {
        special[delimiter & 0xff] = delimiter;
      }
    } else {
      String control = "\b\f\n\r\t\u000b\\";
      String letters = "bfnrtv\\";
      special[delimiter & 0xff] = delimiter;
      for (int i = 0; i < control.length(); i++) {
        special[control.charAt(i)] = (byte) letters.charAt(i);
      }
    }
  }

  /** Leaves backspace, form feed and vertical tab as they are. */
  void escapeLess(byte delimiter) {
    for (char c : new char[] {'\b', '\f', '\u000b'}) {
      if (!csv && c != delimiter) {
        special[c] = 0;
      }
    }
  }

  /** Quotes or escapes what stands behind {@code start} of the output, if need be. */
  void finish(int start, boolean force, OutputBuffer out) {
    if (wraps) {
      escape(start, out);
      wrap(start, out);
      return;
    }
    if (force && csv || asks(out.bytes, start, out.size - start)) {
      if (csv) {
        quote(start, out);
      } else {
        escape(start, out);
      }
    }
  }

  /** Whether text can not stand as it is. */
  boolean asks(byte[] b, int start, int length) {
    return hasSpecial(b, start, start + length)
        || csv && (isNullMarker(b, start, length) || isLoneEndMarker(b, start, length));
  }

  /** Eight bytes at a time: whether a byte is one of few, or below 16 where control bytes count. */
  private boolean hasSpecial(byte[] b, int start, int end) {
    int i = start;
    for (; i <= end - 8; i += 8) {
      if (suspect(OutputBuffer.word(b, i)) && hasSpecialByte(b, i, i + 8)) {
        return true;
      }
    }
    if (i == end) {
      return false;
    }
    long last;
    if (end - start >= 8) {
      // The last word overlaps the one before.
      last = OutputBuffer.word(b, end - 8);
    } else if (start <= b.length - 8) {
      int unused = 64 - 8 * (end - start);
      last = OutputBuffer.word(b, start) << unused | FILLER >>> 64 - unused;
    } else {
      return hasSpecialByte(b, start, end);
    }
    return suspect(last) && hasSpecialByte(b, i, end);
  }

  private boolean hasSpecialByte(byte[] b, int start, int end) {
    for (int i = start; i < end; i++) {
      if (special[b[i] & 0xff] != 0) {
        return true;
      }
    }
    return false;
  }

  private boolean suspect(long word) {
    long below16 = word - ONES * 0x10 & ~word & HIGHS;
    return (equal(word, delimiters) | equal(word, quotes) | below16) != 0;
  }

  private static long equal(long word, long pattern) {
    long x = word ^ pattern;
    return x - ONES & ~x & HIGHS;
  }

  private boolean isNullMarker(byte[] b, int start, int length) {
    if (length != nullMarker.length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (b[start + i] != nullMarker[i]) {
        return false;
      }
    }
    return true;
  }

  /** A line with nothing but {@code \.} would end the data for older readers. */
  private boolean isLoneEndMarker(byte[] b, int start, int length) {
    return oneColumn && length == 2 && b[start] == '\\' && b[start + 1] == '.';
  }

  private void quote(int start, OutputBuffer out) {
    int end = out.size;
    int escapes = 0;
    for (int i = start; i < end; i++) {
      if (out.bytes[i] == quote || out.bytes[i] == escape) {
        escapes++;
      }
    }
    byte[] b = out.ensure(escapes + 2);
    int to = end + escapes + 2;
    out.size = to;
    b[--to] = quote;
    for (int i = end - 1; i >= start; i--) {
      byte value = b[i];
      b[--to] = value;
      if (value == quote || value == escape) {
        b[--to] = escape;
      }
    }
    b[--to] = quote;
  }

  private void wrap(int start, OutputBuffer out) {
    byte[] b = out.ensure(2);
    System.arraycopy(b, start, b, start + 1, out.size - start);
    b[start] = quote;
    b[out.size + 1] = quote;
    out.size += 2;
  }

  private void escape(int start, OutputBuffer out) {
    int end = out.size;
    int escapes = 0;
    for (int i = start; i < end; i++) {
      if (special[out.bytes[i] & 0xff] != 0) {
        escapes++;
      }
    }
    byte[] b = out.ensure(escapes);
    int to = end + escapes;
    out.size = to;
    for (int i = end - 1; to > i + 1; i--) {
      byte letter = special[b[i] & 0xff];
      if (letter == 0) {
        b[--to] = b[i];
      } else {
        b[--to] = letter;
        b[--to] = '\\';
      }
    }
  }
}

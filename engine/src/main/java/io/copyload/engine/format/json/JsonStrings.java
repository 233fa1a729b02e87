package io.copyload.engine.format.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes of strings, eight at a time. */
public final class JsonStrings {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long SPACES = ONES * ' ';

  private JsonStrings() {}

  /**
   * Position of the first quote, backslash or control character of {@code b[from .. end)}; {@code
   * end} or more when there is none. The array has eight bytes behind {@code end}.
   */
  static int special(byte[] b, int from, int end) {
    for (int i = from; i < end; i += 8) {
      long x = (long) LONGS.get(b, i);
      long q = x ^ QUOTES;
      long s = x ^ BACKSLASHES;
      long hits = ((q - ONES) & ~q | (s - ONES) & ~s | (x - SPACES) & ~x) & HIGH;
      if (hits != 0) {
        return i + (Long.numberOfTrailingZeros(hits) >>> 3);
      }
    }
    return end;
  }

  /**
   * As {@link #special}, but the result has its sign bit set when a byte before that position is
   * beyond ASCII.
   */
  static int specialAndAscii(byte[] b, int from, int end) {
    long high = 0;
    for (int i = from; i < end; i += 8) {
      long x = (long) LONGS.get(b, i);
      long q = x ^ QUOTES;
      long s = x ^ BACKSLASHES;
      long hits = ((q - ONES) & ~q | (s - ONES) & ~s | (x - SPACES) & ~x) & HIGH;
      if (hits != 0) {
        int bit = Long.numberOfTrailingZeros(hits);
        // Bits below that of the hit: the high ones of the bytes before it, and none of its own.
        high |= x & (hits & -hits) - 1;
        return i + (bit >>> 3) | ((high & HIGH) != 0 ? Integer.MIN_VALUE : 0);
      }
      high |= x;
    }
    return end | ((high & HIGH) != 0 ? Integer.MIN_VALUE : 0);
  }

  /**
   * Whether {@code b[from ..]} begins with a pattern of whole words and a masked one; eight bytes
   * follow what is compared.
   */
  static boolean startsWith(byte[] b, int from, long[] words, long lastMask) {
    int last = words.length - 1;
    for (int w = 0; w < last; w++) {
      if ((long) LONGS.get(b, from + 8 * w) != words[w]) {
        return false;
      }
    }
    return ((long) LONGS.get(b, from + 8 * last) & lastMask) == words[last];
  }

  /** Bytes as words, the last one filled up with zeros. */
  static long[] words(byte[] bytes) {
    byte[] padded = Arrays.copyOf(bytes, (bytes.length + 7) / 8 * 8);
    long[] words = new long[padded.length / 8];
    for (int w = 0; w < words.length; w++) {
      words[w] = (long) LONGS.get(padded, 8 * w);
    }
    return words;
  }

  /** Mask of the first bytes of a word: of all when there are eight or more, of none below one. */
  static long mask(int bytes) {
    return bytes <= 0 ? 0 : bytes >= Long.BYTES ? -1 : (1L << 8 * bytes) - 1;
  }

  static long word(byte[] b, int at) {
    return (long) LONGS.get(b, at);
  }

  /** Whether a byte of {@code b[from .. end)} is beyond ASCII; eight bytes follow {@code end}. */
  static boolean hasNonAscii(byte[] b, int from, int end) {
    int i = from;
    for (; i + 8 <= end; i += 8) {
      if (((long) LONGS.get(b, i) & HIGH) != 0) {
        return true;
      }
    }
    return i < end && ((long) LONGS.get(b, i) & HIGH & ((1L << (end - i << 3)) - 1)) != 0;
  }

  static int countLineFeeds(byte[] b, int from, int end) {
    int count = 0;
    for (int i = from; i < end; i++) {
      if (b[i] == '\n') {
        count++;
      }
    }
    return count;
  }

  /** Value of four hexadecimal digits, or -1. */
  public static int hex4(byte[] b, int at, int end) {
    if (end - at < 4) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = b[i] < 0 ? -1 : Character.digit(b[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /**
   * Writes a well-formed string without its escapes. Half a surrogate pair becomes the three bytes
   * that UTF-8 has no place for: whoever takes the text decides about it.
   *
   * @return end of what was written, never more bytes than were read
   */
  public static int unescape(byte[] b, int from, int end, byte[] out, int outFrom) {
    int o = outFrom;
    int i = from;
    while (i < end) {
      int c = b[i++];
      if (c != '\\') {
        out[o++] = (byte) c;
        continue;
      }
      c = b[i++];
      switch (c) {
        case 'b' -> out[o++] = '\b';
        case 'f' -> out[o++] = '\f';
        case 'n' -> out[o++] = '\n';
        case 'r' -> out[o++] = '\r';
        case 't' -> out[o++] = '\t';
        case 'u' -> {
          int code = hex4(b, i, end);
          i += 4;
          if (code >= 0xd800 && code < 0xdc00 && i + 6 <= end && b[i] == '\\' && b[i + 1] == 'u') {
            int low = hex4(b, i + 2, end);
            if (low >= 0xdc00 && low < 0xe000) {
              code = Character.toCodePoint((char) code, (char) low);
              i += 6;
            }
          }
          o = encode(code, out, o);
        }
        default -> out[o++] = (byte) c;
      }
    }
    return o;
  }

  private static int encode(int code, byte[] out, int at) {
    int o = at;
    if (code < 0x80) {
      out[o++] = (byte) code;
    } else if (code < 0x800) {
      out[o++] = (byte) (0xc0 | code >> 6);
      out[o++] = (byte) (0x80 | code & 0x3f);
    } else {
      if (code < 0x10000) {
        out[o++] = (byte) (0xe0 | code >> 12);
      } else {
        out[o++] = (byte) (0xf0 | code >> 18);
        out[o++] = (byte) (0x80 | code >> 12 & 0x3f);
      }
      out[o++] = (byte) (0x80 | code >> 6 & 0x3f);
      out[o++] = (byte) (0x80 | code & 0x3f);
    }
    return o;
  }
}

package io.copyload.engine.h2;

import java.nio.charset.StandardCharsets;

/**
 * UTF-8 of Java strings. H2 keeps strings as UTF-16 and allows surrogates that have no partner;
 * UTF-8 has no place for them. They are written as the three bytes that their code point would
 * have, which no other text produces, so that every string comes back as it was.
 */
final class SurrogateUtf8 {
  private SurrogateUtf8() {}

  static byte[] encode(String text) {
    return hasLoneSurrogate(text) ? encodeAny(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  static String decode(byte[] bytes, int begin, int length) {
    String text = new String(bytes, begin, length, StandardCharsets.UTF_8);
    // The decoder puts U+FFFD for what it cannot read. Real U+FFFD take the slow way, too, which is
    // right for them.
    return text.indexOf('\uFFFD') < 0 ? text : decodeAny(bytes, begin, length);
  }

  /** Number of UTF-16 units of a text. */
  static long charLength(byte[] bytes, int begin, int length) {
    long count = 0;
    for (int i = begin; i < begin + length; i++) {
      int b = bytes[i];
      // Continuation bytes are -128 to -65, lead bytes of four-byte sequences -16 and up.
      if (b >= -64) {
        count += b < 0 && b >= -16 ? 2 : 1;
      }
    }
    return count;
  }

  private static boolean hasLoneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          return true;
        }
        i++;
      }
    }
    return false;
  }

  private static byte[] encodeAny(String text) {
    byte[] out = new byte[3 * text.length()];
    int n = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      if (c < 0x80) {
        out[n++] = (byte) c;
      } else if (c < 0x800) {
        out[n++] = (byte) (0xc0 | c >> 6);
        out[n++] = (byte) (0x80 | c & 0x3f);
      } else if (c < 0x10000) {
        out[n++] = (byte) (0xe0 | c >> 12);
        out[n++] = (byte) (0x80 | c >> 6 & 0x3f);
        out[n++] = (byte) (0x80 | c & 0x3f);
      } else {
        out[n++] = (byte) (0xf0 | c >> 18);
        out[n++] = (byte) (0x80 | c >> 12 & 0x3f);
        out[n++] = (byte) (0x80 | c >> 6 & 0x3f);
        out[n++] = (byte) (0x80 | c & 0x3f);
      }
    }
    return java.util.Arrays.copyOf(out, n);
  }

  private static String decodeAny(byte[] bytes, int begin, int length) {
    StringBuilder text = new StringBuilder(length);
    int end = begin + length;
    int plain = begin;
    for (int i = begin; i + 2 < end; i++) {
      if (bytes[i] == (byte) 0xed && (bytes[i + 1] & 0xff) >= 0xa0) {
        text.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
        text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
        i += 2;
        plain = i + 1;
      }
    }
    return text.append(new String(bytes, plain, end - plain, StandardCharsets.UTF_8)).toString();
  }
}

package io.copyload.engine.load;

import java.util.Arrays;

/**
 * The bytes of one character in an encoding of PostgreSQL that has characters of several bytes, by
 * the rules with which PostgreSQL verifies them. They decide whether bytes that cannot be read are
 * no character at all, or one that Unicode lacks, and how many of them a message shows.
 */
final class EncodedCharacter {
  private static final int SS2 = 0x8e;
  private static final int SS3 = 0x8f;

  private EncodedCharacter() {}

  /**
   * Length of the character by its first bytes, even if there are fewer.
   *
   * @param charset Java's name
   */
  static int length(String charset, byte[] bytes, int at, int end) {
    int first = bytes[at] & 0xff;
    if (first < 0x80) {
      return 1;
    }
    return switch (charset) {
      case "EUC-JP", "EUC-KR", "x-Johab" -> first == SS3 ? 3 : 2;
      case "GB2312" -> first == SS2 || first == SS3 ? 3 : 2;
      case "x-EUC-TW" -> first == SS2 ? 4 : first == SS3 ? 3 : 2;
      case "windows-31j" -> first >= 0xa1 && first <= 0xdf ? 1 : 2;
      case "GBK", "x-windows-949", "x-windows-950" -> 2;
      case "GB18030" -> at + 1 < end && in(bytes[at + 1], 0x30, 0x39) ? 4 : 2;
      default -> 1;
    };
  }

  /** Whether the bytes have the form of a character. */
  static boolean isWellFormed(String charset, byte[] bytes, int at, int end) {
    int length = length(charset, bytes, at, end);
    if (length > end - at) {
      return false;
    }
    if (length == 1) {
      return true;
    }
    byte[] c = Arrays.copyOfRange(bytes, at, at + length);
    int first = c[0] & 0xff;
    return switch (charset) {
      case "EUC-JP" ->
          first == SS2
              ? in(c[1], 0xa1, 0xdf)
              : first == SS3 ? isEuc(c[1]) && isEuc(c[2]) : isEuc(c[0]) && isEuc(c[1]);
      case "EUC-KR", "GB2312" -> isEuc(c[0]) && isEuc(c[1]);
      case "x-EUC-TW" ->
          first == SS2
              ? in(c[1], 0xa1, 0xa7) && isEuc(c[2]) && isEuc(c[3])
              : first != SS3 && isEuc(c[1]);
      case "x-Johab" -> isEuc(c[1]) && (length < 3 || isEuc(c[2]));
      case "windows-31j" ->
          (in(c[0], 0x81, 0x9f) || in(c[0], 0xe0, 0xfc))
              && (in(c[1], 0x40, 0x7e) || in(c[1], 0x80, 0xfc));
      case "GB18030" ->
          in(c[0], 0x81, 0xfe)
              && (length == 4
                  ? in(c[2], 0x81, 0xfe) && in(c[3], 0x30, 0x39)
                  : in(c[1], 0x40, 0x7e) || in(c[1], 0x80, 0xfe));
      default -> c[1] != 0;
    };
  }

  private static boolean isEuc(byte value) {
    return in(value, 0xa1, 0xfe);
  }

  private static boolean in(byte value, int least, int most) {
    int v = value & 0xff;
    return v >= least && v <= most;
  }
}

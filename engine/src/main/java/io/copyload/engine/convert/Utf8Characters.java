package io.copyload.engine.convert;

/**
 * Characters that are not UTF-8, as Redshift tells them apart (Redshift guide, "Multibyte character
 * load errors").
 */
final class Utf8Characters {
  private Utf8Characters() {}

  /** First byte beyond ASCII, or {@code end}. */
  static int firstNonAscii(byte[] bytes, int begin, int end) {
    int i = begin;
    while (i + 8 <= end && (Digits.load(bytes, i) & 0x8080808080808080L) == 0) {
      i += 8;
    }
    while (i < end && bytes[i] >= 0) {
      i++;
    }
    return i;
  }

  /**
   * First character that is not well formed, or {@code end}.
   *
   * @param noncharacters whether U+FDD0 to U+FDEF and the last two of every plane count, too
   */
  static int firstBad(byte[] bytes, int begin, int end, boolean noncharacters) {
    int i = begin;
    while (true) {
      i = firstNonAscii(bytes, i, end);
      if (i == end) {
        return end;
      }
      int length = extent(bytes, i, end);
      if (error(bytes, i, end) != 0 || (noncharacters && isNoncharacter(bytes, i, length))) {
        return i;
      }
      i += length;
    }
  }

  /**
   * Bytes of the character at {@code i}, well formed or not: its first byte and the continuation
   * bytes that follow, at most as many as the first one announces.
   */
  static int extent(byte[] bytes, int i, int end) {
    int announced = announced(bytes[i] & 255);
    int length = 1;
    while (length < announced && i + length < end && (bytes[i + length] & 0xc0) == 0x80) {
      length++;
    }
    return length;
  }

  private static int announced(int lead) {
    if (lead < 0xc0 || lead >= 0xfe) {
      return 1;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf8 ? 4 : lead < 0xfc ? 5 : 6;
  }

  /** Redshift's number of what is wrong with the character at {@code i}; 0 when nothing is. */
  static int error(byte[] bytes, int i, int end) {
    int lead = bytes[i] & 255;
    if (lead < 0x80) {
      return 0;
    }
    if (lead < 0xc0 || lead >= 0xfe) {
      return 3;
    }
    int length = announced(lead);
    if (length > 4) {
      return 1;
    }
    int found = extent(bytes, i, end);
    if (found < length) {
      return i + found == end ? 2 : 4;
    }
    int second = bytes[i + 1] & 255;
    if (lead < 0xc2 || (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90)) {
      return 9;
    }
    if (lead == 0xed && second >= 0xa0) {
      return 5;
    }
    return lead > 0xf4 || (lead == 0xf4 && second >= 0x90) ? 8 : 0;
  }

  private static boolean isNoncharacter(byte[] bytes, int i, int length) {
    int b1 = bytes[i + Math.min(1, length - 1)] & 255;
    int b2 = bytes[i + Math.min(2, length - 1)] & 255;
    if (length == 3) {
      int point = (bytes[i] & 15) << 12 | (b1 & 63) << 6 | (b2 & 63);
      return (point >= 0xfdd0 && point <= 0xfdef) || point >= 0xfffe;
    }
    // U+xFFFE and U+xFFFF of the other planes.
    return length == 4 && (b1 & 15) == 15 && b2 == 0xbf && (bytes[i + 3] & 255) >= 0xbe;
  }

  /** Redshift's reason for refusing the character at {@code i}. */
  static String message(byte[] bytes, int i, int end) {
    int error = error(bytes, i, end);
    int shown = extent(bytes, i, end);
    if (error == 4) {
      shown++;
    }
    return "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: "
        + hex(bytes, i, i + shown)
        + " (error "
        + error
        + ")";
  }

  static String hex(byte[] bytes, int begin, int end) {
    StringBuilder text = new StringBuilder();
    for (int i = begin; i < end; i++) {
      text.append(i > begin ? " " : "").append(String.format("%02x", bytes[i] & 255));
    }
    return text.toString();
  }
}

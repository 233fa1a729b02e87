package io.copyload.engine.format.orc;

import io.copyload.engine.format.delimited.Utf8Validation;
import java.io.IOException;

/** What bytes of a column are. */
enum TextRule {
  BYTES,
  TEXT,
  /** Text that is filled up with blanks. */
  PADDED_TEXT;

  /**
   * How many of the bytes are the value.
   *
   * @throws IOException when they are no text but should be
   */
  int lengthOf(byte[] bytes, int begin, int length) throws IOException {
    if (this == BYTES) {
      return length;
    }
    if (Utf8Validation.firstInvalid(bytes, begin, begin + length, true) >= 0) {
      throw new IOException("a text that is not valid UTF-8");
    }
    int size = length;
    while (this == PADDED_TEXT && size > 0 && bytes[begin + size - 1] == ' ') {
      size--;
    }
    return size;
  }
}

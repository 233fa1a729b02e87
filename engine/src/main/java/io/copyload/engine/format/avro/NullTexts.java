package io.copyload.engine.format.avro;

/**
 * Which texts are NULL.
 *
 * @param empty those without characters (EMPTYASNULL)
 * @param blank those of white space alone (BLANKSASNULL)
 */
record NullTexts(boolean empty, boolean blank) {
  static final NullTexts NONE = new NullTexts(false, false);

  boolean isNull(byte[] bytes, int begin, int length) {
    if (length == 0) {
      return empty;
    }
    if (!blank || bytes[begin] > ' ') {
      return false;
    }
    for (int i = begin; i < begin + length; i++) {
      if (bytes[i] != ' ' && (bytes[i] < '\t' || bytes[i] > '\r')) {
        return false;
      }
    }
    return true;
  }
}

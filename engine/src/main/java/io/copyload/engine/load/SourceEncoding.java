package io.copyload.engine.load;

/** Redshift's ENCODING: how the text of the input is encoded. */
public enum SourceEncoding {
  UTF8,
  /** In the order that the byte order mark at the begin says, which must be there. */
  UTF16,
  /** With or without a byte order mark. */
  UTF16LE,
  /** With or without a byte order mark. */
  UTF16BE,
  ISO88591;

  /** Whether the bytes of an object begin with a byte order mark of UTF-16. */
  static boolean isUtf16(byte[] bytes, int count) {
    return count >= 2
        && ((bytes[0] == (byte) 0xfe && bytes[1] == (byte) 0xff)
            || (bytes[0] == (byte) 0xff && bytes[1] == (byte) 0xfe));
  }
}

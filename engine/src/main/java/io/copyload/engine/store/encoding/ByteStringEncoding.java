package io.copyload.engine.store.encoding;

/**
 * How the values of a column of byte strings are written: the first byte of a byte-string block.
 * What follows the tag is described in the specification in the package above.
 */
public enum ByteStringEncoding {
  /** One value for all rows. */
  CONSTANT,
  /** Distinct values and bit-packed codes. */
  DICTIONARY,
  /** Lengths and the values one behind the other. */
  PLAIN,
  /** As PLAIN, the bytes compressed. */
  PLAIN_LZ4,
  /** Values and how often each repeats. */
  RUNS,
  /** As PLAIN_LZ4, with a codec of choice. */
  COMPRESSED,
  /** Words and their codes. */
  WORDS;

  private static final ByteStringEncoding[] ALL = values();

  /** The stored byte; it is the declaration order, which is part of the format. */
  int tag() {
    return ordinal();
  }

  static ByteStringEncoding ofTag(int tag) {
    if (tag >= ALL.length) {
      throw new MalformedChunkException("byte-string encoding " + tag + " is unknown");
    }
    return ALL[tag];
  }
}

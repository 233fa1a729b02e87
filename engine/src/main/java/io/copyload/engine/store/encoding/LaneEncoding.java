package io.copyload.engine.store.encoding;

/**
 * How the 64-bit values of one lane are written: the first byte of a lane block. What follows the
 * tag is described in the specification in the package above.
 */
public enum LaneEncoding {
  /** One value for all rows. */
  CONSTANT,
  /** Distance from the smallest value, bit-packed. */
  PACKED,
  /** Distance from the smallest value divided by a common factor, bit-packed. */
  SCALED,
  /** Distance from the row before, bit-packed. */
  DELTA,
  /** Constant distance from the row before. */
  ARITHMETIC,
  /** Values and how often each repeats. */
  RUNS,
  /** Distinct values and bit-packed codes. */
  DICTIONARY,
  /** The values. */
  RAW,
  /** {@code Double.doubleToRawLongBits} of integers divided by a power of ten. */
  DECIMAL_DOUBLE,
  /** {@code Float.floatToRawIntBits} of integers divided by a power of ten. */
  DECIMAL_FLOAT,
  /** Another block, and values that replace some of its. */
  PATCHED,
  /** Distances from the row before, as another block. */
  DIFFERENCES,
  /** The values, compressed. */
  COMPRESSED;

  private static final LaneEncoding[] ALL = values();

  /** The stored byte; it is the declaration order, which is part of the format. */
  int tag() {
    return ordinal();
  }

  static LaneEncoding ofTag(int tag) {
    if (tag >= ALL.length) {
      throw new MalformedChunkException("lane encoding " + tag + " is unknown");
    }
    return ALL[tag];
  }
}

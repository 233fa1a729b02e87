package io.copyload.engine.format.pgbinary;

/**
 * Finds where tuples begin, by their lengths alone: one thread walks over a block so that others
 * can have its tuples. Threads: one at a time.
 */
public final class TupleBoundaries {
  /** Bytes of a field count or of the trailer. */
  static final int COUNT_BYTES = 2;

  /** Bytes of a field's length. */
  static final int LENGTH_BYTES = 4;

  private final int fieldCount;

  public TupleBoundaries(int fieldCount) {
    this.fieldCount = fieldCount;
  }

  /**
   * Where the last tuple of {@code bytes[begin .. end)} that may be incomplete begins, which is
   * {@code begin} when not even the first one is complete.
   *
   * @return the position; or, when no tuple comes any more because of the trailer or of a tuple
   *     that is wrong, the complement of a position behind the place where that shows
   */
  public int lastStart(byte[] bytes, int begin, int end) {
    int tuple = begin;
    while (end - tuple >= COUNT_BYTES) {
      if (int16(bytes, tuple) != fieldCount) {
        return ~(tuple + COUNT_BYTES);
      }
      int p = tuple + COUNT_BYTES;
      for (int f = 0; f < fieldCount; f++) {
        if (end - p < LENGTH_BYTES) {
          return tuple;
        }
        int length = int32(bytes, p);
        p += LENGTH_BYTES;
        if (length < -1) {
          return ~p;
        }
        if (length > end - p) {
          return tuple;
        }
        p += Math.max(0, length);
      }
      tuple = p;
    }
    return tuple;
  }

  static int int16(byte[] b, int at) {
    return b[at] << 8 | (b[at + 1] & 255);
  }

  static int int32(byte[] b, int at) {
    return b[at] << 24 | (b[at + 1] & 255) << 16 | (b[at + 2] & 255) << 8 | (b[at + 3] & 255);
  }
}

package io.copyload.engine.store;

/**
 * Facts about one stored column chunk, kept in the segment's footer.
 *
 * <p>The zone map is {@code min} and {@code max}: inclusive bounds of the non-null values. For a lane type of one lane
 * they are that lane's values in numeric order (REAL and DOUBLE: order of the numbers, NaN widens to no bounds); for
 * other lane types {@code min} and {@code max} bound lane 0. Byte types of character kind keep prefixes of the smallest
 * and largest value in {@link Utf8#compare} order in {@code minBytes} and {@code maxBytes}; {@code maxBytes} is null
 * where a prefix cannot bound. {@code hasZone} is false when nothing is known.
 *
 * @param partCount stored values that make up the chunk
 * @param byteCount bytes of all parts
 * @param nullCount rows that are NULL
 */
public record ChunkInfo(
    int partCount,
    int byteCount,
    int nullCount,
    boolean hasZone,
    long min,
    long max,
    Prefix minBytes,
    Prefix maxBytes) {

  /** The first bytes of a value, at most {@link #MAX_LENGTH}. */
  public record Prefix(String hex) {
    public static final int MAX_LENGTH = 16;

    public static Prefix of(byte[] bytes, int offset, int length) {
      return new Prefix(
          java.util.HexFormat.of().formatHex(bytes, offset, offset + Math.min(length, MAX_LENGTH)));
    }

    public byte[] bytes() {
      return java.util.HexFormat.of().parseHex(hex);
    }
  }
}

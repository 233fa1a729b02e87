package io.copyload.engine.store;

/**
 * Facts about one stored column chunk, kept in the segment's footer.
 *
 * <p>The zone map is {@code min} and {@code max}: inclusive bounds of the non-null values. For a
 * lane type of one lane they are that lane's values in numeric order (REAL and DOUBLE: raw bits in
 * the order of {@code Double.compare}, so -0.0 before 0.0; a NaN leaves no bounds); for TIMESTAMP
 * and UUID {@code min} and {@code max} bound lane 0 as a signed number. CHAR, VARCHAR and CLOB have
 * inclusive bounds in {@link Utf8#compare} order in {@code minBytes} and {@code maxBytes}: {@code
 * minBytes} is the start of the smallest value; {@code maxBytes} is the largest value or, where
 * that is longer than a prefix, the next byte string after its prefix (which need not be UTF-8),
 * and null when there is none. {@code hasZone} is false when nothing is known: only NULLs, and the
 * types that are not named here and have no lane or several.
 *
 * @param partCount stored values that make up the chunk
 * @param byteCount bytes of all parts
 * @param checksum the chunk's CRC32C, which ties the chunk to this footer entry
 * @param nullCount rows that are NULL
 */
public record ChunkInfo(
    int partCount,
    int byteCount,
    int checksum,
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

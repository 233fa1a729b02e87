package io.copyload.engine.store;

/**
 * One column chunk in memory, ready for random access. Immutable; any thread.
 *
 * <p>A lane type has {@code lanes[lane][row]}. A byte type has {@code codes == null} and row {@code
 * i} at {@code bytes[offsets[i] .. offsets[i + 1])}, or, dictionary-encoded, entry {@code codes[i]}
 * of the dictionary at {@code bytes[offsets[code] .. offsets[code + 1])}.
 */
public final class DecodedColumn {
  private final int rowCount;
  private final long[] nullBits;
  private final long[][] lanes;
  private final int[] codes;
  private final int[] offsets;
  private final byte[] bytes;

  /**
   * @param nullBits bit {@code i & 63} of word {@code i >> 6} set where row i is NULL; null when no
   *     row is
   */
  public DecodedColumn(
      int rowCount, long[] nullBits, long[][] lanes, int[] codes, int[] offsets, byte[] bytes) {
    this.rowCount = rowCount;
    this.nullBits = nullBits;
    this.lanes = lanes;
    this.codes = codes;
    this.offsets = offsets;
    this.bytes = bytes;
  }

  public int rowCount() {
    return rowCount;
  }

  public boolean hasNulls() {
    return nullBits != null;
  }

  public boolean isNull(int row) {
    return nullBits != null && (nullBits[row >> 6] >>> row & 1) != 0;
  }

  public long lane(int lane, int row) {
    return lanes[lane][row];
  }

  /** Values of one lane; rows that are NULL hold anything. Do not change. */
  public long[] lane(int lane) {
    return lanes[lane];
  }

  /** Number of dictionary entries, 0 when there is no dictionary. */
  public int dictionarySize() {
    return codes == null ? 0 : offsets.length - 1;
  }

  /** Dictionary code of a row, -1 when there is no dictionary. */
  public int code(int row) {
    return codes == null ? -1 : codes[row];
  }

  /** The array that {@link #begin} points into. Do not change. */
  public byte[] bytes() {
    return bytes;
  }

  public int begin(int row) {
    return offsets[codes == null ? row : codes[row]];
  }

  public int length(int row) {
    int entry = codes == null ? row : codes[row];
    return offsets[entry + 1] - offsets[entry];
  }

  /** Heap bytes held, for the cache's weight. */
  public long heapBytes() {
    long sum = 64;
    if (nullBits != null) {
      sum += 8L * nullBits.length;
    }
    if (lanes != null) {
      for (long[] lane : lanes) {
        sum += 16 + 8L * lane.length;
      }
    }
    if (codes != null) {
      sum += 4L * codes.length;
    }
    if (offsets != null) {
      sum += 4L * offsets.length;
    }
    return bytes == null ? sum : sum + bytes.length;
  }
}

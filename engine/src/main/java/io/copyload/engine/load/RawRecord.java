package io.copyload.engine.load;

import java.util.Arrays;

/**
 * Where a refused record stood and what its bytes were, without its line end. Offsets count in the
 * object after decompression and after conversion to UTF-8.
 */
public final class RawRecord {
  /** Longest record of which the bytes are kept. */
  public static final int MAX_BYTES = 1 << 20;

  private final long begin;
  private final long end;
  private final byte[] bytes;

  /**
   * @param begin offset of the first byte
   * @param end offset behind the last byte
   * @param bytes null when they were not kept; owned by the record from now on
   */
  public RawRecord(long begin, long end, byte[] bytes) {
    this.begin = begin;
    this.end = end;
    this.bytes = bytes;
  }

  /** The bytes of {@code source}, copied unless they are too many. */
  static RawRecord of(byte[] source, int from, int to, long base) {
    return new RawRecord(
        base + from,
        base + to,
        to - from > MAX_BYTES ? null : Arrays.copyOfRange(source, from, to));
  }

  public long begin() {
    return begin;
  }

  public long end() {
    return end;
  }

  /** The bytes, not to be changed; null when they were not kept. */
  public byte[] bytes() {
    return bytes;
  }

  /** Heap that the bytes take. */
  int weight() {
    return bytes == null ? 0 : bytes.length;
  }

  RawRecord withoutBytes() {
    return bytes == null ? this : new RawRecord(begin, end, null);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof RawRecord other
        && begin == other.begin
        && end == other.end
        && Arrays.equals(bytes, other.bytes);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(begin) * 31 + Arrays.hashCode(bytes);
  }
}

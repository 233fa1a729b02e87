package io.copyload.engine.store;

/**
 * Smallest and largest of some texts in {@link Utf8#compare} order, as far as prefixes of {@link
 * ChunkInfo.Prefix#MAX_LENGTH} bytes tell. Threads: one owner.
 *
 * <p>A prefix is kept as two words in which unsigned order is the order of the texts: bytes from
 * the first down, the bytes EE and EF moved behind those above them, as {@code Utf8.compare} has
 * it. Shorter texts are filled up with zeros; the length breaks ties.
 */
final class TextZone {
  /** Length of a text that is longer than its prefix. */
  private static final int CUT = ChunkInfo.Prefix.MAX_LENGTH + 1;

  private boolean empty = true;
  private long minHigh;
  private long minLow;
  private int minLength;
  private long maxHigh;
  private long maxLow;
  private int maxLength;

  void clear() {
    empty = true;
  }

  /**
   * Takes a text whose first eight bytes, little-endian and filled up with zeros, are {@code head}.
   */
  void add(long head, byte[] bytes, int begin, int length) {
    long high = order(head);
    if (empty
        || Long.compareUnsigned(high, minHigh) <= 0
        || Long.compareUnsigned(high, maxHigh) >= 0) {
      addBound(high, bytes, begin, length);
    }
  }

  private void addBound(long high, byte[] bytes, int begin, int length) {
    long low = 0;
    if (length > Long.BYTES) {
      int n = Math.min(length, ChunkInfo.Prefix.MAX_LENGTH);
      for (int i = Long.BYTES; i < n; i++) {
        low |= (bytes[begin + i] & 0xffL) << (i - Long.BYTES << 3);
      }
      low = order(low);
    }
    int cut = Math.min(length, CUT);
    if (empty || compare(high, low, cut, minHigh, minLow, minLength) < 0) {
      minHigh = high;
      minLow = low;
      minLength = cut;
    }
    if (empty || compare(high, low, cut, maxHigh, maxLow, maxLength) > 0) {
      maxHigh = high;
      maxLow = low;
      maxLength = cut;
    }
    empty = false;
  }

  private static int compare(
      long aHigh, long aLow, int aLength, long bHigh, long bLow, int bLength) {
    int c = Long.compareUnsigned(aHigh, bHigh);
    if (c == 0) {
      c = Long.compareUnsigned(aLow, bLow);
    }
    return c != 0 ? c : Integer.compare(aLength, bLength);
  }

  /** Eight bytes, first one lowest, to a word in text order. */
  static long order(long bytes) {
    long high = Long.reverseBytes(bytes);
    // Only bytes of at least E0 have their three upper bits set; without one the order is that of
    // the bytes.
    if ((high & high << 1 & high << 2 & 0x8080808080808080L) == 0) {
      return high;
    }
    long moved = 0;
    for (int shift = 56; shift >= 0; shift -= 8) {
      int b = (int) (high >>> shift) & 0xff;
      if (b >= 0xee) {
        b = b >= 0xf0 ? b - 2 : b + 0x10;
      }
      moved |= (long) b << shift;
    }
    return moved;
  }

  /** Inclusive lower bound; the zone is not empty. */
  ChunkInfo.Prefix lower() {
    byte[] bytes = bytes(minHigh, minLow);
    return ChunkInfo.Prefix.of(bytes, 0, minLength);
  }

  /** Inclusive upper bound or null; the zone is not empty. */
  ChunkInfo.Prefix upper() {
    if (maxLength != CUT) {
      return ChunkInfo.Prefix.of(bytes(maxHigh, maxLow), 0, maxLength);
    }
    // The next prefix: the last byte that is not the greatest one goes up by one, what follows is
    // dropped.
    long high = maxHigh;
    long low = maxLow;
    int length = ChunkInfo.Prefix.MAX_LENGTH;
    while (length > 0) {
      int shift = 56 - (length - 1 << 3);
      if (length > Long.BYTES) {
        shift += 64;
        if ((low >>> shift & 0xff) != 0xff) {
          low += 1L << shift;
          break;
        }
      } else if ((high >>> shift & 0xff) != 0xff) {
        high += 1L << shift;
        break;
      }
      length--;
    }
    return length == 0 ? null : ChunkInfo.Prefix.of(bytes(high, low), 0, length);
  }

  private static byte[] bytes(long high, long low) {
    byte[] bytes = new byte[ChunkInfo.Prefix.MAX_LENGTH];
    for (int i = 0; i < bytes.length; i++) {
      long word = i < Long.BYTES ? high : low;
      int b = (int) (word >>> 56 - ((i & 7) << 3)) & 0xff;
      if (b >= 0xee) {
        b = b >= 0xfe ? b - 0x10 : b + 2;
      }
      bytes[i] = (byte) b;
    }
    return bytes;
  }
}

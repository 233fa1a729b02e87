package io.copyload.engine.store;

/** UTF-8 byte strings. */
public final class Utf8 {
  private Utf8() {}

  /**
   * Compares as {@code String.compareTo} compares the decoded strings: by UTF-16 code unit. That is
   * byte order, except that characters beyond U+FFFF (lead byte F0-F4) sort before U+E000-U+FFFF
   * (lead bytes EE, EF).
   */
  public static int compare(byte[] a, int aBegin, int aLength, byte[] b, int bBegin, int bLength) {
    int n = Math.min(aLength, bLength);
    int i = java.util.Arrays.mismatch(a, aBegin, aBegin + n, b, bBegin, bBegin + n);
    if (i < 0) {
      return aLength - bLength;
    }
    int x = a[aBegin + i] & 0xff;
    int y = b[bBegin + i] & 0xff;
    boolean xSupplementary = x >= 0xf0;
    boolean ySupplementary = y >= 0xf0;
    if (xSupplementary != ySupplementary && Math.min(x, y) >= 0xee) {
      return xSupplementary ? -1 : 1;
    }
    return x - y;
  }
}

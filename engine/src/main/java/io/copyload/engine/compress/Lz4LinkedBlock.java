package io.copyload.engine.compress;

/** Decodes an LZ4 block that may repeat bytes from before its begin. */
final class Lz4LinkedBlock {
  private static final int MIN_MATCH = 4;

  private Lz4LinkedBlock() {}

  /**
   * Decodes to {@code out} from {@code outBegin} on; what stands before it is the history. Returns
   * where the block ends, -1 when the data are damaged.
   */
  static int decode(byte[] in, int begin, int count, byte[] out, int outBegin, int outLimit) {
    int p = begin;
    int end = begin + count;
    int o = outBegin;
    while (p < end) {
      int token = in[p++] & 255;
      int literals = token >>> 4;
      if (literals == 15) {
        int more;
        do {
          if (p >= end || literals > outLimit) {
            return -1;
          }
          more = in[p++] & 255;
          literals += more;
        } while (more == 255);
      }
      if (literals > end - p || literals > outLimit - o) {
        return -1;
      }
      System.arraycopy(in, p, out, o, literals);
      p += literals;
      o += literals;
      if (p == end) {
        // The last sequence has literals only.
        return o;
      }
      if (end - p < 2) {
        return -1;
      }
      int distance = (in[p] & 255) | (in[p + 1] & 255) << 8;
      p += 2;
      int length = token & 15;
      if (length == 15) {
        int more;
        do {
          if (p >= end || length > outLimit) {
            return -1;
          }
          more = in[p++] & 255;
          length += more;
        } while (more == 255);
      }
      length += MIN_MATCH;
      if (distance == 0 || distance > o || length > outLimit - o) {
        return -1;
      }
      int from = o - distance;
      if (distance >= length) {
        System.arraycopy(out, from, out, o, length);
        o += length;
      } else {
        for (int stop = o + length; o < stop; ) {
          out[o++] = out[from++];
        }
      }
    }
    return -1;
  }
}

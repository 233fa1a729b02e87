package io.copyload.engine.export.parquet;

import io.copyload.engine.export.OutputBuffer;
import java.util.Arrays;

/**
 * Levels or dictionary codes on their way into a page: the hybrid of runs and bit packing, a run
 * where eight or more are alike. Threads: one.
 */
final class Runs {
  private int[] values = new int[1024];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  void add(int value) {
    if (count == values.length) {
      values = Arrays.copyOf(values, 2 * count);
    }
    values[count++] = value;
  }

  /** Bits of values up to a greatest one. */
  static int width(int max) {
    return 32 - Integer.numberOfLeadingZeros(max);
  }

  /** Appends them with their length before, as levels of a page have it. */
  void writeLevels(int max, OutputBuffer out) {
    out.ensure(4);
    int lengthAt = out.size;
    out.size += 4;
    write(width(max), out);
    int length = out.size - lengthAt - 4;
    for (int i = 0; i < 4; i++) {
      out.bytes[lengthAt + i] = (byte) (length >> 8 * i);
    }
  }

  /** Appends them in so many bits each. */
  void write(int width, OutputBuffer out) {
    int at = 0;
    while (at < count) {
      int run = runLength(at);
      if (run >= 8 || at + run == count) {
        varint(run << 1, out);
        for (int shift = 0; shift < width; shift += 8) {
          out.put((byte) (values[at] >> shift));
        }
        at += run;
        continue;
      }
      // Groups of eight up to the next long run.
      int groups = 0;
      int end = at;
      while (end < count && groups < 63 && (groups == 0 || runLength(end) < 8)) {
        end = Math.min(count, end + 8);
        groups++;
      }
      varint(groups << 1 | 1, out);
      pack(at, groups, width, out);
      at = end;
    }
  }

  private int runLength(int from) {
    int end = from + 1;
    while (end < count && values[end] == values[from]) {
      end++;
    }
    return end - from;
  }

  private void pack(int from, int groups, int width, OutputBuffer out) {
    long bits = 0;
    int bitCount = 0;
    for (int at = from; at < from + 8 * groups; at++) {
      bits |= (at < count ? (long) values[at] : 0L) << bitCount;
      bitCount += width;
      while (bitCount >= 8) {
        out.put((byte) bits);
        bits >>>= 8;
        bitCount -= 8;
      }
    }
  }

  private static void varint(int value, OutputBuffer out) {
    int rest = value;
    while (rest > 0x7f) {
      out.put((byte) (rest | 0x80));
      rest >>>= 7;
    }
    out.put((byte) rest);
  }
}

package io.copyload.engine.export.parquet;

import io.copyload.engine.export.OutputBuffer;
import java.util.Arrays;

/**
 * Repetition or definition levels on their way into a page: the hybrid of runs and bit packing, a
 * run where eight or more are alike. Threads: one.
 */
final class Levels {
  private byte[] levels = new byte[1024];
  private int count;

  void clear() {
    count = 0;
  }

  int count() {
    return count;
  }

  void add(int level) {
    if (count == levels.length) {
      levels = Arrays.copyOf(levels, 2 * count);
    }
    levels[count++] = (byte) level;
  }

  /** Appends them with their length before. */
  void write(int max, OutputBuffer out) {
    int width = 32 - Integer.numberOfLeadingZeros(max);
    out.ensure(4);
    int lengthAt = out.size;
    out.size += 4;
    int at = 0;
    while (at < count) {
      int run = runLength(at);
      if (run >= 8 || at + run == count) {
        varint(run << 1, out);
        out.put(levels[at]);
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
    int length = out.size - lengthAt - 4;
    for (int i = 0; i < 4; i++) {
      out.bytes[lengthAt + i] = (byte) (length >> 8 * i);
    }
  }

  private int runLength(int from) {
    int end = from + 1;
    while (end < count && levels[end] == levels[from]) {
      end++;
    }
    return end - from;
  }

  private void pack(int from, int groups, int width, OutputBuffer out) {
    for (int g = 0; g < groups; g++) {
      long bits = 0;
      for (int i = 7; i >= 0; i--) {
        int at = from + 8 * g + i;
        bits = bits << width | (at < count ? levels[at] : 0);
      }
      for (int i = 0; i < width; i++) {
        out.put((byte) (bits >> 8 * i));
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

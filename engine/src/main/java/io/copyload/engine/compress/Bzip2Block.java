package io.copyload.engine.compress;

import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.zip.CRC32;

/**
 * One block of bzip2, decoded on its own: Huffman codes, move to front, the Burrows-Wheeler
 * transform turned back, runs. Kept for reuse, because its tables take some megabytes.
 *
 * <p>Runs are expanded at once as far as {@link #EXPANDED_BYTES}; a block of runs alone may have 51
 * times its size, and is expanded while it is read. Threads: one at a time.
 */
final class Bzip2Block {
  /** Bytes behind the stored bits that may be read and mean nothing. */
  static final int PADDING = 16;

  private static final int MAX_SIZE = 900_000;
  private static final int EXPANDED_BYTES = 4 << 20;
  private static final int GROUP_SYMBOLS = 50;
  private static final int MAX_SELECTORS = 18_002;
  private static final int MAX_CODE_BITS = 20;
  private static final int MAX_SYMBOLS = 258;

  /** Codes of up to so many bits are looked up in one step. */
  private static final int FAST_BITS = 10;

  private static final byte[] REVERSED = new byte[256];

  static {
    for (int i = 0; i < 256; i++) {
      REVERSED[i] = (byte) (Integer.reverse(i) >>> 24);
    }
  }

  /** What became of a block. */
  enum Result {
    DONE,
    /** The bits ended within the block. */
    NEEDS_INPUT,
    DAMAGED,
    /** A form that only bzip2 0.9 wrote. */
    OLD
  }

  /**
   * The largest table, used while a block is decoded only: the one used last is taken first, so
   * that it is still in the processor's cache.
   */
  private final ConcurrentLinkedDeque<int[]> chains;

  private int[] chain;
  private final byte[] selectors = new byte[MAX_SELECTORS];
  private final byte[] symbolBytes = new byte[256];
  private final int[] counts = new int[256];

  // Per Huffman table: symbol << 5 | bits for the next FAST_BITS bits, 0 for longer codes; then by
  // number of bits the first code behind all codes of that length, and where its symbols are.
  private final short[][] fast = new short[6][1 << FAST_BITS];
  private final int[][] limits = new int[6][MAX_CODE_BITS + 2];
  private final int[][] bases = new int[6][MAX_CODE_BITS + 2];
  private final short[][] symbols = new short[6][MAX_SYMBOLS];
  private final byte[] lengths = new byte[MAX_SYMBOLS];

  private int size;
  private int endBit;
  private int expectedSum;

  /** The block before runs are expanded. */
  private byte[] plain = new byte[0];

  private int plainNext;
  private byte[] expanded = new byte[0];
  private int expandedNext;
  private int expandedEnd;

  // Of the expansion of runs.
  private int runByte;
  private int runLength;
  private int repeats;
  private final CRC32 sum = new CRC32();
  private final byte[] reversed = new byte[4096];

  /**
   * @param chains tables for all blocks of an object
   */
  Bzip2Block(ConcurrentLinkedDeque<int[]> chains) {
    this.chains = chains;
  }

  /** Bytes of the block before runs are expanded, which its stream limits. */
  int size() {
    return size;
  }

  /** The bit behind the block. */
  int endBit() {
    return endBit;
  }

  int expectedSum() {
    return expectedSum;
  }

  /** Whether the checksum is right; once all has been read. */
  boolean sumIsRight() {
    return Integer.reverse((int) sum.getValue()) == expectedSum;
  }

  /**
   * Decodes the block behind its magic.
   *
   * @param bytes with {@link #PADDING}
   */
  Result decode(byte[] bytes, int beginBit, int limitBit) {
    int bit = beginBit;
    if (limitBit - bit < 32 + 1 + 24 + 16) {
      return Result.NEEDS_INPUT;
    }
    expectedSum = (int) Bzip2Bits.get(bytes, bit, 32);
    bit += 32;
    if (Bzip2Bits.get(bytes, bit, 1) != 0) {
      return Result.OLD;
    }
    int origin = (int) Bzip2Bits.get(bytes, bit + 1, 24);
    bit += 25;
    bit = readSymbols(bytes, bit, limitBit);
    if (bit > limitBit) {
      return Result.NEEDS_INPUT;
    }
    int symbolCount = usedBytes + 2;
    int tableCount = (int) Bzip2Bits.get(bytes, bit, 3);
    int selectorCount = (int) Bzip2Bits.get(bytes, bit + 3, 15);
    bit += 18;
    if (bit > limitBit) {
      return Result.NEEDS_INPUT;
    }
    if (usedBytes == 0 || tableCount < 2 || tableCount > 6 || selectorCount == 0) {
      return Result.DAMAGED;
    }
    bit = readSelectors(bytes, bit, limitBit, tableCount, selectorCount);
    if (bit < 0) {
      return Result.DAMAGED;
    }
    for (int t = 0; t < tableCount && bit <= limitBit; t++) {
      bit = readTable(bytes, bit, limitBit, t, symbolCount);
      if (bit < 0) {
        return Result.DAMAGED;
      }
    }
    if (bit > limitBit) {
      return Result.NEEDS_INPUT;
    }
    chain = chains.poll();
    if (chain == null) {
      chain = new int[MAX_SIZE];
    }
    try {
      Result result =
          readBlock(bytes, bit, limitBit, symbolCount, Math.min(selectorCount, MAX_SELECTORS));
      if (result != Result.DONE) {
        return result;
      }
      if (origin >= size) {
        return Result.DAMAGED;
      }
      turnBack(origin);
    } finally {
      chains.push(chain);
      chain = null;
    }
    expand();
    return Result.DONE;
  }

  private int usedBytes;

  private int readSymbols(byte[] bytes, int from, int limitBit) {
    int groups = (int) Bzip2Bits.get(bytes, from, 16);
    int bit = from + 16;
    usedBytes = 0;
    for (int g = 0; g < 16; g++) {
      if ((groups & 0x8000 >> g) == 0) {
        continue;
      }
      if (bit > limitBit) {
        return bit;
      }
      int used = (int) Bzip2Bits.get(bytes, bit, 16);
      bit += 16;
      for (int i = 0; i < 16; i++) {
        if ((used & 0x8000 >> i) != 0) {
          symbolBytes[usedBytes++] = (byte) (g * 16 + i);
        }
      }
    }
    return bit;
  }

  private int readSelectors(
      byte[] bytes, int from, int limitBit, int tableCount, int selectorCount) {
    int order = 0x543210;
    int bit = from;
    for (int i = 0; i < selectorCount; i++) {
      if (bit > limitBit) {
        return bit;
      }
      int place = Long.numberOfLeadingZeros(~Bzip2Bits.window(bytes, bit));
      if (place >= tableCount) {
        return bit + place > limitBit ? limitBit + 1 : -1;
      }
      bit += place + 1;
      int shift = 4 * place;
      int table = order >>> shift & 15;
      int before = order & (1 << shift) - 1;
      order = order & -1 << shift + 4 | before << 4 | table;
      if (i < MAX_SELECTORS) {
        selectors[i] = (byte) table;
      }
    }
    return bit;
  }

  private int readTable(byte[] bytes, int from, int limitBit, int table, int symbolCount) {
    int length = (int) Bzip2Bits.get(bytes, from, 5);
    int bit = from + 5;
    int[] perLength = new int[MAX_CODE_BITS + 1];
    for (int s = 0; s < symbolCount; s++) {
      while (true) {
        if (bit > limitBit) {
          return bit;
        }
        if (length < 1 || length > MAX_CODE_BITS) {
          return -1;
        }
        int step = (int) Bzip2Bits.get(bytes, bit, 2);
        if (step < 2) {
          bit++;
          break;
        }
        bit += 2;
        length += step == 2 ? 1 : -1;
      }
      lengths[s] = (byte) length;
      perLength[length]++;
    }
    short[] lookup = fast[table];
    Arrays.fill(lookup, (short) 0);
    int[] limit = limits[table];
    int[] base = bases[table];
    short[] sorted = symbols[table];
    int code = 0;
    int place = 0;
    for (int bits = 1; bits <= MAX_CODE_BITS; bits++) {
      base[bits] = place - code;
      for (int s = 0; perLength[bits] > 0 && s < symbolCount; s++) {
        if (lengths[s] == bits) {
          sorted[place++] = (short) s;
          if (bits <= FAST_BITS) {
            int begin = code << FAST_BITS - bits;
            int end = code + 1 << FAST_BITS - bits;
            if (end > lookup.length) {
              // More codes than there can be: bzip2 finds out when one of them is used.
              end = lookup.length;
              begin = Math.min(begin, end);
            }
            Arrays.fill(lookup, begin, end, (short) (s << 5 | bits));
          }
          code++;
        }
      }
      // Left-aligned to MAX_CODE_BITS.
      limit[bits] = (int) Math.min(1L << MAX_CODE_BITS, (long) code << MAX_CODE_BITS - bits);
      code <<= 1;
      if (code > 1 << MAX_CODE_BITS + 2) {
        code = 1 << MAX_CODE_BITS + 2;
      }
    }
    limit[MAX_CODE_BITS + 1] = Integer.MAX_VALUE;
    return bit;
  }

  /** Symbols to the block's last column: runs of the front symbol, and places moved to front. */
  private Result readBlock(
      byte[] bytes, int from, int limitBit, int symbolCount, int selectorCount) {
    int[] column = chain;
    byte[] front = Arrays.copyOf(symbolBytes, 256);
    Arrays.fill(counts, 0);
    int endSymbol = symbolCount - 1;
    int bit = from;
    int count = 0;
    int run = 0;
    int runPlace = 1;
    for (int g = 0; g < selectorCount; g++) {
      int table = selectors[g];
      short[] lookup = fast[table];
      for (int i = 0; i < GROUP_SYMBOLS; i++) {
        if (bit >= limitBit) {
          return Result.NEEDS_INPUT;
        }
        long window = Bzip2Bits.window(bytes, bit);
        int entry = lookup[(int) (window >>> 64 - FAST_BITS)];
        int symbol;
        if (entry != 0) {
          bit += entry & 31;
          symbol = entry >> 5 & 0x1ff;
        } else {
          int code = (int) (window >>> 64 - MAX_CODE_BITS);
          int[] limit = limits[table];
          int bits = FAST_BITS + 1;
          while (code >= limit[bits]) {
            bits++;
          }
          if (bits > MAX_CODE_BITS) {
            return bit + MAX_CODE_BITS > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
          }
          int place = bases[table][bits] + (code >> MAX_CODE_BITS - bits);
          if (place < 0 || place >= symbolCount) {
            return bit + bits > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
          }
          bit += bits;
          symbol = symbols[table][place];
        }
        if (symbol <= 1) {
          if (runPlace > MAX_SIZE * 2) {
            return bit > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
          }
          run += runPlace << symbol;
          runPlace <<= 1;
          continue;
        }
        if (run > 0) {
          if (run > MAX_SIZE - count) {
            return bit > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
          }
          int b = front[0] & 255;
          counts[b] += run;
          Arrays.fill(column, count, count + run, b);
          count += run;
          run = 0;
          runPlace = 1;
        }
        if (symbol == endSymbol) {
          if (bit > limitBit) {
            return Result.NEEDS_INPUT;
          }
          size = count;
          endBit = bit;
          return Result.DONE;
        }
        if (count == MAX_SIZE) {
          return bit > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
        }
        int place = symbol - 1;
        byte moved = front[place];
        if (place < 12) {
          for (int j = place; j > 0; j--) {
            front[j] = front[j - 1];
          }
        } else {
          System.arraycopy(front, 0, front, 1, place);
        }
        front[0] = moved;
        counts[moved & 255]++;
        column[count++] = moved & 255;
      }
    }
    return bit > limitBit ? Result.NEEDS_INPUT : Result.DAMAGED;
  }

  /** Turns the transform back: {@link #chain} to {@link #plain}. */
  private void turnBack(int origin) {
    int[] tt = chain;
    int n = size;
    int[] next = counts;
    int total = 0;
    for (int i = 0; i < 256; i++) {
      int c = next[i];
      next[i] = total;
      total += c;
    }
    for (int i = 0; i < n; i++) {
      int b = tt[i] & 255;
      tt[next[b]++] |= i << 8;
    }
    if (plain.length < n) {
      plain = new byte[n + n / 8];
    }
    byte[] out = plain;
    int at = tt[origin] >>> 8;
    for (int i = 0; i < n; i++) {
      int entry = tt[at];
      out[i] = (byte) entry;
      at = entry >>> 8;
    }
  }

  private void expand() {
    plainNext = 0;
    runByte = -1;
    runLength = 0;
    repeats = 0;
    sum.reset();
    int wanted = Math.min(EXPANDED_BYTES, size + size / 8 + 1024);
    if (expanded.length < wanted) {
      expanded = new byte[wanted];
    }
    expandedNext = 0;
    expandedEnd = 0;
    while (true) {
      int count = expand(expanded, expandedEnd, expanded.length);
      if (count == 0) {
        return;
      }
      expandedEnd += count;
      if (expandedEnd == expanded.length) {
        if (expanded.length >= EXPANDED_BYTES) {
          return;
        }
        expanded = Arrays.copyOf(expanded, Math.min(EXPANDED_BYTES, 2 * expanded.length));
      }
    }
  }

  /** Expands runs: four equal bytes are followed by the number of further ones. */
  private int expand(byte[] out, int from, int to) {
    byte[] in = plain;
    int p = plainNext;
    int stop = size;
    int o = from;
    int last = runByte;
    int length = runLength;
    if (repeats > 0) {
      int n = Math.min(repeats, to - o);
      Arrays.fill(out, o, o + n, (byte) last);
      o += n;
      repeats -= n;
    }
    while (o < to && p < stop) {
      int b = in[p++] & 255;
      if (length == 4) {
        length = 0;
        int n = Math.min(b, to - o);
        Arrays.fill(out, o, o + n, (byte) last);
        o += n;
        repeats = b - n;
        continue;
      }
      length = b == last ? length + 1 : 1;
      last = b;
      out[o++] = (byte) b;
    }
    plainNext = p;
    runByte = last;
    runLength = length;
    for (int i = from; i < o; ) {
      int n = Math.min(reversed.length, o - i);
      for (int j = 0; j < n; j++) {
        reversed[j] = REVERSED[out[i + j] & 255];
      }
      sum.update(reversed, 0, n);
      i += n;
    }
    return o - from;
  }

  /** Gives out decoded bytes; 0 at the end of the block. */
  int read(byte[] buffer, int offset, int length) {
    int count = Math.min(length, expandedEnd - expandedNext);
    if (count > 0) {
      System.arraycopy(expanded, expandedNext, buffer, offset, count);
      expandedNext += count;
      return count;
    }
    return expand(buffer, offset, offset + length);
  }
}

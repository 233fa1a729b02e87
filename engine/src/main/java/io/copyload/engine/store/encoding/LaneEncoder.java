package io.copyload.engine.store.encoding;

import java.util.Arrays;

/**
 * Chooses an encoding for the values of a lane from a sample and writes a lane block.
 *
 * <p>Threads: one owner; it keeps scratch arrays. The sample only ever proposes: an encoding is
 * written after all values have been checked for it.
 */
public final class LaneEncoder {
  /** The sample is this many sections ... */
  private static final int SECTIONS = 16;

  /** ... of this many neighbouring rows. */
  private static final int SECTION_ROWS = 256;

  /** Runs must be this long on average in the sample to be counted at all. */
  private static final int MIN_RUN_ROWS = 6;

  /** Most distinct values of a lane dictionary. */
  private static final int MAX_DICTIONARY = 1024;

  /**
   * Narrower values than this are not worth a dictionary: packing them costs a fifth of probing.
   */
  private static final int MIN_DICTIONARY_BITS = 20;

  private static final int TABLE_BITS = 12;

  private static final int TABLE_SLOTS = 1 << TABLE_BITS;

  /** Decimals are tried up to this many digits, so that adding {@link #ROUNDER} rounds exactly. */
  private static final double MAX_DECIMAL = 0x1p51;

  /**
   * Adding and subtracting it rounds a double below {@link #MAX_DECIMAL} to the nearest integer.
   */
  private static final double ROUNDER = 0x1.8p52;

  private long[] residuals = new long[0];
  private long[] decimals = new long[0];
  private int[] codes = new int[0];
  private final int[] table = new int[TABLE_SLOTS];
  private final long[] entries = new long[MAX_DICTIONARY];
  private int entryCount;

  private int sampled;
  private int sampledRuns;
  private long sampledDeltaMin;
  private long sampledDeltaMax;
  private long sampledFactor;

  /** Writes {@code count} integers, at least one. */
  public LaneEncoding encode(long[] values, int count, ChunkOutput out) {
    long min = values[0];
    long max = min;
    for (int i = 1; i < count; i++) {
      long value = values[i];
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    return encode(values, count, min, max, out);
  }

  /** Writes {@code count} integers, at least one, whose smallest and largest are known. */
  public LaneEncoding encode(long[] values, int count, long min, long max, ChunkOutput out) {
    return encode(values, count, min, max, true, out);
  }

  private LaneEncoding encode(
      long[] values, int count, long min, long max, boolean repeats, ChunkOutput out) {
    if (min == max) {
      return writeConstant(min, out);
    }
    long range = max - min;
    int width = BitPacking.width(range);
    sample(values, count);
    if (repeats && sampledRuns * MIN_RUN_ROWS <= sampled && tryRuns(values, count, width, out)) {
      return LaneEncoding.RUNS;
    }
    int scaledWidth = width;
    if (sampledFactor != 1 && sampledFactor != 0) {
      scaledWidth = BitPacking.width(Long.divideUnsigned(range, sampledFactor));
    }
    int deltaWidth = BitPacking.width(sampledDeltaMax - sampledDeltaMin);
    if (deltaWidth * 4 <= Math.min(width, scaledWidth) * 3) {
      LaneEncoding written = tryDelta(values, count, Math.min(width, scaledWidth), out);
      if (written != null) {
        return written;
      }
    }
    if (scaledWidth < width && tryScaled(values, count, min, range, sampledFactor, out)) {
      return LaneEncoding.SCALED;
    }
    if (repeats && width >= MIN_DICTIONARY_BITS && tryDictionary(values, count, width, out)) {
      return LaneEncoding.DICTIONARY;
    }
    return writePacked(values, count, min, width, out);
  }

  /** As {@link #encode(long[], int, ChunkOutput)}, but with neither runs nor a dictionary. */
  void encodeBitPacked(long[] values, int count, ChunkOutput out) {
    long min = values[0];
    long max = min;
    for (int i = 1; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    encode(values, count, min, max, false, out);
  }

  /** Writes {@code count} doubles as raw bits, at least one. */
  public LaneEncoding encodeDoubles(long[] bits, int count, ChunkOutput out) {
    int scale = -1;
    if (allEqual(bits, count)) {
      return writeConstant(bits[0], out);
    }
    for (int s = 0; s < LaneDecoder.POWER_OF_TEN.length && scale < 0; s++) {
      // Doubles that fit at this scale in the sample seldom fail later; a failure costs only the
      // rows before it.
      if (doublesFit(bits, count, LaneDecoder.POWER_OF_TEN[s], sampleStride(count))
          && doublesFit(bits, count, LaneDecoder.POWER_OF_TEN[s], 1)) {
        scale = s;
      }
    }
    if (scale < 0) {
      return encode(bits, count, out);
    }
    out.writeByte(LaneEncoding.DECIMAL_DOUBLE.tag());
    out.writeByte(scale);
    encode(decimals, count, out);
    return LaneEncoding.DECIMAL_DOUBLE;
  }

  /** Writes {@code count} floats as sign-extended raw bits, at least one. */
  public LaneEncoding encodeFloats(long[] bits, int count, ChunkOutput out) {
    int scale = -1;
    if (allEqual(bits, count)) {
      return writeConstant(bits[0], out);
    }
    for (int s = 0; s < LaneDecoder.POWER_OF_TEN.length && scale < 0; s++) {
      if (floatsFit(bits, count, LaneDecoder.POWER_OF_TEN[s], sampleStride(count))
          && floatsFit(bits, count, LaneDecoder.POWER_OF_TEN[s], 1)) {
        scale = s;
      }
    }
    if (scale < 0) {
      return encode(bits, count, out);
    }
    out.writeByte(LaneEncoding.DECIMAL_FLOAT.tag());
    out.writeByte(scale);
    encode(decimals, count, out);
    return LaneEncoding.DECIMAL_FLOAT;
  }

  private static int sampleStride(int count) {
    return Math.max(1, count / SECTION_ROWS);
  }

  private static boolean allEqual(long[] values, int count) {
    long first = values[0];
    for (int i = 1; i < count; i++) {
      if (values[i] != first) {
        return false;
      }
    }
    return true;
  }

  /**
   * Puts the integers into {@link #decimals} when every {@code stride}-th value is exactly an
   * integer divided by {@code power}. Comparing bits keeps the sign of zero; the range test also
   * refuses NaN and the infinities.
   */
  private boolean doublesFit(long[] bits, int count, double power, int stride) {
    if (decimals.length < count) {
      decimals = new long[count];
    }
    long[] out = decimals;
    for (int i = 0; i < count; i += stride) {
      long expected = bits[i];
      double product = Double.longBitsToDouble(expected) * power;
      double rounded = (product + ROUNDER) - ROUNDER;
      if (!(Math.abs(product) < MAX_DECIMAL)
          || Double.doubleToRawLongBits(rounded / power) != expected) {
        return false;
      }
      out[i] = (long) rounded;
    }
    return true;
  }

  private boolean floatsFit(long[] bits, int count, double power, int stride) {
    if (decimals.length < count) {
      decimals = new long[count];
    }
    long[] out = decimals;
    for (int i = 0; i < count; i += stride) {
      long expected = bits[i];
      double product = Float.intBitsToFloat((int) expected) * power;
      double rounded = (product + ROUNDER) - ROUNDER;
      if (!(Math.abs(product) < MAX_DECIMAL)
          || Float.floatToRawIntBits((float) (rounded / power)) != expected) {
        return false;
      }
      out[i] = (long) rounded;
    }
    return true;
  }

  private void sample(long[] values, int count) {
    int sections = count <= SECTIONS * SECTION_ROWS ? 1 : SECTIONS;
    int rows = sections == 1 ? count : SECTION_ROWS;
    int stride = sections == 1 ? 0 : (count - rows) / (SECTIONS - 1);
    int runs = 0;
    long deltaMin = Long.MAX_VALUE;
    long deltaMax = Long.MIN_VALUE;
    long factor = 0;
    long origin = values[0];
    for (int section = 0; section < sections; section++) {
      int begin = section * stride;
      long last = values[begin];
      runs++;
      for (int i = begin + 1; i < begin + rows; i++) {
        long delta = values[i] - last;
        last = values[i];
        runs += delta == 0 ? 0 : 1;
        deltaMin = Math.min(deltaMin, delta);
        deltaMax = Math.max(deltaMax, delta);
      }
      for (int i = begin; factor != 1 && i < begin + rows; i++) {
        factor = gcd(values[i] - origin, factor);
      }
    }
    sampled = sections * rows;
    sampledRuns = runs;
    sampledDeltaMin = deltaMin;
    sampledDeltaMax = deltaMax;
    sampledFactor = factor;
  }

  /**
   * Greatest common divisor of magnitudes; one division when {@code b} already divides {@code a}.
   */
  private static long gcd(long a, long b) {
    long x = a < 0 ? -a : a;
    long y = b;
    if (x < 0) {
      // Long.MIN_VALUE has no magnitude: give up.
      return 1;
    }
    while (y != 0) {
      long rest = x % y;
      x = y;
      y = rest;
    }
    return x;
  }

  private static LaneEncoding writeConstant(long value, ChunkOutput out) {
    out.writeByte(LaneEncoding.CONSTANT.tag());
    out.writeLong(value);
    return LaneEncoding.CONSTANT;
  }

  private static LaneEncoding writePacked(
      long[] values, int count, long min, int width, ChunkOutput out) {
    if (width == Long.SIZE) {
      out.writeByte(LaneEncoding.RAW.tag());
      out.writeLongs(values, count);
      return LaneEncoding.RAW;
    }
    out.writeByte(LaneEncoding.PACKED.tag());
    out.writeLong(min);
    out.writeByte(width);
    BitPacking.pack(values, count, min, width, out);
    return LaneEncoding.PACKED;
  }

  private boolean tryRuns(long[] values, int count, int width, ChunkOutput out) {
    int runs = 1;
    for (int i = 1; i < count; i++) {
      runs += values[i] == values[i - 1] ? 0 : 1;
    }
    // A run costs its value and a length of some twelve bits; that must halve what plain packing
    // takes.
    if ((long) runs * (width + 12) * 2 > (long) count * width) {
      return false;
    }
    writeRuns(values, count, runs, out);
    return true;
  }

  /** Writes runs, however short they are. */
  void writeRuns(long[] values, int count, ChunkOutput out) {
    int runs = 1;
    for (int i = 1; i < count; i++) {
      runs += values[i] == values[i - 1] ? 0 : 1;
    }
    writeRuns(values, count, runs, out);
  }

  private void writeRuns(long[] values, int count, int runs, ChunkOutput out) {
    long[] runValues = new long[runs];
    long[] runLengths = new long[runs];
    int run = 0;
    int begin = 0;
    for (int i = 1; i <= count; i++) {
      if (i == count || values[i] != values[begin]) {
        runValues[run] = values[begin];
        runLengths[run++] = i - begin;
        begin = i;
      }
    }
    out.writeByte(LaneEncoding.RUNS.tag());
    out.writeInt(runs);
    encodeFlat(runValues, runs, out);
    encodeFlat(runLengths, runs, out);
  }

  /** Writes a lane block without nested blocks. */
  void encodeFlat(long[] values, int count, ChunkOutput out) {
    long min = values[0];
    long max = min;
    for (int i = 1; i < count; i++) {
      min = Math.min(min, values[i]);
      max = Math.max(max, values[i]);
    }
    if (min == max) {
      writeConstant(min, out);
      return;
    }
    int width = BitPacking.width(max - min);
    if (tryDelta(values, count, width, out) == null) {
      writePacked(values, count, min, width, out);
    }
  }

  private LaneEncoding tryDelta(long[] values, int count, int width, ChunkOutput out) {
    if (residuals.length < count) {
      residuals = new long[count];
    }
    long[] deltas = residuals;
    long deltaMin = Long.MAX_VALUE;
    long deltaMax = Long.MIN_VALUE;
    for (int i = 1; i < count; i++) {
      long delta = values[i] - values[i - 1];
      deltas[i] = delta;
      deltaMin = Math.min(deltaMin, delta);
      deltaMax = Math.max(deltaMax, delta);
    }
    if (deltaMin == deltaMax) {
      out.writeByte(LaneEncoding.ARITHMETIC.tag());
      out.writeLong(values[0]);
      out.writeLong(deltaMin);
      return LaneEncoding.ARITHMETIC;
    }
    int deltaWidth = BitPacking.width(deltaMax - deltaMin);
    if (deltaWidth * 4 > width * 3) {
      return null;
    }
    deltas[0] = deltaMin;
    out.writeByte(LaneEncoding.DELTA.tag());
    out.writeLong(values[0]);
    out.writeLong(deltaMin);
    out.writeByte(deltaWidth);
    BitPacking.pack(deltas, count, deltaMin, deltaWidth, out);
    return LaneEncoding.DELTA;
  }

  /**
   * Divides by multiplication: for an odd divisor d with inverse d' modulo 2^64, x is a multiple of
   * d exactly when x * d' is at most (2^64 - 1) / d, and then x * d' is the quotient (Warren,
   * Hacker's Delight, test for zero remainder).
   */
  private boolean tryScaled(
      long[] values, int count, long min, long range, long factor, ChunkOutput out) {
    int zeros = Long.numberOfTrailingZeros(factor);
    long lowBits = (1L << zeros) - 1;
    long odd = factor >>> zeros;
    long inverse = odd;
    for (int i = 0; i < 5; i++) {
      inverse *= 2 - odd * inverse;
    }
    long limit = Long.divideUnsigned(-1L, odd) + Long.MIN_VALUE;
    if (residuals.length < count) {
      residuals = new long[count];
    }
    long[] quotients = residuals;
    for (int i = 0; i < count; i++) {
      long offset = values[i] - min;
      long quotient = (offset >>> zeros) * inverse;
      if ((offset & lowBits) != 0 || quotient + Long.MIN_VALUE > limit) {
        return false;
      }
      quotients[i] = quotient;
    }
    int width = BitPacking.width(Long.divideUnsigned(range, factor));
    out.writeByte(LaneEncoding.SCALED.tag());
    out.writeLong(min);
    out.writeLong(factor);
    out.writeByte(width);
    BitPacking.pack(quotients, count, 0, width, out);
    return true;
  }

  private boolean tryDictionary(long[] values, int count, int width, ChunkOutput out) {
    if (codes.length < count) {
      codes = new int[count];
    }
    clearEntries();
    int stride = Math.max(1, count / (SECTIONS * SECTION_ROWS));
    int probed = 0;
    for (int i = 0; i < count; i += stride, probed++) {
      if (addEntry(values[i]) < 0) {
        return false;
      }
    }
    if (entryCount * 4 > probed) {
      return false;
    }
    clearEntries();
    for (int i = 0; i < count; i++) {
      int code = addEntry(values[i]);
      if (code < 0) {
        return false;
      }
      codes[i] = code;
    }
    int size = entryCount;
    int codeWidth = BitPacking.width(size - 1L);
    if ((long) count * codeWidth + (long) size * Long.SIZE > (long) count * width * 3 / 4) {
      return false;
    }
    out.writeByte(LaneEncoding.DICTIONARY.tag());
    out.writeInt(size);
    encodeFlat(entries, size, out);
    out.writeByte(codeWidth);
    BitPacking.pack(codes, count, codeWidth, out);
    return true;
  }

  private void clearEntries() {
    Arrays.fill(table, 0);
    entryCount = 0;
  }

  /** Code of a value, new or not; -1 when the dictionary is full. */
  private int addEntry(long value) {
    int slot = (int) (value * 0x9E3779B97F4A7C15L >>> Long.SIZE - TABLE_BITS);
    while (true) {
      int code = table[slot] - 1;
      if (code < 0) {
        break;
      }
      if (entries[code] == value) {
        return code;
      }
      slot = slot + 1 & TABLE_SLOTS - 1;
    }
    if (entryCount == MAX_DICTIONARY) {
      return -1;
    }
    entries[entryCount] = value;
    table[slot] = ++entryCount;
    return entryCount - 1;
  }
}

package io.copyload.engine.export;

/**
 * Finished fields of a column's recent values. A column whose values seldom come again is left
 * alone for a while. Threads: one.
 */
final class FieldCache {
  /** Few: the slots of all columns shall stay in the processor's first cache. */
  private static final int SLOT_BITS = 9;

  /** A longer field is not kept. */
  private static final int MAX_BYTES = 16;

  /** Batches without a look after one in which many values were new. */
  private static final int PAUSE_BATCHES = 31;

  /** Per slot: the value, the field's length or 0 where nothing is kept, and the field's bytes. */
  private final long[] slots = new long[4 << SLOT_BITS];

  private final byte[] word = new byte[MAX_BYTES];
  private int pause;
  private int misses;

  /** Whether the coming batch shall use the cache. */
  boolean begins() {
    misses = 0;
    return pause == 0 || --pause == 0;
  }

  /** A batch that used the cache has ended. */
  void ends(int rowCount) {
    if (misses > rowCount >> 3) {
      pause = PAUSE_BATCHES;
    }
  }

  private static int slot(long value) {
    // Neighbours are spread by the golden ratio.
    return (int) (value * 0x9E3779B97F4A7C15L >>> 64 - SLOT_BITS) << 2;
  }

  /** Appends the field of a value if it is here. */
  boolean put(long value, OutputBuffer out) {
    int slot = slot(value);
    int length = (int) slots[slot + 1];
    if (slots[slot] != value || length == 0) {
      misses++;
      return false;
    }
    byte[] b = out.ensure(MAX_BYTES);
    OutputBuffer.putWord(b, out.size, slots[slot + 2]);
    if (length > 8) {
      OutputBuffer.putWord(b, out.size + 8, slots[slot + 3]);
    }
    out.size += length;
    return true;
  }

  /** Keeps the field that begins at {@code start} of the output. */
  void keep(long value, OutputBuffer out, int start) {
    int length = out.size - start;
    if (length <= MAX_BYTES) {
      int slot = slot(value);
      slots[slot] = value;
      slots[slot + 1] = length;
      System.arraycopy(out.bytes, start, word, 0, length);
      slots[slot + 2] = OutputBuffer.word(word, 0);
      slots[slot + 3] = OutputBuffer.word(word, 8);
    }
  }
}

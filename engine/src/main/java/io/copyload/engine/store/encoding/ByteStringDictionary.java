package io.copyload.engine.store.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Distinct byte strings in order of first appearance, found by hash. Bounded in entries, bytes and
 * probes, so that input made to collide cannot slow it down. Threads: one owner.
 *
 * <p>Values of up to 16 bytes, the usual flags and names, go without a branch on their length: they
 * are two words, masked, which are hashed by two independent multiplications and compared instead
 * of the bytes. A slot holds both words, so that a value found costs one line of cache.
 */
public final class ByteStringDictionary {
  /** Most entries. */
  public static final int MAX_ENTRIES = 1 << 16;

  /** Most bytes of all entries. */
  public static final int MAX_BYTES = 1 << 20;

  /** A value that is not found within this many slots counts as one too many. */
  private static final int MAX_PROBES = 64;

  private static final int FIRST_BITS = 8;

  /** Larger tables are given back by {@link #clear}, and grow more slowly. */
  private static final int KEPT_WORDS = 4 << FIRST_BITS + 4;

  /** Longest value that is its two words. */
  private static final int SHORT = 2 * Long.BYTES;

  private static final long HEAD_FACTOR = 0x9E3779B97F4A7C15L;
  private static final long TAIL_FACTOR = 0xD6E8FEB86659FD93L;
  private static final long LENGTH_FACTOR = 0xBF58476D1CE4E5B9L;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /**
   * Masks of the first word of values of 0 to 16 bytes, then of their second word. Never written
   * once made.
   */
  private static final long[] MASKS = masks();

  /**
   * Four words a slot: first word, second word (of longer values the last eight bytes), hash, and
   * length + 1 above entry + 1; the last one is 0 where the slot is free.
   */
  private long[] slots = new long[4 << FIRST_BITS];

  private int shift = Long.SIZE - FIRST_BITS;
  private int size;
  private int[] offsets = new int[(1 << FIRST_BITS - 1) + 1];
  private byte[] bytes = new byte[1 << FIRST_BITS + 2];

  private static long[] masks() {
    long[] masks = new long[2 * (SHORT + 1)];
    for (int length = 0; length <= SHORT; length++) {
      int first = Math.min(length, Long.BYTES);
      int second = length - first;
      masks[length] = first == 0 ? 0 : -1L >>> Long.SIZE - first * 8;
      masks[SHORT + 1 + length] = second == 0 ? 0 : -1L >>> Long.SIZE - second * 8;
    }
    return masks;
  }

  /** Number of entries. */
  public int size() {
    return size;
  }

  /** Entry {@code i} is {@code bytes()[offset(i) .. offset(i + 1))}. */
  public byte[] bytes() {
    return bytes;
  }

  public int offset(int entry) {
    return offsets[entry];
  }

  public int length(int entry) {
    return offsets[entry + 1] - offsets[entry];
  }

  /** Heap bytes in use. */
  public long heapBytes() {
    return 8L * slots.length + 4L * size + offsets[size];
  }

  public void clear() {
    if (slots.length > KEPT_WORDS) {
      slots = new long[4 << FIRST_BITS];
      shift = Long.SIZE - FIRST_BITS;
    } else if (size > 0) {
      Arrays.fill(slots, 0);
    }
    size = 0;
  }

  /** First eight bytes of a value, filled up with zeros. */
  public static long head(byte[] source, int begin, int length) {
    if (length >= Long.BYTES) {
      return (long) LONG.get(source, begin);
    }
    if (begin + Long.BYTES <= source.length) {
      return (long) LONG.get(source, begin) & MASKS[length];
    }
    long head = 0;
    for (int i = 0; i < length; i++) {
      head |= (source[begin + i] & 0xffL) << (i << 3);
    }
    return head;
  }

  /**
   * Puts the entry numbers of values {@code from .. to} into {@code codes} from {@code row} on.
   * Returns the first value that did not fit, {@code to} when all did.
   */
  public int internAll(
      byte[] source, int[] begin, int[] length, int from, int to, int[] codes, int row) {
    int lastWide = source.length - SHORT;
    long[] table = slots;
    int bits = shift;
    int target = row;
    for (int i = from; i < to; i++) {
      int start = begin[i];
      int n = length[i];
      if (n <= SHORT && start <= lastWide) {
        long head = (long) LONG.get(source, start) & MASKS[n];
        long tail = (long) LONG.get(source, start + Long.BYTES) & MASKS[n + SHORT + 1];
        long hash = head * HEAD_FACTOR + tail * TAIL_FACTOR + n * LENGTH_FACTOR;
        int slot = (int) (hash >>> bits) << 2;
        long entry = table[slot + 3];
        if (table[slot] == head && table[slot + 1] == tail && (int) (entry >>> 32) == n + 1) {
          codes[target++] = (int) entry - 1;
          continue;
        }
      }
      int code = intern(source, start, n);
      if (code < 0) {
        return i;
      }
      codes[target++] = code;
      table = slots;
      bits = shift;
    }
    return to;
  }

  /** Entry number of a value, new or not; -1 when the dictionary is full. */
  public int intern(byte[] source, int begin, int length) {
    long head = head(source, begin, length);
    long tail = 0;
    if (length > SHORT) {
      tail = (long) LONG.get(source, begin + length - Long.BYTES);
    } else if (length > Long.BYTES) {
      tail = head(source, begin + Long.BYTES, length - Long.BYTES);
    }
    long hash = head * HEAD_FACTOR + tail * TAIL_FACTOR + length * LENGTH_FACTOR;
    int end = begin + length - Long.BYTES;
    for (int at = begin + Long.BYTES; length > SHORT && at < end; at += Long.BYTES) {
      hash = (hash ^ hash >>> 32 ^ (long) LONG.get(source, at)) * HEAD_FACTOR;
    }
    int slot = (int) (hash >>> shift) << 2;
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      long entry = slots[slot + 3];
      if (entry == 0) {
        return add(source, begin, length, head, tail, hash, slot);
      }
      if (slots[slot] == head
          && slots[slot + 1] == tail
          && (int) (entry >>> 32) == length + 1
          && (length <= SHORT || equal((int) entry - 1, source, begin, length))) {
        return (int) entry - 1;
      }
      slot = slot + 4 & slots.length - 1;
    }
    return -1;
  }

  /** Compares what is between the first and the last eight bytes. */
  private boolean equal(int entry, byte[] source, int begin, int length) {
    int own = offsets[entry];
    int end = length - Long.BYTES;
    for (int i = Long.BYTES; i < end; i += Long.BYTES) {
      if ((long) LONG.get(bytes, own + i) != (long) LONG.get(source, begin + i)) {
        return false;
      }
    }
    return true;
  }

  private int add(byte[] source, int begin, int length, long head, long tail, long hash, int slot) {
    int used = offsets[size];
    if (size == MAX_ENTRIES || length > MAX_BYTES - used) {
      return -1;
    }
    if (size + 1 == offsets.length) {
      offsets = Arrays.copyOf(offsets, size * 2 + 1);
    }
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length * 2));
    }
    System.arraycopy(source, begin, bytes, used, length);
    int entry = size++;
    offsets[size] = used + length;
    put(slots, slot, head, tail, hash, length + 1L << 32 | size);
    if (size * 8 > slots.length) {
      grow();
    }
    return entry;
  }

  private static void put(
      long[] table, int slot, long head, long tail, long hash, long lengthAndEntry) {
    table[slot] = head;
    table[slot + 1] = tail;
    table[slot + 2] = hash;
    table[slot + 3] = lengthAndEntry;
  }

  private void grow() {
    int bits = slots.length <= KEPT_WORDS ? 2 : 1;
    long[] grown = new long[slots.length << bits];
    shift -= bits;
    for (int old = 0; old < slots.length; old += 4) {
      if (slots[old + 3] != 0) {
        int slot = (int) (slots[old + 2] >>> shift) << 2;
        while (grown[slot + 3] != 0) {
          slot = slot + 4 & grown.length - 1;
        }
        put(grown, slot, slots[old], slots[old + 1], slots[old + 2], slots[old + 3]);
      }
    }
    slots = grown;
  }
}

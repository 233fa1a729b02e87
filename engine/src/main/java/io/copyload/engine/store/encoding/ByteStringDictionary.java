package io.copyload.engine.store.encoding;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Distinct byte strings in order of first appearance, found by hash. Bounded in entries, bytes and probes, so that input
 * made to collide cannot slow it down. Threads: one owner.
 */
public final class ByteStringDictionary {
  /** Most entries. */
  public static final int MAX_ENTRIES = 1 << 16;

  /** Most bytes of all entries. */
  public static final int MAX_BYTES = 1 << 20;

  /** A value that is not found within this many slots counts as one too many. */
  private static final int MAX_PROBES = 64;

  private static final int FIRST_BITS = 9;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private int[] slots = new int[1 << FIRST_BITS];
  private int shift = Long.SIZE - FIRST_BITS;
  private int size;

  /** First eight bytes of each entry, filled up with zeros. */
  private long[] heads = new long[1 << FIRST_BITS - 1];

  /** Last eight bytes of each entry of at least eight, else 0. */
  private long[] tails = new long[1 << FIRST_BITS - 1];

  private long[] hashes = new long[1 << FIRST_BITS - 1];
  private int[] offsets = new int[(1 << FIRST_BITS - 1) + 1];
  private byte[] bytes = new byte[1 << FIRST_BITS + 2];

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
    return 4L * slots.length + 28L * size + offsets[size];
  }

  public void clear() {
    Arrays.fill(slots, 0);
    size = 0;
  }

  /** First eight bytes of a value, filled up with zeros. */
  public static long head(byte[] source, int begin, int length) {
    if (length >= Long.BYTES) {
      return (long) LONG.get(source, begin);
    }
    if (begin + Long.BYTES <= source.length) {
      return (long) LONG.get(source, begin) & (1L << (length << 3)) - 1;
    }
    long head = 0;
    for (int i = 0; i < length; i++) {
      head |= (source[begin + i] & 0xffL) << (i << 3);
    }
    return head;
  }

  /** Entry number of a value, new or not; -1 when the dictionary is full. */
  public int intern(byte[] source, int begin, int length) {
    long head = head(source, begin, length);
    long tail = 0;
    long hash = (head ^ length) * 0x9E3779B97F4A7C15L;
    if (length > Long.BYTES) {
      tail = (long) LONG.get(source, begin + length - Long.BYTES);
      hash = (hash ^ hash >>> 32 ^ tail) * 0xD6E8FEB86659FD93L;
      if (length > 2 * Long.BYTES) {
        int end = begin + length - Long.BYTES;
        for (int at = begin + Long.BYTES; at < end; at += Long.BYTES) {
          hash = (hash ^ hash >>> 32 ^ (long) LONG.get(source, at)) * 0x9E3779B97F4A7C15L;
        }
      }
    }
    hash ^= hash >>> 29;
    hash *= 0xBF58476D1CE4E5B9L;
    int mask = slots.length - 1;
    int slot = (int) (hash >>> shift);
    for (int probe = 0; probe < MAX_PROBES; probe++) {
      int entry = slots[slot] - 1;
      if (entry < 0) {
        return add(source, begin, length, head, tail, hash, slot);
      }
      if (heads[entry] == head
          && tails[entry] == tail
          && offsets[entry + 1] - offsets[entry] == length
          && (length <= 2 * Long.BYTES || equal(entry, source, begin, length))) {
        return entry;
      }
      slot = slot + 1 & mask;
    }
    return -1;
  }

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

  private int add(
      byte[] source, int begin, int length, long head, long tail, long hash, int slot) {
    int used = offsets[size];
    if (size == MAX_ENTRIES || length > MAX_BYTES - used) {
      return -1;
    }
    if (size == heads.length) {
      heads = Arrays.copyOf(heads, size * 2);
      tails = Arrays.copyOf(tails, size * 2);
      hashes = Arrays.copyOf(hashes, size * 2);
      offsets = Arrays.copyOf(offsets, size * 2 + 1);
    }
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length * 2));
    }
    System.arraycopy(source, begin, bytes, used, length);
    int entry = size++;
    heads[entry] = head;
    tails[entry] = tail;
    hashes[entry] = hash;
    offsets[size] = used + length;
    slots[slot] = size;
    if (size * 2 > slots.length) {
      grow();
    }
    return entry;
  }

  private void grow() {
    int[] grown = new int[slots.length * 4];
    shift -= 2;
    for (int entry = 0; entry < size; entry++) {
      int slot = (int) (hashes[entry] >>> shift);
      while (grown[slot] != 0) {
        slot = slot + 1 & grown.length - 1;
      }
      grown[slot] = entry + 1;
    }
    slots = grown;
  }
}

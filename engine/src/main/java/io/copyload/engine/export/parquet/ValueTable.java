package io.copyload.engine.export.parquet;

import io.copyload.engine.export.OutputBuffer;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Different values in the order of their first coming, each with a code. Threads: one. */
final class ValueTable {
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long PRIME = 0x9e3779b97f4a7c15L;

  private final OutputBuffer bytes = new OutputBuffer(1 << 10);

  /** Where entries end in {@link #bytes}. */
  private int[] ends = new int[256];

  private int[] hashes = new int[256];

  /** Codes plus one; 0 is free. */
  private int[] slots = new int[512];

  private int count;

  void clear() {
    if (count > 0) {
      Arrays.fill(slots, 0);
    }
    bytes.clear();
    count = 0;
  }

  int count() {
    return count;
  }

  /** The entries one behind the other. */
  OutputBuffer bytes() {
    return bytes;
  }

  int begin(int code) {
    return code == 0 ? 0 : ends[code - 1];
  }

  int end(int code) {
    return ends[code];
  }

  /** The code of a value, which is added if it is new. */
  int code(byte[] source, int begin, int length) {
    int hash = hash(source, begin, length);
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int code = slots[slot] - 1;
      if (hashes[code] == hash
          && Arrays.equals(bytes.bytes, begin(code), ends[code], source, begin, begin + length)) {
        return code;
      }
      slot = slot + 1 & mask;
    }
    if (count == ends.length) {
      grow();
      return code(source, begin, length);
    }
    slots[slot] = count + 1;
    hashes[count] = hash;
    bytes.put(source, begin, length);
    ends[count] = bytes.size;
    return count++;
  }

  private void grow() {
    ends = Arrays.copyOf(ends, 2 * count);
    hashes = Arrays.copyOf(hashes, 2 * count);
    slots = new int[2 * slots.length];
    int mask = slots.length - 1;
    for (int code = 0; code < count; code++) {
      int slot = hashes[code] & mask;
      while (slots[slot] != 0) {
        slot = slot + 1 & mask;
      }
      slots[slot] = code + 1;
    }
  }

  private static int hash(byte[] source, int begin, int length) {
    long hash = length;
    int at = begin;
    for (int end = begin + length - 7; at < end; at += 8) {
      hash = (hash ^ (long) INT64.get(source, at)) * PRIME;
      hash ^= hash >>> 29;
    }
    for (int end = begin + length; at < end; at++) {
      hash = (hash ^ source[at]) * PRIME;
    }
    hash ^= hash >>> 32;
    return (int) (hash ^ hash >>> 16);
  }
}

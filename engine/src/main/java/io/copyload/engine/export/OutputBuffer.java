package io.copyload.engine.export;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Growing bytes of formatted rows. Threads: one owner at a time. */
public final class OutputBuffer {
  /** The digits of 00 to 99. */
  private static final byte[] PAIRS = pairs();

  /** The digits of 0000 to 9999, the first in the lowest byte. */
  private static final int[] QUADS = quads();

  private static final VarHandle INT32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int QUAD = 10_000;

  /** Behind {@link #size} there is room only after {@link #ensure}. */
  public byte[] bytes;

  /** Bytes in use. */
  public int size;

  /** Where the units of {@link #endUnit} end. */
  private int[] unitEnds = new int[0];

  private int[] unitRows = new int[0];
  private int unitCount;

  public OutputBuffer(int capacity) {
    bytes = new byte[capacity];
  }

  private static byte[] pairs() {
    byte[] pairs = new byte[200];
    for (int i = 0; i < 100; i++) {
      pairs[2 * i] = (byte) ('0' + i / 10);
      pairs[2 * i + 1] = (byte) ('0' + i % 10);
    }
    return pairs;
  }

  private static int[] quads() {
    int[] quads = new int[10_000];
    for (int i = 0; i < quads.length; i++) {
      quads[i] = 0x30303030 | i / 1000 | i / 100 % 10 << 8 | i / 10 % 10 << 16 | i % 10 << 24;
    }
    return quads;
  }

  /** Eight bytes of an array. */
  static long word(byte[] b, int offset) {
    return (long) INT64.get(b, offset);
  }

  /** Writes eight bytes. */
  static void putWord(byte[] b, int offset, long word) {
    INT64.set(b, offset, word);
  }

  /** Forgets everything. */
  public void clear() {
    size = 0;
    unitCount = 0;
  }

  /**
   * What has come since the last call must stay together in one object: some rows, or nothing but a
   * frame.
   */
  public void endUnit(int rowCount) {
    endUnit(size, rowCount);
  }

  void endUnit(int end, int rowCount) {
    if (unitCount == unitEnds.length) {
      unitEnds = Arrays.copyOf(unitEnds, Math.max(64, unitCount * 2));
      unitRows = Arrays.copyOf(unitRows, unitEnds.length);
    }
    unitEnds[unitCount] = end;
    unitRows[unitCount++] = rowCount;
  }

  /** How many units have been marked; none when the writer was not asked to. */
  public int unitCount() {
    return unitCount;
  }

  public int unitEnd(int index) {
    return unitEnds[index];
  }

  public int unitRows(int index) {
    return unitRows[index];
  }

  /** Makes room for {@code count} more bytes and returns the array. */
  public byte[] ensure(int count) {
    if (bytes.length - size < count) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, count), bytes.length * 2));
    }
    return bytes;
  }

  public void put(byte value) {
    ensure(1)[size++] = value;
  }

  public void put(byte[] source, int begin, int length) {
    System.arraycopy(source, begin, ensure(length), size, length);
    size += length;
  }

  public void put(byte[] source) {
    put(source, 0, source.length);
  }

  /** Appends a big-endian number. */
  public void putInt(int value) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      put((byte) (value >> shift));
    }
  }

  /** Appends text of ASCII characters. */
  @SuppressWarnings("deprecation")
  public void putAscii(String text) {
    int length = text.length();
    // The characters' low bytes, without the detour of a charset.
    text.getBytes(0, length, ensure(length), size);
    size += length;
  }

  /** Appends a number of at least two digits. */
  void putTwoDigits(int value) {
    if (value > 99) {
      putLong(value);
      return;
    }
    byte[] b = ensure(2);
    b[size] = PAIRS[value << 1];
    b[size + 1] = PAIRS[(value << 1) + 1];
    size += 2;
  }

  void putLong(long value) {
    byte[] b = ensure(24);
    if (value >= 0 && value < QUAD * QUAD) {
      size = putSmall(b, size, (int) value);
      return;
    }
    if (value == Long.MIN_VALUE) {
      putAscii("-9223372036854775808");
      return;
    }
    long rest = value;
    if (rest < 0) {
      b[size++] = '-';
      rest = -rest;
    }
    int end = size + digits(rest);
    int at = putPairs(b, end, rest);
    size = end;
    assert at == end - digits(rest);
  }

  /** Writes a number below 10^8 and returns where it ends. There must be room for eight bytes. */
  static int putSmall(byte[] b, int begin, int positive) {
    if (positive < QUAD) {
      return putQuad(b, begin, positive);
    }
    int high = positive / QUAD;
    int at = putQuad(b, begin, high);
    INT32.set(b, at, QUADS[positive - high * QUAD]);
    return at + 4;
  }

  /** Writes a number below 10^4 without leading zeros. */
  private static int putQuad(byte[] b, int begin, int positive) {
    int digits = positive < 100 ? positive < 10 ? 1 : 2 : positive < 1000 ? 3 : 4;
    INT32.set(b, begin, QUADS[positive] >>> 32 - 8 * digits);
    return begin + digits;
  }

  /** Writes two digits of a number below 100. */
  static void putPair(byte[] b, int begin, int positive) {
    b[begin] = PAIRS[positive << 1];
    b[begin + 1] = PAIRS[(positive << 1) + 1];
  }

  /** Writes a number so that it ends before {@code end}, and returns where it begins. */
  static int putPairs(byte[] b, int end, long positive) {
    int at = end;
    long rest = positive;
    while (rest > Integer.MAX_VALUE) {
      long quotient = rest / 100;
      int pair = (int) (rest - quotient * 100) << 1;
      b[--at] = PAIRS[pair + 1];
      b[--at] = PAIRS[pair];
      rest = quotient;
    }
    int small = (int) rest;
    while (small >= 100) {
      int quotient = small / 100;
      int pair = small - quotient * 100 << 1;
      b[--at] = PAIRS[pair + 1];
      b[--at] = PAIRS[pair];
      small = quotient;
    }
    if (small >= 10) {
      b[--at] = PAIRS[(small << 1) + 1];
      b[--at] = PAIRS[small << 1];
    } else {
      b[--at] = (byte) ('0' + small);
    }
    return at;
  }

  static int digits(long positive) {
    int digits = 1;
    long limit = 10;
    while (digits < 19 && positive >= limit) {
      digits++;
      limit *= 10;
    }
    return digits;
  }
}

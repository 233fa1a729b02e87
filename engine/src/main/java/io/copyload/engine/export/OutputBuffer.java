package io.copyload.engine.export;

import java.util.Arrays;

/** Growing bytes of formatted rows. Threads: one owner at a time. */
public final class OutputBuffer {
  /** Behind {@link #size} there is room only after {@link #ensure}. */
  public byte[] bytes;

  /** Bytes in use. */
  public int size;

  public OutputBuffer(int capacity) {
    bytes = new byte[capacity];
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
    b[size] = (byte) ('0' + value / 10);
    b[size + 1] = (byte) ('0' + value % 10);
    size += 2;
  }

  void putLong(long value) {
    byte[] b = ensure(20);
    if (value == Long.MIN_VALUE) {
      putAscii("-9223372036854775808");
      return;
    }
    long rest = value;
    if (rest < 0) {
      b[size++] = '-';
      rest = -rest;
    }
    int digits = digits(rest);
    int at = size + digits;
    size = at;
    while (rest >= 10) {
      long quotient = rest / 10;
      b[--at] = (byte) ('0' + (rest - quotient * 10));
      rest = quotient;
    }
    b[--at] = (byte) ('0' + rest);
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

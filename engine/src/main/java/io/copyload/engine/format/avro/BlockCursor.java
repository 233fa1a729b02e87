package io.copyload.engine.format.avro;

import io.copyload.engine.format.avro.AvroType.Field;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Reads Avro's binary encoding from the decoded bytes of a block. Threads: one. */
final class BlockCursor {
  /** Deepest nesting of values; only a type that contains itself comes near it. */
  static final int MAX_DEPTH = 200;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  byte[] bytes;
  int position;
  int end;

  void begin(byte[] newBytes, int begin, int newEnd) {
    bytes = newBytes;
    position = begin;
    end = newEnd;
  }

  private static IOException tooShort() {
    return new IOException("the block ends inside a value");
  }

  long readLong() throws IOException {
    if (position < end && bytes[position] >= 0) {
      int b = bytes[position++];
      return b >>> 1 ^ -(b & 1);
    }
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      if (position >= end) {
        throw tooShort();
      }
      byte b = bytes[position++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value >>> 1 ^ -(value & 1);
      }
    }
    throw new IOException("a number of more than 64 bits");
  }

  int readInt() throws IOException {
    long value = readLong();
    if (value != (int) value) {
      throw new IOException("an int of " + value);
    }
    return (int) value;
  }

  boolean readBoolean() throws IOException {
    need(1);
    byte b = bytes[position++];
    if (b >>> 1 != 0) {
      throw new IOException("a boolean of " + b);
    }
    return b != 0;
  }

  int readFloatBits() throws IOException {
    need(4);
    int bits = (int) INTS.get(bytes, position);
    position += 4;
    return bits;
  }

  long readDoubleBits() throws IOException {
    need(8);
    long bits = (long) LONGS.get(bytes, position);
    position += 8;
    return bits;
  }

  /** Length of the bytes that come, all of which are there. */
  int readLength() throws IOException {
    long length = readLong();
    if (length < 0 || length > end - position) {
      throw new IOException(
          "a value of " + length + " bytes with " + (end - position) + " left in its block");
    }
    return (int) length;
  }

  void need(int count) throws IOException {
    if (end - position < count) {
      throw tooShort();
    }
  }

  /** Index of one of {@code count} branches or symbols. */
  int readIndex(int count, String what) throws IOException {
    long index = readLong();
    if (index < 0 || index >= count) {
      throw new IOException(what + " " + index + " of " + count);
    }
    return (int) index;
  }

  /**
   * Number of items in the part of an array or map that comes, 0 at its end. Where the data says
   * how many bytes the part has, that is passed over.
   */
  long readItemCount(AvroType item) throws IOException {
    long count = readLong();
    if (count < 0) {
      count = -count;
      readPartSize();
    }
    checkItemCount(count, item);
    return count;
  }

  private int readPartSize() throws IOException {
    return readLength();
  }

  private void checkItemCount(long count, AvroType item) throws IOException {
    if (count < 0 || !item.empty && count > end - position) {
      throw new IOException(
          "an array or map of " + count + " items with " + (end - position) + " bytes left");
    }
  }

  /** Passes over a value. */
  void skip(AvroType type) throws IOException {
    skip(type, 0);
  }

  private void skip(AvroType type, int depth) throws IOException {
    if (type.empty) {
      return;
    }
    if (depth > MAX_DEPTH) {
      throw new IOException("values nested more than " + MAX_DEPTH + " deep");
    }
    switch (type.kind) {
      case NULL -> {}
      case BOOLEAN -> advance(1);
      case INT, LONG -> readLong();
      case ENUM -> readIndex(type.symbols.length, "symbol");
      case FLOAT -> advance(4);
      case DOUBLE -> advance(8);
      case BYTES, STRING -> advance(readLength());
      case FIXED -> advance(type.size);
      case UNION -> skip(type.inner.get(readIndex(type.inner.size(), "branch")), depth + 1);
      case RECORD -> {
        for (Field field : type.fields) {
          skip(field.type(), depth + 1);
        }
      }
      case ARRAY, MAP -> skipItems(type, depth);
    }
  }

  private void advance(int count) throws IOException {
    need(count);
    position += count;
  }

  private void skipItems(AvroType type, int depth) throws IOException {
    boolean map = type.kind == AvroType.Kind.MAP;
    AvroType item = type.element();
    for (long count = readLong(); count != 0; count = readLong()) {
      if (count < 0) {
        advance(readPartSize());
        continue;
      }
      if (!map) {
        checkItemCount(count, item);
        if (item.empty) {
          continue;
        }
      }
      for (long i = 0; i < count; i++) {
        if (map) {
          advance(readLength());
        }
        skip(item, depth + 1);
      }
    }
  }
}

package io.copyload.engine.format.orc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Walks the fields of one message in protobuf's wire format, in place: nothing is built for fields
 * that nobody asks for.
 */
final class WireMessage {
  private static final int VARINT = 0;
  private static final int FIXED64 = 1;
  private static final int BYTES = 2;
  private static final int FIXED32 = 5;

  private final byte[] bytes;
  private int at;
  private final int end;
  private int field;
  private int wire;

  WireMessage(byte[] bytes, int begin, int end) {
    this.bytes = bytes;
    at = begin;
    this.end = end;
  }

  /** Steps to the next field, whose value must then be taken or skipped; false at the end. */
  boolean next() throws IOException {
    if (at == end) {
      return false;
    }
    long tag = varint();
    field = (int) (tag >>> 3);
    wire = (int) tag & 7;
    if (tag >>> 32 != 0 || field == 0) {
      throw new IOException("a field of its metadata has no number");
    }
    return true;
  }

  int field() {
    return field;
  }

  /** The field's number. */
  long number() throws IOException {
    require(VARINT);
    return varint();
  }

  /** The field's number, which must be from 0 to {@code max}. */
  int number(int max) throws IOException {
    long value = number();
    if (value < 0 || value > max) {
      throw new IOException("its metadata has " + value + " where at most " + max + " makes sense");
    }
    return (int) value;
  }

  /** Whether the field is a list of numbers in one value rather than one number of a list. */
  boolean isPacked() {
    return wire == BYTES;
  }

  /** Whether a walk over numbers that are packed has another one. */
  boolean hasMore() {
    return at < end;
  }

  /** The next number of packed ones. */
  long packedNumber() throws IOException {
    return varint();
  }

  /** The field's message, or its packed numbers. */
  WireMessage message() throws IOException {
    int length = length();
    WireMessage message = new WireMessage(bytes, at, at + length);
    at += length;
    return message;
  }

  String text() throws IOException {
    int length = length();
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }

  void skip() throws IOException {
    switch (wire) {
      case VARINT -> varint();
      case FIXED64 -> step(8);
      case FIXED32 -> step(4);
      default -> step(length());
    }
  }

  private int length() throws IOException {
    require(BYTES);
    long length = varint();
    if (length < 0 || length > end - at) {
      throw new IOException("a field of its metadata is longer than what is left");
    }
    return (int) length;
  }

  private void step(int count) throws IOException {
    if (count > end - at) {
      throw new IOException("its metadata ends inside a field");
    }
    at += count;
  }

  private void require(int wanted) throws IOException {
    if (wire != wanted) {
      throw new IOException("field " + field + " of its metadata has wire type " + wire);
    }
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end) {
        throw new IOException("its metadata ends inside a number");
      }
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new IOException("a number of its metadata has more than 64 bits");
  }
}

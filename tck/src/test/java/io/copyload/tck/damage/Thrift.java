package io.copyload.tck.damage;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Messages of Thrift's compact protocol as trees that can be changed and written again, whatever
 * they mean.
 */
final class Thrift {
  static final int TRUE = 1;
  static final int FALSE = 2;
  static final int BYTE = 3;
  static final int I16 = 4;
  static final int I64 = 6;
  static final int DOUBLE = 7;
  static final int BINARY = 8;
  static final int LIST = 9;
  static final int SET = 10;
  static final int STRUCT = 12;

  /**
   * A value with its type: Long, Double, byte[], or a list of values, or of fields for a struct.
   */
  static final class Node {
    int id;
    int type;
    long number;
    byte[] bytes;
    int elementType;
    List<Node> children;

    /** The field of a struct; null when it lacks it. */
    Node field(int fieldId) {
      for (Node child : children) {
        if (child.id == fieldId) {
          return child;
        }
      }
      return null;
    }

    long number(int fieldId, long other) {
      Node field = field(fieldId);
      return field == null ? other : field.number;
    }

    Node copy() {
      Node copy = new Node();
      copy.id = id;
      copy.type = type;
      copy.number = number;
      copy.bytes = bytes;
      copy.elementType = elementType;
      if (children != null) {
        copy.children = new ArrayList<>();
        for (Node child : children) {
          copy.children.add(child.copy());
        }
      }
      return copy;
    }

    void collect(List<Node> into) {
      into.add(this);
      if (children != null) {
        for (Node child : children) {
          child.collect(into);
        }
      }
    }
  }

  private final byte[] source;

  /** Where the next byte is read. */
  int position;

  Thrift(byte[] source, int position) {
    this.source = source;
    this.position = position;
  }

  Node struct() {
    Node struct = new Node();
    struct.type = STRUCT;
    struct.children = new ArrayList<>();
    int last = 0;
    while (true) {
      int head = source[position++] & 0xff;
      if (head == 0) {
        return struct;
      }
      int id = head >>> 4 == 0 ? (int) zigzag() : last + (head >>> 4);
      last = id;
      Node field = value(head & 15);
      field.id = id;
      struct.children.add(field);
    }
  }

  private Node value(int type) {
    Node node = new Node();
    node.type = type;
    switch (type) {
      case TRUE, FALSE -> {
        // The type is the value.
      }
      case BYTE -> node.number = source[position++];
      case I16, 5, I64 -> node.number = zigzag();
      case DOUBLE -> {
        node.number = ByteBuffer.wrap(source).order(ByteOrder.LITTLE_ENDIAN).getLong(position);
        position += 8;
      }
      case BINARY -> {
        int length = (int) varint();
        node.bytes = java.util.Arrays.copyOfRange(source, position, position + length);
        position += length;
      }
      case LIST, SET -> {
        int head = source[position++] & 0xff;
        int count = head >>> 4 == 15 ? (int) varint() : head >>> 4;
        node.elementType = head & 15;
        node.children = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          if (node.elementType <= FALSE) {
            Node one = new Node();
            one.type = source[position++];
            node.children.add(one);
          } else {
            node.children.add(value(node.elementType));
          }
        }
      }
      case STRUCT -> {
        Node struct = struct();
        node.children = struct.children;
      }
      default -> throw new IllegalArgumentException("type " + type);
    }
    return node;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = source[position++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  private long zigzag() {
    long value = varint();
    return value >>> 1 ^ -(value & 1);
  }

  static byte[] write(Node struct) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    fields(struct, out);
    return out.toByteArray();
  }

  private static void fields(Node struct, ByteArrayOutputStream out) {
    int last = 0;
    for (Node field : struct.children) {
      int step = field.id - last;
      if (step > 0 && step < 16) {
        out.write(step << 4 | field.type);
      } else {
        out.write(field.type);
        varint((long) field.id << 1 ^ field.id >> 31, out);
      }
      last = field.id;
      value(field, out);
    }
    out.write(0);
  }

  private static void value(Node node, ByteArrayOutputStream out) {
    switch (node.type) {
      case BYTE -> out.write((int) node.number);
      case I16, 5, I64 -> varint(node.number << 1 ^ node.number >> 63, out);
      case DOUBLE ->
          out.writeBytes(
              ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(node.number).array());
      case BINARY -> {
        byte[] bytes = node.bytes == null ? new byte[0] : node.bytes;
        varint(bytes.length, out);
        out.writeBytes(bytes);
      }
      case LIST, SET -> {
        List<Node> children = node.children == null ? List.of() : node.children;
        if (children.size() < 15) {
          out.write(children.size() << 4 | node.elementType);
        } else {
          out.write(0xf0 | node.elementType);
          varint(children.size(), out);
        }
        for (Node child : children) {
          if (node.elementType <= FALSE) {
            out.write(child.type);
          } else {
            value(child, out);
          }
        }
      }
      case STRUCT -> {
        if (node.children == null) {
          out.write(0);
        } else {
          fields(node, out);
        }
      }
      default -> {
        // Booleans have no bytes of their own.
      }
    }
  }

  private static void varint(long value, ByteArrayOutputStream out) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}

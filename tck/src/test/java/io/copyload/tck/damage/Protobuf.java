package io.copyload.tck.damage;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Messages of Protocol Buffers as trees that can be changed and written again. What might be a
 * message inside is taken for one.
 */
final class Protobuf {
  /** A field; {@code children} is null where the bytes are no message. */
  static final class Node {
    int id;
    int wire;
    long number;
    byte[] bytes;
    List<Node> children;

    Node copy() {
      Node copy = new Node();
      copy.id = id;
      copy.wire = wire;
      copy.number = number;
      copy.bytes = bytes;
      if (children != null) {
        copy.children = new ArrayList<>();
        for (Node child : children) {
          copy.children.add(child.copy());
        }
      }
      return copy;
    }

    /** The first field of that number; null when there is none. */
    Node field(int fieldId) {
      for (Node child : children) {
        if (child.id == fieldId) {
          return child;
        }
      }
      return null;
    }

    /** All fields of that number that are messages. */
    List<Node> fields(int fieldId) {
      List<Node> fields = new ArrayList<>();
      for (Node child : children) {
        if (child.id == fieldId) {
          if (child.children == null) {
            child.children = new ArrayList<>();
          }
          fields.add(child);
        }
      }
      return fields;
    }

    long number(int fieldId) {
      Node field = field(fieldId);
      return field == null ? 0 : field.number;
    }

    void set(int fieldId, long value) {
      Node field = field(fieldId);
      if (field == null) {
        field = new Node();
        field.id = fieldId;
        children.add(field);
      }
      field.number = value;
    }

    private void collect(List<Node> into) {
      into.add(this);
      if (children != null) {
        for (Node child : children) {
          child.collect(into);
        }
      }
    }
  }

  private Protobuf() {}

  /** A message; null when the bytes are none. */
  static Node read(byte[] source) {
    Node message = new Node();
    message.wire = 2;
    message.children = new ArrayList<>();
    int[] at = {0};
    try {
      while (at[0] < source.length) {
        long tag = varint(source, at);
        Node field = new Node();
        field.id = (int) (tag >>> 3);
        field.wire = (int) tag & 7;
        if (field.id == 0 || field.id > 10_000) {
          return null;
        }
        switch (field.wire) {
          case 0 -> field.number = varint(source, at);
          case 1, 5 -> {
            int length = field.wire == 1 ? 8 : 4;
            field.bytes = Arrays.copyOfRange(source, at[0], at[0] + length);
            at[0] += length;
          }
          case 2 -> {
            int length = (int) varint(source, at);
            if (length < 0 || length > source.length - at[0]) {
              return null;
            }
            field.bytes = Arrays.copyOfRange(source, at[0], at[0] + length);
            at[0] += length;
            Node inner = length == 0 ? null : read(field.bytes);
            field.children = inner == null ? null : inner.children;
          }
          default -> {
            return null;
          }
        }
        message.children.add(field);
      }
    } catch (ArrayIndexOutOfBoundsException e) {
      return null;
    }
    return message;
  }

  private static long varint(byte[] source, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = source[at[0]++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value;
      }
    }
  }

  static byte[] write(Node message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Node field : message.children) {
      varint((long) field.id << 3 | field.wire, out);
      switch (field.wire) {
        case 0 -> varint(field.number, out);
        case 2 -> {
          byte[] bytes =
              field.children != null
                  ? write(field)
                  : field.bytes == null ? new byte[0] : field.bytes;
          varint(bytes.length, out);
          out.writeBytes(bytes);
        }
        default -> out.writeBytes(field.bytes == null ? new byte[8] : field.bytes);
      }
    }
    return out.toByteArray();
  }

  private static void varint(long value, ByteArrayOutputStream out) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  /** Changes one field somewhere in the tree. */
  static void change(Node root, Random random) {
    List<Node> nodes = new ArrayList<>();
    root.collect(nodes);
    Node node = nodes.get(random.nextInt(nodes.size()));
    if (node.children != null && !node.children.isEmpty()) {
      int at = random.nextInt(node.children.size());
      Node child = node.children.get(at);
      switch (random.nextInt(8)) {
        case 0 -> node.children.remove(at);
        case 1 -> node.children.add(at, child.copy());
        case 2 -> node.children.add(nodes.get(random.nextInt(nodes.size())).copy());
        case 3 -> {
          for (int i = random.nextInt(200); i > 0; i--) {
            node.children.add(child.copy());
          }
        }
        case 4 -> child.id = 1 + random.nextInt(8);
        case 5 -> node.children.clear();
        default -> value(child, random);
      }
      return;
    }
    value(node, random);
  }

  private static void value(Node node, Random random) {
    if (node.wire == 0) {
      node.number = Damage.number(node.number, random);
    } else if (node.children == null) {
      node.bytes = Damage.text(node.bytes == null ? new byte[0] : node.bytes, random);
    } else {
      for (Node child : node.children) {
        if (child.wire == 0) {
          child.number = Damage.number(child.number, random);
        }
      }
    }
  }
}

package io.copyload.tck.damage;

import io.copyload.tck.damage.Thrift.Node;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;

/**
 * Damages Parquet files where their readers believe them: the footer's tree, page headers, levels,
 * runs, dictionary indexes and deltas, with lengths and offsets around the change put right.
 */
final class ParquetDamage {
  private ParquetDamage() {}

  static byte[] of(byte[] good, Random random) {
    try {
      return switch (random.nextInt(10)) {
        case 0 -> Damage.bytes(good.clone(), 0, good.length, random);
        case 1 -> Damage.moved(good, random);
        case 2, 3, 4 -> footer(good, random);
        case 5, 6 -> pageHeader(good, random);
        default -> page(good, random);
      };
    } catch (RuntimeException e) {
      // The file is one that was damaged before it came here.
      return Damage.bytes(good.clone(), 0, good.length, random);
    }
  }

  private static int footerBegin(byte[] file) {
    return file.length
        - 8
        - ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
  }

  private static byte[] withFooter(byte[] data, Node footer) {
    byte[] bytes = Thrift.write(footer);
    return ByteBuffer.allocate(data.length + bytes.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(data)
        .put(bytes)
        .putInt(bytes.length)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** The file with another footer. */
  static byte[] withFooter(byte[] file, Consumer<Node> change) {
    int begin = footerBegin(file);
    Node footer = new Thrift(file, begin).struct();
    change.accept(footer);
    return withFooter(Arrays.copyOf(file, begin), footer);
  }

  /** The file with these bytes as its footer. */
  static byte[] withFooter(byte[] file, byte[] footer) {
    byte[] data = Arrays.copyOf(file, footerBegin(file));
    return ByteBuffer.allocate(data.length + footer.length + 8)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(data)
        .put(footer)
        .putInt(footer.length)
        .put("PAR1".getBytes(StandardCharsets.US_ASCII))
        .array();
  }

  /** The file with another header of the page of that number. */
  static byte[] withPageHeader(byte[] file, int number, Consumer<Node> change) {
    return withPage(
        file,
        number,
        (header, body) -> {
          change.accept(header);
          return body;
        });
  }

  /** The file with another header and other bytes of a page. */
  static byte[] withPage(byte[] file, int number, BiFunction<Node, byte[], byte[]> change) {
    int footerBegin = footerBegin(file);
    Node footer = new Thrift(file, footerBegin).struct();
    Page page = pages(file, footer).get(number);
    byte[] body = change.apply(page.header, Arrays.copyOfRange(file, page.bodyBegin, page.bodyEnd));
    byte[] head = Thrift.write(page.header);
    byte[] both = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, both, head.length, body.length);
    return spliced(file, footer, footerBegin, page.begin, page.bodyEnd, both);
  }

  private static byte[] footer(byte[] file, Random random) {
    int begin = footerBegin(file);
    Node footer = new Thrift(file, begin).struct();
    for (int i = random.nextInt(3); i >= 0; i--) {
      change(footer, random);
    }
    return withFooter(Arrays.copyOf(file, begin), footer);
  }

  private static void change(Node root, Random random) {
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
        case 4 -> child.id = random.nextInt(14);
        case 5 -> node.children.set(at, node.children.get(random.nextInt(node.children.size())));
        case 6 -> node.children.clear();
        default -> value(child, random);
      }
      return;
    }
    value(node, random);
  }

  private static void value(Node node, Random random) {
    switch (node.type) {
      case Thrift.TRUE -> node.type = Thrift.FALSE;
      case Thrift.FALSE -> node.type = Thrift.TRUE;
      case Thrift.BINARY -> node.bytes = Damage.text(node.bytes, random);
      case Thrift.LIST, Thrift.SET, Thrift.STRUCT -> node.id = random.nextInt(14);
      default -> {
        node.number = Damage.number(node.number, random);
        if (random.nextInt(20) == 0) {
          node.type = Thrift.BYTE + random.nextInt(4);
        }
      }
    }
  }

  /** One page: where its header and its bytes are, and which chunk of the footer it belongs to. */
  private record Page(Node header, int begin, int bodyBegin, int bodyEnd, Node chunk) {}

  private static List<Page> pages(byte[] file, Node footer) {
    List<Page> pages = new ArrayList<>();
    for (Node group : footer.field(4).children) {
      for (Node column : group.field(1).children) {
        Node chunk = column.field(3);
        if (chunk == null) {
          continue;
        }
        long begin = chunk.number(9, 0);
        long dictionary = chunk.number(11, 0);
        if (dictionary > 0 && dictionary < begin) {
          begin = dictionary;
        }
        long end = begin + chunk.number(7, 0);
        while (begin < end && begin < file.length) {
          Thrift reader = new Thrift(file, (int) begin);
          Node header = reader.struct();
          int body = reader.position;
          int bodyEnd = body + (int) header.number(3, 0);
          pages.add(new Page(header, (int) begin, body, bodyEnd, chunk));
          begin = bodyEnd;
        }
      }
    }
    return pages;
  }

  private static byte[] pageHeader(byte[] file, Random random) {
    int footerBegin = footerBegin(file);
    Node footer = new Thrift(file, footerBegin).struct();
    List<Page> pages = pages(file, footer);
    Page page = pages.get(random.nextInt(pages.size()));
    Node header = page.header.copy();
    header.children.removeIf(field -> field.id == 4);
    List<Node> numbers = new ArrayList<>();
    header.collect(numbers);
    numbers.removeIf(node -> node.children != null);
    if (random.nextInt(4) == 0) {
      change(header, random);
    } else {
      value(numbers.get(random.nextInt(numbers.size())), random);
    }
    return spliced(file, footer, footerBegin, page.begin, page.bodyBegin, Thrift.write(header));
  }

  /** Changes the bytes of a page, mostly near the beginning, where levels and bit widths are. */
  private static byte[] page(byte[] file, Random random) {
    int footerBegin = footerBegin(file);
    Node footer = new Thrift(file, footerBegin).struct();
    List<Page> pages = pages(file, footer);
    Page page = pages.get(random.nextInt(pages.size()));
    int length = page.bodyEnd - page.bodyBegin;
    int zone = random.nextBoolean() ? Math.min(length, 24) : length;
    byte[] body = Arrays.copyOfRange(file, page.bodyBegin, page.bodyEnd);
    Damage.bytes(body, 0, zone, random);
    if (random.nextInt(3) == 0) {
      body = Damage.moved(body, random);
    }
    Node header = page.header.copy();
    header.children.removeIf(field -> field.id == 4);
    if (header.field(3) != null && random.nextInt(8) != 0) {
      long more = body.length - length;
      if (header.field(2) != null && page.chunk.number(4, 0) == 0) {
        header.field(2).number += more;
      }
      header.field(3).number += more;
    }
    byte[] head = Thrift.write(header);
    byte[] both = Arrays.copyOf(head, head.length + body.length);
    System.arraycopy(body, 0, both, head.length, body.length);
    return spliced(file, footer, footerBegin, page.begin, page.bodyEnd, both);
  }

  /** Replaces bytes of the data and lets the footer's offsets and lengths follow. */
  private static byte[] spliced(
      byte[] file, Node footer, int footerBegin, int from, int to, byte[] in) {
    int more = in.length - (to - from);
    byte[] data = Damage.splice(Arrays.copyOf(file, footerBegin), from, to - from, in);
    for (Node group : footer.field(4).children) {
      for (Node column : group.field(1).children) {
        Node chunk = column.field(3);
        if (chunk == null) {
          continue;
        }
        long begin = chunk.number(9, 0);
        long dictionary = chunk.number(11, 0);
        long first = dictionary > 0 && dictionary < begin ? dictionary : begin;
        if (first <= from && from < first + chunk.number(7, 0)) {
          chunk.field(7).number += more;
        }
        for (int offset : new int[] {9, 10, 11}) {
          Node at = chunk.field(offset);
          if (at != null && at.number > from) {
            at.number += more;
          }
        }
      }
    }
    return withFooter(data, footer);
  }
}

package io.copyload.tck.damage;

import io.copyload.tck.damage.Protobuf.Node;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Damages ORC files behind their compression: a file without compression, or with zlib, is taken
 * apart to its messages and streams, and put together again around the change, compressed or not.
 */
final class OrcDamage {
  private static final int NONE = 0;
  private static final int ZLIB = 1;

  private final Node postscript;
  private final Node footer;
  private final List<Stripe> stripes = new ArrayList<>();
  private final int kind;
  private Consumer<Node> lastly = footer -> {};
  private Consumer<Node> lastlyOfStripes = footer -> {};

  private static final class Stripe {
    final Node information;
    private Node footer;

    /** In the order of the stripe footer, index streams included. */
    final List<byte[]> streams = new ArrayList<>();

    Stripe(Node information) {
      this.information = information;
    }
  }

  private OrcDamage(byte[] file) throws DataFormatException {
    int end = file.length - 1;
    int length = file[end] & 0xff;
    postscript = Protobuf.read(Arrays.copyOfRange(file, end - length, end));
    kind = (int) postscript.number(2);
    if (kind > ZLIB) {
      throw new IllegalArgumentException("compression " + kind);
    }
    int footerEnd = end - length;
    int footerBegin = footerEnd - (int) postscript.number(1);
    footer = Protobuf.read(plain(Arrays.copyOfRange(file, footerBegin, footerEnd)));
    for (Node information : footer.fields(3)) {
      Stripe stripe = new Stripe(information);
      int at = (int) information.number(1);
      int data = at + (int) (information.number(2) + information.number(3));
      stripe.footer =
          Protobuf.read(plain(Arrays.copyOfRange(file, data, data + (int) information.number(4))));
      for (Node stream : stripe.footer.fields(1)) {
        int size = (int) stream.number(3);
        stripe.streams.add(plain(Arrays.copyOfRange(file, at, at + size)));
        at += size;
      }
      stripes.add(stripe);
    }
  }

  static byte[] of(byte[] good, Random random) {
    if (random.nextInt(8) == 0) {
      return random.nextBoolean()
          ? Damage.bytes(good.clone(), 0, good.length, random)
          : Damage.moved(good, random);
    }
    try {
      OrcDamage file = new OrcDamage(good);
      for (int i = random.nextInt(3); i >= 0; i--) {
        file.change(random);
      }
      return file.write(random);
    } catch (RuntimeException | DataFormatException e) {
      return Damage.bytes(good.clone(), 0, good.length, random);
    }
  }

  /** The file with another footer or other stripe footers, which are believed as they are. */
  static byte[] changed(byte[] good, Consumer<Node> footer, Consumer<Node> stripeFooter) {
    try {
      OrcDamage file = new OrcDamage(good);
      file.lastly = footer;
      file.lastlyOfStripes = stripeFooter;
      return file.write(new Random(3));
    } catch (DataFormatException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private void change(Random random) {
    Stripe stripe = stripes.isEmpty() ? null : stripes.get(random.nextInt(stripes.size()));
    switch (stripe == null ? 0 : random.nextInt(8)) {
      case 0, 1 -> Protobuf.change(footer, random);
      case 2, 3 -> Protobuf.change(stripe.footer, random);
      default -> {
        if (!stripe.streams.isEmpty()) {
          int at = random.nextInt(stripe.streams.size());
          byte[] bytes = stripe.streams.get(at);
          int zone = random.nextBoolean() ? Math.min(bytes.length, 12) : bytes.length;
          bytes = Damage.bytes(bytes.clone(), 0, zone, random);
          stripe.streams.set(at, random.nextInt(4) == 0 ? Damage.moved(bytes, random) : bytes);
        }
      }
    }
  }

  private byte[] write(Random random) {
    int target = random.nextInt(3) == 0 ? ZLIB : NONE;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'O', 'R', 'C'});
    boolean truthful = random.nextInt(6) != 0;
    for (Stripe stripe : stripes) {
      List<Node> streams = stripe.footer.fields(1);
      long index = 0;
      long data = 0;
      long begin = out.size();
      for (int i = 0; i < stripe.streams.size(); i++) {
        byte[] stored = stored(stripe.streams.get(i), target, random);
        out.writeBytes(stored);
        Node stream = i < streams.size() ? streams.get(i) : new Node();
        if (truthful && stream.children != null) {
          stream.set(3, stored.length);
          long streamKind = stream.number(1);
          if (streamKind == 6 || streamKind == 7 || streamKind == 8) {
            index += stored.length;
          } else {
            data += stored.length;
          }
        }
      }
      lastlyOfStripes.accept(stripe.footer);
      byte[] stored = stored(Protobuf.write(stripe.footer), target, random);
      out.writeBytes(stored);
      if (truthful) {
        stripe.information.set(1, begin);
        stripe.information.set(2, index);
        stripe.information.set(3, data);
        stripe.information.set(4, stored.length);
      }
    }
    lastly.accept(footer);
    byte[] stored = stored(Protobuf.write(footer), target, random);
    out.writeBytes(stored);
    postscript.set(1, stored.length);
    postscript.set(2, target);
    postscript.set(3, 1 << 16);
    postscript.set(5, 0);
    if (random.nextInt(20) == 0) {
      Protobuf.change(postscript, random);
    }
    byte[] end = Protobuf.write(postscript);
    out.writeBytes(end);
    out.write(end.length);
    return out.toByteArray();
  }

  private byte[] plain(byte[] stored) throws DataFormatException {
    if (kind == NONE) {
      return stored;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int at = 0;
    while (at < stored.length) {
      int head = stored[at] & 0xff | (stored[at + 1] & 0xff) << 8 | (stored[at + 2] & 0xff) << 16;
      at += 3;
      int length = head >>> 1;
      if ((head & 1) == 1) {
        out.write(stored, at, length);
      } else {
        Inflater inflater = new Inflater(true);
        inflater.setInput(stored, at, length);
        byte[] piece = new byte[1 << 18];
        out.write(piece, 0, inflater.inflate(piece));
        inflater.end();
      }
      at += length;
    }
    return out.toByteArray();
  }

  private static byte[] stored(byte[] plain, int kind, Random random) {
    if (kind == NONE) {
      return plain;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int step = random.nextInt(4) == 0 ? 1 + random.nextInt(50) : 1 << 16;
    for (int at = 0; at < plain.length; at += step) {
      int length = Math.min(step, plain.length - at);
      byte[] piece = new byte[length + 100];
      Deflater deflater = new Deflater(1, true);
      deflater.setInput(plain, at, length);
      deflater.finish();
      int size = deflater.deflate(piece);
      deflater.end();
      boolean original = size >= length || random.nextInt(5) == 0;
      int head = (original ? length : size) << 1 | (original ? 1 : 0);
      if (random.nextInt(400) == 0) {
        head = (int) Damage.number(head, random) & 0xff_ffff;
      }
      out.write(head);
      out.write(head >>> 8);
      out.write(head >>> 16);
      out.write(original ? plain : piece, original ? at : 0, original ? length : size);
    }
    return out.toByteArray();
  }
}

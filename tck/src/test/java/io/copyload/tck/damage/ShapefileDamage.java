package io.copyload.tck.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/** Damages the parts of a shapefile at their numbers: lengths, counts, offsets, shape types. */
final class ShapefileDamage {
  private ShapefileDamage() {}

  static byte[] shp(byte[] good, Random random) {
    byte[] bytes = good.clone();
    if (bytes.length < 108 || random.nextInt(5) == 0) {
      return other(bytes, random);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    int at = 100;
    for (int record = random.nextInt(8); record > 0; record--) {
      int next = at + 8 + 2 * buffer.getInt(at + 4);
      if (next < at || next + 8 > bytes.length) {
        break;
      }
      at = next;
    }
    int body = at + 8;
    switch (random.nextInt(5)) {
      case 0 -> number(buffer, at + 4 * random.nextInt(2), ByteOrder.BIG_ENDIAN, random);
      case 1 -> number(buffer, body, ByteOrder.LITTLE_ENDIAN, random);
      case 2 ->
          // Counts of parts and points behind the type and the box, or the parts themselves.
          number(buffer, body + 36 + 4 * random.nextInt(8), ByteOrder.LITTLE_ENDIAN, random);
      case 3 -> coordinate(buffer, body + 4 + 8 * random.nextInt(12), random);
      default -> number(buffer, 24 + 4 * random.nextInt(4), ByteOrder.BIG_ENDIAN, random);
    }
    return random.nextInt(10) == 0 ? Damage.moved(bytes, random) : bytes;
  }

  static byte[] shx(byte[] good, Random random) {
    byte[] bytes = good.clone();
    if (bytes.length < 108 || random.nextInt(4) == 0) {
      return other(bytes, random);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    number(
        buffer,
        random.nextInt(4) == 0 ? 24 : 100 + 4 * random.nextInt((bytes.length - 100) / 4),
        ByteOrder.BIG_ENDIAN,
        random);
    return bytes;
  }

  static byte[] dbf(byte[] good, Random random) {
    byte[] bytes = good.clone();
    if (bytes.length < 70 || random.nextInt(4) == 0) {
      return other(bytes, random);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int header = Math.min(bytes.length, buffer.getShort(8) & 0xffff);
    switch (random.nextInt(5)) {
      case 0 -> number(buffer, 4, ByteOrder.LITTLE_ENDIAN, random);
      case 1 ->
          buffer.putShort(
              8 + 2 * random.nextInt(2), (short) Damage.number(buffer.getShort(8), random));
      case 2 -> {
        // Type, length or fraction digits of an attribute.
        int attribute = 32 + 32 * random.nextInt(Math.max(1, (header - 32) / 32));
        int at =
            Math.min(bytes.length - 1, attribute + new int[] {0, 11, 16, 17}[random.nextInt(4)]);
        bytes[at] = (byte) Damage.number(bytes[at], random);
      }
      case 3 -> bytes[Math.min(bytes.length - 1, 29)] = (byte) random.nextInt(256);
      default -> Damage.bytes(bytes, Math.min(header, bytes.length - 1), bytes.length, random);
    }
    return bytes;
  }

  /** The small files beside it: projection and code page. */
  static byte[] text(byte[] good, Random random) {
    return random.nextBoolean() ? Damage.text(good, random) : JsonDamage.of(good, random);
  }

  private static byte[] other(byte[] bytes, Random random) {
    return random.nextBoolean()
        ? Damage.bytes(bytes, 0, bytes.length, random)
        : Damage.moved(Arrays.copyOf(bytes, bytes.length), random);
  }

  private static void number(ByteBuffer buffer, int at, ByteOrder order, Random random) {
    if (at >= 0 && at + 4 <= buffer.capacity()) {
      buffer.order(order).putInt(at, (int) Damage.number(buffer.order(order).getInt(at), random));
    }
  }

  private static void coordinate(ByteBuffer buffer, int at, Random random) {
    double[] odd = {
      Double.NaN, Double.POSITIVE_INFINITY, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, -1e39, 0
    };
    if (at + 8 <= buffer.capacity()) {
      buffer.order(ByteOrder.LITTLE_ENDIAN).putDouble(at, odd[random.nextInt(odd.length)]);
    }
  }
}

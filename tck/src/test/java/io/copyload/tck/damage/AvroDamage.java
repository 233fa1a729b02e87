package io.copyload.tck.damage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Damages Avro container files behind their compression: metadata with the schema, counts and sizes
 * of blocks, and the records' bytes.
 */
final class AvroDamage {
  private record Block(long count, byte[] records) {}

  private final List<String> keys = new ArrayList<>();
  private final List<byte[]> values = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final byte[] sync;
  private String codec = "null";

  private AvroDamage(byte[] file) throws DataFormatException {
    int[] at = {4};
    for (long count = number(file, at); count != 0; count = number(file, at)) {
      if (count < 0) {
        number(file, at);
      }
      for (long i = Math.abs(count); i > 0; i--) {
        keys.add(new String(bytes(file, at), StandardCharsets.UTF_8));
        values.add(bytes(file, at));
      }
    }
    int named = keys.indexOf("avro.codec");
    if (named >= 0) {
      codec = new String(values.get(named), StandardCharsets.UTF_8);
    }
    sync = Arrays.copyOfRange(file, at[0], at[0] + 16);
    at[0] += 16;
    while (at[0] < file.length) {
      long count = number(file, at);
      byte[] stored = bytes(file, at);
      at[0] += 16;
      blocks.add(
          new Block(
              count,
              switch (codec) {
                case "null" -> stored;
                case "deflate" -> {
                  Inflater inflater = new Inflater(true);
                  inflater.setInput(stored);
                  byte[] plain = new byte[1 << 20];
                  int length = inflater.inflate(plain);
                  inflater.end();
                  yield Arrays.copyOf(plain, length);
                }
                default -> throw new IllegalArgumentException(codec);
              }));
    }
  }

  static byte[] of(byte[] good, Random random) {
    if (random.nextInt(6) == 0) {
      return random.nextBoolean()
          ? Damage.bytes(good.clone(), 0, good.length, random)
          : Damage.moved(good, random);
    }
    try {
      AvroDamage file = new AvroDamage(good);
      for (int i = random.nextInt(2); i >= 0; i--) {
        file.change(random);
      }
      return file.write(random);
    } catch (RuntimeException | DataFormatException e) {
      return Damage.bytes(good.clone(), 0, good.length, random);
    }
  }

  private void change(Random random) {
    if (random.nextInt(3) == 0 || blocks.isEmpty()) {
      int at = random.nextInt(values.size());
      byte[] value = values.get(at);
      if (keys.get(at).equals("avro.schema") && random.nextInt(4) != 0) {
        value = JsonDamage.of(value, random);
      } else if (random.nextBoolean()) {
        value = Damage.bytes(value.clone(), 0, value.length, random);
      } else {
        value = Damage.text(value, random);
      }
      values.set(at, value);
      return;
    }
    int at = random.nextInt(blocks.size());
    Block block = blocks.get(at);
    blocks.set(
        at,
        switch (random.nextInt(4)) {
          case 0 -> new Block(Damage.number(block.count, random), block.records);
          case 1 -> new Block(block.count, Damage.moved(block.records, random));
          case 2 -> new Block(block.count, varint(block.records, random));
          default ->
              new Block(
                  block.count,
                  Damage.bytes(
                      block.records.clone(),
                      0,
                      random.nextBoolean()
                          ? Math.min(40, block.records.length)
                          : block.records.length,
                      random));
        });
  }

  /** Puts the bytes of some number in the place of one byte. */
  private static byte[] varint(byte[] records, Random random) {
    if (records.length == 0) {
      return records;
    }
    ByteArrayOutputStream number = new ByteArrayOutputStream();
    write(Damage.number(random.nextInt(100), random), number);
    return Damage.splice(records, random.nextInt(records.length), 1, number.toByteArray());
  }

  private byte[] write(Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {'O', 'b', 'j', 1});
    write(keys.size(), out);
    for (int i = 0; i < keys.size(); i++) {
      bytes(keys.get(i).getBytes(StandardCharsets.UTF_8), out);
      bytes(values.get(i), out);
    }
    write(0, out);
    out.writeBytes(sync);
    for (Block block : blocks) {
      write(block.count, out);
      byte[] stored = block.records;
      if (codec.equals("deflate")) {
        Deflater deflater = new Deflater(1, true);
        deflater.setInput(stored);
        deflater.finish();
        byte[] piece = new byte[stored.length + 100];
        stored = Arrays.copyOf(piece, deflater.deflate(piece));
        deflater.end();
      }
      if (random.nextInt(30) == 0) {
        write(Damage.number(stored.length, random), out);
        out.writeBytes(stored);
      } else {
        bytes(stored, out);
      }
      out.writeBytes(random.nextInt(60) == 0 ? new byte[16] : sync);
    }
    return out.toByteArray();
  }

  private static long number(byte[] file, int[] at) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte b = file[at[0]++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        return value >>> 1 ^ -(value & 1);
      }
    }
  }

  private static byte[] bytes(byte[] file, int[] at) {
    int length = (int) number(file, at);
    at[0] += length;
    return Arrays.copyOfRange(file, at[0] - length, at[0]);
  }

  private static void bytes(byte[] bytes, ByteArrayOutputStream out) {
    write(bytes.length, out);
    out.writeBytes(bytes);
  }

  private static void write(long number, ByteArrayOutputStream out) {
    long rest = number << 1 ^ number >> 63;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) (rest & 0x7f | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}

package io.copyload.tck.damage;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Changes that hurt whatever the format is. */
final class Damage {
  private static final long[] EDGES = {
    0,
    1,
    -1,
    2,
    7,
    8,
    31,
    32,
    33,
    63,
    64,
    65,
    127,
    128,
    255,
    256,
    1000,
    4096,
    65_535,
    65_536,
    1 << 20,
    1 << 24,
    1 << 30,
    Integer.MAX_VALUE,
    Integer.MIN_VALUE,
    Integer.MAX_VALUE - 7,
    1L << 31,
    1L << 32,
    1L << 33,
    (1L << 40) + 1,
    Long.MAX_VALUE,
    Long.MIN_VALUE,
    Long.MAX_VALUE / 8
  };

  private Damage() {}

  /** A number that readers get wrong, or one near the old one. */
  static long number(long old, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> old + 1;
      case 1 -> old - 1;
      case 2 -> old * 2;
      case 3 -> -old;
      case 4 -> old ^ 1L << random.nextInt(64);
      case 5 -> random.nextInt(64);
      default -> EDGES[random.nextInt(EDGES.length)];
    };
  }

  /** A text with something wrong. */
  static byte[] text(byte[] old, Random random) {
    return switch (random.nextInt(7)) {
      case 0 -> new byte[0];
      case 1 -> Arrays.copyOf(old, old.length / 2);
      case 2 -> Arrays.copyOf(old, old.length + 1 + random.nextInt(9));
      case 3 -> "a".repeat(random.nextInt(3000)).getBytes(StandardCharsets.US_ASCII);
      case 4 -> new byte[] {(byte) 0xff, (byte) 0xc3, '"', 0, '\n'};
      default -> old.length == 0 ? new byte[] {'x'} : bytes(old.clone(), 0, old.length, random);
    };
  }

  /** Changes one to four places of a range; the array is the one that was given. */
  static byte[] bytes(byte[] bytes, int from, int to, Random random) {
    if (from >= to) {
      return bytes;
    }
    for (int i = random.nextInt(4); i >= 0; i--) {
      int at = from + random.nextInt(to - from);
      switch (random.nextInt(6)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) EDGES[random.nextInt(16)];
        case 2 -> Arrays.fill(bytes, at, Math.min(to, at + 1 + random.nextInt(9)), (byte) 0xff);
        case 3 -> Arrays.fill(bytes, at, Math.min(to, at + 1 + random.nextInt(9)), (byte) 0);
        case 4 -> {
          int length = Math.min(1 + random.nextInt(16), to - at);
          System.arraycopy(bytes, from + random.nextInt(to - from - length + 1), bytes, at, length);
        }
        default -> bytes[at] = (byte) random.nextInt(256);
      }
    }
    return bytes;
  }

  /** Cuts a piece out, doubles one, puts bytes in or drops the end. */
  static byte[] moved(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(bytes.length);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(40));
    return switch (random.nextInt(4)) {
      case 0 -> Arrays.copyOf(bytes, at);
      case 1 -> splice(bytes, at, length, new byte[0]);
      case 2 -> splice(bytes, at, 0, Arrays.copyOfRange(bytes, at, at + length));
      default -> {
        byte[] noise = new byte[1 + random.nextInt(9)];
        random.nextBytes(noise);
        yield splice(bytes, at, 0, noise);
      }
    };
  }

  /** The bytes with a range replaced. */
  static byte[] splice(byte[] bytes, int at, int removed, byte[] in) {
    byte[] out = new byte[bytes.length - removed + in.length];
    System.arraycopy(bytes, 0, out, 0, at);
    System.arraycopy(in, 0, out, at, in.length);
    System.arraycopy(bytes, at + removed, out, at + in.length, bytes.length - at - removed);
    return out;
  }
}

package io.copyload.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Damaged data give an error or what a plain decoder reads, and the same bytes before the same
 * error for any cut and any number of threads.
 */
class CodecsFuzzTest {
  private static final int ROUNDS = Integer.getInteger("copyload.rounds", 120);

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void damageIsFoundAlikeByAnyCut() throws Exception {
    Map<String, byte[]> fixtures = CodecsTest.fixtures();
    for (int round = 0; round < ROUNDS; round++) {
      long seed = baseSeed + round;
      for (Map.Entry<String, byte[]> fixture : fixtures.entrySet()) {
        check(seed, fixture.getKey(), fixture.getValue());
      }
      Random random = new Random(seed);
      String codec = Compressed.CODECS.get(random.nextInt(Compressed.CODECS.size()));
      byte[] data = CodecsTest.data(random, random.nextInt(1 << random.nextInt(18)));
      check(seed, "x." + codec, Compressed.compress(codec, data, random));
    }
  }

  private static void check(long seed, String name, byte[] stored) {
    Random random = new Random(seed ^ name.hashCode());
    Codec codec = Codecs.detect(name, stored, Math.min(stored.length, Codecs.HEAD_BYTES));
    byte[] damaged = random.nextInt(10) == 0 ? stored : damaged(stored, random);
    try {
      assertNotNull(codec, name);
      Decoding.Outcome plain = Decoding.PLAIN.decode(codec, damaged);
      if (plain.failure() == null
          && Compressed.hasPlain(codec.name())
          && !name.contains("legacy")) {
        byte[] expected = Compressed.plain(codec.name(), damaged);
        if (expected != null) {
          assertArrayEquals(expected, plain.bytes(), name);
        }
      }
      for (int trial = 0; trial < 2; trial++) {
        Decoding cut =
            new Decoding(
                1 + random.nextInt(1 << random.nextInt(16)),
                1 + random.nextInt(1 << random.nextInt(18)),
                1 + random.nextInt(4),
                1 + random.nextInt(1 << random.nextInt(16)));
        Decoding.Outcome outcome = cut.decode(codec, damaged);
        assertTrue(plain.sameAs(outcome), cut + ": " + plain + ", but " + outcome);
      }
    } catch (Throwable e) {
      throw new AssertionError(name + " -Dcopyload.seed=" + seed + " -Dcopyload.rounds=1", e);
    }
  }

  private static byte[] damaged(byte[] stored, Random random) {
    byte[] bytes = stored.clone();
    for (int times = 1 + random.nextInt(2); times > 0 && bytes.length > 0; times--) {
      int at = random.nextInt(bytes.length);
      int count = 1 + random.nextInt(Math.min(200, bytes.length - at));
      switch (random.nextInt(8)) {
        case 0, 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> bytes[at] = (byte) random.nextInt(256);
        case 3 -> bytes = Arrays.copyOf(bytes, at);
        case 4 -> Arrays.fill(bytes, at, at + count, (byte) 0);
        case 5 -> // bytes go missing
            bytes =
                Compressed.join(
                    Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at + count, bytes.length));
        case 6 -> // bytes come twice
            bytes =
                Compressed.join(
                    Arrays.copyOf(bytes, at + count), Arrays.copyOfRange(bytes, at, bytes.length));
        default -> {
          byte[] noise = new byte[count];
          random.nextBytes(noise);
          bytes = Compressed.join(bytes, noise);
        }
      }
    }
    return bytes;
  }

  /** Names used in messages of failures. */
  @Test
  void everyCodecIsAmongTheFixtures() throws Exception {
    List<String> found =
        CodecsTest.fixtures().entrySet().stream()
            .map(f -> Codecs.detect(f.getKey(), f.getValue(), Codecs.HEAD_BYTES).name())
            .distinct()
            .sorted()
            .toList();
    assertTrue(
        found.equals(List.of("brotli", "bzip2", "gzip", "lz4", "lzop", "xz", "zstd")),
        found.toString());
  }
}

package io.copyload.engine.store.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every lane encoding is chosen where it belongs and gives back what went in. */
final class LaneEncoderTest {
  private static final long SEED = Long.getLong("copyload.seed", System.nanoTime());
  private static final int ROWS = 20_000;

  private final Random random = new Random(SEED);
  private final LaneEncoder encoder = new LaneEncoder();
  private int byteCount;

  @BeforeAll
  static void printSeed() {
    System.out.println("LaneEncoderTest seed " + SEED);
  }

  @Test
  void oneValueIsConstant() {
    assertEquals(LaneEncoding.CONSTANT, integers(ROWS, i -> -5));
    assertEquals(LaneEncoding.CONSTANT, integers(1, i -> Long.MIN_VALUE));
    assertEquals(LaneEncoding.CONSTANT, doubles(ROWS, i -> Double.NaN));
  }

  @Test
  void smallRangesArePacked() {
    assertEquals(LaneEncoding.PACKED, integers(ROWS, i -> 1_000_000 + random.nextInt(1000)));
    assertTrue(byteCount <= ROWS * 10 / 8 + 16);
    assertEquals(LaneEncoding.PACKED, integers(3, i -> (i * 7) % 10));
    assertEquals(LaneEncoding.ARITHMETIC, integers(2, i -> i * 7));
  }

  @Test
  void everyWidthIsPackedAtEveryLength() {
    for (int width = 1; width <= 64; width++) {
      long mask = width == 64 ? -1 : (1L << width) - 1;
      for (int rows : new int[] {2, 3, 5, 63, 64, 65, 1023, 1024, 1025, 2500}) {
        integers(rows, i -> i == 0 ? 0 : i == 1 ? mask : random.nextLong() & mask);
      }
    }
  }

  @Test
  void wholeSecondsAreScaled() {
    assertEquals(LaneEncoding.SCALED, integers(ROWS, i -> random.nextInt(86_400) * 1_000_000_000L));
    assertTrue(byteCount <= ROWS * 17 / 8 + 24);
    assertEquals(LaneEncoding.SCALED, integers(ROWS, i -> 7 + random.nextInt(50) * 100L));
    assertEquals(LaneEncoding.SCALED, integers(ROWS, i -> (random.nextInt(50) - 25) * 96L));
  }

  @Test
  void oneOddValueAmongScaledOnesIsKept() {
    int odd = 1 + random.nextInt(ROWS - 1);
    integers(ROWS, i -> random.nextInt(86_400) * 1_000_000_000L + (i == odd ? 1 : 0));
  }

  @Test
  void nearlySortedValuesAreDeltas() {
    long[] last = {0};
    assertEquals(LaneEncoding.DELTA, integers(ROWS, i -> last[0] += random.nextInt(20)));
    last[0] = Long.MAX_VALUE - 100;
    integers(ROWS, i -> last[0] += random.nextInt(20));
  }

  @Test
  void stepsAreArithmetic() {
    assertEquals(LaneEncoding.ARITHMETIC, integers(ROWS, i -> 1000 - 3L * i));
    assertEquals(LaneEncoding.ARITHMETIC, integers(ROWS, i -> Long.MAX_VALUE - 5 + i));
    assertTrue(byteCount < 30);
  }

  @Test
  void longRunsAreRuns() {
    assertEquals(LaneEncoding.RUNS, integers(ROWS, i -> (i / 100) * 31 % 17));
    assertEquals(LaneEncoding.RUNS, integers(ROWS, i -> i < ROWS / 2 ? 1 : 2));
    long[] values = random.longs(20).toArray();
    assertEquals(LaneEncoding.RUNS, integers(ROWS, i -> values[i / 1000]));
  }

  @Test
  void fewWideValuesGetADictionary() {
    long[] values = random.longs(50).toArray();
    assertEquals(
        LaneEncoding.DICTIONARY, integers(ROWS, i -> values[random.nextInt(values.length)]));
    assertTrue(byteCount <= ROWS * 6 / 8 + 500);
    assertEquals(LaneEncoding.DICTIONARY, doubles(ROWS, i -> Math.sqrt(random.nextInt(40))));
  }

  @Test
  void randomBitsAreRaw() {
    assertEquals(LaneEncoding.RAW, integers(ROWS, i -> random.nextLong()));
    assertEquals(LaneEncoding.RAW, doubles(ROWS, i -> random.nextGaussian()));
  }

  @Test
  void decimalsAreIntegers() {
    assertEquals(LaneEncoding.DECIMAL_DOUBLE, doubles(ROWS, i -> random.nextInt(50)));
    assertEquals(
        LaneEncoding.DECIMAL_DOUBLE, doubles(ROWS, i -> random.nextInt(10_000_000) / 100.0));
    assertTrue(byteCount <= ROWS * 24 / 8 + 24);
    assertEquals(
        LaneEncoding.DECIMAL_DOUBLE, doubles(ROWS, i -> (random.nextInt() >> 4) / 10_000.0));
    assertEquals(LaneEncoding.DECIMAL_FLOAT, floats(ROWS, i -> random.nextInt(10_000) / 100f));
    assertEquals(LaneEncoding.CONSTANT, floats(ROWS, i -> 0.1f));
  }

  @Test
  void oneValueThatIsNoDecimalKeepsAllAsTheyAre() {
    double[] strangers = {
      -0.0,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      0.1 + 0.2,
      1e16,
      Double.longBitsToDouble(0x7ff8000000000123L),
      Double.longBitsToDouble(0xfff0000000000001L)
    };
    for (double stranger : strangers) {
      int row = random.nextInt(ROWS);
      doubles(ROWS, i -> i == row ? stranger : random.nextInt(10_000) / 100.0);
      floats(ROWS, i -> i == row ? (float) stranger : random.nextInt(10_000) / 100f);
    }
  }

  @Test
  void extremesComeBack() {
    long[] extremes = {Long.MIN_VALUE, Long.MAX_VALUE, 0, -1, 1};
    for (int round = 0; round < 50; round++) {
      integers(1 + random.nextInt(5000), i -> extremes[random.nextInt(5)]);
      int shift = random.nextInt(64);
      integers(1 + random.nextInt(5000), i -> random.nextLong() >> shift);
      integers(1 + random.nextInt(5000), i -> random.nextLong() << shift);
    }
  }

  private LaneEncoding doubles(int rows, java.util.function.IntToDoubleFunction value) {
    long[] bits = new long[rows];
    Arrays.setAll(bits, i -> Double.doubleToRawLongBits(value.applyAsDouble(i)));
    return check(bits, 'd');
  }

  private LaneEncoding floats(int rows, java.util.function.IntToDoubleFunction value) {
    long[] bits = new long[rows];
    Arrays.setAll(bits, i -> Float.floatToRawIntBits((float) value.applyAsDouble(i)));
    return check(bits, 'f');
  }

  private LaneEncoding integers(int rows, IntToLongFunction value) {
    long[] values = new long[rows];
    Arrays.setAll(values, value);
    return check(values, 'i');
  }

  private LaneEncoding check(long[] values, char kind) {
    // Tiny parts cut every kernel's output everywhere.
    ChunkOutput out = new ChunkOutput(1 + random.nextInt(random.nextBoolean() ? 100 : 100_000));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    out.begin((part, piece) -> bytes.writeBytes(piece));
    long[] given = values.clone();
    LaneEncoding encoding =
        switch (kind) {
          case 'd' -> encoder.encodeDoubles(given, given.length, out);
          case 'f' -> encoder.encodeFloats(given, given.length, out);
          default -> encoder.encode(given, given.length, out);
        };
    out.finish();
    assertArrayEquals(values, given, "the encoder changed its input");
    byte[] chunk = bytes.toByteArray();
    byteCount = chunk.length;
    assertEquals(byteCount, out.byteCount());
    ChunkInput in = new ChunkInput(chunk, 0, chunk.length - Integer.BYTES);
    assertArrayEquals(
        values, LaneDecoder.decode(in, values.length), () -> encoding + ", seed " + SEED);
    assertEquals(0, in.remaining());
    assertEquals(encoding.tag(), chunk[0]);
    return encoding;
  }
}

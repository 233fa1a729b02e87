package io.copyload.engine.store.encoding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Dictionaries find what they hold, and byte-string blocks give back what went in. */
final class ByteStringEncoderTest {
  private static final long SEED = Long.getLong("copyload.seed", System.nanoTime());

  private final Random random = new Random(SEED);
  private final ByteStringEncoder encoder = new ByteStringEncoder(new LaneEncoder());

  @BeforeAll
  static void printSeed() {
    System.out.println("ByteStringEncoderTest seed " + SEED);
  }

  @Test
  void aDictionaryGivesEqualValuesTheSameCode() {
    ByteStringDictionary dictionary = new ByteStringDictionary();
    for (int round = 0; round < 20; round++) {
      dictionary.clear();
      Map<String, Integer> expected = new LinkedHashMap<>();
      int longest = 1 + random.nextInt(60);
      for (int i = 0; i < 20_000; i++) {
        // Few letters and zero bytes: many values are prefixes of others, or differ in one place
        // only.
        byte[] padded = new byte[longest + 20];
        int begin = random.nextInt(20);
        int length = random.nextInt(longest);
        for (int k = 0; k < length; k++) {
          padded[begin + k] = (byte) (random.nextInt(40) == 0 ? 'b' : 0);
        }
        byte[] source = random.nextBoolean() ? padded : Arrays.copyOf(padded, begin + length);
        String key = new String(source, begin, length, StandardCharsets.ISO_8859_1);
        int code = dictionary.intern(source, begin, length);
        assertEquals(expected.computeIfAbsent(key, k -> expected.size()), code, "seed " + SEED);
      }
      assertEquals(expected.size(), dictionary.size());
      for (Map.Entry<String, Integer> entry : expected.entrySet()) {
        int offset = dictionary.offset(entry.getValue());
        int length = dictionary.length(entry.getValue());
        assertEquals(
            entry.getKey(),
            new String(dictionary.bytes(), offset, length, StandardCharsets.ISO_8859_1));
      }
    }
  }

  @Test
  void aDictionaryTakesNoMoreThanItsLimits() {
    ByteStringDictionary dictionary = new ByteStringDictionary();
    int taken = 0;
    for (int i = 0; i < 100_000; i++) {
      byte[] value = Integer.toString(i).getBytes(StandardCharsets.ISO_8859_1);
      taken += dictionary.intern(value, 0, value.length) >= 0 ? 1 : 0;
    }
    assertEquals(ByteStringDictionary.MAX_ENTRIES, taken);
    assertTrue(dictionary.heapBytes() < 6 << 20);
    dictionary.clear();
    assertTrue(dictionary.heapBytes() < 64 << 10);
    byte[] large = new byte[ByteStringDictionary.MAX_BYTES];
    assertEquals(0, dictionary.intern(large, 0, large.length - 1));
    large[5] = 1;
    assertEquals(-1, dictionary.intern(large, 0, 2));
    assertEquals(1, dictionary.intern(large, 0, 1));
  }

  @Test
  void aDictionaryOfOneEntryIsConstant() {
    ByteStringDictionary dictionary = new ByteStringDictionary();
    dictionary.intern("only".getBytes(StandardCharsets.UTF_8), 0, 4);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ChunkOutput out = begin(bytes);
    assertEquals(ByteStringEncoding.CONSTANT, encoder.encode(dictionary, new int[1000], 1000, out));
    out.finish();
    assertEquals(1 + 4 + 4 + 4, bytes.size());
    ByteStringBlock block = decode(bytes, 1000);
    assertEquals(2, block.offsets().length);
    assertArrayEquals(new int[1000], block.codes());
  }

  @Test
  void codesComeBackAsADictionary() {
    ByteStringDictionary dictionary = new ByteStringDictionary();
    int[] codes = new int[5000];
    for (int i = 0; i < codes.length; i++) {
      byte[] value = Integer.toString(random.nextInt(300)).getBytes(StandardCharsets.UTF_8);
      codes[i] = dictionary.intern(value, 0, value.length);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ChunkOutput out = begin(bytes);
    assertEquals(
        ByteStringEncoding.DICTIONARY, encoder.encode(dictionary, codes, codes.length, out));
    out.finish();
    ByteStringBlock block = decode(bytes, codes.length);
    assertArrayEquals(codes, block.codes());
    for (int i = 0; i < dictionary.size(); i++) {
      assertArrayEquals(
          Arrays.copyOfRange(
              dictionary.bytes(),
              dictionary.offset(i),
              dictionary.offset(i) + dictionary.length(i)),
          Arrays.copyOfRange(block.bytes(), block.offsets()[i], block.offsets()[i + 1]));
    }
  }

  @Test
  void bytesThatRepeatAreCompressedAndOthersAreNot() {
    byte[] repeating =
        "{\"name\": \"value\", \"other\": 5, \"list\": []}\n"
            .repeat(5000)
            .getBytes(StandardCharsets.UTF_8);
    assertEquals(ByteStringEncoding.PLAIN_LZ4, plain(repeating));
    byte[] noise = new byte[200_000];
    random.nextBytes(noise);
    assertEquals(ByteStringEncoding.PLAIN, plain(noise));
    assertEquals(ByteStringEncoding.PLAIN, plain(new byte[0]));
    assertEquals(ByteStringEncoding.PLAIN, plain(new byte[100]));
  }

  private ByteStringEncoding plain(byte[] values) {
    int count = 1000;
    int[] lengths = new int[count];
    int left = values.length;
    for (int i = 0; i < count - 1; i++) {
      lengths[i] = Math.min(left, random.nextInt(2 * values.length / count + 1));
      left -= lengths[i];
    }
    lengths[count - 1] = left;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ChunkOutput out = begin(bytes);
    ByteStringEncoding encoding = encoder.encode(values, values.length, lengths, count, out);
    out.finish();
    if (encoding == ByteStringEncoding.PLAIN_LZ4) {
      assertTrue(bytes.size() < values.length * ByteStringEncoder.MAX_LZ4_RATIO);
    }
    ByteStringBlock block = decode(bytes, count);
    int[] offsets = block.offsets();
    for (int i = 0; i < count; i++) {
      assertEquals(lengths[i], offsets[i + 1] - offsets[i]);
    }
    assertArrayEquals(values, Arrays.copyOfRange(block.bytes(), offsets[0], offsets[count]));
    return encoding;
  }

  private ChunkOutput begin(ByteArrayOutputStream bytes) {
    ChunkOutput out = new ChunkOutput(1 + random.nextInt(5000));
    out.begin((part, piece) -> bytes.writeBytes(piece));
    return out;
  }

  private static ByteStringBlock decode(ByteArrayOutputStream bytes, int count) {
    byte[] chunk = bytes.toByteArray();
    ChunkInput in = new ChunkInput(chunk, 0, chunk.length - Integer.BYTES);
    ByteStringBlock block = ByteStringBlock.decode(in, count);
    assertEquals(0, in.remaining());
    return block;
  }
}

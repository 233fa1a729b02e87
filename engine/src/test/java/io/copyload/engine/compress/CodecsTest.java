package io.copyload.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdCompressor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CodecsTest {
  /** Made by the tools of a Debian system; see the README there. */
  private static final Path FIXTURES = Path.of("..", "tck", "cases", "compression", "data");

  private static final List<Decoding> CUTS =
      List.of(
          Decoding.PLAIN,
          new Decoding(1, 1, 1, 1),
          new Decoding(1, 100, 2, 1),
          new Decoding(7, 1 << 16, 3, 50),
          new Decoding(1000, 13, 2, 1000),
          new Decoding(1 << 20, 1 << 20, 4, 1 << 18));

  static Map<String, byte[]> fixtures() throws IOException {
    Map<String, byte[]> fixtures = new TreeMap<>();
    try (Stream<Path> files = Files.list(FIXTURES)) {
      for (Path file : files.filter(f -> f.getFileName().toString().startsWith("rows")).toList()) {
        fixtures.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    assertTrue(fixtures.size() >= 15, fixtures.keySet().toString());
    return fixtures;
  }

  static byte[] rows() throws IOException {
    return Compressed.plain("gzip", Files.readAllBytes(FIXTURES.resolve("rows.csv.gz")));
  }

  private static Decoding.Outcome decode(String name, byte[] stored) throws Exception {
    Decoding.Outcome plain = Decoding.PLAIN.decode(name, stored);
    for (Decoding cut : CUTS) {
      Decoding.Outcome outcome = cut.decode(name, stored);
      assertTrue(plain.sameAs(outcome), name + " " + cut + ": " + plain + ", but " + outcome);
    }
    return plain;
  }

  private static byte[] good(String name, byte[] stored) throws Exception {
    Decoding.Outcome outcome = decode(name, stored);
    assertNull(outcome.failure(), name);
    return outcome.bytes();
  }

  @Test
  void filesOfTheRealToolsAreDecodedByAnyCut() throws Exception {
    byte[] rows = rows();
    for (Map.Entry<String, byte[]> fixture : fixtures().entrySet()) {
      assertArrayEquals(rows, good(fixture.getKey(), fixture.getValue()), fixture.getKey());
    }
  }

  @Test
  void theContentTellsTheCodecAndTheNameOnlyBrotli() throws Exception {
    for (Map.Entry<String, byte[]> fixture : fixtures().entrySet()) {
      byte[] stored = fixture.getValue();
      Codec named = Codecs.detect(fixture.getKey(), stored, Codecs.HEAD_BYTES);
      Codec unnamed = Codecs.detect("data", stored, Codecs.HEAD_BYTES);
      assertEquals(named.name().equals("brotli") ? null : named, unnamed, fixture.getKey());
      assertTrue(Codecs.isNamedCompressed(fixture.getKey()) || fixture.getKey().endsWith(".bgz"));
    }
    for (String text : List.of("", "a", "1,2\n", "BZh9,x\n", "(x)", "\u0004x", "P*M", "\u001f\n")) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      assertNull(Codecs.detect("a.csv.gz", bytes, bytes.length), text);
    }
    byte[] skippable = {0x50, 0x2a, 0x4d, 0x18, 0, 0, 0, 0, 0, 0};
    assertEquals("lz4", Codecs.detect("a.LZ4", skippable, 10).name());
    assertEquals("zstd", Codecs.detect("a.zst", skippable, 10).name());
    assertEquals("zstd", Codecs.detect("a", skippable, 10).name());
  }

  @Test
  void everyTruncationIsSaidWithItsPlace() throws Exception {
    for (Map.Entry<String, byte[]> fixture : fixtures().entrySet()) {
      byte[] stored = fixture.getValue();
      String codec = Codecs.detect(fixture.getKey(), stored, Codecs.HEAD_BYTES).name();
      byte[] rows = rows();
      for (int length = 10; length < stored.length; length += length < 60 ? 1 : 97) {
        byte[] part = Arrays.copyOf(stored, length);
        Decoding.Outcome outcome = Decoding.PLAIN.decode(fixture.getKey(), part);
        assertArrayEquals(Arrays.copyOf(rows, outcome.bytes().length), outcome.bytes());
        boolean atJoint = outcome.failure() == null;
        if (atJoint) {
          assertTrue(fixture.getKey().matches(".*(members|streams|frames|files|bgz|legacy).*"));
        } else if (!codec.equals("brotli") && !outcome.failure().startsWith("there is something")) {
          assertTrue(
              outcome.failure().startsWith(codec + " data ends too early (stored byte "),
              fixture.getKey() + " " + length + ": " + outcome.failure());
        }
      }
    }
  }

  @Test
  void bytesBehindTheDataAreSaidWithTheirPlace() throws Exception {
    for (Map.Entry<String, byte[]> fixture : fixtures().entrySet()) {
      byte[] stored = fixture.getValue();
      Codec codec = Codecs.detect(fixture.getKey(), stored, Codecs.HEAD_BYTES);
      byte[] garbage = "nothing that any codec knows".getBytes(StandardCharsets.UTF_8);
      for (int length = 1; codec.name().equals("xz") && length < 28; length++) {
        byte[] joined = Compressed.join(stored, Arrays.copyOf(garbage, length));
        String failure = decode(fixture.getKey(), joined).failure();
        assertEquals(
            "there is something else behind the xz data (stored byte " + stored.length + ")",
            failure);
      }
      Decoding.Outcome outcome = decode(fixture.getKey(), Compressed.join(stored, garbage));
      if (fixture.getKey().contains("legacy")) {
        // A legacy frame has no end: what follows is a block.
        assertTrue(outcome.failure().startsWith("lz4 data is damaged"), outcome.failure());
        continue;
      }
      assertTrue(
          outcome.failure().startsWith("there is something else behind the " + codec + " data"),
          fixture.getKey() + ": " + outcome.failure());
      if (!codec.name().equals("brotli")) {
        assertTrue(
            outcome.failure().endsWith("(stored byte " + stored.length + ")"), outcome.failure());
      }
      if (!codec.name().equals("brotli")) {
        assertArrayEquals(rows(), outcome.bytes(), fixture.getKey());
      }
    }
    byte[] gzip = fixtures().get("rows.csv.gz");
    assertArrayEquals(rows(), good("padded", Arrays.copyOf(gzip, gzip.length + 1000)));
  }

  @Test
  void emptyStreamsGiveNothing() throws Exception {
    Random random = new Random(3);
    for (String codec : Compressed.CODECS) {
      byte[] empty = Compressed.compress(codec, new byte[0], random);
      assertEquals(0, good(codec, empty).length);
      byte[] some = Compressed.compress(codec, new byte[] {1, 2, 3}, random);
      assertArrayEquals(
          new byte[] {1, 2, 3, 1, 2, 3},
          good(codec, Compressed.join(empty, some, empty, empty, some, empty)));
    }
  }

  @Test
  void largeDataOfManyBlocksAreDecodedByAnyCut() throws Exception {
    Random random = new Random(8);
    byte[] data = data(random, 700_000);
    for (String codec : Compressed.CODECS) {
      for (int round = 0; round < 2; round++) {
        byte[] stored = Compressed.compress(codec, data, random);
        for (Decoding cut :
            List.of(
                Decoding.PLAIN,
                new Decoding(1 << 20, 1 << 20, 2, 1 << 18),
                new Decoding(3001, 70_000, 3, 5000))) {
          Decoding.Outcome outcome = cut.decode(codec, stored);
          assertNull(outcome.failure(), codec);
          assertArrayEquals(data, outcome.bytes(), codec + " " + cut);
        }
      }
    }
  }

  static byte[] data(Random random, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (out.size() < size) {
      switch (random.nextInt(200)) {
        case 0 -> out.writeBytes(new byte[random.nextInt(20_000)]);
        case 1 -> {
          byte[] noise = new byte[random.nextInt(5_000)];
          random.nextBytes(noise);
          out.writeBytes(noise);
        }
        default ->
            out.writeBytes(
                (random.nextInt(1000) + ",word" + random.nextInt(50) + ",aaaaaaaaaaaa\n")
                    .getBytes(StandardCharsets.UTF_8));
      }
    }
    return out.toByteArray();
  }

  @Test
  void longRunsDoNotFillTheMemory() throws Exception {
    byte[] data = new byte[20_000_000];
    Arrays.fill(data, 6_000_000, 20_000_000, (byte) 'x');
    for (String codec : List.of("bzip2", "gzip", "lz4", "zstd")) {
      byte[] stored = Compressed.compress(codec, data, new Random(1));
      Decoding.Outcome outcome = new Decoding(1 << 20, 1 << 20, 2, 1 << 18).decode(codec, stored);
      assertNull(outcome.failure(), codec);
      assertArrayEquals(data, outcome.bytes(), codec);
    }
  }

  @Test
  void gzipInsideGzipIsNotTakenForAMember() throws Exception {
    byte[] inner = fixtures().get("rows.csv.gz");
    byte[] nested = Compressed.join(inner, inner, new byte[100], inner, rows(), inner);
    for (int level : new int[] {0, 1}) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (OutputStream gzip = Compressed.gzip(out, level)) {
        gzip.write(nested);
      }
      byte[] outer = out.toByteArray();
      assertArrayEquals(
          Compressed.join(nested, rows(), nested), good("x", Compressed.join(outer, inner, outer)));
    }
  }

  @Test
  void optionalPartsOfAGzipHeaderArePassedOver() throws Exception {
    byte[] plain = fixtures().get("rows.csv.gz");
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 | 4 | 8 | 16;
    byte[] optional = {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 9, 9};
    byte[] stored =
        Compressed.join(head, optional, Arrays.copyOfRange(plain, 10, plain.length), plain);
    assertArrayEquals(Compressed.join(rows(), rows()), good("x", stored));
  }

  @Test
  void skippableFramesArePassedOver() throws Exception {
    byte[] skippable = {0x5a, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9};
    for (String name : List.of("rows.csv.zst", "rows.csv.lz4", "rows.csv.legacy.lz4")) {
      byte[] stored = fixtures().get(name);
      assertArrayEquals(
          Compressed.join(rows(), rows()),
          good(name, Compressed.join(skippable, stored, skippable, skippable, stored, skippable)));
    }
  }

  @Test
  void zstdFramesThatSayTheirSizeAreDecoded() throws Exception {
    byte[] data = data(new Random(2), 400_000);
    ZstdCompressor compressor = new ZstdCompressor();
    byte[] frame = new byte[compressor.maxCompressedLength(data.length)];
    int length = compressor.compress(data, 0, data.length, frame, 0, frame.length);
    byte[] stored = Arrays.copyOf(frame, length);
    assertArrayEquals(Compressed.join(data, data), good("x", Compressed.join(stored, stored)));
  }

  @Test
  void whatIsNotSupportedIsSaid() throws Exception {
    byte[] lzop = fixtures().get("rows.csv.lzo");
    lzop[19] |= 0x08;
    assertEquals(
        "lzop data was made with a filter, which is not supported (stored byte 0)",
        decode("x", lzop).failure());
    byte[] zstd = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (17 << 3), 1, 0, 0, 0};
    assertEquals(
        "zstd data needs a window of 134217728 bytes, and the most supported is 8388608;"
            + " compress without --long and --ultra (stored byte 0)",
        decode("x", zstd).failure());
    byte[] dictionary = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 1, 0, 7, 1, 0, 0, 0};
    assertEquals(
        "zstd data needs a dictionary, which is not supported (stored byte 0)",
        decode("x", dictionary).failure());
  }

  @Test
  void theMagicOfABzip2BlockIsFoundAtAnyBit() {
    for (int shift = 0; shift < 8; shift++) {
      byte[] bytes = new byte[30];
      for (int bit = 0; bit < 48; bit++) {
        if ((Bzip2Codec.BLOCK_MAGIC >>> (47 - bit) & 1) != 0) {
          int at = 80 + shift + bit;
          bytes[at >> 3] |= (byte) (0x80 >> (at & 7));
        }
      }
      assertEquals(80 - 24 + shift, Bzip2Bits.find(bytes, 3, 0, 27, 27));
      assertEquals(-1, Bzip2Bits.find(bytes, 3, 80 - 24 + shift + 1, 27, 27));
      int needed = (80 + shift + 48 + 7) / 8;
      assertEquals(80 + shift, Bzip2Bits.find(bytes, 0, 0, needed, needed));
      assertEquals(-1, Bzip2Bits.find(bytes, 0, 0, needed - 1, needed - 1));
    }
  }

  @Test
  void xxHashGivesTheKnownSums() {
    assertEquals(0x02cc5d05, XxHash32.of(new byte[0], 0, 0));
    assertEquals(0x550d7456, XxHash32.of(new byte[] {'a'}, 0, 1));
    assertEquals(0x32d153ff, XxHash32.of(new byte[] {'a', 'b', 'c'}, 0, 3));
    byte[] data = new byte[1000];
    new Random(1).nextBytes(data);
    XxHash32 pieces = new XxHash32();
    for (int i = 0; i < 1000; i += 7) {
      pieces.update(data, i, Math.min(7, 1000 - i));
    }
    assertEquals(XxHash32.of(data, 0, 1000), pieces.value());
  }
}

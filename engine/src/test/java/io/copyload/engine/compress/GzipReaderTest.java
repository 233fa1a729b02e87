package io.copyload.engine.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.source.ByteReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class GzipReaderTest {
  private static byte[] gzip(byte[] data) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(data);
    }
    return out.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.writeBytes(part);
    }
    return out.toByteArray();
  }

  /** Decompresses with reads of the stored bytes of {@code step} bytes. */
  private static byte[] read(byte[] stored, int step) throws IOException {
    int head = Math.min(2, stored.length);
    ByteReader in =
        new ByteReader() {
          private int next = head;

          @Override
          public int read(byte[] buffer, int offset, int length) {
            if (next == stored.length) {
              return -1;
            }
            int count = Math.min(Math.min(step, length), stored.length - next);
            System.arraycopy(stored, next, buffer, offset, count);
            next += count;
            return count;
          }

          @Override
          public void close() {}
        };
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[500];
    try (GzipReader gzip = new GzipReader(Arrays.copyOf(stored, head), in)) {
      for (int n; (n = gzip.read(buffer, 3, Math.min(step, 400))) >= 0; ) {
        assertTrue(n > 0);
        out.write(buffer, 3, n);
      }
    }
    return out.toByteArray();
  }

  @Test
  void readsMembersOneBehindTheOther() throws IOException {
    byte[] a = "first".getBytes(StandardCharsets.UTF_8);
    byte[] b = new byte[200_000];
    new Random(5).nextBytes(b);
    byte[] stored = join(gzip(a), gzip(new byte[0]), gzip(b));
    for (int step : new int[] {1, 2, 7, 100_000}) {
      assertArrayEquals(join(a, b), read(stored, step));
    }
  }

  @Test
  void skipsOptionalPartsOfTheHeader() throws IOException {
    byte[] plain = gzip("x".getBytes(StandardCharsets.UTF_8));
    byte[] head = Arrays.copyOf(plain, 10);
    head[3] = 2 | 4 | 8 | 16;
    byte[] optional = {3, 0, 1, 2, 3, 'n', 0, 'c', 'c', 0, 9, 9};
    byte[] stored = join(head, optional, Arrays.copyOfRange(plain, 10, plain.length));
    assertEquals("x", new String(read(stored, 1), StandardCharsets.UTF_8));
  }

  @Test
  void failsOnEveryTruncation() throws IOException {
    byte[] stored = gzip("some text that is not very long".getBytes(StandardCharsets.UTF_8));
    for (int length = 2; length < stored.length; length++) {
      byte[] part = Arrays.copyOf(stored, length);
      IOException e = assertThrows(IOException.class, () -> read(part, 3));
      assertEquals("gzip data ends too early (stored byte " + length + ")", e.getMessage());
    }
  }

  @Test
  void failsOnBytesBehindTheLastMember() throws IOException {
    byte[] stored = gzip("text".getBytes(StandardCharsets.UTF_8));
    IOException e =
        assertThrows(IOException.class, () -> read(join(stored, new byte[] {'x', 'y'}), 1000));
    assertTrue(
        e.getMessage().startsWith("there is something else behind the gzip data"), e.getMessage());
  }

  @Test
  void neverReturnsWrongBytesQuietly() throws IOException {
    byte[] data =
        "a text with some words, a text with some more words".getBytes(StandardCharsets.UTF_8);
    byte[] stored = gzip(data);
    for (int i = 10; i < stored.length; i++) {
      byte[] damaged = stored.clone();
      damaged[i] ^= 0x10;
      try {
        // The last byte of the compressed data has bits that mean nothing.
        assertArrayEquals(data, read(damaged, 1000), "byte " + i);
      } catch (IOException e) {
        assertTrue(e.getMessage().contains("gzip data"), e.getMessage());
      }
    }
  }
}

package io.copyload.engine.source.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class StreamObjectsTest {
  private static byte[] all(SourceObject object, CancelToken cancel) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[1000];
    try (ByteReader reader = object.open(0, cancel)) {
      for (int n; (n = reader.read(buffer, 7, 900)) >= 0; ) {
        out.write(buffer, 7, n);
      }
    }
    return out.toByteArray();
  }

  @Test
  void passesBytesOn() throws IOException {
    byte[] bytes = new byte[300_000];
    new Random(1).nextBytes(bytes);
    assertTrue(
        Arrays.equals(
            bytes, all(StreamObjects.of(new ByteArrayInputStream(bytes)), new CancelToken())));
    assertTrue(Arrays.equals(bytes, all(StreamObjects.of(bytes), new CancelToken())));
    assertEquals(bytes.length, StreamObjects.of(bytes).size());
  }

  @Test
  void writesCharactersAsUtf8() throws IOException {
    String text = "aé€\uD83D\uDE00\n".repeat(30_000);
    assertEquals(
        text,
        new String(
            all(StreamObjects.of(new StringReader(text)), new CancelToken()),
            StandardCharsets.UTF_8));
    // One character at a time, so that surrogates come apart.
    Reader slow =
        new Reader() {
          private int next;

          @Override
          public int read(char[] buffer, int offset, int length) {
            if (next == 996) {
              return -1;
            }
            buffer[offset] = text.charAt(next++);
            return 1;
          }

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    assertEquals(
        text.substring(0, 996),
        new String(all(StreamObjects.of(slow), new CancelToken()), StandardCharsets.UTF_8));
  }

  @Test
  void refusesUnpairedSurrogates() {
    for (String text : new String[] {"ab\uD83Dc", "ab\uD83D", "ab\uDE00"}) {
      CopyException e =
          assertThrows(
              CopyException.class,
              () -> all(StreamObjects.of(new StringReader(text)), new CancelToken()));
      assertEquals(CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE, e.code());
      assertTrue(e.getMessage().endsWith("at character 3 of the text"), e.getMessage());
    }
  }

  @Test
  void stopsWaitingForABlockedStreamAndNeverClosesIt() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    InputStream blocked =
        new InputStream() {
          @Override
          public int read() {
            throw new AssertionError();
          }

          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            inside.countDown();
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new AssertionError("the caller's stream was interrupted");
            }
            return -1;
          }

          @Override
          public void close() {
            throw new AssertionError("closed");
          }
        };
    CancelToken cancel = new CancelToken();
    Thread canceller =
        new Thread(
            () -> {
              try {
                inside.await();
              } catch (InterruptedException e) {
                return;
              }
              cancel.cancelByUser();
            });
    canceller.start();
    long begin = System.nanoTime();
    CopyException e =
        assertThrows(CopyException.class, () -> all(StreamObjects.of(blocked), cancel));
    assertEquals(CopyErrorCode.CANCELLED, e.code());
    assertFalse(System.nanoTime() - begin > 1_000_000_000L);
    release.countDown();
    canceller.join();
  }

  @Test
  void passesAFailureOfTheStreamOn() {
    InputStream failing =
        new InputStream() {
          @Override
          public int read() throws IOException {
            throw new IOException("the line is dead");
          }
        };
    IOException e =
        assertThrows(IOException.class, () -> all(StreamObjects.of(failing), new CancelToken()));
    assertEquals("the line is dead", e.getMessage());
  }

  @Test
  void canBeReadOnlyOnce() throws IOException {
    SourceObject object = StreamObjects.of(new ByteArrayInputStream(new byte[5]));
    all(object, new CancelToken());
    assertThrows(IOException.class, () -> object.open(0, new CancelToken()));
  }
}

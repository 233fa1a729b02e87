package io.copyload.engine.compress;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * One way to decode an object: sizes of reads, threads, pieces.
 *
 * @param step most stored bytes that a read gives
 * @param readBytes decoded bytes asked for at a time
 */
record Decoding(int step, int readBytes, int threads, int pieceBytes) {
  static final Decoding PLAIN = new Decoding(1 << 20, 1 << 16, 1, 1 << 18);

  /**
   * What came of it.
   *
   * @param bytes decoded before the failure, if there is one
   * @param failure its message, or null
   */
  record Outcome(byte[] bytes, String failure) {
    boolean sameAs(Outcome other) {
      return Arrays.equals(bytes, other.bytes) && java.util.Objects.equals(failure, other.failure);
    }

    @Override
    public String toString() {
      return bytes.length + " bytes, " + failure;
    }
  }

  /** Decodes with the codec that the content or name says. */
  Outcome decode(String name, byte[] stored) throws Exception {
    int length = Math.min(stored.length, Codecs.HEAD_BYTES);
    Codec codec = Codecs.detect(name, stored, length);
    return codec == null ? null : decode(codec, stored);
  }

  Outcome decode(Codec codec, byte[] stored) throws Exception {
    int head = Math.min(stored.length, Codecs.HEAD_BYTES);
    AtomicBoolean closed = new AtomicBoolean();
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
          public void close() {
            closed.set(true);
          }
        };
    CancelToken cancel = new CancelToken();
    Decompression how = new Decompression(cancel, threads, 64 << 20, pieceBytes, () -> {});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    String failure = null;
    AtomicBoolean done = new AtomicBoolean();
    Thread[] helpers = new Thread[threads - 1];
    try (Decompressor decompressor = codec.open(Arrays.copyOf(stored, head), head, in, how)) {
      for (int i = 0; i < helpers.length; i++) {
        helpers[i] =
            new Thread(
                () -> {
                  while (!done.get()) {
                    if (!decompressor.help()) {
                      LockSupport.parkNanos(50_000);
                    }
                  }
                },
                "helper-" + i);
        helpers[i].start();
      }
      byte[] buffer = new byte[readBytes + 3];
      try {
        for (int n; (n = decompressor.read(buffer, 3, readBytes)) >= 0; ) {
          assertTrue(n > 0 && n <= readBytes, n + " bytes read");
          out.write(buffer, 3, n);
        }
      } catch (IOException e) {
        failure = e.getMessage();
      }
      done.set(true);
      for (Thread helper : helpers) {
        helper.join();
      }
    } catch (IOException e) {
      failure = e.getMessage();
    } finally {
      done.set(true);
    }
    assertTrue(closed.get(), "the stored bytes are closed");
    return new Outcome(out.toByteArray(), failure);
  }
}

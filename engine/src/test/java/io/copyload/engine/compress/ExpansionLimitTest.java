package io.copyload.engine.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class ExpansionLimitTest {
  private static final class Zeros implements ByteReader {
    private long left;

    Zeros(long count) {
      left = count;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      int count = (int) Math.min(left, length);
      left -= count;
      return count;
    }

    @Override
    public void close() {}
  }

  private static long read(long decoded, long size, long stored, int most, int step)
      throws IOException {
    ExpansionLimit limit =
        new ExpansionLimit(new Zeros(decoded), "a.gz", size, () -> stored, most, 5000);
    byte[] buffer = new byte[step];
    long total = 0;
    for (int n; (n = limit.read(buffer, 0, step)) >= 0; ) {
      total += n;
    }
    return total;
  }

  @Test
  void asManyBytesAsAllowedAreRead() throws IOException {
    for (int step : new int[] {1, 7, 4999, 20_000}) {
      assertEquals(5000, read(5000, 10, 10, 100, step));
      assertEquals(10_000, read(10_000, 100, 3, 100, step));
      assertEquals(10_000, read(10_000, -1, 100, 100, step));
      assertEquals(1_000_000, read(1_000_000, 10, 10, 0, step));
    }
  }

  @Test
  void theObjectTheBytesAndThePropertyAreNamed() {
    for (int step : new int[] {1, 7, 4999, 20_000}) {
      CopyException e = assertThrows(CopyException.class, () -> read(10_001, 100, 3, 100, step));
      assertEquals(CopyErrorCode.PROGRAM_LIMIT_EXCEEDED, e.code());
      assertEquals(
          "\"a.gz\" decompresses to more than 10000 bytes, from 100 stored bytes", e.getMessage());
      assertEquals(
          "The property max_expansion allows 100 decompressed bytes per stored byte. If the data are"
              + " to be trusted, raise it; 0 is no limit.",
          e.hint());
      assertThrows(CopyException.class, () -> read(5001, -1, 50, 100, step));
    }
  }
}

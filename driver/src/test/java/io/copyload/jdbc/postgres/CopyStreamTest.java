package io.copyload.jdbc.postgres;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.copy.CopyIn;
import org.postgresql.copy.PGCopyInputStream;
import org.postgresql.copy.PGCopyOutputStream;
import org.postgresql.util.ByteStreamWriter;

/** {@code PGCopyOutputStream} and {@code PGCopyInputStream}: a test for each action. */
class CopyStreamTest extends CopyApiFixture {
  private static final String IN = "COPY t FROM STDIN";
  private static final String OUT = "COPY t TO STDOUT";

  private static void failsWith(String message, org.junit.jupiter.api.function.Executable call) {
    assertEquals(message, assertThrows(IOException.class, call).getMessage());
  }

  @Test
  void writeOfAByteTakesZeroTo255() throws Exception {
    try (PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN)) {
      failsWith("Cannot write to copy a byte of value -1", () -> out.write(-1));
      failsWith("Cannot write to copy a byte of value 256", () -> out.write(256));
      for (byte b : "1\t\u00e4\n".getBytes(UTF_8)) {
        out.write(b & 0xff);
      }
    }
    assertEquals("\u00e4", value("SELECT b FROM t"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 16, 65536})
  void bufferingKeepsTheOrder(int bufferSize) throws Exception {
    StringBuilder expected = new StringBuilder();
    Random random = new Random(bufferSize);
    try (PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN, bufferSize)) {
      out.write("1\t".getBytes(US_ASCII));
      for (int i = 0; i < 200; i++) {
        byte[] part = new byte[random.nextInt(40)];
        Arrays.fill(part, (byte) ('a' + i % 26));
        expected.append(new String(part, US_ASCII));
        switch (random.nextInt(4)) {
          case 0 -> {
            for (byte b : part) {
              out.write(b);
            }
          }
          case 1 -> out.writeToCopy(ByteStreamWriter.of(ByteBuffer.wrap(part)));
          case 2 -> out.writeToCopy(part, 0, part.length);
          default -> out.write(part);
        }
        if (random.nextInt(10) == 0) {
          out.flush();
        }
      }
      out.write('\n');
    }
    assertEquals(expected.toString(), value("SELECT b FROM t"));
  }

  @Test
  void flushOfNothing() throws Exception {
    try (PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN)) {
      out.flush();
      out.flushCopy();
      out.write("1\tx\n".getBytes(UTF_8));
      out.flush();
      out.flush();
      assertTrue(out.isActive());
    }
    assertUsable(1);
  }

  @Test
  void closeEndsTheCopyAndCommitsItsRows() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN);
    out.write("1\tx\n".getBytes(UTF_8));
    out.close();
    out.close();
    assertFalse(out.isActive());
    assertUsable(1);
  }

  @Test
  void closeReportsBadData() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN);
    out.write("bad\tx\n".getBytes(UTF_8));
    IOException e = assertThrows(IOException.class, out::close);
    assertEquals("Ending write to copy failed.", e.getMessage());
    assertEquals("22P02", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
    out.close();
    assertUsable(0);
  }

  @Test
  void cancelThenCloseAbandons() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN);
    out.write("1\tx\n".getBytes(UTF_8));
    out.cancelCopy();
    out.close();
    assertUsable(0);
  }

  @Test
  void endCopyReturnsTheCount() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN, 3);
    out.write("1\tx\n2\ty\n".getBytes(UTF_8));
    assertEquals(2, out.getFieldCount());
    assertEquals(0, out.getFormat());
    assertEquals(0, out.getFieldFormat(1));
    assertEquals(2, out.endCopy());
    assertEquals(2, out.getHandledRowCount());
    assertFalse(out.isActive());
    out.close();
    assertUsable(2);
  }

  @Test
  void afterClose() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN);
    out.close();
    failsWith("This copy stream is closed.", () -> out.write(1));
    failsWith("This copy stream is closed.", () -> out.write(new byte[2]));
    failsWith("This copy stream is closed.", () -> out.write(new byte[2], 0, 1));
    failsWith("This copy stream is closed.", out::flush);
    // The class is PostgreSQL's: its reference is gone, a NullPointerException or an assertion.
    assertThrows(Throwable.class, out::endCopy);
    assertThrows(Throwable.class, out::cancelCopy);
    assertThrows(Throwable.class, out::getHandledRowCount);
    assertThrows(Throwable.class, out::getFieldCount);
    assertUsable(0);
  }

  @Test
  void writeErrors() throws Exception {
    CopyIn copy = manager.copyIn(IN);
    PGCopyOutputStream out = new PGCopyOutputStream(copy, 1);
    copy.cancelCopy();
    IOException e = assertThrows(IOException.class, () -> out.write(new byte[10]));
    assertEquals("Write to copy failed.", e.getMessage());
    assertEquals("55000", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
    e = assertThrows(IOException.class, out::flush);
    assertEquals("Unable to flush stream", e.getMessage());
    out.close();
    assertUsable(0);
  }

  @Test
  void underABufferedStream() throws Exception {
    PGCopyOutputStream pgOut = new PGCopyOutputStream(pg(), IN, 1);
    try (OutputStream out = new BufferedOutputStream(pgOut, 1 << 16)) {
      for (int i = 0; i < 20_000; i++) {
        out.write((i + "\trow " + i + "\n").getBytes(US_ASCII));
      }
    }
    assertUsable(20_000);
  }

  @Test
  void closingTheConnectionFirst() throws Exception {
    PGCopyOutputStream out = new PGCopyOutputStream(pg(), IN);
    out.write("1\tx\n".getBytes(UTF_8));
    connection.close();
    assertThrows(IOException.class, out::close);
    out.close();
  }

  @Test
  void readFillsTheArrayAcrossRows() throws Exception {
    load("1\tx\n22\tyy\n3\t\\N\n");
    String all = "1\tx\n22\tyy\n3\t\\N\n";
    for (int size = 1; size < all.length() + 2; size++) {
      try (PGCopyInputStream in = new PGCopyInputStream(pg(), OUT)) {
        StringBuilder read = new StringBuilder();
        byte[] part = new byte[size];
        int count = in.read(part);
        assertEquals(Math.min(size, all.length()), count);
        for (; count > 0; count = in.read(part)) {
          read.append(new String(part, 0, count, UTF_8));
        }
        assertEquals(-1, count);
        assertEquals(all, read.toString());
        assertEquals(-1, in.read());
        assertFalse(in.isActive());
        assertEquals(3, in.getHandledRowCount());
      }
    }
    assertUsable(3);
  }

  @Test
  void availableIsTheRestOfTheRow() throws Exception {
    load("1\tabc\n2\td\n");
    try (PGCopyInputStream in = new PGCopyInputStream(pg(), OUT)) {
      assertEquals('1', in.read());
      assertEquals(5, in.available());
      byte[] window = new byte[10];
      assertEquals(4, in.read(window, 3, 4));
      assertEquals("\tabc", new String(window, 3, 4, UTF_8));
      assertEquals(1, in.available());
    }
    assertUsable(2);
  }

  @Test
  void readFromCopyGivesTheRestThenWholeRowsAndMixesWithRead() throws Exception {
    load("1\tx\n2\ty\n3\tz\n");
    try (PGCopyInputStream in = new PGCopyInputStream(pg(), OUT)) {
      assertEquals('1', in.read());
      assertArrayEquals("\tx\n".getBytes(UTF_8), in.readFromCopy());
      assertArrayEquals("2\ty\n".getBytes(UTF_8), in.readFromCopy());
      assertEquals('3', in.read());
      assertArrayEquals("\tz\n".getBytes(UTF_8), in.readFromCopy());
      assertNull(in.readFromCopy());
    }
  }

  /** As in pgjdbc's own PGCopyInputStreamTest. */
  @Test
  void readInChunksByRowsAndMixed() throws Exception {
    String sql = "COPY (SELECT x FROM SYSTEM_RANGE(0, 3)) TO STDOUT";
    try (PGCopyInputStream in = new PGCopyInputStream(pg(), sql)) {
      byte[] buffer = new byte[100];
      assertEquals(8, in.read(buffer));
      assertEquals("0\n1\n2\n3\n", new String(buffer, 0, 8, UTF_8));
      assertEquals(-1, in.read(buffer));
    }
    try (PGCopyInputStream in = new PGCopyInputStream(pg(), sql)) {
      List<String> chunks = new ArrayList<>();
      byte[] buffer = new byte[3];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        chunks.add(new String(buffer, 0, n, UTF_8));
      }
      assertEquals(List.of("0\n1", "\n2\n", "3\n"), chunks);
    }
    try (PGCopyInputStream in = new PGCopyInputStream(pg(), sql)) {
      List<String> parts = new ArrayList<>();
      for (byte[] row = in.readFromCopy(); row != null; row = in.readFromCopy()) {
        parts.add(new String(row, UTF_8));
      }
      assertEquals(List.of("0\n", "1\n", "2\n", "3\n"), parts);
    }
  }

  @Test
  void closeWhileActiveCancelsAndLeavesTheConnectionClean() throws Exception {
    PGCopyInputStream in =
        new PGCopyInputStream(pg(), "COPY (SELECT x FROM SYSTEM_RANGE(1, 100000000)) TO STDOUT");
    assertEquals('1', in.read());
    in.close();
    in.close();
    failsWith("This copy stream is closed.", in::read);
    failsWith("This copy stream is closed.", () -> in.read(new byte[1]));
    failsWith("This copy stream is closed.", in::available);
    assertUsable(0);
  }

  @Test
  void readErrors() throws Exception {
    load("1\tx\n0\ty\n");
    PGCopyInputStream in = new PGCopyInputStream(pg(), "COPY (SELECT 1 / a FROM t) TO STDOUT");
    IOException e = assertThrows(IOException.class, () -> in.readAllBytes());
    assertTrue(e.getMessage().startsWith("Copying from database failed: "), e.getMessage());
    assertEquals("22012", assertInstanceOf(SQLException.class, e.getCause()).getSQLState());
    in.close();
    assertUsable(2);
  }
}

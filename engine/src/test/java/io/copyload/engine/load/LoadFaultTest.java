package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.compress.Compressed;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.local.LocalFiles;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType.Kind;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LoadFaultTest {
  @TempDir Path folder;

  @AfterEach
  void noSliceIsLeft() {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      assertTrue(!thread.getName().contains("-slice-") || !thread.isAlive(), thread.getName());
    }
  }

  private static LoadPlan plan(int slices, int unitBytes, SourceObject... objects) {
    return Loads.plan(
        Loads.CSV,
        Loads.columns(Kind.INTEGER, Kind.VARCHAR),
        ErrorBudget.NONE,
        slices,
        unitBytes,
        List.of(objects));
  }

  private static CopyException fails(LoadPlan plan, RowSink sink) {
    return assertThrows(
        CopyException.class,
        () -> LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress()));
  }

  private static byte[] records(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append(i).append(",value ").append(i).append('\n');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aFailureOfTheSinkEndsTheLoadOnce() {
    for (int slices = 1; slices < 5; slices++) {
      IllegalStateException failure = new IllegalStateException("full");
      AtomicInteger closed = new AtomicInteger();
      AtomicInteger opened = new AtomicInteger();
      RowSink sink =
          () -> {
            opened.incrementAndGet();
            return new RowSink.Slice() {
              @Override
              public void rows(ColumnVector[] columns, int[] selection, int count) {
                throw failure;
              }

              @Override
              public void endUnit(long unit) {}

              @Override
              public void close() {
                closed.incrementAndGet();
              }
            };
          };
      LoadPlan plan = plan(slices, 64, StreamObjects.of(records(1000)));
      assertSame(
          failure,
          assertThrows(
              IllegalStateException.class,
              () -> LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress())));
      assertEquals(opened.get(), closed.get());
    }
  }

  /** Fails once the reader gets to a byte. */
  private record Breaking(byte[] bytes, int at) implements SourceObject {
    @Override
    public String name() {
      return "broken.csv";
    }

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public boolean seekable() {
      return true;
    }

    @Override
    public ByteReader open(long offset, CancelToken cancel) {
      return new ByteReader() {
        private int next = (int) offset;

        @Override
        public int read(byte[] buffer, int begin, int length) throws IOException {
          if (next == bytes.length) {
            return -1;
          }
          int most = next <= at ? at - next : bytes.length - next;
          if (most == 0) {
            throw new IOException("disk is on fire");
          }
          int count = Math.min(most, length);
          System.arraycopy(bytes, next, buffer, begin, count);
          next += count;
          return count;
        }

        @Override
        public void close() {}
      };
    }
  }

  @Test
  void anUnreadableObjectIsNamedWithTheByte() {
    for (int slices = 1; slices < 5; slices++) {
      CopyException e =
          fails(plan(slices, 100, new Breaking(records(1000), 5000)), new CollectingSink());
      assertEquals(CopyErrorCode.OBJECT_UNREADABLE, e.code());
      assertEquals("could not read \"broken.csv\" at byte 5000: disk is on fire", e.getMessage());
    }
  }

  @Test
  void anEarlierBadRecordWinsOverALaterUnreadableByte() {
    byte[] bytes = records(1000);
    int record = new String(bytes, StandardCharsets.UTF_8).indexOf("\n150,") + 1;
    bytes[record] = 'x';
    for (int slices = 1; slices < 5; slices++) {
      LoadPlan plan = plan(slices, 100, new Breaking(bytes, 5000));
      LoadFailedException e =
          assertThrows(
              LoadFailedException.class,
              () ->
                  LoadPipeline.run(
                      plan, new CollectingSink(), new CancelToken(), new LoadProgress()));
      assertEquals(151, e.decisive().lineNumber());
    }
  }

  @Test
  void aFileThatChangesIsNoticed() throws IOException {
    Path file = Files.write(folder.resolve("x.csv"), records(1000));
    SourceObject object = LocalFiles.of(file);
    Files.write(file, records(999));
    CopyException e = fails(plan(2, 100, object), new CollectingSink());
    assertEquals(
        "could not read \"" + file + "\" at byte 0: the file changed while it was being loaded",
        e.getMessage());
  }

  @Test
  void cancelStopsALoadThatWaitsForTheCallersStream() throws Exception {
    for (int slices = 1; slices < 4; slices++) {
      CountDownLatch inside = new CountDownLatch(1);
      CountDownLatch release = new CountDownLatch(1);
      byte[] head = records(10);
      InputStream blocked =
          new InputStream() {
            private int next;

            @Override
            public int read() throws IOException {
              if (next < head.length) {
                return head[next++];
              }
              inside.countDown();
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new AssertionError("interrupted");
              }
              return -1;
            }

            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
              int b = read();
              if (b < 0) {
                return -1;
              }
              buffer[offset] = (byte) b;
              return 1;
            }

            @Override
            public void close() {
              throw new AssertionError("closed");
            }
          };
      CancelToken cancel = new CancelToken();
      long[] cancelledAt = new long[1];
      Thread canceller =
          new Thread(
              () -> {
                try {
                  inside.await();
                } catch (InterruptedException e) {
                  return;
                }
                cancelledAt[0] = System.nanoTime();
                cancel.cancelByTimeout();
              });
      canceller.start();
      LoadPlan plan = plan(slices, 0, StreamObjects.of(blocked));
      CopyException e =
          assertThrows(
              CopyException.class,
              () -> LoadPipeline.run(plan, new CollectingSink(), cancel, new LoadProgress()));
      assertEquals(CopyErrorCode.TIMED_OUT, e.code());
      canceller.join();
      assertTrue(System.nanoTime() - cancelledAt[0] < 1_000_000_000L);
      release.countDown();
    }
  }

  @Test
  void gzipIsToldByItsContentAndDemandedByTheOption() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(records(5000));
    }
    byte[] stored = out.toByteArray();
    for (int slices = 1; slices < 4; slices++) {
      LoadPlan plan = plan(slices, 1000, StreamObjects.of(new ByteArrayInputStream(stored)));
      CollectingSink sink = new CollectingSink();
      LoadOutcome outcome = LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
      assertEquals(5000, outcome.loadedRows());
      assertEquals("4321 |<value 4321>", sink.rows().get(4321));
      assertEquals(stored.length, outcome.objects().get(0).storedBytes());
      assertEquals(records(5000).length, outcome.objects().get(0).decodedBytes());
    }
    byte[] part = Arrays.copyOf(stored, stored.length - 9);
    CopyException e = fails(plan(3, 1000, StreamObjects.of(part)), new CollectingSink());
    assertTrue(
        e.getMessage().contains("gzip data ends too early (stored byte " + part.length + ")"),
        e.getMessage());
    LoadPlan plain = plan(1, 0, StreamObjects.of(records(3)));
    LoadPlan demanded =
        new LoadPlan(
            "t",
            plain.objects(),
            LoadPlan.Compression.GZIP,
            plain.format(),
            plain.columns(),
            plain.conversion(),
            plain.budget(),
            2,
            plain.memoryBytes(),
            0,
            10);
    assertEquals(
        "\"stdin\" is not in gzip format: it is not compressed",
        fails(demanded, new CollectingSink()).getMessage());
  }

  @Test
  void aDamagedObjectFailsAlikeHoweverItIsCut() throws IOException {
    for (String codec : Compressed.CODECS) {
      for (int round = 0; round < 6; round++) {
        Random random = new Random(round);
        byte[] stored = Compressed.compress(codec, records(10_000), random);
        int at = stored.length / 4 + random.nextInt(stored.length / 2);
        if (round < 3) {
          stored = Arrays.copyOf(stored, at);
        } else {
          stored[at] ^= 0x10;
        }
        String first = null;
        for (int trial = 0; trial < 4; trial++) {
          LoadPlan plan =
              plan(
                  trial + 1,
                  new int[] {0, 1000, 64 << 10, 300_000}[trial],
                  StreamObjects.of(stored));
          String what;
          try {
            LoadPipeline.run(plan, new CollectingSink(), new CancelToken(), new LoadProgress());
            // A frame of lz4 need not have a checksum.
            assertTrue(round >= 3 && codec.equals("lz4"), codec);
            what = "loaded";
          } catch (LoadFailedException e) {
            // Wrong bytes came before the checksum that tells.
            assertTrue(round >= 3, codec);
            what = e.getMessage() + " in line " + e.decisive().lineNumber();
          } catch (CopyException e) {
            what = e.getMessage();
            assertTrue(what.contains(codec + " data "), what);
            assertEquals(CopyErrorCode.OBJECT_UNREADABLE, e.code());
          }
          if (first != null) {
            assertEquals(first, what);
          }
          first = what;
        }
      }
    }
  }

  @Test
  void aRecordWithoutEndDoesNotTakeAllMemory() {
    byte[] bytes = records(2_000_000);
    bytes[2] = '"';
    for (int how = 0; how < 3; how++) {
      SourceObject object =
          how == 0
              ? new Breaking(bytes, bytes.length + 1)
              : StreamObjects.of(new ByteArrayInputStream(bytes));
      CopyException e = fails(plan(how + 1, 1 << 16, object), new CollectingSink());
      assertEquals(CopyErrorCode.PROGRAM_LIMIT_EXCEEDED, e.code());
      String file = how == 0 ? ", file \"broken.csv\"" : "";
      assertEquals("COPY t" + file + ", line 1", e.context());
    }
  }

  @Test
  void manySmallFilesAreLoadedInOrder() throws IOException {
    List<SourceObject> objects = new ArrayList<>();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 2000; i++) {
      Path file = folder.resolve(String.format("%04d.csv", i));
      Files.writeString(file, i % 7 == 0 ? "" : i + ",a\n" + i + ",b");
      if (i % 7 != 0) {
        expected.append(i).append(" |<a>\n").append(i).append(" |<b>\n");
      }
      objects.add(LocalFiles.of(file));
    }
    for (int slices : new int[] {1, 3}) {
      CollectingSink sink = new CollectingSink();
      LoadPlan plan = plan(slices, 0, objects.toArray(SourceObject[]::new));
      LoadOutcome outcome = LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
      assertEquals(expected.toString(), String.join("\n", sink.rows()) + "\n");
      assertEquals(2000, outcome.objects().size());
    }
  }

  @Test
  void rejectsAreBoundedInMemoryButCountedExactly() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append("bad").append(i).append(",x\n");
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    for (int slices : new int[] {1, 4}) {
      LoadPlan p = plan(slices, 100_000, StreamObjects.of(bytes));
      LoadPlan plan =
          new LoadPlan(
              "t",
              p.objects(),
              p.compression(),
              p.format(),
              p.columns(),
              p.conversion(),
              new ErrorBudget(150_000, false),
              slices,
              16 << 20,
              p.unitBytes(),
              10);
      LoadFailedException e =
          assertThrows(
              LoadFailedException.class,
              () ->
                  LoadPipeline.run(
                      plan, new CollectingSink(), new CancelToken(), new LoadProgress()));
      assertEquals(150_000, e.decisive().lineNumber());
      assertEquals(150_000, e.outcome().rejectedRows());
      assertEquals(10, e.outcome().rejects().size());
      assertEquals("bad9", e.outcome().rejects().get(9).value());
    }
  }
}

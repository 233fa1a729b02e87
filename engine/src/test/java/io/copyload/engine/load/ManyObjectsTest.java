package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Objects that are listed while the load runs. */
class ManyObjectsTest {
  /** Names its objects one by one, breaks where told, and counts the cursors that are open. */
  private static final class Endless implements SourceListing {
    final int count;
    final int breaksAt;
    final AtomicInteger open = new AtomicInteger();

    Endless(int count, int breaksAt) {
      this.count = count;
      this.breaksAt = breaksAt;
    }

    @Override
    public long count() {
      return -1;
    }

    @Override
    public long size() {
      return SourceObject.UNKNOWN_SIZE;
    }

    @Override
    public Cursor open(CancelToken cancel) {
      open.incrementAndGet();
      return new Cursor() {
        private int next;

        @Override
        public SourceObject next() throws IOException {
          if (next == breaksAt) {
            throw new IOException("page 3 is missing");
          }
          return next == count
              ? null
              : StreamObjects.of((next++ + ",x\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void close() {
          open.decrementAndGet();
        }
      };
    }
  }

  private static LoadPlan plan(int slices, SourceListing objects) {
    LoadPlan p =
        Loads.plan(
            Loads.CSV,
            Loads.columns(Kind.INTEGER, Kind.VARCHAR),
            ErrorBudget.NONE,
            slices,
            0,
            List.of());
    return new LoadPlan(
        "t",
        objects,
        p.compression(),
        p.format(),
        p.columns(),
        p.conversion(),
        p.budget(),
        slices,
        p.memoryBytes(),
        0,
        10);
  }

  @Test
  void finishedObjectsGoToTheLogInOrder() {
    for (int slices : new int[] {1, 3}) {
      Endless objects = new Endless(20_500, -1);
      AtomicInteger logged = new AtomicInteger();
      LoadProgress progress = new LoadProgress();
      progress.logObjectsTo(
          (batch, first) -> {
            assertEquals(logged.get(), first);
            logged.addAndGet(batch.size());
          });
      CollectingSink sink = new CollectingSink();
      LoadOutcome outcome =
          LoadPipeline.run(plan(slices, objects), sink, new CancelToken(), progress);
      List<String> rows = sink.rows();
      assertEquals(20_500, rows.size());
      assertEquals("20499 |<x>", rows.get(20_499));
      assertEquals(20_000, logged.get());
      assertEquals(20_000, outcome.logged().count());
      assertEquals(500, outcome.objects().size());
      assertEquals(0, objects.open.get());
    }
  }

  @Test
  void aListingThatBreaksEndsTheLoad() {
    for (int slices : new int[] {1, 3}) {
      Endless objects = new Endless(5000, 2500);
      CopyException e =
          assertThrows(
              CopyException.class,
              () ->
                  LoadPipeline.run(
                      plan(slices, objects),
                      new CollectingSink(),
                      new CancelToken(),
                      new LoadProgress()));
      assertEquals(CopyErrorCode.OBJECT_UNREADABLE, e.code());
      assertTrue(e.getMessage().endsWith("page 3 is missing"), e.getMessage());
      assertEquals(0, objects.open.get());
    }
  }
}

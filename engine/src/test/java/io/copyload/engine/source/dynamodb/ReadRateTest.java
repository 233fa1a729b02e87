package io.copyload.engine.source.dynamodb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a load consumes, with a clock of the test's own. */
class ReadRateTest {
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(7);
  private static final int READERS = 4;

  /** A load of a table for so many seconds. */
  private static final class Load {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1_000_000_000L);
    private final ReadRate rate;
    private final Random random = new Random(5);
    private final double unitsPerItem;
    private double units;

    Load(double unitsPerSecond, double unitsPerItem) {
      rate = new ReadRate(unitsPerSecond, now::get);
      this.unitsPerItem = unitsPerItem;
    }

    /**
     * Readers that ask for a page when they have got one, which takes up to a fifth of a second.
     */
    void run(double seconds) {
      ReadRate.Page[] asked = new ReadRate.Page[READERS];
      long[] answered = new long[READERS];
      for (long t = 0; t < seconds * 1e9; t += STEP_NANOS) {
        now.addAndGet(STEP_NANOS);
        for (int i = 0; i < READERS; i++) {
          if (asked[i] != null && now.get() - answered[i] >= 0) {
            // Items differ in size.
            double cost = asked[i].items() * unitsPerItem * (0.5 + random.nextDouble());
            units += cost;
            rate.consumed(asked[i], asked[i].items(), cost);
            asked[i] = null;
          }
          if (asked[i] == null) {
            asked[i] = rate.pageNow();
            answered[i] = now.get() + random.nextInt(200_000_000);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"25, 0.5", "25, 0.125", "25, 13", "25, 50", "1, 0.5", "1000, 0.5", "40000, 0.5"})
  void consumesWhatItMayAndNotMore(double unitsPerSecond, double unitsPerItem) {
    Load load = new Load(unitsPerSecond, unitsPerItem);
    load.run(100 + 100 * unitsPerItem / unitsPerSecond);
    double seconds = 100 + 100 * unitsPerItem / unitsPerSecond;
    assertEquals(unitsPerSecond, load.units / seconds, unitsPerSecond * 0.05);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.4, 5, 1000})
  void aPauseIsMadeUpForASecondAtMost(double pause) {
    Load load = new Load(25, 0.5);
    load.run(10);
    double before = load.units;
    load.now.addAndGet((long) (pause * 1e9));
    load.run(10);
    double after = load.units - before;
    assertTrue(after < 25 * (10 + Math.min(1, pause) + 1), after + " units in 10 seconds");
    assertTrue(after > 25 * (10 + Math.min(1, pause) - 1), after + " units in 10 seconds");
  }
}

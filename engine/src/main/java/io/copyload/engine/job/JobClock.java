package io.copyload.engine.job;

import java.time.Instant;
import java.time.InstantSource;

/** The time that schedules go by. A test has its own, and no test sleeps. Threads: any. */
public interface JobClock extends InstantSource {
  /**
   * Waits until the time has come, or somebody calls {@link #wake}.
   *
   * @param until null for no end
   * @param idle whether nothing runs meanwhile
   */
  void await(Instant until, boolean idle) throws InterruptedException;

  /** Ends the wait of a thread that waits now, or else the next one. */
  void wake();

  /** The machine's clock. */
  static JobClock system() {
    return new SystemClock();
  }
}

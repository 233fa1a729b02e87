package io.copyload.engine.load;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Live counters of one load, for progress lines and views. Threads: any. */
public final class LoadProgress {
  /** {@link System#nanoTime} when the load began. */
  public final long beginNanos = System.nanoTime();

  /** Stored bytes of all objects, or -1 when one is not known. */
  public final AtomicLong totalBytes = new AtomicLong(-1);

  /** Stored bytes read so far. */
  public final LongAdder readBytes = new LongAdder();

  /** Rows given to the sink so far. */
  public final LongAdder rows = new LongAdder();

  /** Records refused so far. */
  public final LongAdder rejects = new LongAdder();

  private volatile long endNanos;

  /** Notes the end of the load. */
  public void end() {
    endNanos = System.nanoTime() | 1;
  }

  /** {@link System#nanoTime} when the load ended, 0 while it runs. */
  public long endNanos() {
    return endNanos;
  }
}

package io.copyload.engine.load;

import java.util.List;
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

  /** Objects of the load; -1 while that is not known. */
  public final AtomicLong objects = new AtomicLong();

  /** Objects whose records have all been taken. */
  public final LongAdder objectsDone = new LongAdder();

  private volatile String currentObject;
  private volatile boolean compressed;
  private volatile long endNanos;

  /** An object, or a part of it, has been opened. */
  void opened(String name, boolean isCompressed) {
    currentObject = name;
    compressed |= isCompressed;
  }

  /** Name of the object that was opened last, or null. */
  public String currentObject() {
    return currentObject;
  }

  /** Whether an object that was opened so far is compressed. */
  public boolean compressed() {
    return compressed;
  }

  /** Takes finished objects, in order, while the load runs. */
  public interface ObjectLog {
    /**
     * Writes objects down.
     *
     * @param first number of the first of them, counted from 0
     */
    void write(List<LoadOutcome.ObjectOutcome> objects, int first);
  }

  private volatile ObjectLog objectLog;

  /** Says who takes the objects of a load that has too many of them to keep. */
  public void logObjectsTo(ObjectLog log) {
    objectLog = log;
  }

  boolean logsObjects() {
    return objectLog != null;
  }

  void logObjects(List<LoadOutcome.ObjectOutcome> objects, int first) {
    objectLog.write(objects, first);
  }

  /** Notes the end of the load. */
  public void end() {
    endNanos = System.nanoTime() | 1;
  }

  /** {@link System#nanoTime} when the load ended, 0 while it runs. */
  public long endNanos() {
    return endNanos;
  }
}

package io.copyload.engine.load;

import io.copyload.engine.source.SourceObject;

/** One object from the time a load begins it until all its units have been put into order. */
abstract class InputObject {
  /** Number of the object in the load, from 0. */
  final int index;

  final SourceObject source;

  /** All its units have been put into order. */
  volatile boolean settled;

  InputObject(int index, SourceObject source) {
    this.index = index;
    this.source = source;
  }

  /** Size of the parts that the views show of the object; 0 when they show it as a whole. */
  long chunkBytes() {
    return 0;
  }

  private final long beginNanos = System.nanoTime();

  /** What became of the object and what its source says of it. */
  final LoadOutcome.ObjectOutcome described(long lines, long rejects, long rows) {
    return outcome(lines, rejects, rows).of(source, micros());
  }

  /** Time since the load has begun the object. */
  final long micros() {
    return (System.nanoTime() - beginNanos) / 1000;
  }

  /** What became of the object; final when it is settled. */
  abstract LoadOutcome.ObjectOutcome outcome(long lines, long rejects, long rows);

  /** Releases what is open. */
  abstract void closeQuietly();
}

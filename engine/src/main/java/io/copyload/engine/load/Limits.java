package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.Decompression;
import io.copyload.engine.format.JsonSpec;

/** Sizes that follow from a plan. */
final class Limits {
  private static final int USUAL_UNIT_BYTES = 8 << 20;
  private static final int MIN_UNIT_BYTES = 64 << 10;
  private static final int MAX_UNIT_BYTES = 256 << 20;
  private static final long MIN_RECORD_BYTES = 4 << 20;
  private static final long MAX_RECORD_BYTES = 1 << 30;

  private static final long CHUNK_BYTES = 64 << 20;
  private static final long SMALL_CHUNK_BYTES = 48;

  private Limits() {}

  /**
   * Size of the parts of which Redshift makes rows of its own in its views when a file has two or
   * more of them (Redshift guide, "Loading data files"). The parts are not load units: those are
   * ours to choose.
   */
  static long chunkBytes(LoadPlan plan) {
    return plan.unitBytes() > 0 ? SMALL_CHUNK_BYTES : CHUNK_BYTES;
  }

  /** Size of a load unit. */
  static int unitBytes(LoadPlan plan) {
    if (plan.unitBytes() > 0) {
      return Math.min(plan.unitBytes(), MAX_UNIT_BYTES);
    }
    long share = plan.memoryBytes() / (4L * plan.slices());
    return (int) Math.max(MIN_UNIT_BYTES, Math.min(USUAL_UNIT_BYTES, share));
  }

  /** Bytes read behind a unit to complete its last record. */
  static int lookaheadBytes(int unitBytes) {
    return Math.max(16, Math.min(64 << 10, unitBytes / 16));
  }

  /** What decompressing an object may use. */
  static Decompression decompression(LoadPlan plan, CancelToken cancel, Runnable moved) {
    long share = plan.memoryBytes() / 8;
    return plan.unitBytes() > 0
        ? new Decompression(cancel, plan.slices(), share, plan.unitBytes(), moved)
        : Decompression.of(cancel, plan.slices(), share, moved);
  }

  /** Longest record. */
  static long recordBytes(LoadPlan plan) {
    if (plan.format() instanceof JsonSpec) {
      // Redshift: the size of one object or array, with its brackets.
      return MIN_RECORD_BYTES;
    }
    long share = plan.memoryBytes() / (8L * plan.slices());
    return Math.max(MIN_RECORD_BYTES, Math.min(MAX_RECORD_BYTES, share));
  }

  /** Records of a batch. */
  static int batchRecords(int fieldCount) {
    return Math.max(16, Math.min(512, (1 << 18) / Math.max(1, fieldCount)));
  }

  /** Rows of a batch of vectors: more than records, for every column is gone through by itself. */
  static int batchRows(int columnCount) {
    return Math.max(
        16, Math.min(Integer.getInteger("bb", 4096), (1 << 18) / Math.max(1, columnCount)));
  }
}

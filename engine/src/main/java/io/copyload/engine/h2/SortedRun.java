package io.copyload.engine.h2;

import java.lang.ref.SoftReference;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rows of one segment in the order of one index: consecutive blocks of rows, each sorted in
 * itself. Threads: any.
 */
final class SortedRun {
  /** Most rows of a block that needs an order of its own: what is sorted in memory at once. */
  static final int MAX_BLOCK_ROWS = 1 << 21;

  private final RowOrder rowOrder;
  private final List<Block> blocks;

  SortedRun(RowOrder rowOrder, List<Block> blocks) {
    this.rowOrder = rowOrder;
    this.blocks = List.copyOf(blocks);
  }

  RowOrder rowOrder() {
    return rowOrder;
  }

  List<Block> blocks() {
    return blocks;
  }

  /** A range of a segment's rows and their order. */
  static final class Block {
    private final long firstRow;
    private final int rowCount;
    private final boolean distinct;
    private final Supplier<int[]> loader;
    private SoftReference<int[]> order;

    /**
     * @param firstRow number of the first row within the segment
     * @param distinct whether no two rows are equal in the columns that are to be unique
     * @param order numbers within the block in index order, or null when not at hand
     * @param loader reads the order again; null when the rows are sorted as they are
     */
    Block(long firstRow, int rowCount, boolean distinct, int[] order, Supplier<int[]> loader) {
      this.firstRow = firstRow;
      this.rowCount = rowCount;
      this.distinct = distinct;
      this.loader = loader;
      this.order = new SoftReference<>(order);
    }

    long firstRow() {
      return firstRow;
    }

    int rowCount() {
      return rowCount;
    }

    boolean isDistinct() {
      return distinct;
    }

    boolean isStoredInOrder() {
      return loader == null;
    }

    /** Numbers within the block in index order; null when the rows are sorted as they are. */
    int[] order() {
      if (loader == null) {
        return null;
      }
      synchronized (this) {
        int[] result = order.get();
        if (result == null) {
          result = loader.get();
          order = new SoftReference<>(result);
        }
        return result;
      }
    }
  }
}

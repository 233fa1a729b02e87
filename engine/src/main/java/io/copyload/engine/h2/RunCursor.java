package io.copyload.engine.h2;

import java.util.BitSet;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.message.DbException;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.result.SearchRow;

/**
 * Rows of one block of a run, or of a whole segment, in order. Also the random access to them that
 * searches need. Threads: one.
 */
final class RunCursor implements Cursor {
  /** Row groups kept at hand; a power of two. */
  private static final int VIEWS = 16;

  /** Rows to look up one by one before the tombstones of the segment are read all at once. */
  private static final int FEW = 16;

  private final HybridTable table;
  private final Segment segment;
  private final long firstRow;
  private final int[] order;
  private final long rowCount;
  private final RowGroupView[] views = new RowGroupView[VIEWS];
  private final SegmentRow row = new SegmentRow();
  private RowGroupView view;
  private long next;
  private long end;
  private boolean reverse;
  private Row copy;

  /** Null when all rows are wanted, alive or not. */
  private TransactionMap<Long, Long> tombstones;

  private int lookups;
  private BitSet buried;

  /** A cursor on all rows of a segment as they are stored. */
  RunCursor(HybridTable table, Segment segment) {
    this.table = table;
    this.segment = segment;
    firstRow = 0;
    order = null;
    rowCount = segment.rowCount();
    range(0, rowCount, false);
  }

  /** A cursor on all rows of a block in index order. */
  RunCursor(HybridTable table, Segment segment, SortedRun.Block block) {
    this.table = table;
    this.segment = segment;
    firstRow = block.firstRow();
    order = block.order();
    rowCount = block.rowCount();
    range(0, rowCount, false);
  }

  Segment segment() {
    return segment;
  }

  /** Rows of the block or segment, whatever the range. */
  long rowCount() {
    return rowCount;
  }

  /**
   * Restricts the cursor to positions {@code newBegin} to {@code newEnd} and goes before the first.
   */
  void range(long newBegin, long newEnd, boolean newReverse) {
    reverse = newReverse;
    next = newReverse ? newEnd - 1 : newBegin;
    end = newReverse ? newBegin - 1 : newEnd;
  }

  /** Leaves out rows that are deleted in the session's view. */
  void skipBuried(SessionLocal session) {
    tombstones = table.tombstones(session);
  }

  /** Goes to a position in index order. */
  SegmentRow at(long position) {
    copy = null;
    long r = firstRow + (order == null ? position : order[(int) position]);
    long id = segment.firstRowId() + r;
    RowGroupView v = view;
    if (v == null || id < v.firstRowId() || id >= v.firstRowId() + v.rowCount()) {
      int group = segment.groupOf(r);
      v = views[group & VIEWS - 1];
      if (v == null || v.group() != group) {
        v = new RowGroupView(segment, group, table.getColumns().length, false);
        views[group & VIEWS - 1] = v;
      }
      view = v;
    }
    row.position(v, (int) (id - v.firstRowId()));
    return row;
  }

  /** The row group of the current row. */
  RowGroupView view() {
    return view;
  }

  /** Number of the current row within {@link #view}. */
  int rowInView() {
    return (int) (row.getKey() - view.firstRowId());
  }

  @Override
  public boolean next() {
    while (next != end) {
      at(next);
      next += reverse ? -1 : 1;
      if (tombstones == null || !isBuried(row.getKey())) {
        return true;
      }
    }
    return false;
  }

  private boolean isBuried(long rowId) {
    if (buried == null) {
      if (++lookups <= FEW || segment.rowCount() > Integer.MAX_VALUE) {
        return tombstones.getFromSnapshot(rowId) != null;
      }
      BitSet all = new BitSet();
      TMIterator<Long, Long, Long> it =
          tombstones.keyIterator(
              segment.firstRowId(), Long.valueOf(segment.descriptor().endRowId() - 1));
      for (Long id = it.fetchNext(); id != null; id = it.fetchNext()) {
        all.set((int) (id - segment.firstRowId()));
      }
      buried = all;
    }
    return buried.get((int) (rowId - segment.firstRowId()));
  }

  @Override
  public SearchRow getSearchRow() {
    return row;
  }

  @Override
  public Row get() {
    if (copy == null) {
      copy = row.copy();
    }
    return copy;
  }

  @Override
  public boolean previous() {
    throw DbException.getUnsupportedException("previous");
  }
}

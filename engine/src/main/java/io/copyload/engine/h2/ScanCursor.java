package io.copyload.engine.h2;

import java.util.List;
import java.util.Map.Entry;
import org.h2.index.Cursor;
import org.h2.message.DbException;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.result.SearchRow;

/** Loaded rows without tombstone and delta rows by ascending row id. */
final class ScanCursor implements Cursor {
  private static final long NONE = Long.MAX_VALUE;

  private final HybridTable table;
  private final List<Segment> segments;
  private final ScanFilter filter;
  private final TMIterator<Long, Long, Long> buried;
  private final TMIterator<Long, SearchRow, Entry<Long, SearchRow>> deltaRows;
  private final long lowId;
  private final long highId;
  private final SegmentRow segmentRow = new SegmentRow();

  private int segment = -1;
  private int group;
  private RowGroupView view;

  /** Row id of the row group's row 0. */
  private long base;

  /** Next row of the row group to look at. */
  private int pos;

  /** End of the rows of the row group that are in range. */
  private int end;

  /** Up to here neither a tombstone nor a delta row comes in between. */
  private int stop;

  /** Rows of the group that may match, or null for all; and how many, and the next. */
  private int[] selection;

  private int selectionSize;
  private int selectionNext;

  private long nextBuried;
  private long nextDelta;
  private Row deltaRow;

  /** The delta row where the cursor stands, or null when it stands on a loaded row. */
  private Row currentDelta;

  private Row copy;

  ScanCursor(
      HybridTable table,
      List<Segment> segments,
      ScanFilter filter,
      TMIterator<Long, Long, Long> buried,
      TMIterator<Long, SearchRow, Entry<Long, SearchRow>> deltaRows,
      long lowId,
      long highId) {
    this.table = table;
    this.segments = segments;
    this.filter = filter;
    this.buried = buried;
    this.deltaRows = deltaRows;
    this.lowId = lowId;
    this.highId = highId;
    advanceBuried();
    advanceDelta();
  }

  @Override
  public boolean next() {
    copy = null;
    while (true) {
      if (selection == null) {
        if (pos < stop) {
          return stand(pos++);
        }
      } else {
        int i = selectionNext;
        if (i < selectionSize && selection[i] < stop) {
          selectionNext = i + 1;
          pos = selection[i] + 1;
          return stand(pos - 1);
        }
        pos = Math.max(pos, stop);
      }
      long id = base + pos;
      if (pos < end && nextBuried == id) {
        pos++;
        skipSelection();
        advanceBuried();
        findStop();
      } else if (nextDelta <= id || segment >= segments.size()) {
        if (nextDelta == NONE) {
          return false;
        }
        currentDelta = deltaRow;
        advanceDelta();
        findStop();
        return true;
      } else if (pos >= end) {
        nextGroup();
      } else {
        findStop();
      }
    }
  }

  private boolean stand(int row) {
    currentDelta = null;
    segmentRow.position(view, row);
    return true;
  }

  private void skipSelection() {
    if (selection != null) {
      while (selectionNext < selectionSize && selection[selectionNext] < pos) {
        selectionNext++;
      }
    }
  }

  private void findStop() {
    long limit = Math.min(nextBuried, nextDelta) - base;
    stop = limit >= end ? end : (int) Math.max(limit, pos);
  }

  private void nextGroup() {
    while (true) {
      if (segment < 0
          || segment < segments.size() && ++group >= segments.get(segment).groupCount()) {
        segment++;
        group = 0;
      }
      view = null;
      selection = null;
      pos = 0;
      end = 0;
      if (segment >= segments.size()) {
        // What is left of the delta follows.
        stop = 0;
        return;
      }
      Segment current = segments.get(segment);
      base = current.firstRowId() + current.firstRow(group);
      int rows = current.group(group).rowCount();
      if (base + rows <= lowId || base > highId) {
        continue;
      }
      if (filter != null && filter.excludes(current, group)) {
        // Delta rows in between must still come in their place: an empty group is entered.
        enter(current, rows, rows);
      } else {
        int begin = lowId <= base ? 0 : (int) (lowId - base);
        enter(current, begin, (int) Math.min(rows, endOf(highId) - base));
        if (filter != null) {
          selection = filter.select(view);
          selectionSize = filter.selectedCount();
          selectionNext = 0;
          skipSelection();
        }
      }
      findStop();
      return;
    }
  }

  private static long endOf(long highId) {
    return highId == Long.MAX_VALUE ? highId : highId + 1;
  }

  private void enter(Segment current, int begin, int newEnd) {
    view = new RowGroupView(current, group, table.getColumns().length, true);
    pos = begin;
    end = newEnd;
    while (nextBuried < base + pos) {
      advanceBuried();
    }
  }

  private void advanceBuried() {
    Long key = buried == null ? null : buried.fetchNext();
    nextBuried = key == null ? NONE : key;
  }

  private void advanceDelta() {
    Entry<Long, SearchRow> entry = deltaRows.fetchNext();
    if (entry == null) {
      nextDelta = NONE;
      deltaRow = null;
    } else {
      nextDelta = entry.getKey();
      deltaRow = HybridTable.withKey(entry);
    }
  }

  @Override
  public SearchRow getSearchRow() {
    return currentDelta != null ? currentDelta : segmentRow;
  }

  @Override
  public Row get() {
    if (currentDelta != null) {
      return currentDelta;
    }
    if (copy == null) {
      copy = segmentRow.copy();
    }
    return copy;
  }

  @Override
  public boolean previous() {
    throw DbException.getUnsupportedException("previous");
  }
}

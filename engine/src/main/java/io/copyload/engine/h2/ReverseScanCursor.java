package io.copyload.engine.h2;

import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import org.h2.index.Cursor;
import org.h2.message.DbException;
import org.h2.result.Row;
import org.h2.result.SearchRow;

/**
 * Loaded rows without tombstone and delta rows by descending row id: ORDER BY _ROWID_ DESC and
 * MAX(_ROWID_).
 */
final class ReverseScanCursor implements Cursor {
  private static final long NONE = Long.MIN_VALUE;

  private final HybridTable table;
  private final List<Segment> segments;
  private final Iterator<Entry<Long, Long>> buried;
  private final Iterator<Entry<Long, SearchRow>> deltaRows;
  private final long lowId;
  private final SegmentRow segmentRow = new SegmentRow();

  private int segment;
  private int group;
  private RowGroupView view;

  /** Next loaded row id to look at; NONE when there is no more. */
  private long nextLoaded;

  private long nextBuried;
  private long nextDelta;
  private Row deltaRow;
  private Row currentDelta;
  private Row copy;

  ReverseScanCursor(
      HybridTable table,
      List<Segment> segments,
      Iterator<Entry<Long, Long>> buried,
      Iterator<Entry<Long, SearchRow>> deltaRows,
      long lowId,
      long highId) {
    this.table = table;
    this.segments = segments;
    this.buried = buried;
    this.deltaRows = deltaRows;
    this.lowId = lowId;
    segment = segments.size();
    advanceBuried();
    advanceDelta();
    startSegment(highId);
  }

  private void startSegment(long highId) {
    if (--segment < 0) {
      nextLoaded = NONE;
      return;
    }
    Segment current = segments.get(segment);
    nextLoaded = Math.min(highId, current.descriptor().endRowId() - 1);
    group = current.groupOf(nextLoaded - current.firstRowId());
    view = new RowGroupView(current, group, table.getColumns().length, true);
  }

  @Override
  public boolean next() {
    copy = null;
    while (true) {
      if (nextDelta == NONE && (nextLoaded == NONE || nextLoaded < lowId)) {
        return false;
      }
      if (nextDelta != NONE && (nextLoaded < lowId || nextDelta > nextLoaded)) {
        currentDelta = deltaRow;
        advanceDelta();
        return true;
      }
      while (nextBuried > nextLoaded) {
        advanceBuried();
      }
      long id = nextLoaded;
      boolean visible = nextBuried != id;
      if (visible) {
        segmentRow.position(view, (int) (id - view.firstRowId()));
        currentDelta = null;
      }
      stepDown(id);
      if (visible) {
        return true;
      }
      if (nextDelta == id) {
        currentDelta = deltaRow;
        advanceDelta();
        return true;
      }
    }
  }

  private void stepDown(long id) {
    if (id > view.firstRowId()) {
      nextLoaded = id - 1;
    } else if (group > 0) {
      group--;
      view = new RowGroupView(segments.get(segment), group, table.getColumns().length, true);
      nextLoaded = id - 1;
    } else {
      startSegment(Long.MAX_VALUE);
    }
  }

  private void advanceBuried() {
    nextBuried = buried.hasNext() ? buried.next().getKey() : NONE;
  }

  private void advanceDelta() {
    if (!deltaRows.hasNext()) {
      nextDelta = NONE;
      deltaRow = null;
    } else {
      Entry<Long, SearchRow> entry = deltaRows.next();
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

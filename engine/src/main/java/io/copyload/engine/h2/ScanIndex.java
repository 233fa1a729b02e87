package io.copyload.engine.h2;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map.Entry;
import org.h2.api.ErrorCode;
import org.h2.command.query.AllColumnsForPlan;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.IndexType;
import org.h2.index.SingleRowCursor;
import org.h2.message.DbException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.db.MVIndex;
import org.h2.mvstore.db.MVPrimaryIndex;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.mvstore.tx.TransactionMap.TMIterator;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.TableFilter;
import org.h2.value.VersionedValue;

/**
 * The rows of a hybrid table: loaded rows that have no tombstone, and H2's own primary index for
 * all others (the delta), in order of row id.
 *
 * <p>Every column can have bounds here, which H2 checks again: they only save reading what cannot
 * match. The list of index columns begins with the row id, because H2 answers an IN list on an
 * index's first column with one search per value, which would be one scan per value.
 */
final class ScanIndex extends MVIndex<Long, SearchRow> {
  private final HybridTable table;
  private final MVPrimaryIndex delta;

  ScanIndex(HybridTable table, MVPrimaryIndex delta) {
    super(table, table.getId(), delta.getName(), columns(table), 0, IndexType.createScan(true));
    this.table = table;
    this.delta = delta;
  }

  private static IndexColumn[] columns(HybridTable table) {
    Column[] columns = table.getColumns();
    Column[] all = new Column[columns.length + 1];
    all[0] = table.getRowIdColumn();
    System.arraycopy(columns, 0, all, 1, columns.length);
    return IndexColumn.wrap(all);
  }

  MVPrimaryIndex delta() {
    return delta;
  }

  @Override
  public MVMap<Long, VersionedValue<SearchRow>> getMVMap() {
    return delta.getMVMap();
  }

  TransactionMap<Long, SearchRow> deltaMap(SessionLocal session) {
    return session.getTransaction().openMapX(delta.getMVMap());
  }

  @Override
  public String getCreateSQL() {
    return null;
  }

  @Override
  public String getPlanSQL() {
    return delta.getPlanSQL();
  }

  @Override
  public boolean isRowIdIndex() {
    return true;
  }

  @Override
  public int getColumnIndex(Column column) {
    return column.getTable() == table && column.getColumnId() >= 0 ? column.getColumnId() + 1 : -1;
  }

  @Override
  public boolean isFirstColumn(Column column) {
    return column.getColumnId() == SearchRow.ROWID_INDEX && column.getTable() == table;
  }

  @Override
  public void add(SessionLocal session, Row row) {
    if (row.getKey() == 0) {
      row.setKey(table.newRowId());
    }
    delta.add(session, row);
  }

  @Override
  public void remove(SessionLocal session, Row row) {
    if (table.isLoaded(session, row.getKey())) {
      bury(session, row.getKey());
    } else {
      delta.remove(session, row);
    }
  }

  @Override
  public void update(SessionLocal session, Row oldRow, Row newRow) {
    if (table.isLoaded(session, oldRow.getKey())) {
      bury(session, oldRow.getKey());
      delta.add(session, newRow);
    } else {
      delta.update(session, oldRow, newRow);
    }
  }

  private void bury(SessionLocal session, long rowId) {
    Long before;
    try {
      before = table.tombstones(session).put(rowId, HybridTable.BURIED);
    } catch (MVStoreException e) {
      throw table.convert(e, false);
    }
    if (before != null) {
      throw DbException.get(ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1, getTraceSQL() + ": " + rowId);
    }
  }

  @Override
  public Cursor find(SessionLocal session, SearchRow first, SearchRow last, boolean reverse) {
    if (table.isMovedBy(session)) {
      return SingleRowCursor.EMPTY;
    }
    SearchRow low = reverse ? last : first;
    SearchRow high = reverse ? first : last;
    // An unset row id is 0, below which there are none; H2 checks an upper bound of 0 again.
    long lowId = low == null ? Long.MIN_VALUE : low.getKey();
    long highId =
        high == null || high.getKey() == 0 || high.getKey() == SearchRow.MATCH_ALL_ROW_KEY
            ? Long.MAX_VALUE
            : high.getKey();
    if (lowId > highId) {
      return SingleRowCursor.EMPTY;
    }
    List<Segment> segments = table.visibleSegments(session, lowId, highId);
    Long from = lowId == Long.MIN_VALUE ? null : Long.valueOf(lowId);
    Long to = highId == Long.MAX_VALUE ? null : Long.valueOf(highId);
    if (reverse) {
      return new ReverseScanCursor(
          table,
          segments,
          descending(session, table.tombstones(session), from, to),
          descending(session, deltaMap(session), from, to),
          lowId,
          highId);
    }
    TMIterator<Long, SearchRow, Entry<Long, SearchRow>> rows =
        deltaMap(session).entryIterator(from, to);
    return segments.isEmpty()
        ? new ScanCursor(table, segments, null, null, rows, lowId, highId)
        : new ScanCursor(
            table,
            segments,
            ScanFilter.of(table, low, high),
            table.tombstones(session).keyIterator(from, to),
            rows,
            lowId,
            highId);
  }

  private static <V> Iterator<Entry<Long, V>> descending(
      SessionLocal session, TransactionMap<Long, V> map, Long from, Long to) {
    if (session.getTransaction().allowNonRepeatableRead()) {
      return map.entryIterator(to, from, true);
    }
    // H2 mixes up the order when it reads backwards a map that such a transaction has changed.
    List<Entry<Long, V>> entries = new ArrayList<>();
    TMIterator<Long, V, Entry<Long, V>> it = map.entryIterator(from, to);
    for (Entry<Long, V> e = it.fetchNext(); e != null; e = it.fetchNext()) {
      entries.add(e);
    }
    Collections.reverse(entries);
    return entries.iterator();
  }

  @Override
  public boolean canGetFirstOrLast() {
    return true;
  }

  @Override
  public Cursor findFirstOrLast(SessionLocal session, boolean first) {
    Cursor cursor = find(session, null, null, !first);
    return cursor.next() ? new SingleRowCursor(cursor.get()) : SingleRowCursor.EMPTY;
  }

  @Override
  public Row getRow(SessionLocal session, long key) {
    return table.getRow(session, key);
  }

  @Override
  public double getCost(
      SessionLocal session,
      int[] masks,
      TableFilter[] filters,
      int filter,
      SortOrder sortOrder,
      AllColumnsForPlan allColumnsSet,
      boolean isSelectCommand) {
    return 10L
        * getCostRangeIndex(
            null,
            table.getRowCountApproximation(session),
            filters,
            filter,
            sortOrder,
            true,
            allColumnsSet,
            isSelectCommand);
  }

  @Override
  public long getRowCount(SessionLocal session) {
    return table.getRowCount(session);
  }

  @Override
  public long getRowCountApproximation(SessionLocal session) {
    return table.getRowCountApproximation(session);
  }

  @Override
  public void truncate(SessionLocal session) {
    delta.truncate(session);
  }

  @Override
  public void remove(SessionLocal session) {
    delta.remove(session);
  }

  @Override
  public boolean needRebuild() {
    return false;
  }

  @Override
  public void addRowsToBuffer(List<Row> rows, String bufferName) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void addBufferedRows(List<String> bufferNames) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close(SessionLocal session) {}
}

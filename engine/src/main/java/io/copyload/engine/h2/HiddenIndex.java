package io.copyload.engine.h2;

import java.util.List;
import org.h2.command.query.AllColumnsForPlan;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.IndexType;
import org.h2.message.DbException;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.db.MVIndex;
import org.h2.mvstore.tx.TransactionMap;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.TableFilter;
import org.h2.value.VersionedValue;

/**
 * Puts one of a hybrid table's own transactional maps among the table's indexes, and with that into
 * H2's statement and transaction snapshots. No plan chooses it and no catalog view shows it.
 */
final class HiddenIndex<V> extends MVIndex<Long, V> {
  private final TransactionMap<Long, V> map;

  /** A name is needed: {@code Table.getIndex} compares it. */
  HiddenIndex(HybridTable table, String name, TransactionMap<Long, V> map) {
    super(table, table.getId(), name, new IndexColumn[0], 0, IndexType.createScan(true));
    this.map = map;
  }

  @Override
  public MVMap<Long, VersionedValue<V>> getMVMap() {
    return map.map;
  }

  /** Null keeps the index out of the catalog, of SCRIPT and of ALTER TABLE. */
  @Override
  public String getCreateSQL() {
    return null;
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
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public int getColumnIndex(Column column) {
    return -1;
  }

  @Override
  public boolean isFirstColumn(Column column) {
    return false;
  }

  @Override
  public void add(SessionLocal session, Row row) {}

  @Override
  public void remove(SessionLocal session, Row row) {}

  @Override
  public void update(SessionLocal session, Row oldRow, Row newRow) {}

  @Override
  public void truncate(SessionLocal session) {
    map.getInstance(session.getTransaction()).clear();
  }

  @Override
  public void remove(SessionLocal session) {
    TransactionMap<Long, V> instance = map.getInstance(session.getTransaction());
    if (!instance.isClosed()) {
      session.getTransaction().removeMap(instance);
    }
  }

  @Override
  public Cursor find(SessionLocal session, SearchRow first, SearchRow last, boolean reverse) {
    throw DbException.getInternalError(getName());
  }

  @Override
  public void addRowsToBuffer(List<Row> rows, String bufferName) {
    throw DbException.getInternalError(getName());
  }

  @Override
  public void addBufferedRows(List<String> bufferNames) {
    throw DbException.getInternalError(getName());
  }

  @Override
  public boolean needRebuild() {
    return false;
  }

  @Override
  public long getRowCount(SessionLocal session) {
    return 0;
  }

  @Override
  public long getRowCountApproximation(SessionLocal session) {
    return 0;
  }

  @Override
  public void close(SessionLocal session) {}
}

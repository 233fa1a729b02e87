package io.copyload.engine.h2;

import io.copyload.engine.catalog.CatalogViews;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.Command;
import org.h2.command.ddl.CreateTableData;
import org.h2.command.query.AllColumnsForPlan;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.index.Index;
import org.h2.index.VirtualTableIndex;
import org.h2.result.ResultInterface;
import org.h2.result.Row;
import org.h2.result.SearchRow;
import org.h2.result.SortOrder;
import org.h2.table.Column;
import org.h2.table.IndexColumn;
import org.h2.table.TableFilter;
import org.h2.table.TableType;
import org.h2.table.VirtualTable;
import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/**
 * A view of the catalog. It is no view of H2's, because those need rights on what they read, follow
 * the reader's transaction, and would be written by SCRIPT, whose result could then not be run
 * where a catalog exists. This one reads in a session of its own: what has happened is seen at
 * once, in every transaction.
 */
class CatalogView extends VirtualTable {
  private final CatalogViews view;
  private final Scan scan;

  CatalogView(CreateTableData data, CatalogViews view) {
    super(data.schema, data.id, data.tableName);
    this.view = view;
    setColumns(data.columns.toArray(new Column[0]));
    this.scan = new Scan(this);
  }

  /** The rows that the reader may see. */
  Cursor rows(SessionLocal reader) {
    SessionLocal session = InternalSessions.open(reader.getDatabase());
    try {
      Command query = session.prepareLocal(view.query());
      query.getParameters().get(0).setValue(onlyUser(reader), false);
      List<Row> rows = new ArrayList<>();
      try (ResultInterface result = query.executeQuery(0, -1, false)) {
        while (result.next()) {
          rows.add(row(reader, result.currentRow(), rows.size() + 1L));
        }
      }
      return new RowCursor(rows);
    } finally {
      session.close();
    }
  }

  /** The user whose loads alone are shown; NULL shows all. */
  static Value onlyUser(SessionLocal reader) {
    return reader.getUser().isAdmin()
        ? ValueNull.INSTANCE
        : ValueVarchar.get(reader.getUser().getName());
  }

  /** A row of the view; values are converted to the types of its columns. */
  final Row row(SessionLocal reader, Value[] values, long key) {
    Value[] row = new Value[columns.length];
    for (int i = 0; i < row.length; i++) {
      row[i] = columns[i].convert(reader, values[i]);
    }
    return Row.get(row, 1, key);
  }

  @Override
  public String getSQLTableType() {
    return "VIEW";
  }

  /** Not TABLE: ANALYZE reads all of these, and reading may do something. */
  @Override
  public TableType getTableType() {
    return TableType.EXTERNAL_TABLE_ENGINE;
  }

  @Override
  public StringBuilder getSQL(StringBuilder builder, int sqlFlags) {
    getSchema().getSQL(builder, sqlFlags).append('.');
    return super.getSQL(builder, sqlFlags);
  }

  @Override
  public String getCreateSQLForMeta() {
    StringBuilder sql = new StringBuilder("CREATE TABLE ");
    getSQL(sql, DEFAULT_SQL_FLAGS).append('(');
    for (int i = 0; i < columns.length; i++) {
      sql.append(i == 0 ? "" : ", ").append(columns[i].getCreateSQL(true));
    }
    return sql.append(") ENGINE \"")
        .append(CatalogTableEngine.class.getName())
        .append("\" WITH \"")
        .append(view.sqlName())
        .append('"')
        .toString();
  }

  @Override
  public Index getScanIndex(SessionLocal session) {
    return scan;
  }

  @Override
  public boolean canDrop() {
    return true;
  }

  @Override
  public boolean canGetRowCount(SessionLocal session) {
    return false;
  }

  @Override
  public long getRowCount(SessionLocal session) {
    long count = 0;
    for (Cursor rows = rows(session); rows.next(); ) {
      count++;
    }
    return count;
  }

  @Override
  public long getRowCountApproximation(SessionLocal session) {
    return Scan.ASSUMED_ROWS;
  }

  /** Never the same as before, so that no result is kept. */
  @Override
  public long getMaxDataModificationId() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isDeterministic() {
    return false;
  }

  private static final class Scan extends VirtualTableIndex {
    static final long ASSUMED_ROWS = 1000;

    private final CatalogView table;

    Scan(CatalogView table) {
      super(table, "SCAN", IndexColumn.wrap(table.getColumns()));
      this.table = table;
    }

    @Override
    public Cursor find(SessionLocal session, SearchRow first, SearchRow last, boolean reverse) {
      return table.rows(session);
    }

    @Override
    public double getCost(
        SessionLocal session,
        int[] masks,
        TableFilter[] filters,
        int filter,
        SortOrder sortOrder,
        AllColumnsForPlan allColumns,
        boolean isSelectCommand) {
      return 10.0 * ASSUMED_ROWS;
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
    public String getCreateSQL() {
      return null;
    }

    @Override
    public String getPlanSQL() {
      return "history";
    }

    @Override
    public long getRowCount(SessionLocal session) {
      return table.getRowCount(session);
    }

    @Override
    public long getRowCountApproximation(SessionLocal session) {
      return ASSUMED_ROWS;
    }
  }

  static final class RowCursor implements Cursor {
    private final List<Row> rows;
    private int position = -1;

    RowCursor(List<Row> rows) {
      this.rows = rows;
    }

    @Override
    public Row get() {
      return rows.get(position);
    }

    @Override
    public SearchRow getSearchRow() {
      return rows.get(position);
    }

    @Override
    public boolean next() {
      return ++position < rows.size();
    }

    @Override
    public boolean previous() {
      return --position >= 0;
    }
  }
}

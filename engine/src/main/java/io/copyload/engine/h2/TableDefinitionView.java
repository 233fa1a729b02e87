package io.copyload.engine.h2;

import io.copyload.engine.catalog.CatalogViews;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.result.Row;
import org.h2.value.Value;

/** PG_TABLE_DEF and STV_TBL_PERM: the tables that exist, and their columns. */
final class TableDefinitionView extends CatalogView {
  private final CatalogViews view;

  TableDefinitionView(CreateTableData data, CatalogViews view) {
    super(data, view);
    this.view = view;
  }

  @Override
  Cursor rows(SessionLocal reader) {
    List<Row> rows = new ArrayList<>();
    if (view == CatalogViews.STV_TBL_PERM) {
      for (Value[] values : TableDefinitions.tables(reader)) {
        rows.add(row(reader, values, rows.size() + 1L));
      }
      return new RowCursor(rows);
    }
    for (Value[] values : TableDefinitions.of(reader)) {
      rows.add(Row.get(values, 1, rows.size() + 1L));
    }
    return new RowCursor(rows);
  }
}

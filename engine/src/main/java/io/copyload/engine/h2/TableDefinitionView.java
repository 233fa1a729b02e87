package io.copyload.engine.h2;

import io.copyload.engine.catalog.CatalogViews;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.result.Row;
import org.h2.value.Value;

/** PG_TABLE_DEF: the columns of the tables that exist. */
final class TableDefinitionView extends CatalogView {
  TableDefinitionView(CreateTableData data, CatalogViews view) {
    super(data, view);
  }

  @Override
  Cursor rows(SessionLocal reader) {
    List<Row> rows = new ArrayList<>();
    for (Value[] values : TableDefinitions.of(reader)) {
      rows.add(Row.get(values, 1, rows.size() + 1L));
    }
    return new RowCursor(rows);
  }
}

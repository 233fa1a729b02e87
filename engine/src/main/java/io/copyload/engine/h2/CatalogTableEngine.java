package io.copyload.engine.h2;

import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.catalog.CatalogViews;
import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.table.Table;

/**
 * H2's table engine for the catalog: plain tables of H2 that SCRIPT leaves out, and with a
 * parameter the view of that name. The class name is stored in databases and therefore never
 * changes.
 */
public final class CatalogTableEngine implements TableEngine {
  /**
   * Whether the table is one of the catalog's. H2 in its MySQL modes skips the ENGINE clause, and
   * so asks the default engine for these tables.
   */
  static boolean owns(CreateTableData data) {
    String schema = data.schema.getName();
    return schema.equalsIgnoreCase(Catalog.VIEW_SCHEMA)
        || schema.equalsIgnoreCase(Catalog.TABLE_SCHEMA);
  }

  static Table create(CreateTableData data) {
    return data.tableEngineParams == null || data.tableEngineParams.isEmpty()
        ? new CatalogTable(data, data.schema.getDatabase().getStore())
        : new CatalogView(data, CatalogViews.named(data.tableEngineParams.get(0)));
  }

  @Override
  public Table createTable(CreateTableData data) {
    return create(data);
  }
}

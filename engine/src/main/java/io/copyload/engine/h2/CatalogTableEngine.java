package io.copyload.engine.h2;

import io.copyload.engine.catalog.CatalogViews;
import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.table.Table;

/**
 * H2's table engine for the catalog: plain tables of H2 that SCRIPT leaves out, and with a parameter the view of that
 * name. The class name is stored in databases and therefore never changes.
 */
public final class CatalogTableEngine implements TableEngine {
  @Override
  public Table createTable(CreateTableData data) {
    return data.tableEngineParams == null || data.tableEngineParams.isEmpty()
        ? new CatalogTable(data, data.schema.getDatabase().getStore())
        : new CatalogView(data, CatalogViews.named(data.tableEngineParams.get(0)));
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.catalog.CatalogViews;
import java.util.Locale;
import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.schema.Schema;
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

  /** A table or view of the catalog, or null. Both names were written without quotes. */
  static Table find(Database database, String schemaName, String tableName) {
    Schema schema = database.findSchema(schemaName);
    if (schema == null) {
      schema = database.findSchema(schemaName.toUpperCase(Locale.ROOT));
    }
    if (schema == null) {
      return null;
    }
    Table table = schema.findTableOrView(null, tableName);
    return table == null ? schema.findTableOrView(null, tableName.toUpperCase(Locale.ROOT)) : table;
  }

  static Table create(CreateTableData data) {
    if (data.tableEngineParams == null || data.tableEngineParams.isEmpty()) {
      return data.tableName.toLowerCase(Locale.ROOT).startsWith("jobs")
          ? new JobsTable(data, data.schema.getDatabase().getStore())
          : new CatalogTable(data, data.schema.getDatabase().getStore());
    }
    CatalogViews view = CatalogViews.named(data.tableEngineParams.get(0));
    return switch (view) {
      case STV_LOAD_STATE -> new LoadStateView(data, view);
      case COPYLOAD_REJECTS -> new RejectView(data, view);
      case COPYLOAD_SSH_KEYS -> new SshKeyView(data, view);
      case PG_TABLE_DEF, STV_TBL_PERM -> new TableDefinitionView(data, view);
      default -> new CatalogView(data, view);
    };
  }

  @Override
  public Table createTable(CreateTableData data) {
    return create(data);
  }
}

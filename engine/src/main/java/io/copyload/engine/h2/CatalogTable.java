package io.copyload.engine.h2;

import org.h2.command.ddl.CreateTableData;
import org.h2.mvstore.db.MVTable;
import org.h2.mvstore.db.Store;

/** A table of the catalog: H2's own, but not part of a user's script. */
class CatalogTable extends MVTable {
  CatalogTable(CreateTableData data, Store store) {
    super(data, store);
  }

  /**
   * Null keeps the table out of SCRIPT; the database's own record of it is {@link
   * #getCreateSQLForMeta}.
   */
  @Override
  public String getCreateSQL() {
    return null;
  }

  @Override
  public String getCreateSQLForMeta() {
    return super.getCreateSQLForMeta();
  }
}

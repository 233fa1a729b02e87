package io.copyload.engine.h2;

import org.h2.api.TableEngine;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.mvstore.AtomicVersions;
import org.h2.table.Table;

/**
 * H2's table engine for tables that hold loaded rows in columns. H2 makes one object of it per
 * database, by the name that stands in the ENGINE clause of each table; the name therefore never
 * changes.
 *
 * <p>Threads: H2 calls {@link #createTable} holding the database's monitor.
 */
public final class ColumnarTableEngine implements TableEngine {
  private ColumnarDatabase columnar;

  @Override
  public Table createTable(CreateTableData data) {
    H2Version.check();
    Database database = data.schema.getDatabase();
    // H2 asks for its catalog's table first of all, when nobody writes to the store yet.
    AtomicVersions.install(database.getStore().getMvStore());
    if (data.id == 0) {
      // The catalog itself, for which H2 asks the default engine too.
      return database.getStore().createTable(data);
    }
    if (CatalogTableEngine.owns(data)) {
      return CatalogTableEngine.create(data);
    }
    synchronized (this) {
      if (columnar == null) {
        columnar = new ColumnarDatabase(database);
      }
    }
    return columnar.createTable(data);
  }
}

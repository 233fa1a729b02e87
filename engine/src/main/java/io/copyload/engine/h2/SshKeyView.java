package io.copyload.engine.h2;

import io.copyload.engine.catalog.CatalogViews;
import io.copyload.engine.catalog.SshKeyTable;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.result.Row;
import org.h2.util.JSR310Utils;
import org.h2.value.Value;
import org.h2.value.ValueVarchar;

/** COPYLOAD_SSH_KEYS: the public keys that hosts must let in. Reading it makes them. */
final class SshKeyView extends CatalogView {
  SshKeyView(CreateTableData data, CatalogViews view) {
    super(data, view);
  }

  @Override
  Cursor rows(SessionLocal reader) {
    List<Row> rows = new ArrayList<>();
    for (SshKeyTable.Pair pair : SshKeys.pairs(reader)) {
      Value[] values = {
        ValueVarchar.get(pair.type()),
        ValueVarchar.get(pair.publicLine()),
        ValueVarchar.get(pair.fingerprint()),
        JSR310Utils.localDateTimeToValue(pair.made())
      };
      rows.add(row(reader, values, rows.size() + 1L));
    }
    return new RowCursor(rows);
  }
}

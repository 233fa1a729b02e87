package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.RedshiftTable;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.CommandInterface;
import org.h2.command.Prepared;
import org.h2.engine.Database;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.result.ResultInterface;
import org.h2.table.Table;

/** ALTER TABLE of attributes that only Redshift has. It commits, as H2's ALTER TABLE does. */
final class AttributeChange extends Prepared {
  private final RedshiftTable statement;

  AttributeChange(SessionLocal session, RedshiftTable statement) {
    super(session);
    this.statement = statement;
    setSQL("ALTER TABLE", null);
    setParameterList(new ArrayList<>());
  }

  @Override
  public long update() {
    Table table = RedshiftDdl.table(session, statement.table());
    session.getUser().checkTableRight(table, Right.SCHEMA_OWNER);
    table.checkSupportAlter();
    if (!(table instanceof HybridTable hybrid)) {
      throw new CopyException(
              CopyErrorCode.WRONG_OBJECT_TYPE,
              "\"" + statement.table().table().shown() + "\" is not a columnar table")
          .withPosition(statement.table().range().position());
    }
    table.lock(session, Table.EXCLUSIVE_LOCK);
    TableAttributes changed =
        AttributeClauses.apply(
            getDatabase(),
            hybrid.attributes(),
            statement.attributes(),
            List.of(table.getColumns()));
    record(session, hybrid, changed);
    return 0;
  }

  /** Writes changed attributes to the catalog, in the session's transaction. */
  static void record(SessionLocal session, HybridTable table, TableAttributes changed) {
    TableAttributes before = table.attributes();
    Database database = session.getDatabase();
    boolean done = false;
    table.setAttributes(changed);
    try {
      if (!table.isTemporary()) {
        database.updateMeta(session, table);
      }
      done = true;
    } finally {
      if (!done) {
        table.setAttributes(before);
      }
    }
  }

  @Override
  public boolean isTransactional() {
    return false;
  }

  @Override
  public ResultInterface queryMeta() {
    return null;
  }

  /** There is nothing to parse again. */
  @Override
  public boolean needRecompile() {
    return false;
  }

  @Override
  public int getType() {
    return CommandInterface.UNKNOWN;
  }
}

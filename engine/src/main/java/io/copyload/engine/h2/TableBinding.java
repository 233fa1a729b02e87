package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.plan.TargetTable;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.h2.api.ErrorCode;
import org.h2.engine.Database;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableType;

/**
 * The table that a COPY names, found as H2's parser would find it, with the session user's right to
 * insert checked.
 *
 * <p>Messages show names as PostgreSQL would for the same statements: H2 folds unquoted names to
 * upper case and PostgreSQL to lower case, so a stored name without lower-case letters is shown in
 * lower case.
 */
record TableBinding(Table table, TargetTable target) {
  static TableBinding of(SessionLocal session, CopyFrom statement, DialectName dialect) {
    TableName name = statement.table();
    Table table = find(session, name);
    boolean foldsToUpper = session.getDatabase().getSettings().databaseToUpper;
    if (table == null) {
      String shown = name.table().shown();
      if (isSequence(session, name)) {
        throw new CopyException(
            CopyErrorCode.WRONG_OBJECT_TYPE, "cannot copy to sequence \"" + shown + "\"");
      }
      if (name.schema() != null) {
        shown = name.schema().shown() + "." + shown;
      }
      throw new CopyException(
              CopyErrorCode.UNDEFINED_TABLE, "relation \"" + shown + "\" does not exist")
          .withPosition(name.range().begin() + 1);
    }
    String shown = shown(table.getName(), foldsToUpper);
    if (dialect == DialectName.MATERIALIZE) {
      checkInsertable(table, shown);
    }
    if (table.getTableType() == TableType.MATERIALIZED_VIEW) {
      throw new CopyException(
          CopyErrorCode.WRONG_OBJECT_TYPE, "cannot copy to materialized view \"" + shown + "\"");
    }
    if (table.isView()) {
      throw new CopyException(
              CopyErrorCode.WRONG_OBJECT_TYPE, "cannot copy to view \"" + shown + "\"")
          .withHint("To enable copying to a view, provide an INSTEAD OF INSERT trigger.");
    }
    if (!table.isInsertable() || table.getTableType() == TableType.SYSTEM_TABLE) {
      throw new CopyException(
          CopyErrorCode.WRONG_OBJECT_TYPE, "cannot copy to system table \"" + shown + "\"");
    }
    checkInsertRight(session, table, shown);
    return new TableBinding(table, target(table, shown, foldsToUpper));
  }

  /** Refuses what cannot be loaded in Materialize's words. */
  private static void checkInsertable(Table table, String shown) {
    String kind =
        table.getTableType() == TableType.SYSTEM_TABLE
            ? "system table"
            : table.getTableType() == TableType.MATERIALIZED_VIEW
                ? "materialized view"
                : table.isView() ? "view" : table.isInsertable() ? null : "non-writeable table";
    if (kind != null) {
      throw new CopyException(
          CopyErrorCode.WRONG_OBJECT_TYPE, "cannot insert into " + kind + " '" + shown + "'");
    }
  }

  /** The target as messages about its columns name it: Materialize says database and schema. */
  TargetTable target(DialectName dialect) {
    if (dialect != DialectName.MATERIALIZE) {
      return target;
    }
    boolean foldsToUpper = table.getDatabase().getSettings().databaseToUpper;
    return new TargetTable(
        shown(table.getDatabase().getShortName(), foldsToUpper)
            + "."
            + shown(table.getSchema().getName(), foldsToUpper)
            + "."
            + target.name(),
        target.columns());
  }

  /** The error with the table's name, when it is about a part of the table. */
  CopyException named(CopyException e) {
    if (e.object().isNone() || e.object().schema() != null) {
      return e;
    }
    boolean foldsToUpper = table.getDatabase().getSettings().databaseToUpper;
    return e.withObject(
        e.object().in(shown(table.getSchema().getName(), foldsToUpper), target.name()));
  }

  static TargetTable target(Table table, String shown, boolean foldsToUpper) {
    List<TargetTable.Column> columns = new ArrayList<>();
    for (Column column : table.getColumns()) {
      columns.add(
          new TargetTable.Column(
              shown(column.getName(), foldsToUpper),
              column.getName(),
              TargetTypes.of(column.getType()),
              !column.isNullable(),
              column.getVisible(),
              column.isGenerated(),
              column.isIdentity()));
    }
    return new TargetTable(shown, columns);
  }

  /** The statement's column list as the database looks names up. */
  static List<ColumnMapping.ListedColumn> listedColumns(
      SessionLocal session, List<Identifier> names) {
    List<ColumnMapping.ListedColumn> listed = new ArrayList<>();
    for (Identifier name : names) {
      listed.add(
          new ColumnMapping.ListedColumn(
              name.shown(), stored(session.getDatabase(), name), name.range().begin() + 1));
    }
    return listed;
  }

  private static void checkInsertRight(SessionLocal session, Table table, String shown) {
    try {
      session.getUser().checkTableRight(table, Right.INSERT);
    } catch (DbException e) {
      if (e.getErrorCode() == ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1) {
        throw new CopyException(
            CopyErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for table " + shown, e);
      }
      throw e;
    }
  }

  static Table find(SessionLocal session, TableName name) {
    Database database = session.getDatabase();
    String tableName = stored(database, name.table());
    if (name.catalog() != null
        && !stored(database, name.catalog()).equalsIgnoreCase(database.getShortName())) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "cross-database references are not implemented: \""
                  + name.catalog().shown()
                  + "."
                  + name.schema().shown()
                  + "."
                  + name.table().shown()
                  + "\"")
          .withPosition(name.range().begin() + 1);
    }
    if (name.schema() != null) {
      Schema schema = database.findSchema(stored(database, name.schema()));
      if (schema == null) {
        throw new CopyException(
                CopyErrorCode.UNDEFINED_SCHEMA,
                "schema \"" + name.schema().shown() + "\" does not exist")
            .withPosition(name.range().begin() + 1);
      }
      return schema.resolveTableOrView(session, tableName, false);
    }
    Table table =
        database
            .getSchema(session.getCurrentSchemaName())
            .resolveTableOrView(session, tableName, false);
    String[] searchPath = session.getSchemaSearchPath();
    for (int i = 0; table == null && searchPath != null && i < searchPath.length; i++) {
      table = database.getSchema(searchPath[i]).resolveTableOrView(session, tableName, false);
    }
    return table;
  }

  static boolean isSequence(SessionLocal session, TableName name) {
    Database database = session.getDatabase();
    Schema schema =
        name.schema() == null
            ? database.getSchema(session.getCurrentSchemaName())
            : database.findSchema(stored(database, name.schema()));
    return schema != null && schema.findSequence(stored(database, name.table())) != null;
  }

  static String stored(Database database, Identifier name) {
    if (name.quoted()) {
      return name.text();
    }
    if (database.getSettings().databaseToUpper) {
      return name.text().toUpperCase(Locale.ROOT);
    }
    return database.getSettings().databaseToLower
        ? name.text().toLowerCase(Locale.ROOT)
        : name.text();
  }

  static String shown(String stored, boolean foldsToUpper) {
    return foldsToUpper && stored.equals(stored.toUpperCase(Locale.ROOT))
        ? stored.toLowerCase(Locale.ROOT)
        : stored;
  }
}

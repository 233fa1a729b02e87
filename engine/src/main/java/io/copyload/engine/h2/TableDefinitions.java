package io.copyload.engine.h2;

import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.store.ColumnEncoding;
import io.copyload.engine.store.TargetType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.h2.engine.Database;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueInteger;
import org.h2.value.ValueVarchar;

/**
 * The rows of {@code pg_table_def}, one per column of the tables that a user may read, and of
 * {@code stv_tbl_perm}, one per table.
 */
final class TableDefinitions {
  private TableDefinitions() {}

  static List<Value[]> of(SessionLocal reader) {
    boolean foldsToUpper = reader.getDatabase().getSettings().databaseToUpper;
    List<Value[]> rows = new ArrayList<>();
    for (Table table : readableTables(reader)) {
      addColumns(table, foldsToUpper, rows);
    }
    return rows;
  }

  /**
   * Slice, id, name, rows as far as they are known without counting, temporary, database, backup.
   */
  static List<Value[]> tables(SessionLocal reader) {
    boolean foldsToUpper = reader.getDatabase().getSettings().databaseToUpper;
    List<Value[]> rows = new ArrayList<>();
    for (Table table : readableTables(reader)) {
      String name = TableBinding.shown(table.getName(), foldsToUpper);
      rows.add(
          new Value[] {
            ValueInteger.get(0),
            ValueInteger.get(table.getId()),
            ValueVarchar.get(name.substring(0, Math.min(72, name.length()))),
            ValueBigint.get(table.getRowCountApproximation(reader)),
            ValueInteger.get(table.isTemporary() ? 1 : 0),
            ValueInteger.get(0),
            ValueInteger.get(1)
          });
    }
    return rows;
  }

  /** The tables, other than those of the catalog, that the user may read, by name. */
  static List<Table> readableTables(SessionLocal reader) {
    Database database = reader.getDatabase();
    List<Table> tables = new ArrayList<>(database.getAllTablesAndViews());
    tables.addAll(reader.getLocalTempTables());
    tables.removeIf(
        table ->
            table.getTableType() != TableType.TABLE
                || isCatalog(table.getSchema().getName())
                || !reader.getUser().hasTableRight(table, Right.SELECT));
    tables.sort(
        Comparator.comparing((Table table) -> table.getSchema().getName())
            .thenComparing(Table::getName));
    return tables;
  }

  private static boolean isCatalog(String schema) {
    return schema.equalsIgnoreCase(Catalog.TABLE_SCHEMA)
        || schema.equalsIgnoreCase(Catalog.VIEW_SCHEMA);
  }

  private static void addColumns(Table table, boolean foldsToUpper, List<Value[]> rows) {
    TableAttributes attributes =
        table instanceof HybridTable hybrid ? hybrid.attributes() : TableAttributes.NONE;
    for (Column column : table.getColumns()) {
      String name = column.getName();
      rows.add(
          new Value[] {
            ValueVarchar.get(TableBinding.shown(table.getSchema().getName(), foldsToUpper)),
            ValueVarchar.get(TableBinding.shown(table.getName(), foldsToUpper)),
            ValueVarchar.get(TableBinding.shown(name, foldsToUpper)),
            ValueVarchar.get(RedshiftTypeNames.of(column, attributes)),
            ValueVarchar.get(encoding(table, column, attributes).shown()),
            ValueBoolean.get(name.equals(attributes.distKey())),
            ValueInteger.get(sortKey(name, attributes)),
            ValueBoolean.get(!column.isNullable())
          });
    }
  }

  /** The recorded encoding, or what Redshift takes for the type where none is. */
  static ColumnEncoding encoding(Table table, Column column, TableAttributes attributes) {
    ColumnEncoding recorded = attributes.encodings().get(column.getName());
    TargetType type = TargetTypes.of(column.getType());
    return recorded != null && recorded.suits(type)
        ? recorded
        : ColumnEncoding.byType(
            type, attributes.isSortKey(column.getName()) || table.isTemporary());
  }

  /** Place in the sort key from 1, with signs in turn where it is interleaved; 0 outside. */
  private static int sortKey(String column, TableAttributes attributes) {
    int place = attributes.sortKey().indexOf(column) + 1;
    return attributes.interleaved() && place % 2 == 0 ? -place : place;
  }
}

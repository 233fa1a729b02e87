package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.plan.TargetTable;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.TableName;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.h2.api.ErrorCode;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.result.ResultInterface;
import org.h2.table.MaterializedView;
import org.h2.table.Table;
import org.h2.table.TableType;
import org.h2.util.HasSQL;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueBoolean;
import org.h2.value.ValueNull;
import org.h2.value.ValueRow;
import org.h2.value.ValueVarchar;

/** The rows of a COPY TO: a table's or a query's. Threads: one, the session's. */
final class ExportSource {
  /** Null for a query. */
  private final Table table;

  private final TargetTable target;
  private final ColumnMapping mapping;

  /** Null when a table is read without a query. */
  private final ExportQuery query;

  private final List<String> columnNames;
  private final List<TargetType> types;
  private final List<TypeInfo> typeInfos;

  private ExportSource(
      Table table,
      TargetTable target,
      ColumnMapping mapping,
      ExportQuery query,
      List<String> columnNames,
      List<TypeInfo> typeInfos,
      boolean foldsToUpper) {
    this.table = table;
    this.target = target;
    this.mapping = mapping;
    this.query = query;
    this.columnNames = columnNames;
    this.typeInfos = typeInfos;
    types =
        typeInfos.stream().map(type -> shownFields(TargetTypes.of(type), foldsToUpper)).toList();
  }

  /**
   * @param postgresMajor the major of PostgreSQL whose rules hold
   * @param keepsRows whether rows are written with their fields rather than as text
   */
  static ExportSource of(
      SessionLocal session,
      String sql,
      CopyTo statement,
      List<Object> parameters,
      int postgresMajor,
      boolean keepsRows) {
    boolean foldsToUpper = session.getDatabase().getSettings().databaseToUpper;
    if (statement.query() != null) {
      ExportQuery query = ExportQuery.prepare(session, statement.query(), sql, parameters);
      return new ExportSource(
          null,
          null,
          null,
          query,
          query.columnNames(session),
          readable(query.types(), keepsRows),
          foldsToUpper);
    }
    Table named = table(session, statement.table(), postgresMajor);
    String shown = TableBinding.shown(named.getName(), foldsToUpper);
    checkSelectRight(session, named, shown);
    Table table = named instanceof MaterializedView view ? view.getUnderlyingTable() : named;
    TargetTable target = TableBinding.target(table, shown, foldsToUpper);
    ColumnMapping mapping =
        ColumnMapping.of(target, TableBinding.listedColumns(session, statement.columns()), false);
    List<String> names = new ArrayList<>();
    List<TypeInfo> types = new ArrayList<>();
    for (int index : mapping.loaded()) {
      names.add(target.columns().get(index).name());
      types.add(table.getColumn(index).getType());
    }
    if (table instanceof HybridTable && readable(types, false).equals(types)) {
      return new ExportSource(table, target, mapping, null, names, types, foldsToUpper);
    }
    ExportQuery query = ExportQuery.prepare(session, select(named, table, mapping.loaded()));
    return new ExportSource(
        table, target, mapping, query, names, readable(query.types(), keepsRows), foldsToUpper);
  }

  private static Table table(SessionLocal session, TableName name, int postgresMajor) {
    Table table = TableBinding.find(session, name);
    if (table == null) {
      String shown = name.table().shown();
      if (TableBinding.isSequence(session, name)) {
        throw new CopyException(
            CopyErrorCode.WRONG_OBJECT_TYPE, "cannot copy from sequence \"" + shown + "\"");
      }
      if (name.schema() != null) {
        shown = name.schema().shown() + "." + shown;
      }
      throw new CopyException(
              CopyErrorCode.UNDEFINED_TABLE, "relation \"" + shown + "\" does not exist")
          .withPosition(name.range().begin() + 1);
    }
    boolean materialized = table.getTableType() == TableType.MATERIALIZED_VIEW;
    if (materialized ? postgresMajor < 18 : table.isView()) {
      throw new CopyException(
              CopyErrorCode.WRONG_OBJECT_TYPE,
              (materialized ? "cannot copy from materialized view \"" : "cannot copy from view \"")
                  + TableBinding.shown(
                      table.getName(), session.getDatabase().getSettings().databaseToUpper)
                  + "\"")
          .withHint("Try the COPY (SELECT ...) TO variant.");
    }
    return table;
  }

  private static void checkSelectRight(SessionLocal session, Table table, String shown) {
    try {
      session.getUser().checkTableRight(table, Right.SELECT);
    } catch (DbException e) {
      if (e.getErrorCode() == ErrorCode.NOT_ENOUGH_RIGHTS_FOR_1) {
        throw new CopyException(
            CopyErrorCode.INSUFFICIENT_PRIVILEGE, "permission denied for table " + shown, e);
      }
      throw e;
    }
  }

  private static String select(Table named, Table table, List<Integer> columns) {
    StringBuilder sql = new StringBuilder("SELECT ");
    for (int i = 0; i < columns.size(); i++) {
      table
          .getColumn(columns.get(i))
          .getSQL(sql.append(i == 0 ? "" : ", "), HasSQL.DEFAULT_SQL_FLAGS);
    }
    return named.getSQL(sql.append(" FROM "), HasSQL.DEFAULT_SQL_FLAGS).toString();
  }

  /**
   * Types as which values are written. A query's numbers have scales of their own, which DECFLOAT
   * keeps; what is no type of a column is written as text.
   */
  private static List<TypeInfo> readable(List<TypeInfo> types, boolean keepsRows) {
    List<TypeInfo> readable = new ArrayList<>();
    for (TypeInfo type : types) {
      readable.add(
          switch (type.getValueType()) {
            case Value.JAVA_OBJECT -> TypeInfo.TYPE_VARBINARY;
            case Value.NULL, Value.UNKNOWN -> TypeInfo.TYPE_VARCHAR;
            case Value.ROW, Value.ARRAY -> {
              TargetType target = TargetTypes.of(type);
              yield hasText(target) || keepsRows && hasValues(target)
                  ? type
                  : TypeInfo.TYPE_VARCHAR;
            }
            default -> type;
          });
    }
    return readable;
  }

  /** Whether rows, or arrays of them, are written as text. */
  boolean hasRows() {
    if (query != null) {
      for (TypeInfo type : query.types()) {
        int kind = type.getValueType();
        if (kind == Value.ROW || (kind == Value.ARRAY && !hasText(TargetTypes.of(type)))) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean hasText(TargetType type) {
    return type.kind() == TargetType.Kind.ARRAY
        ? hasText(type.element())
        : type.kind() != TargetType.Kind.OTHER;
  }

  /** Whether all parts of a value have types that are written. */
  private static boolean hasValues(TargetType type) {
    if (type.isRow()) {
      return type.fields().stream().allMatch(field -> hasValues(field.type()));
    }
    return type.kind() == TargetType.Kind.ARRAY ? hasValues(type.element()) : hasText(type);
  }

  /** Fields of rows have the names that columns would have. */
  private static TargetType shownFields(TargetType type, boolean foldsToUpper) {
    if (type.isRow()) {
      return TargetType.rowOf(
          type.fields().stream()
              .map(
                  field ->
                      new TargetType.Field(
                          TableBinding.shown(field.name(), foldsToUpper),
                          shownFields(field.type(), foldsToUpper)))
              .toList());
    }
    return type.kind() == TargetType.Kind.ARRAY
        ? new TargetType(
            type.kind(),
            type.precision(),
            type.scale(),
            type.enumLabels(),
            shownFields(type.element(), foldsToUpper))
        : type;
  }

  List<String> columnNames() {
    return columnNames;
  }

  List<TargetType> types() {
    return types;
  }

  /** Number of parameters within the query. */
  int parameterCount() {
    return query == null ? 0 : query.parameterCount();
  }

  /** Which columns an option lists. */
  boolean[] chosen(List<Identifier> names, String option) {
    boolean[] chosen = new boolean[types.size()];
    if (names.isEmpty()) {
      return chosen;
    }
    if (target != null) {
      List<ColumnMapping.ListedColumn> listed = new ArrayList<>();
      for (Identifier name : names) {
        listed.add(
            new ColumnMapping.ListedColumn(
                name.shown(), TableBinding.stored(table.getDatabase(), name), 0));
      }
      return mapping.fieldsOf(target, listed, option);
    }
    for (Identifier name : names) {
      int index = columnNames.indexOf(name.shown());
      if (index < 0) {
        throw new CopyException(
            CopyErrorCode.UNDEFINED_COLUMN, "column \"" + name.shown() + "\" does not exist");
      }
      if (chosen[index]) {
        throw new CopyException(
            CopyErrorCode.DUPLICATE_COLUMN,
            "column \"" + name.shown() + "\" specified more than once");
      }
      chosen[index] = true;
    }
    return chosen;
  }

  /** Writes all rows and returns their number. */
  long write(
      SessionLocal session,
      Function<List<TargetType>, RowWriter> writers,
      ByteSink sink,
      CancelToken cancel,
      int threads)
      throws IOException {
    if (query == null) {
      table.lock(session, Table.READ_LOCK);
      int[] indexes = mapping.loaded().stream().mapToInt(Integer::intValue).toArray();
      return SegmentExport.run(
          session, (HybridTable) table, indexes, writers, sink, cancel, threads);
    }
    List<ValueCodec> codecs = new ArrayList<>();
    List<TargetType> writtenTypes = new ArrayList<>();
    TypeInfo[] written = new TypeInfo[typeInfos.size()];
    for (int i = 0; i < written.length; i++) {
      TypeInfo type = typeInfos.get(i);
      written[i] = type.getValueType() == Value.NUMERIC ? TypeInfo.TYPE_DECFLOAT : type;
      codecs.add(ValueCodec.of(written[i], session));
      boolean nested = type.getValueType() == Value.ROW || type.getValueType() == Value.ARRAY;
      writtenTypes.add(nested ? types.get(i) : codecs.get(i).targetType());
    }
    RowExport rows = new RowExport(codecs, writers.apply(writtenTypes), sink, cancel);
    return query.run(
        session,
        result -> {
          Value[] row = new Value[written.length];
          while (result.next()) {
            Value[] current = result.currentRow();
            for (int i = 0; i < row.length; i++) {
              row[i] = value(session, current[i], written[i]);
            }
            rows.add(row);
          }
          return rows.finish();
        });
  }

  private static Value value(SessionLocal session, Value value, TypeInfo type) {
    int from = value.getValueType();
    if (value == ValueNull.INSTANCE
        || from == type.getValueType() && from != Value.ROW
        || from == Value.NUMERIC && type.getValueType() == Value.DECFLOAT) {
      return value;
    }
    if (value instanceof ValueRow row && type.getValueType() != Value.ROW) {
      return ValueVarchar.get(composite(row));
    }
    return value.convertTo(type, session);
  }

  /** A row value as PostgreSQL prints it, with the texts of its fields that H2 gives. */
  private static String composite(ValueRow row) {
    StringBuilder text = new StringBuilder("(");
    String comma = "";
    for (Value field : row.getList()) {
      text.append(comma);
      comma = ",";
      if (field == ValueNull.INSTANCE) {
        continue;
      }
      String inner =
          field instanceof ValueRow nested
              ? composite(nested)
              : field instanceof ValueBoolean flag
                  ? flag.getBoolean() ? "t" : "f"
                  : field.getString();
      boolean quoted = inner.isEmpty() || inner.matches("(?s).*[\\s(),\"\\\\].*");
      text.append(quoted ? '"' + inner.replace("\\", "\\\\").replace("\"", "\"\"") + '"' : inner);
    }
    return text.append(')').toString();
  }

  /** Reads a result. */
  interface Reading {
    long read(ResultInterface result) throws IOException;
  }
}

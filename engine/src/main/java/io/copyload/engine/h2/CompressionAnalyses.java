package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.statement.AnalyzeCompression;
import io.copyload.engine.statement.Identifier;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueNumeric;
import org.h2.value.ValueVarchar;

/**
 * ANALYZE COMPRESSION: advice, with what each encoding would save of the rows that are there. It
 * changes nothing.
 */
final class CompressionAnalyses implements OwnStatement.Kind {
  @Override
  public boolean claims(String sql) {
    return AnalyzeCompression.is(sql);
  }

  @Override
  public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
    return new Analysis(AnalyzeCompression.parse(sql));
  }

  private record Analysis(AnalyzeCompression statement) implements OwnStatement {
    @Override
    public List<Column> columns() {
      return List.of(
          new Column("Table", TypeInfo.TYPE_VARCHAR),
          new Column("Column", TypeInfo.TYPE_VARCHAR),
          new Column("Encoding", TypeInfo.TYPE_VARCHAR),
          new Column("Est_reduction_pct", TypeInfo.getTypeInfo(Value.NUMERIC, 5, 2, null)));
    }

    @Override
    public long run(Execution execution) {
      SessionLocal session = execution.session();
      if (statement.table() != null) {
        Table table = RedshiftDdl.table(session, statement.table());
        session.getUser().checkTableRight(table, Right.SELECT);
        analyze(execution, table);
        return 0;
      }
      for (Table table : TableDefinitions.readableTables(session)) {
        analyze(execution, table);
      }
      return 0;
    }

    private void analyze(Execution execution, Table table) {
      SessionLocal session = execution.session();
      table.lock(session, Table.READ_LOCK);
      TableAttributes attributes =
          table instanceof HybridTable hybrid ? hybrid.attributes() : TableAttributes.NONE;
      List<Column> asked = asked(session, table);
      List<Column> analyzed = new ArrayList<>(asked);
      analyzed.removeIf(column -> attributes.isSortKey(column.getName()));
      Map<Column, CompressionAnalysis.Choice> choices =
          CompressionAnalysis.of(
              session,
              table,
              analyzed,
              Math.max(statement.compRows(), CompressionAnalysis.MIN_SAMPLE_ROWS),
              execution.cancel());
      boolean foldsToUpper = session.getDatabase().getSettings().databaseToUpper;
      for (Column column : table.getColumns()) {
        CompressionAnalysis.Choice choice = choices.get(column);
        String encoding =
            choice != null
                ? choice.encoding().sqlName()
                : asked.contains(column)
                    ? TableDefinitions.encoding(table, column, attributes).sqlName()
                    : "N/A";
        execution
            .rows()
            .accept(
                new Value[] {
                  ValueVarchar.get(TableBinding.shown(table.getName(), foldsToUpper)),
                  ValueVarchar.get(TableBinding.shown(column.getName(), foldsToUpper)),
                  ValueVarchar.get(encoding),
                  ValueNumeric.get(choice == null ? BigDecimal.ZERO.setScale(2) : percent(choice))
                });
      }
    }

    private List<Column> asked(SessionLocal session, Table table) {
      if (statement.columns().isEmpty()) {
        return List.of(table.getColumns());
      }
      List<Column> asked = new ArrayList<>();
      for (Identifier name : statement.columns()) {
        Column column = table.findColumn(TableBinding.stored(session.getDatabase(), name));
        if (column == null) {
          throw new CopyException(
                  CopyErrorCode.UNDEFINED_COLUMN, "column \"" + name.shown() + "\" does not exist")
              .withPosition(name.range().position());
        }
        asked.add(column);
      }
      return asked;
    }

    private static BigDecimal percent(CompressionAnalysis.Choice choice) {
      if (choice.rawBytes() == 0) {
        return BigDecimal.ZERO.setScale(2);
      }
      return BigDecimal.valueOf(choice.rawBytes() - choice.bytes())
          .multiply(BigDecimal.valueOf(100))
          .divide(BigDecimal.valueOf(choice.rawBytes()), MathContext.DECIMAL64)
          .setScale(2, RoundingMode.HALF_UP);
    }
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.OptionsInForce;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.plan.ColumnMapping;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.CopyParser;
import io.copyload.engine.statement.LeadingWords;
import io.copyload.engine.statement.SourceRef;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.util.HasSQL;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueNull;
import org.h2.value.ValueVarchar;

/**
 * {@code EXPLAIN COPY ...}: says what the COPY would do, as rows. Of the objects nothing is read
 * but their names and sizes; a stream stays untouched and a program is not run.
 */
final class ExplainCopy implements OwnStatement {
  /** Objects that are listed; more are counted if their number is known. */
  private static final int MAX_OBJECTS = 1000;

  private final String sql;
  private final CopyFrom statement;

  private ExplainCopy(String sql, CopyFrom statement) {
    this.sql = sql;
    this.statement = statement;
  }

  /** Texts that begin with EXPLAIN COPY. */
  static final Kind KIND =
      new Kind() {
        @Override
        public boolean claims(String sql) {
          return LeadingWords.are(sql, "EXPLAIN", "COPY");
        }

        @Override
        public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
          int at = LeadingWords.behind(sql, "EXPLAIN");
          // Blanks keep the positions of errors.
          String copy = " ".repeat(at) + sql.substring(at);
          if (CopyParser.parse(copy) instanceof CopyFrom from) {
            return new ExplainCopy(copy, from);
          }
          throw new CopyException(
                  CopyErrorCode.FEATURE_NOT_SUPPORTED, "EXPLAIN is for COPY FROM only")
              .withPosition(at + 1);
        }
      };

  @Override
  public List<Column> columns() {
    return List.of(
        new Column("SECTION", TypeInfo.TYPE_VARCHAR),
        new Column("NAME", TypeInfo.TYPE_VARCHAR),
        new Column("VALUE", TypeInfo.TYPE_VARCHAR),
        new Column("ORIGIN", TypeInfo.TYPE_VARCHAR));
  }

  @Override
  public long run(Execution execution) {
    SessionLocal session = execution.session();
    CopySettings settings = execution.settings();
    ResolvedCopy resolved = CopyResolver.resolve(statement, settings.dialect());
    TableBinding binding = TableBinding.of(session, statement, resolved.dialect());
    ColumnMapping mapping =
        ColumnMapping.of(
            binding.target(resolved.dialect()),
            TableBinding.listedColumns(session, statement.columns()),
            resolved.dialect() == DialectName.REDSHIFT);
    RowCondition condition = RowCondition.of(session, binding.table(), sql, statement.where());
    CopySource source = source(execution, resolved, binding);
    LoadPlan plan =
        CopyExecutor.plan(
            session, settings, resolved, binding, mapping, source, condition, execution.cancel());

    Lines lines = new Lines(execution.rows());
    lines.add(
        "statement",
        "dialect",
        resolved.dialect().propertyValue(),
        settings.dialect() == DialectName.AUTO ? "by its clauses" : "connection");
    lines.add("statement", "format", resolved.format().historyName(), null);
    if (statement.where() != null) {
      lines.add("statement", "where", statement.where().of(sql).strip(), "given");
    }
    table(lines, session, binding, mapping, plan, condition);
    lines.add("load", "slices", Integer.toString(plan.slices()), null);
    lines.add("load", "memory", plan.memoryBytes() + " bytes", "connection");
    lines.add("load", "errors", errors(resolved, plan), null);
    objects(lines, source, resolved, execution.cancel());
    columns(lines, session, binding, mapping);
    for (OptionsInForce.Option option : OptionsInForce.of(statement, resolved)) {
      lines.add("option", option.name(), option.value(), option.given() ? "given" : "default");
    }
    return 0;
  }

  /** Writes the rows of the result. */
  private record Lines(Consumer<Value[]> rows) {
    void add(String section, String name, String value, String origin) {
      rows.accept(new Value[] {text(section), text(name), text(value), text(origin)});
    }

    private static Value text(String text) {
      return text == null ? ValueNull.INSTANCE : ValueVarchar.get(text);
    }
  }

  private CopySource source(Execution execution, ResolvedCopy resolved, TableBinding binding) {
    String unread = null;
    if (statement.source() instanceof SourceRef.Stdin) {
      unread = "stdin";
    } else if (statement.source() instanceof SourceRef.Program program) {
      unread = "program " + program.command();
    }
    return unread != null
        ? new CopySource(SourceListing.of(List.<SourceObject>of()), unread, false, null)
        : ShapefileSet.shapes(
            CopySource.of(
                execution.session(),
                statement.source(),
                resolved.source(),
                execution.parameters(),
                null,
                binding.target().name(),
                execution.settings(),
                execution.cancel()),
            resolved);
  }

  private static void table(
      Lines lines,
      SessionLocal session,
      TableBinding binding,
      ColumnMapping mapping,
      LoadPlan plan,
      RowCondition condition) {
    Table table = binding.table();
    boolean rows =
        condition != null || CopyExecutor.usesRowStage(session, table, mapping, plan.columns());
    lines.add("table", table.getSQL(HasSQL.DEFAULT_SQL_FLAGS), way(table, rows), null);
  }

  private static String way(Table table, boolean rows) {
    if (!(table instanceof HybridTable)) {
      return "row by row: the table is not columnar";
    }
    if (RowStage.hasRowTriggers(table)) {
      return "row by row, for its row triggers";
    }
    return rows ? "columnar; each row is evaluated by one thread" : "columnar, in parallel";
  }

  private static String errors(ResolvedCopy resolved, LoadPlan plan) {
    long limit = plan.budget().limit();
    String of = plan.budget().softOnly() ? " values that do not convert" : " bad records";
    String what = limit == Long.MAX_VALUE ? "any number of" + of : "fewer than " + limit + of;
    String passes = limit == 1 ? "the first bad record ends the load" : what + " are passed over";
    return resolved.redshift().noLoad() ? passes + "; nothing is loaded" : passes;
  }

  private static void objects(
      Lines lines, CopySource source, ResolvedCopy resolved, CancelToken cancel) {
    SourceListing objects = source.objects();
    if (objects.count() == 0) {
      lines.add("object", source.text(), "read when the COPY runs", null);
      return;
    }
    int shown = 0;
    long bytes = 0;
    try (SourceListing.Cursor cursor = objects.openForNames(cancel)) {
      for (SourceObject object = cursor.next(); object != null; object = cursor.next()) {
        cancel.check();
        if (shown == MAX_OBJECTS) {
          lines.add(
              "object",
              "...",
              objects.count() < 0 ? "and more" : objects.count() - shown + " more",
              null);
          return;
        }
        shown++;
        bytes = bytes < 0 || object.size() < 0 ? -1 : bytes + object.size();
        lines.add(
            "object",
            object.name(),
            object.size() < 0 ? "size unknown" : object.size() + " bytes",
            compression(object, resolved));
      }
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          "the objects of \"" + source.text() + "\" cannot be listed: " + e.getMessage(),
          e);
    }
    lines.add("load", "objects", Integer.toString(shown), null);
    lines.add("load", "bytes", bytes < 0 ? "unknown" : Long.toString(bytes), null);
  }

  private static String compression(SourceObject object, ResolvedCopy resolved) {
    if (resolved.compression() != LoadPlan.Compression.DETECT) {
      return resolved.compression().name().toLowerCase(Locale.ROOT) + ", given";
    }
    return Codecs.isNamedCompressed(object.name())
        ? "compressed by its name; its content decides"
        : "its content decides whether it is compressed";
  }

  private static void columns(
      Lines lines, SessionLocal session, TableBinding binding, ColumnMapping mapping) {
    int field = 0;
    for (int index : mapping.loaded()) {
      lines.add("column", name(binding, index), type(binding, index), "field " + ++field);
    }
    for (int index : mapping.omitted()) {
      Column column = binding.table().getColumn(index);
      String origin;
      if (column.isIdentity()) {
        origin = "identity";
      } else if (column.isGenerated()) {
        origin = "generated";
      } else if (column.getEffectiveDefaultExpression() != null) {
        origin =
            "default " + column.getEffectiveDefaultExpression().getSQL(HasSQL.DEFAULT_SQL_FLAGS);
      } else {
        origin = "null";
      }
      lines.add("column", name(binding, index), type(binding, index), origin);
    }
  }

  private static String name(TableBinding binding, int index) {
    return binding.target().columns().get(index).name();
  }

  private static String type(TableBinding binding, int index) {
    Column column = binding.table().getColumn(index);
    return column.getType().getSQL(new StringBuilder(), HasSQL.DEFAULT_SQL_FLAGS)
        + (column.isNullable() ? "" : " NOT NULL");
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.statement.RedshiftTable;
import io.copyload.engine.statement.RedshiftTableParser;
import io.copyload.engine.statement.RedshiftUpkeep;
import io.copyload.engine.statement.StatementSplitter;
import io.copyload.engine.statement.TableName;
import io.copyload.engine.statement.TextRange;
import io.copyload.engine.statement.TranslatedSql;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.h2.api.ErrorCode;
import org.h2.command.Prepared;
import org.h2.command.ddl.AlterTableAlterColumn;
import org.h2.command.ddl.CreateTable;
import org.h2.command.dml.NoOperation;
import org.h2.engine.Right;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcException;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.table.Table;
import org.h2.util.HasSQL;

/**
 * CREATE TABLE, ALTER TABLE and upkeep in Redshift's words, for text that H2 refuses. With the
 * property {@code dialect=redshift}, Redshift's meaning of words that both know (TEXT, VARCHAR or
 * DECIMAL without a length) holds too.
 */
public final class RedshiftDdl {
  /** Words that make it worth to look closer. */
  private static final Pattern OWN_WORDS =
      Pattern.compile(
          "\\b(?:ENCODE|DISTSTYLE|DISTKEY|SORTKEY|IDENTITY\\s*\\(|BACKUP|SUPER|VARBYTE|BPCHAR|TIMESTAMPTZ"
              + "|TIMETZ|GEOGRAPHY|HLLSKETCH|LIKE|COLLATE"
              + "|TRUNCATE|VACUUM|ANALYZE)",
          Pattern.CASE_INSENSITIVE);

  private static final Field COLUMNS_TO_ADD =
      Internals.field(AlterTableAlterColumn.class, "columnsToAdd");

  private RedshiftDdl() {}

  /**
   * A statement in H2's words.
   *
   * @param before to be called before each execution
   * @param after to be called after it, whatever came of it
   */
  public record Translated(Prepared prepared, Runnable before, Runnable after) {
    Translated(Prepared prepared) {
      this(prepared, () -> {}, () -> {});
    }
  }

  /** Whether any statement of the text may be one. */
  public static boolean mayContain(CopySettings settings, String sql) {
    if (mayBe(sql)) {
      return isWorthALook(settings, sql);
    }
    int semicolon = sql.indexOf(';');
    if (semicolon < 0 || semicolon == sql.length() - 1 || !isWorthALook(settings, sql)) {
      return false;
    }
    for (TextRange piece : StatementSplitter.split(sql)) {
      if (mayBe(piece.of(sql))) {
        return true;
      }
    }
    return false;
  }

  private static boolean mayBe(String sql) {
    return RedshiftTableParser.mayBe(sql) || RedshiftUpkeep.mayBe(sql);
  }

  private static boolean isWorthALook(CopySettings settings, String sql) {
    return isRedshift(settings) || OWN_WORDS.matcher(sql).find();
  }

  private static boolean isRedshift(CopySettings settings) {
    return settings.dialect() == DialectName.REDSHIFT;
  }

  /**
   * The single statement in H2's words; null when it is H2's own, or nobody's.
   *
   * <p>Failures: CopyException with a place in {@code sql}; H2's own error, shown in {@code sql}.
   */
  public static Translated prepare(SessionLocal session, CopySettings settings, String sql) {
    if (RedshiftUpkeep.mayBe(sql)) {
      return upkeep(session, sql);
    }
    if (!RedshiftTableParser.mayBe(sql)
        || !isWorthALook(settings, sql)
        || !isRedshift(settings) && isUnderstoodByH2(session, sql)) {
      return null;
    }
    RedshiftTable statement = RedshiftTableParser.parse(sql, isRedshift(settings));
    if (statement == null || !statement.ownWords() && !isRedshift(settings)) {
      return null;
    }
    if (statement.sql() == null) {
      return new Translated(new AttributeChange(session, statement));
    }
    String text = statement.sql().text(like -> columnsOf(session, like));
    Prepared prepared;
    try {
      prepared = session.prepare(text);
    } catch (DbException e) {
      throw inOriginal(e, statement.sql(), sql);
    }
    if (prepared instanceof CreateTable create) {
      return new Translated(create(session, statement, create));
    }
    if (prepared instanceof AlterTableAlterColumn) {
      return alter(session, statement, prepared);
    }
    return null;
  }

  /** VACUUM and ANALYZE have nothing to do: columnar tables need neither, H2's do both alone. */
  private static Translated upkeep(SessionLocal session, String sql) {
    if (isUnderstoodByH2(session, sql)) {
      return null;
    }
    RedshiftUpkeep statement = RedshiftUpkeep.parse(sql);
    if (statement == null) {
      return null;
    }
    Table table = statement.table() == null ? null : table(session, statement.table());
    if (statement.truncates()) {
      return new Translated(
          session.prepare("TRUNCATE TABLE " + table.getSQL(HasSQL.DEFAULT_SQL_FLAGS)));
    }
    Prepared nothing = new NoOperation(session);
    nothing.setSQL(sql, null);
    nothing.setParameterList(new ArrayList<>());
    return new Translated(nothing);
  }

  private static boolean isUnderstoodByH2(SessionLocal session, String sql) {
    try {
      session.prepare(sql);
      return true;
    } catch (DbException e) {
      return false;
    }
  }

  private static Prepared create(
      SessionLocal session, RedshiftTable statement, CreateTable create) {
    if (statement.attributes().isEmpty() && statement.likes().isEmpty()) {
      return OwnerCreateTable.withDefaultEngine(session, create);
    }
    return new OwnerCreateTable(
        session,
        create,
        ColumnarTableEngine.class.getName(),
        columns -> {
          ArrayList<String> parameters =
              AttributeClauses.apply(
                      session.getDatabase(),
                      inherited(session, statement),
                      statement.attributes(),
                      columns)
                  .toParameters(List.of());
          return parameters.isEmpty() ? null : parameters;
        });
  }

  private static TableAttributes inherited(SessionLocal session, RedshiftTable statement) {
    if (statement.likes().isEmpty()) {
      return TableAttributes.NONE;
    }
    return table(session, statement.likes().get(0).table()) instanceof HybridTable hybrid
        ? hybrid.attributes()
        : TableAttributes.NONE;
  }

  private static Translated alter(
      SessionLocal session, RedshiftTable statement, Prepared prepared) {
    return statement.attributes().isEmpty()
        ? new Translated(prepared)
        : new Translated(
            prepared,
            () -> {
              if (table(session, statement.table()) instanceof HybridTable hybrid) {
                check(session, hybrid, statement, prepared);
                hybrid.announce(statement.attributes());
              }
            },
            () -> {
              if (table(session, statement.table()) instanceof HybridTable hybrid) {
                hybrid.announce(List.of());
              }
            });
  }

  /** Says what is wrong before H2 begins to make the copy, from where it could not be said. */
  private static void check(
      SessionLocal session, HybridTable table, RedshiftTable statement, Prepared prepared) {
    List<Column> columns = new ArrayList<>(List.of(table.getColumns()));
    if (Internals.get(COLUMNS_TO_ADD, prepared) instanceof List<?> added) {
      added.forEach(column -> columns.add((Column) column));
    }
    AttributeClauses.apply(
        session.getDatabase(), table.attributes(), statement.attributes(), columns);
  }

  /** The definitions of another table's columns, for LIKE. */
  private static String columnsOf(SessionLocal session, TranslatedSql.Like like) {
    Table parent = table(session, like.table());
    session.getUser().checkTableRight(parent, Right.SELECT);
    StringBuilder text = new StringBuilder();
    for (Column column : parent.getColumns()) {
      text.append(text.isEmpty() ? "" : ", ");
      column.getSQL(text, HasSQL.DEFAULT_SQL_FLAGS).append(' ');
      column.getType().getSQL(text, HasSQL.DEFAULT_SQL_FLAGS);
      if (like.includingDefaults()
          && column.getDefaultExpression() != null
          && !column.isGenerated()
          && !column.isIdentity()) {
        column
            .getDefaultExpression()
            .getUnenclosedSQL(text.append(" DEFAULT "), HasSQL.DEFAULT_SQL_FLAGS);
      }
      if (!column.isNullable()) {
        text.append(" NOT NULL");
      }
    }
    return text.toString();
  }

  static Table table(SessionLocal session, TableName name) {
    Table table = TableBinding.find(session, name);
    if (table == null) {
      throw new CopyException(
              CopyErrorCode.UNDEFINED_TABLE,
              "relation \"" + name.table().shown() + "\" does not exist")
          .withPosition(name.range().position());
    }
    return table;
  }

  /** H2 marks a syntax error within the text: the mark is moved to the text that the user wrote. */
  private static DbException inOriginal(DbException e, TranslatedSql translated, String sql) {
    String message = e.getSQLException().getMessage();
    int code = e.getErrorCode();
    int begin = message == null ? -1 : message.indexOf('"') + 1;
    int mark = message == null ? -1 : message.indexOf("[*]");
    if (code != ErrorCode.SYNTAX_ERROR_1 && code != ErrorCode.SYNTAX_ERROR_2
        || begin == 0
        || mark < begin) {
      if (e.getSQLException() instanceof JdbcException shown) {
        shown.setSQL(sql);
      }
      return e;
    }
    int expected = message.indexOf("; expected \"", mark);
    int at = translated.origin(mark - begin);
    if (expected < 0) {
      return DbException.getSyntaxError(sql, at);
    }
    int from = expected + "; expected \"".length();
    return DbException.getSyntaxError(sql, at, message.substring(from, message.indexOf('"', from)));
  }
}

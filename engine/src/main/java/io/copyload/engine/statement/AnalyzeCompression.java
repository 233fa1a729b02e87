package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code ANALYZE COMPRESSION [table [(column, ...)]] [COMPROWS n]} of Redshift.
 *
 * @param table null for all tables
 * @param columns empty for all columns
 * @param compRows rows to look at; 0 when not given
 */
public record AnalyzeCompression(TableName table, List<Identifier> columns, long compRows) {
  private static final long MIN_ROWS = 1_000;
  private static final long MAX_ROWS = 1_000_000_000;

  public AnalyzeCompression {
    columns = List.copyOf(columns);
  }

  /** Whether a statement is one, by its first words. */
  public static boolean is(String sql) {
    return LeadingWords.are(sql, "ANALYZE", "COMPRESSION");
  }

  /**
   * Parses the statement.
   *
   * <p>Failures: SYNTAX and INVALID_PARAMETER_VALUE with their place.
   */
  public static AnalyzeCompression parse(String sql) {
    Parser parser = new Parser(sql);
    parser.take();
    parser.take();
    TableName table = null;
    List<Identifier> columns = new ArrayList<>();
    if (!parser.next.isEnd() && !parser.isCompRows()) {
      table = parser.tableName();
      if (parser.next.isSymbol("(")) {
        do {
          parser.take();
          columns.add(parser.identifier());
        } while (parser.next.isSymbol(","));
        parser.expect(parser.next.isSymbol(")"));
      }
    }
    long compRows = 0;
    if (parser.next.isWord("COMPROWS")) {
      parser.take();
      compRows = parser.rows();
    }
    while (parser.next.isSymbol(";")) {
      parser.take();
    }
    if (!parser.next.isEnd()) {
      throw SyntaxErrors.at(sql, parser.next);
    }
    return new AnalyzeCompression(table, columns, compRows);
  }

  private static final class Parser {
    private final String sql;
    private final SqlTokenizer tokenizer;
    private Token next;

    Parser(String sql) {
      this.sql = sql;
      tokenizer = new SqlTokenizer(sql, 0);
      next = tokenizer.next();
    }

    Token take() {
      Token taken = next;
      next = tokenizer.next();
      return taken;
    }

    /** A table of that name needs quotes. */
    boolean isCompRows() {
      return next.isWord("COMPROWS");
    }

    Token expect(boolean expected) {
      if (!expected) {
        throw SyntaxErrors.at(sql, next);
      }
      return take();
    }

    Identifier identifier() {
      Token token = expect(next.isWord() || next.kind() == Token.Kind.QUOTED_IDENTIFIER);
      boolean quoted = !token.isWord() && sql.charAt(token.range().begin()) != '`';
      return new Identifier(token.text(), quoted, token.range());
    }

    TableName tableName() {
      List<Identifier> names = new ArrayList<>();
      names.add(identifier());
      while (names.size() < 3 && next.isSymbol(".")) {
        take();
        names.add(identifier());
      }
      int last = names.size() - 1;
      return new TableName(
          last == 2 ? names.get(0) : null,
          last >= 1 ? names.get(last - 1) : null,
          names.get(last),
          names.get(0).range().to(names.get(last).range()));
    }

    long rows() {
      Token number = expect(next.kind() == Token.Kind.NUMBER);
      try {
        long rows = Long.parseLong(number.text());
        if (rows >= MIN_ROWS && rows <= MAX_ROWS) {
          return rows;
        }
      } catch (NumberFormatException e) {
        // Said below.
      }
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE,
              "COMPROWS must be between " + MIN_ROWS + " and " + MAX_ROWS)
          .withPosition(number.range().position());
    }
  }
}

package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code UNLOAD ('query') TO 'location' [clauses]} of Redshift (developer guide, UNLOAD).
 *
 * @param query its text, decoded
 * @param table the table when the query is nothing but {@code SELECT * FROM table}, else null; its
 *     ranges are in the query
 * @param options in the order of the text, each once
 */
public record Unload(
    String query,
    TableName table,
    TextRange queryRange,
    String location,
    TextRange locationRange,
    List<OptionClause> options) {
  private enum Form {
    FLAG,
    STRING,
    SECRET,
    ROLE,
    SWITCH,
    SIZE,
    COLUMNS
  }

  public Unload {
    options = List.copyOf(options);
  }

  /** Whether a statement is one, by its first word. */
  public static boolean is(String sql) {
    int at = LeadingWords.behind(sql, "UNLOAD");
    return at >= 0 && at < sql.length() && sql.charAt(at) == '(';
  }

  /**
   * Parses the statement.
   *
   * <p>Failures: SYNTAX and INVALID_PARAMETER_VALUE with their place; no string is repeated.
   */
  public static Unload parse(String sql) {
    return new Parser(sql).unload();
  }

  /** The queries and secrets of a statement are not for everybody's eyes. */
  @Override
  public String toString() {
    return "UNLOAD TO " + OptionValue.STARS;
  }

  private static final class Parser {
    private final String sql;
    private final SqlTokenizer tokenizer;
    private Token next;
    private TextRange last;

    Parser(String sql) {
      this.sql = sql;
      tokenizer = new SqlTokenizer(sql, 0);
      next = tokenizer.next();
    }

    private Token take() {
      Token taken = next;
      last = taken.range();
      next = tokenizer.next();
      return taken;
    }

    private boolean takeWord(String word) {
      boolean is = next.isWord(word);
      if (is) {
        take();
      }
      return is;
    }

    private void expectSymbol(String symbol) {
      if (!next.isSymbol(symbol)) {
        throw SyntaxErrors.at(sql, next);
      }
      take();
    }

    private Token expectString() {
      if (!next.isString()) {
        throw SyntaxErrors.at(sql, next);
      }
      return take();
    }

    Unload unload() {
      take();
      expectSymbol("(");
      Token query = expectString();
      expectSymbol(")");
      if (!takeWord("TO")) {
        throw SyntaxErrors.at(sql, next);
      }
      Token location = expectString();
      List<OptionClause> options = new ArrayList<>();
      Set<String> names = new HashSet<>();
      while (!next.isEnd() && !next.isSymbol(";")) {
        OptionClause option = option();
        if (option == null) {
          continue;
        }
        if (!names.add(option.name())) {
          throw SyntaxErrors.of(option.name() + " specified more than once", option.nameRange());
        }
        options.add(option);
      }
      while (next.isSymbol(";")) {
        take();
      }
      if (!next.isEnd()) {
        throw SyntaxErrors.at(sql, next);
      }
      return new Unload(
          query.text(),
          wholeTable(query.text()),
          query.range(),
          location.text(),
          location.range(),
          options);
    }

    /** The next clause, or null for a noise word. */
    private OptionClause option() {
      Token name = take();
      String word = name.upper();
      if (word.equals("FORMAT")) {
        takeWord("AS");
        if (!Set.of("CSV", "PARQUET", "JSON", "DELIMITER").contains(next.upper())) {
          throw SyntaxErrors.at(sql, next);
        }
        return null;
      }
      if (word.equals("WITH") && next.isWord("CREDENTIALS")) {
        return null;
      }
      if (word.equals("PARTITION") && next.isWord("BY")) {
        take();
        word = "PARTITION BY";
      }
      Form form =
          switch (word) {
            case "CSV",
                "PARQUET",
                "JSON",
                "HEADER",
                "GZIP",
                "BZIP2",
                "ZSTD",
                "ADDQUOTES",
                "ESCAPE",
                "ALLOWOVERWRITE",
                "CLEANPATH",
                "INCLUDE",
                "ENCRYPTED",
                "MANIFEST" ->
                Form.FLAG;
            case "DELIMITER",
                "NULL",
                "FIXEDWIDTH",
                "REGION",
                "EXTENSION",
                "ACCESS_KEY_ID",
                "KMS_KEY_ID" ->
                Form.STRING;
            case "SECRET_ACCESS_KEY",
                "SESSION_TOKEN",
                "TOKEN",
                "CREDENTIALS",
                "MASTER_SYMMETRIC_KEY" ->
                Form.SECRET;
            case "IAM_ROLE" -> Form.ROLE;
            case "PARALLEL" -> Form.SWITCH;
            case "MAXFILESIZE", "ROWGROUPSIZE" -> Form.SIZE;
            case "PARTITION BY" -> Form.COLUMNS;
            default -> throw SyntaxErrors.at(sql, name);
          };
      OptionValue value = value(form, word, name);
      return new OptionClause(
          word,
          word.toLowerCase(Locale.ROOT),
          value,
          OptionStyle.REDSHIFT,
          name.range().to(last),
          name.range(),
          null);
    }

    private OptionValue value(Form form, String word, Token name) {
      if (form != Form.FLAG) {
        takeWord("AS");
      }
      TextRange none = new TextRange(name.range().end(), name.range().end());
      switch (form) {
        case FLAG -> {
          if (word.equals("MANIFEST") && next.isWord("VERBOSE")) {
            return new OptionValue.Word(take().text(), last);
          }
          if (word.equals("ENCRYPTED") && next.isWord("AUTO")) {
            take();
          }
          return new OptionValue.None(none);
        }
        case STRING -> {
          Token text = expectString();
          return new OptionValue.Text(text.text(), true, text.range());
        }
        case SECRET -> {
          if (!next.isString()) {
            throw SyntaxErrors.atSecret(sql, next);
          }
          Token text = take();
          return new OptionValue.Secret(text.text(), text.range());
        }
        case ROLE -> {
          if (next.isWord("DEFAULT")) {
            return new OptionValue.Word(take().text(), last);
          }
          Token text = expectString();
          return new OptionValue.Text(text.text(), true, text.range());
        }
        case SWITCH -> {
          if (Set.of("ON", "TRUE", "OFF", "FALSE").contains(next.upper())) {
            return new OptionValue.Word(take().text(), last);
          }
          return new OptionValue.None(none);
        }
        case SIZE -> {
          if (next.kind() != Token.Kind.NUMBER) {
            throw SyntaxErrors.at(sql, next);
          }
          Token number = take();
          String unit = next.isWord("MB") || next.isWord("GB") ? take().upper() : "MB";
          return new OptionValue.Text(number.text() + " " + unit, false, number.range().to(last));
        }
        case COLUMNS -> {
          expectSymbol("(");
          while (!next.isEnd() && !next.isSymbol(")")) {
            take();
          }
          expectSymbol(")");
          return new OptionValue.None(none);
        }
      }
      throw new IllegalStateException();
    }

    private static TableName wholeTable(String query) {
      try {
        Parser parser = new Parser(query);
        if (!parser.takeWord("SELECT") || !parser.next.isSymbol("*")) {
          return null;
        }
        parser.take();
        if (!parser.takeWord("FROM")) {
          return null;
        }
        List<Identifier> names = new ArrayList<>();
        do {
          Token name = parser.take();
          if (!name.isWord() && name.kind() != Token.Kind.QUOTED_IDENTIFIER) {
            return null;
          }
          names.add(new Identifier(name.text(), !name.isWord(), name.range()));
          if (!parser.next.isSymbol(".")) {
            break;
          }
          parser.take();
        } while (names.size() < 2);
        if (!parser.next.isEnd()) {
          return null;
        }
        int table = names.size() - 1;
        return new TableName(
            null,
            table > 0 ? names.get(0) : null,
            names.get(table),
            names.get(0).range().to(names.get(table).range()));
      } catch (CopyException e) {
        // H2 will say what is wrong with it.
        return null;
      }
    }
  }

  /** The failure of a clause that is understood and not built. */
  public CopyException notBuilt(OptionClause clause) {
    return new CopyException(
            CopyErrorCode.FEATURE_NOT_SUPPORTED,
            "UNLOAD option " + clause.name() + " is not supported yet")
        .withPosition(clause.nameRange().position());
  }
}

package io.copyload.engine.statement;

import java.util.List;

/**
 * What Redshift's scripts have around a COPY and H2 spells differently or lacks: {@code TRUNCATE
 * t}, {@code VACUUM [FULL | SORT ONLY | DELETE ONLY | REINDEX | RECLUSTER] [t [TO n PERCENT]
 * [BOOST]]} and {@code ANALYZE [VERBOSE] [t [(column, ...)] [PREDICATE COLUMNS | ALL COLUMNS]]}.
 *
 * @param truncates whether the rows are wanted gone; otherwise nothing is to be done
 * @param table null for all tables
 */
public record RedshiftUpkeep(boolean truncates, TableName table) {
  private static final List<String> STATEMENTS = List.of("TRUNCATE", "VACUUM", "ANALYZE");

  /** Whether a statement is one, by its first word. */
  public static boolean mayBe(String sql) {
    for (String word : STATEMENTS) {
      if (LeadingWords.are(sql, word)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The statement; null when it is not understood in full, or has a second word of H2's.
   *
   * <p>Failures: SYNTAX for text that does not lex.
   */
  public static RedshiftUpkeep parse(String sql) {
    Words words = new Words(sql);
    TableName table = null;
    if (words.accept("TRUNCATE")) {
      table = words.next.isWord("TABLE") ? null : words.tableName();
      return table != null && words.isEnd() ? new RedshiftUpkeep(true, table) : null;
    }
    boolean understood = words.accept("VACUUM") ? words.vacuumed() : words.analyzed();
    if (!understood) {
      return null;
    }
    if (!words.isEnd()) {
      table = words.tableName();
      understood = table != null && words.isRest();
    }
    return understood ? new RedshiftUpkeep(false, table) : null;
  }

  private static final class Words {
    private final String sql;
    private final SqlTokenizer tokenizer;
    private Token next;
    private boolean vacuums;

    Words(String sql) {
      this.sql = sql;
      tokenizer = new SqlTokenizer(sql, 0);
      next = tokenizer.next();
    }

    boolean accept(String word) {
      if (!next.isWord(word)) {
        return false;
      }
      next = tokenizer.next();
      return true;
    }

    boolean symbol(String symbol) {
      if (!next.isSymbol(symbol)) {
        return false;
      }
      next = tokenizer.next();
      return true;
    }

    boolean isEnd() {
      while (symbol(";")) {
        // A statement may end with several.
      }
      return next.isEnd();
    }

    boolean vacuumed() {
      vacuums = true;
      if (accept("SORT") || accept("DELETE")) {
        return accept("ONLY");
      }
      return accept("FULL") || accept("REINDEX") || accept("RECLUSTER") || true;
    }

    boolean analyzed() {
      return accept("ANALYZE")
          && (accept("VERBOSE") || true)
          && !next.isWord("TABLE")
          && !next.isWord("COMPRESSION")
          && !next.isWord("SAMPLE_SIZE");
    }

    /** What may follow the table, to the end. */
    boolean isRest() {
      if (vacuums) {
        if (accept("TO")) {
          if (next.kind() != Token.Kind.NUMBER) {
            return false;
          }
          next = tokenizer.next();
          if (!accept("PERCENT")) {
            return false;
          }
        }
        accept("BOOST");
        return isEnd();
      }
      if (symbol("(")) {
        do {
          if (identifier() == null) {
            return false;
          }
        } while (symbol(","));
        if (!symbol(")")) {
          return false;
        }
      }
      if (accept("PREDICATE") || accept("ALL")) {
        return accept("COLUMNS") && isEnd();
      }
      return isEnd();
    }

    private Identifier identifier() {
      Token token = next;
      if (!token.isWord() && token.kind() != Token.Kind.QUOTED_IDENTIFIER) {
        return null;
      }
      next = tokenizer.next();
      // A backquoted name is folded like one without quotes.
      boolean quoted = !token.isWord() && sql.charAt(token.range().begin()) != '`';
      return new Identifier(token.text(), quoted, token.range());
    }

    TableName tableName() {
      Identifier first = identifier();
      if (first == null || !symbol(".")) {
        return first == null ? null : new TableName(null, null, first, first.range());
      }
      Identifier second = identifier();
      if (second == null || !symbol(".")) {
        return second == null
            ? null
            : new TableName(null, first, second, first.range().to(second.range()));
      }
      Identifier third = identifier();
      return third == null
          ? null
          : new TableName(first, second, third, first.range().to(third.range()));
    }
  }
}

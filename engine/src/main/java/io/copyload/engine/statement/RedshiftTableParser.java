package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads CREATE TABLE and ALTER TABLE as Redshift knows them and says them in H2's words.
 *
 * <p>A column is put into the order in which H2 wants its clauses; whatever is not Redshift's own
 * stays as it was written. Text that is not understood in full is left alone.
 */
public final class RedshiftTableParser {
  /** Words that begin a clause of a column, and so end a default or a reference. */
  private static final Set<String> CLAUSES =
      Set.of(
          "DEFAULT",
          "IDENTITY",
          "GENERATED",
          "ENCODE",
          "DISTKEY",
          "SORTKEY",
          "COLLATE",
          "NOT",
          "NULL",
          "UNIQUE",
          "PRIMARY",
          "REFERENCES",
          "CHECK",
          "CONSTRAINT");

  /** Words behind which such a word is something else: IS NULL, AS IDENTITY, SET DEFAULT. */
  private static final Set<String> GLUE =
      Set.of("IS", "NOT", "AS", "BY", "SET", "WHEN", "THEN", "ELSE", "AND", "OR");

  /** Redshift's functions for the time of the statement, which H2 has by another name. */
  private static final Map<String, String> REDSHIFT_NOW =
      Map.of("SYSDATE", "LOCALTIMESTAMP", "GETDATE", "DATE_TRUNC(SECOND, LOCALTIMESTAMP)");

  /** Tokens that may be looked at behind the last one. */
  private static final int PADDING = 8;

  private final String sql;
  private final List<Token> tokens;
  private final RedshiftTypes types;
  private final TranslatedSql out;
  private final List<TableAttribute> attributes = new ArrayList<>();
  private final List<TranslatedSql.Like> likes = new ArrayList<>();
  private int next;
  private boolean ownWords;

  /** The text is none of Redshift's, or not only. */
  private static final class NotUnderstood extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUnderstood() {
      super(null, null, false, false);
    }
  }

  private RedshiftTableParser(String sql, List<Token> tokens, boolean limited) {
    this.sql = sql;
    this.tokens = tokens;
    this.types = new RedshiftTypes(tokens, limited);
    this.out = new TranslatedSql(sql);
  }

  /** Whether a statement is a CREATE TABLE or ALTER TABLE, by its first words. */
  public static boolean mayBe(String sql) {
    return LeadingWords.are(sql, "CREATE", "TABLE")
        || LeadingWords.are(sql, "ALTER", "TABLE")
        || LeadingWords.are(sql, "CREATE", "TEMP", "TABLE")
        || LeadingWords.are(sql, "CREATE", "TEMPORARY", "TABLE")
        || LeadingWords.are(sql, "CREATE", "LOCAL", "TEMP", "TABLE")
        || LeadingWords.are(sql, "CREATE", "LOCAL", "TEMPORARY", "TABLE");
  }

  /**
   * The statement as Redshift's; null when it is not understood.
   *
   * <p>Failures: FEATURE_NOT_SUPPORTED for a type that is refused by name, INVALID_PARAMETER_VALUE
   * for one beyond Redshift's limits, SYNTAX for a column with two defaults or identities.
   *
   * @param limited whether Redshift's limits of lengths and digits hold
   */
  public static RedshiftTable parse(String sql, boolean limited) {
    List<Token> tokens = new ArrayList<>();
    try {
      SqlTokenizer tokenizer = new SqlTokenizer(sql, 0);
      Token token = tokenizer.next();
      while (!token.isEnd()) {
        tokens.add(token);
        token = tokenizer.next();
      }
      while (!tokens.isEmpty() && tokens.get(tokens.size() - 1).isSymbol(";")) {
        tokens.remove(tokens.size() - 1);
      }
      int end = tokens.isEmpty() ? 0 : tokens.get(tokens.size() - 1).range().end();
      for (int i = 0; i < PADDING; i++) {
        tokens.add(new Token(Token.Kind.END, "", new TextRange(end, end)));
      }
    } catch (CopyException e) {
      return null;
    }
    RedshiftTableParser parser = new RedshiftTableParser(sql, tokens, limited);
    try {
      return tokens.get(0).isWord("ALTER") ? parser.alter() : parser.create();
    } catch (NotUnderstood e) {
      return null;
    }
  }

  // CREATE TABLE

  private RedshiftTable create() {
    Token create = expect("CREATE");
    boolean local = accept("LOCAL");
    boolean temporary = accept("TEMP") || accept("TEMPORARY");
    if (local && !temporary) {
      throw new NotUnderstood();
    }
    TextRange head = create.range().to(expect("TABLE").range());
    if (temporary) {
      out.replace(head, "CREATE LOCAL TEMPORARY TABLE");
    } else {
      out.copy(head);
    }
    if (peek().isWord("IF")) {
      Token first = expect("IF");
      expect("NOT");
      space();
      out.copy(first.range().to(expect("EXISTS").range()));
    }
    TableName table = tableName();
    space();
    out.copy(table.range());
    if (peek().isSymbol("(")) {
      elements();
    }
    tableAttributes();
    if (peek().isWord("AS")) {
      space();
      out.copy(peek().range().to(tokens.get(tokens.size() - PADDING - 1).range()));
      next = tokens.size() - PADDING;
    }
    expectEnd();
    return new RedshiftTable(true, out, table, temporary, attributes, likes, ownWords);
  }

  private void elements() {
    out.copy(take().range());
    do {
      if (peek().isSymbol(",")) {
        out.replace(take().range(), ", ");
      }
      element();
    } while (peek().isSymbol(","));
    if (!peek().isSymbol(")")) {
      throw new NotUnderstood();
    }
    out.copy(take().range());
  }

  private void element() {
    Token first = peek();
    if (first.isWord("LIKE")) {
      like();
    } else if (first.isWord("CONSTRAINT")
        || first.isWord("FOREIGN")
        || first.isWord("CHECK")
        || first.isWord("UNIQUE") && peek(1).isSymbol("(")
        || first.isWord("PRIMARY") && peek(1).isWord("KEY")) {
      out.copy(toEndOfElement());
    } else {
      column();
    }
  }

  private void like() {
    TextRange begin = expect("LIKE").range();
    TableName parent = tableName();
    TextRange range = begin.to(parent.range());
    boolean defaults = false;
    if (peek().isWord("INCLUDING") || peek().isWord("EXCLUDING")) {
      defaults = take().isWord("INCLUDING");
      range = begin.to(expect("DEFAULTS").range());
    }
    TranslatedSql.Like like = new TranslatedSql.Like(parent, defaults);
    likes.add(like);
    out.like(range, like);
    ownWords = true;
  }

  /** What a column has besides name and type; null where it has none. */
  private static final class Clauses {
    Runnable generator = () -> {};
    String generatedBy;
    TextRange notNull;
    final List<TextRange> constraints = new ArrayList<>();
    String collation;
  }

  private void column() {
    Identifier name = identifier();
    out.copy(name.range());
    if (peek().isSymbol(",") || peek().isSymbol(")")) {
      return;
    }
    columnDefinition(name);
  }

  private void columnDefinition(Identifier name) {
    TextRange typeBegin = peek().range();
    RedshiftTypes.Found type = types.at(next);
    String typeText = type.sql();
    if (typeText == null) {
      otherType();
    } else {
      next = type.end();
    }
    TextRange typeRange = typeBegin.to(tokens.get(next - 1).range());
    ownWords |= type.own();
    if (type.kept() != null) {
      attributes.add(new TableAttribute.TypeName(name, type.kept()));
    }
    Clauses clauses = new Clauses();
    while (!atEndOfElement()) {
      clause(name, clauses);
    }
    if (clauses.collation != null) {
      if (typeText == null || !typeText.startsWith("VARCHAR")) {
        throw new NotUnderstood();
      }
      typeText = clauses.collation + typeText.substring("VARCHAR".length());
    }
    space();
    if (typeText == null) {
      out.copy(typeRange);
    } else {
      out.replace(typeRange, typeText);
    }
    clauses.generator.run();
    if (clauses.notNull != null) {
      space();
      out.copy(clauses.notNull);
    }
    for (TextRange constraint : clauses.constraints) {
      space();
      out.copy(constraint);
    }
  }

  /** A type that is H2's, with its arguments. */
  private void otherType() {
    if (!peek().isWord() && peek().kind() != Token.Kind.QUOTED_IDENTIFIER) {
      throw new NotUnderstood();
    }
    take();
    while (peek().isWord("PRECISION")
        || peek().isWord("VARYING")
        || peek().isWord("LARGE")
        || peek().isWord("OBJECT")
        || peek().isWord("ARRAY")
        || peek().isSymbol("(")) {
      if (peek().isSymbol("(")) {
        parentheses();
      } else {
        take();
      }
    }
  }

  private void clause(Identifier column, Clauses clauses) {
    Token word = peek();
    switch (word.upper()) {
      case "DEFAULT" -> {
        onlyGenerator(column, clauses, "default");
        String now = REDSHIFT_NOW.get(peek(1).upper());
        TextRange range = toNextClause();
        boolean alone =
            sql.substring(range.begin(), range.end())
                .matches("(?is)default\\s+\\w+(\\s*\\(\\s*\\))?");
        ownWords |= now != null && alone;
        clauses.generator =
            () -> {
              space();
              if (now != null && alone) {
                out.replace(range, "DEFAULT " + now);
              } else {
                out.copy(range);
              }
            };
      }
      case "IDENTITY" -> {
        onlyGenerator(column, clauses, "identity");
        take();
        clauses.generator = identity(word.range(), "ALWAYS");
      }
      case "GENERATED" -> {
        onlyGenerator(column, clauses, "identity");
        generated(clauses);
      }
      case "ENCODE" -> {
        take();
        attributes.add(new TableAttribute.Encode(column, identifier()));
        ownWords = true;
      }
      case "DISTKEY" -> {
        take();
        attributes.add(new TableAttribute.DistKey(column));
        ownWords = true;
      }
      case "SORTKEY" -> {
        take();
        attributes.add(new TableAttribute.SortKey(false, List.of(column)));
        ownWords = true;
      }
      case "COLLATE" -> {
        take();
        clauses.collation = collation();
      }
      case "NOT" -> {
        take();
        clauses.notNull = word.range().to(expect("NULL").range());
      }
      case "NULL" -> take();
      case "UNIQUE", "PRIMARY", "REFERENCES", "CHECK", "CONSTRAINT" ->
          clauses.constraints.add(toNextClause());
      default -> throw new NotUnderstood();
    }
  }

  /** A column has one source of its values, as in PostgreSQL, whose texts these are. */
  private void onlyGenerator(Identifier column, Clauses clauses, String kind) {
    if (clauses.generatedBy != null) {
      String what =
          !clauses.generatedBy.equals(kind)
              ? "both default and identity specified"
              : kind.equals("default")
                  ? "multiple default values specified"
                  : "multiple identity specifications";
      throw new CopyException(CopyErrorCode.SYNTAX, what + " for column \"" + column.shown() + "\"")
          .withPosition(peek().range().position());
    }
    clauses.generatedBy = kind;
  }

  private String collation() {
    ownWords = true;
    return switch (take().upper()) {
      case "CASE_INSENSITIVE", "CI" -> "VARCHAR_IGNORECASE";
      case "CASE_SENSITIVE", "CS" -> "VARCHAR";
      default -> throw new NotUnderstood();
    };
  }

  private void generated(Clauses clauses) {
    if (peek(1).isWord("BY")
        && peek(2).isWord("DEFAULT")
        && peek(3).isWord("AS")
        && peek(4).isWord("IDENTITY")
        && peek(5).isSymbol("(")
        && isNumber(next + 6)) {
      TextRange begin = peek().range();
      next += 5;
      clauses.generator = identity(begin, "BY DEFAULT");
      return;
    }
    TextRange range = toNextClause();
    clauses.generator =
        () -> {
          space();
          out.copy(range);
        };
  }

  private Runnable identity(TextRange begin, String when) {
    ownWords = true;
    symbol("(");
    String seed = number();
    symbol(",");
    String step = number();
    TextRange range = begin.to(symbol(")").range());
    return () -> {
      space();
      out.replace(
          range,
          "GENERATED " + when + " AS IDENTITY(START WITH " + seed + " INCREMENT BY " + step + ")");
    };
  }

  private boolean isNumber(int index) {
    return tokens.get(index).kind() == Token.Kind.NUMBER
        || tokens.get(index).isSymbol("-") && tokens.get(index + 1).kind() == Token.Kind.NUMBER;
  }

  private String number() {
    String sign = peek().isSymbol("-") ? take().text() : "";
    if (peek().kind() != Token.Kind.NUMBER) {
      throw new NotUnderstood();
    }
    return sign + take().text();
  }

  private void tableAttributes() {
    while (tableAttribute()) {
      ownWords = true;
    }
  }

  private boolean tableAttribute() {
    Token word = peek();
    switch (word.upper()) {
      case "BACKUP" -> {
        take();
        boolean yes = accept("YES");
        if (!yes) {
          expect("NO");
        }
        attributes.add(new TableAttribute.Backup(yes));
      }
      case "DISTSTYLE" -> {
        take();
        attributes.add(new TableAttribute.DistStyle(identifier()));
      }
      case "DISTKEY" -> {
        take();
        symbol("(");
        attributes.add(new TableAttribute.DistKey(identifier()));
        symbol(")");
      }
      case "COMPOUND", "INTERLEAVED", "SORTKEY" -> sortKey();
      case "ENCODE" -> {
        take();
        expect("AUTO");
        attributes.add(new TableAttribute.EncodeAuto());
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void sortKey() {
    boolean interleaved = accept("INTERLEAVED");
    boolean styled = interleaved || accept("COMPOUND");
    expect("SORTKEY");
    if (!styled && accept("AUTO")) {
      attributes.add(new TableAttribute.SortKeyAuto());
      return;
    }
    if (!styled && accept("NONE")) {
      attributes.add(new TableAttribute.SortKey(false, List.of()));
      return;
    }
    symbol("(");
    List<Identifier> columns = new ArrayList<>();
    columns.add(identifier());
    while (peek().isSymbol(",")) {
      take();
      columns.add(identifier());
    }
    symbol(")");
    attributes.add(new TableAttribute.SortKey(interleaved, columns));
  }

  // ALTER TABLE

  private RedshiftTable alter() {
    Token alter = expect("ALTER");
    expect("TABLE");
    if (peek().isWord("IF")) {
      throw new NotUnderstood();
    }
    TableName name = tableName();
    if (peek().isWord("ADD")) {
      TextRange head = alter.range().to(take().range());
      out.copy(head);
      if (peek().isWord("COLUMN")) {
        space();
        out.copy(take().range());
      }
      if (peek().isWord("IF")) {
        TextRange begin = take().range();
        expect("NOT");
        space();
        out.copy(begin.to(expect("EXISTS").range()));
      }
      Identifier column = identifier();
      space();
      out.copy(column.range());
      columnDefinition(column);
      expectEnd();
      return new RedshiftTable(false, out, name, false, attributes, likes, ownWords);
    }
    if (isTypeChange()) {
      TextRange head =
          alter.range().to(tokens.get(next + (peek(1).isWord("COLUMN") ? 3 : 2)).range());
      next += peek(1).isWord("COLUMN") ? 4 : 3;
      RedshiftTypes.Found type = types.at(next);
      if (type.sql() == null) {
        throw new NotUnderstood();
      }
      TextRange range = peek().range().to(tokens.get(type.end() - 1).range());
      next = type.end();
      expectEnd();
      out.copy(head);
      space();
      out.replace(range, type.sql());
      return new RedshiftTable(false, out, name, false, List.of(), likes, type.own());
    }
    alterAttribute();
    while (peek().isSymbol(",")) {
      take();
      alterAttribute();
    }
    expectEnd();
    return new RedshiftTable(false, null, name, false, attributes, likes, true);
  }

  /** ALTER COLUMN c TYPE t, with TYPE at the third or fourth word. */
  private boolean isTypeChange() {
    return peek().isWord("ALTER") && peek(peek(1).isWord("COLUMN") ? 3 : 2).isWord("TYPE");
  }

  private void alterAttribute() {
    expect("ALTER");
    switch (peek().upper()) {
      case "DISTSTYLE" -> {
        take();
        Identifier style = identifier();
        attributes.add(new TableAttribute.DistStyle(style));
        if (accept("DISTKEY")) {
          attributes.add(new TableAttribute.DistKey(identifier()));
        }
      }
      case "DISTKEY" -> {
        take();
        attributes.add(new TableAttribute.DistKey(identifier()));
      }
      case "COMPOUND", "INTERLEAVED", "SORTKEY" -> sortKey();
      case "ENCODE" -> {
        take();
        expect("AUTO");
        attributes.add(new TableAttribute.EncodeAuto());
      }
      default -> {
        accept("COLUMN");
        Identifier column = identifier();
        expect("ENCODE");
        attributes.add(new TableAttribute.Encode(column, identifier()));
      }
    }
  }

  // Tokens

  private Token peek() {
    return tokens.get(next);
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(next + ahead, tokens.size() - 1));
  }

  private Token take() {
    Token token = tokens.get(next);
    if (token.isEnd()) {
      throw new NotUnderstood();
    }
    next++;
    return token;
  }

  private boolean accept(String word) {
    if (peek().isWord(word)) {
      next++;
      return true;
    }
    return false;
  }

  private Token expect(String word) {
    if (!peek().isWord(word)) {
      throw new NotUnderstood();
    }
    return take();
  }

  private Token symbol(String symbol) {
    if (!peek().isSymbol(symbol)) {
      throw new NotUnderstood();
    }
    return take();
  }

  private void expectEnd() {
    if (!peek().isEnd()) {
      throw new NotUnderstood();
    }
  }

  private void space() {
    int at = next == 0 ? 0 : tokens.get(next - 1).range().end();
    out.replace(new TextRange(at, at), " ");
  }

  private Identifier identifier() {
    Token token = take();
    if (!token.isWord() && token.kind() != Token.Kind.QUOTED_IDENTIFIER) {
      throw new NotUnderstood();
    }
    // A backquoted name is folded like one without quotes.
    boolean quoted = !token.isWord() && sql.charAt(token.range().begin()) != '`';
    return new Identifier(token.text(), quoted, token.range());
  }

  private TableName tableName() {
    Identifier first = identifier();
    if (!peek().isSymbol(".")) {
      return new TableName(null, null, first, first.range());
    }
    take();
    Identifier second = identifier();
    if (!peek().isSymbol(".")) {
      return new TableName(null, first, second, first.range().to(second.range()));
    }
    take();
    Identifier third = identifier();
    return new TableName(first, second, third, first.range().to(third.range()));
  }

  private boolean atEndOfElement() {
    return peek().isSymbol(",") || peek().isSymbol(")") || peek().isEnd();
  }

  /** Skips parentheses with all that is in them. */
  private void parentheses() {
    int depth = 0;
    do {
      Token token = take();
      depth += token.isSymbol("(") ? 1 : token.isSymbol(")") ? -1 : 0;
    } while (depth > 0);
  }

  private TextRange toEndOfElement() {
    TextRange begin = peek().range();
    while (!atEndOfElement()) {
      if (peek().isSymbol("(")) {
        parentheses();
      } else {
        take();
      }
    }
    return begin.to(tokens.get(next - 1).range());
  }

  /** From a clause's first word to the word before the next clause. */
  private TextRange toNextClause() {
    TextRange begin = peek().range();
    boolean named = peek().isWord("CONSTRAINT");
    boolean isDefault = peek().isWord("DEFAULT");
    take();
    if (named) {
      identifier();
      take();
    } else if (isDefault) {
      // DEFAULT NULL
      operand();
    }
    while (!atEndOfElement()) {
      Token last = tokens.get(next - 1);
      boolean wantsMore =
          GLUE.contains(last.upper()) || last.kind() == Token.Kind.SYMBOL && !last.isSymbol(")");
      if (CLAUSES.contains(peek().upper()) && !wantsMore) {
        break;
      }
      if (last.isWord("IS") && peek().isWord("NOT")) {
        take();
      }
      operand();
    }
    return begin.to(tokens.get(next - 1).range());
  }

  private void operand() {
    if (peek().isSymbol("(")) {
      parentheses();
    } else {
      take();
    }
  }
}

package io.copyload.engine.statement;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Parses one statement of the COPY family: the union of PostgreSQL 18's grammar (gram.y, copy
 * productions), Materialize's and Redshift's.
 *
 * <p>Failures: {@code CopyException} SYNTAX with PostgreSQL's text and a position. Threads: the
 * static method may be called from any.
 */
public final class CopyParser {
  /**
   * Words that PostgreSQL reserves; none can be an option's value, except TRUE, FALSE, ON and
   * DEFAULT.
   */
  private static final Set<String> RESERVED =
      Set.of(
          "ALL",
          "ANALYSE",
          "ANALYZE",
          "AND",
          "ANY",
          "ARRAY",
          "AS",
          "ASC",
          "ASYMMETRIC",
          "BOTH",
          "CASE",
          "CAST",
          "CHECK",
          "COLLATE",
          "COLUMN",
          "CONSTRAINT",
          "CREATE",
          "CURRENT_CATALOG",
          "CURRENT_DATE",
          "CURRENT_ROLE",
          "CURRENT_TIME",
          "CURRENT_TIMESTAMP",
          "CURRENT_USER",
          "DEFERRABLE",
          "DESC",
          "DISTINCT",
          "DO",
          "ELSE",
          "END",
          "EXCEPT",
          "FETCH",
          "FOR",
          "FOREIGN",
          "FROM",
          "GRANT",
          "GROUP",
          "HAVING",
          "IN",
          "INITIALLY",
          "INTERSECT",
          "INTO",
          "LATERAL",
          "LEADING",
          "LIMIT",
          "LOCALTIME",
          "LOCALTIMESTAMP",
          "NOT",
          "NULL",
          "OFFSET",
          "ONLY",
          "OR",
          "ORDER",
          "PLACING",
          "PRIMARY",
          "REFERENCES",
          "RETURNING",
          "SELECT",
          "SESSION_USER",
          "SOME",
          "SYMMETRIC",
          "SYSTEM_USER",
          "TABLE",
          "THEN",
          "TO",
          "TRAILING",
          "UNION",
          "UNIQUE",
          "USER",
          "USING",
          "VARIADIC",
          "WHEN",
          "WHERE",
          "WINDOW",
          "WITH");

  /** Words that end or structure the statement, so that they need quotes as names. */
  private static final Set<String> NO_NAMES =
      Set.of("AS", "FROM", "INTO", "SELECT", "TO", "USING", "WHERE", "WITH");

  private static final Set<String> SWITCH_WORDS = Set.of("ON", "OFF", "TRUE", "FALSE", "PRESET");

  private final String sql;
  private final List<Token> tokens = new ArrayList<>();
  private int next;

  private CopyParser(String sql) {
    this.sql = sql;
  }

  /** Parses one statement; semicolons may follow it. */
  public static CopyCommand parse(String sql) {
    CopyParser parser = new CopyParser(sql);
    parser.readTokens();
    return parser.command();
  }

  private void readTokens() {
    SqlTokenizer tokenizer = new SqlTokenizer(sql, 0);
    Token token = tokenizer.next();
    while (!token.isEnd() && !token.isSymbol(";")) {
      tokens.add(token);
      token = tokenizer.next();
    }
    int end = token.range().begin();
    while (token.isSymbol(";")) {
      token = tokenizer.next();
    }
    if (!token.isEnd()) {
      throw SyntaxErrors.at(sql, token);
    }
    tokens.add(new Token(Token.Kind.END, "", new TextRange(end, end)));
  }

  private CopyCommand command() {
    TextRange copy = expectWord("COPY").range();
    if (peek().isWord("JOB") && peek(1).isWord() && isJobVerb(peek(1).upper())) {
      take();
      return job(copy);
    }
    if (peek().isWord("JOB") && peek(1).isWord("WHY") && peek(2).isString()) {
      take();
      take();
      Token object = take();
      expectEnd();
      return new CopyJob.Why(object.text(), copy.to(last()));
    }
    List<OptionClause> options = new ArrayList<>();
    if (peek().isSymbol("(")) {
      if (peek(1).isSymbol(")")) {
        throw SyntaxErrors.at(sql, peek(1));
      }
      TextRange query = balanced();
      expectWord("TO");
      return copyTo(copy, null, List.of(), query, options);
    }
    Token into = takeWord("INTO");
    if (into == null && peek().isWord("BINARY") && !endsTableName(peek(1))) {
      options.add(flag(take(), OptionStyle.LEGACY));
    }
    TableName table = tableName();
    List<Identifier> columns = List.of();
    if (takeSymbol("(") != null) {
      columns = columnNames();
      expectSymbol(")");
    }
    if (into == null && takeWord("TO") != null) {
      return copyTo(copy, table, columns, null, options);
    }
    expectWord("FROM");
    return copyFrom(copy, into == null ? null : into.range(), table, columns, options);
  }

  private static boolean endsTableName(Token token) {
    return token.isWord("FROM") || token.isWord("TO") || token.isSymbol("(") || token.isSymbol(".");
  }

  private CopyCommand copyFrom(
      TextRange copy,
      TextRange into,
      TableName table,
      List<Identifier> columns,
      List<OptionClause> options) {
    SourceRef source = source();
    new OptionReader(options).read();
    TextRange where = null;
    if (takeWord("WHERE") != null) {
      where = condition();
    }
    CopyFrom from = new CopyFrom(table, columns, into, source, options, where, copy.to(last()));
    if (takeWord("JOB") == null) {
      expectEnd();
      return from;
    }
    expectWord("CREATE");
    Identifier name = identifier();
    CopyJob.Auto auto = auto();
    List<OptionClause> jobOptions = jobOptions();
    expectEnd();
    return new CopyJob.Create(from, name, auto, jobOptions, copy.to(last()));
  }

  private CopyTo copyTo(
      TextRange copy,
      TableName table,
      List<Identifier> columns,
      TextRange query,
      List<OptionClause> options) {
    SourceRef target = source();
    new OptionReader(options).read();
    if (peek().isWord("WHERE")) {
      throw SyntaxErrors.of("WHERE clause not allowed with COPY TO", peek().range());
    }
    expectEnd();
    return new CopyTo(table, columns, query, target, options, copy.to(last()));
  }

  private static boolean isJobVerb(String word) {
    return switch (word) {
      case "ALTER", "RUN", "LIST", "SHOW", "DROP" -> true;
      default -> false;
    };
  }

  private CopyJob job(TextRange copy) {
    String verb = take().upper();
    if (verb.equals("LIST")) {
      expectEnd();
      return new CopyJob.ListAll(copy.to(last()));
    }
    Identifier name = identifier();
    CopyJob.Auto auto = verb.equals("ALTER") ? auto() : CopyJob.Auto.ABSENT;
    List<OptionClause> options = verb.equals("ALTER") ? jobOptions() : List.of();
    expectEnd();
    TextRange range = copy.to(last());
    return switch (verb) {
      case "ALTER" -> new CopyJob.Alter(name, auto, options, range);
      case "RUN" -> new CopyJob.Run(name, range);
      case "SHOW" -> new CopyJob.Show(name, range);
      default -> new CopyJob.Drop(name, range);
    };
  }

  private CopyJob.Auto auto() {
    if (takeWord("AUTO") == null) {
      return CopyJob.Auto.ABSENT;
    }
    if (takeWord("ON") != null) {
      return CopyJob.Auto.ON;
    }
    expectWord("OFF");
    return CopyJob.Auto.OFF;
  }

  private List<OptionClause> jobOptions() {
    List<OptionClause> options = new ArrayList<>();
    if (takeWord("WITH") != null) {
      if (!peek().isSymbol("(")) {
        throw SyntaxErrors.at(sql, peek());
      }
      new OptionReader(options).parenthesised();
    }
    return options;
  }

  private TableName tableName() {
    List<Identifier> parts = new ArrayList<>();
    do {
      parts.add(identifier());
    } while (takeSymbol(".") != null);
    int count = parts.size();
    TextRange range = parts.get(0).range().to(parts.get(count - 1).range());
    if (count > 3) {
      throw SyntaxErrors.of("improper qualified name (too many dotted names)", range);
    }
    return new TableName(
        count > 2 ? parts.get(0) : null,
        count > 1 ? parts.get(count - 2) : null,
        parts.get(count - 1),
        range);
  }

  private List<Identifier> columnNames() {
    List<Identifier> names = new ArrayList<>();
    do {
      names.add(identifier());
    } while (takeSymbol(",") != null);
    return names;
  }

  private Identifier identifier() {
    Token token = peek();
    if (token.kind() == Token.Kind.QUOTED_IDENTIFIER) {
      take();
      return new Identifier(token.text(), isCaseSensitive(token), token.range());
    }
    if (!token.isWord() || NO_NAMES.contains(token.upper())) {
      throw SyntaxErrors.at(sql, token);
    }
    take();
    return new Identifier(token.text(), false, token.range());
  }

  /** H2 folds the case of a name in backquotes. */
  private boolean isCaseSensitive(Token quotedIdentifier) {
    return sql.charAt(quotedIdentifier.range().begin()) != '`';
  }

  private SourceRef source() {
    Token token = peek();
    if (token.isWord("STDIN") || token.isWord("STDOUT")) {
      take();
      return new SourceRef.Stdin(token.range());
    }
    if (token.isWord("PROGRAM") && !peek(1).isSymbol("(")) {
      take();
      if (peek().isWord("STDIN") || peek().isWord("STDOUT")) {
        throw SyntaxErrors.of("STDIN/STDOUT not allowed with PROGRAM", peek().range())
            .withPosition(0);
      }
      Token command = expectString();
      return new SourceRef.Program(command.text(), token.range().to(command.range()));
    }
    boolean simple = token.isString() || token.kind() == Token.Kind.PARAMETER;
    boolean call = token.isWord() && peek(1).isSymbol("(") && !NO_NAMES.contains(token.upper());
    if (!simple && !call && !token.isSymbol("(") && token.kind() != Token.Kind.NUMBER) {
      throw SyntaxErrors.at(sql, token);
    }
    int first = next;
    TextRange range = expression();
    if (next > first + 1 || !simple) {
      return new SourceRef.ExpressionSource(range);
    }
    return token.isString()
        ? new SourceRef.StringSource(token.text(), range)
        : new SourceRef.ParameterSource(parameterIndex(token), range);
  }

  private int parameterIndex(Token token) {
    String digits = token.text();
    if (digits.isEmpty()) {
      return 0;
    }
    int number = digits.length() > 9 ? 0 : Integer.parseInt(digits);
    if (number == 0) {
      throw SyntaxErrors.at(sql, token);
    }
    return number - 1;
  }

  /** Operands with operators between them; not checked any further. */
  private TextRange expression() {
    TextRange first = peek().range();
    operand();
    while (isOperator(peek())) {
      boolean cast = take().isSymbol("::");
      if (cast) {
        identifier();
      } else {
        operand();
      }
    }
    return first.to(last());
  }

  private static boolean isOperator(Token token) {
    return token.kind() == Token.Kind.SYMBOL
        && !token.isSymbol("(")
        && !token.isSymbol(")")
        && !token.isSymbol(",")
        && !token.isSymbol("[")
        && !token.isSymbol("]");
  }

  private void operand() {
    Token token = peek();
    switch (token.kind()) {
      case STRING, NUMBER, PARAMETER -> take();
      case WORD, QUOTED_IDENTIFIER -> {
        identifier();
        if (peek().isSymbol("(") && !startsOptionList(1)) {
          balanced();
        }
      }
      case SYMBOL, END -> {
        if (!token.isSymbol("(")) {
          throw SyntaxErrors.at(sql, token);
        }
        balanced();
      }
    }
  }

  /** Tells {@code x (FORMAT csv)} from the function call {@code x(y)}. */
  private boolean startsOptionList(int ahead) {
    return switch (peek(ahead).upper()) {
      case "FORMAT",
          "DELIMITER",
          "NULL",
          "ESCAPE",
          "QUOTE",
          "HEADER",
          "AWS",
          "MAX",
          "FILES",
          "PATTERN" ->
          !peek(ahead + 1).isSymbol(")") || peek(ahead).isWord("HEADER");
      default -> false;
    };
  }

  /** Skips a parenthesised part and returns what is within. */
  private TextRange balanced() {
    Token open = peek();
    skipParentheses();
    return new TextRange(open.range().end(), last().begin());
  }

  /**
   * The rest of the statement, which H2 will parse; only what shows that it is no condition is
   * refused here.
   */
  private TextRange condition() {
    Token first = peek();
    if (first.isEnd()) {
      throw SyntaxErrors.at(sql, first);
    }
    Token previous = null;
    while (!peek().isEnd()) {
      Token token = peek();
      if (token.isSymbol("(")) {
        if (previous != null && isValue(previous)) {
          throw SyntaxErrors.at(sql, token);
        }
        skipParentheses();
      } else if (token.isSymbol(")")) {
        throw SyntaxErrors.at(sql, token);
      } else {
        take();
      }
      previous = tokens.get(next - 1);
    }
    return first.range().to(last());
  }

  private static boolean isValue(Token token) {
    return token.isString()
        || token.kind() == Token.Kind.NUMBER
        || token.kind() == Token.Kind.PARAMETER;
  }

  private void skipParentheses() {
    int depth = 0;
    do {
      Token token = take();
      if (token.isEnd()) {
        throw SyntaxErrors.at(sql, token);
      }
      if (token.isSymbol("(")) {
        depth++;
      } else if (token.isSymbol(")")) {
        depth--;
      }
    } while (depth > 0);
  }

  private Token peek() {
    return tokens.get(next);
  }

  private Token peek(int ahead) {
    return tokens.get(Math.min(next + ahead, tokens.size() - 1));
  }

  /** Takes a token; the end stays. */
  private Token take() {
    Token token = tokens.get(next);
    if (!token.isEnd()) {
      next++;
    }
    return token;
  }

  private TextRange last() {
    return tokens.get(next - 1).range();
  }

  private Token takeWord(String upperCase) {
    return peek().isWord(upperCase) ? take() : null;
  }

  private Token takeSymbol(String symbol) {
    return peek().isSymbol(symbol) ? take() : null;
  }

  private Token expectWord(String upperCase) {
    if (!peek().isWord(upperCase)) {
      throw SyntaxErrors.at(sql, peek());
    }
    return take();
  }

  private Token expectSymbol(String symbol) {
    if (!peek().isSymbol(symbol)) {
      throw SyntaxErrors.at(sql, peek());
    }
    return take();
  }

  private Token expectString() {
    if (!peek().isString()) {
      throw SyntaxErrors.at(sql, peek());
    }
    return take();
  }

  private void expectEnd() {
    if (!peek().isEnd()) {
      throw SyntaxErrors.at(sql, peek());
    }
  }

  private static OptionClause flag(Token word, OptionStyle style) {
    return clause(word.upper(), word.range(), word.range(), none(word.range()), style);
  }

  private static OptionValue none(TextRange name) {
    return new OptionValue.None(new TextRange(name.end(), name.end()));
  }

  private static OptionClause clause(
      String name, TextRange begin, TextRange nameRange, OptionValue value, OptionStyle style) {
    return new OptionClause(
        name,
        name.toLowerCase(Locale.ROOT),
        value,
        style,
        new TextRange(begin.begin(), value.range().end()),
        nameRange,
        null);
  }

  /** Reads what follows the source: clauses of all styles. */
  private final class OptionReader {
    private final List<OptionClause> options;
    private boolean withSeen;
    private boolean listSeen;
    private boolean legacySeen;
    private boolean anySeen;

    OptionReader(List<OptionClause> options) {
      this.options = options;
    }

    void read() {
      if (peek().isWord("DELIMITERS") || peek().isWord("USING")) {
        delimiters();
      }
      boolean more = true;
      while (more) {
        Token token = peek();
        if (token.isWord("WITH")) {
          with();
        } else if (token.isSymbol("(")) {
          parenthesised();
        } else if (token.isSymbol(",")) {
          comma();
        } else if (token.isEnd() || token.isWord("WHERE") || isJobCreate()) {
          more = false;
        } else {
          clause(OptionStyle.LEGACY);
        }
      }
    }

    private boolean isJobCreate() {
      return peek().isWord("JOB") && peek(1).isWord("CREATE");
    }

    private void delimiters() {
      Token using = takeWord("USING");
      Token name = expectWord("DELIMITERS");
      Token text = expectString();
      TextRange begin = using == null ? name.range() : using.range();
      options.add(
          CopyParser.clause("DELIMITERS", begin, name.range(), text(text), OptionStyle.LEGACY));
    }

    /** A noise word before all options, and before CREDENTIALS anywhere. */
    private void with() {
      boolean credentials = peek(1).isWord("CREDENTIALS");
      if (!credentials && (withSeen || anySeen)) {
        throw SyntaxErrors.at(sql, peek());
      }
      take();
      withSeen = true;
    }

    /**
     * Redshift's formal syntax shows commas between clauses, so they are tolerated between its
     * clauses.
     */
    private void comma() {
      Token comma = peek();
      if (!anySeen || !isRedshiftWord(peek(1))) {
        throw SyntaxErrors.at(sql, comma);
      }
      take();
      clause(OptionStyle.REDSHIFT);
    }

    private static boolean isRedshiftWord(Token token) {
      return switch (token.upper()) {
        case "CSV", "DELIMITER", "NULL", "QUOTE", "ENCODING", "ESCAPE", "FORMAT" -> true;
        case "WITH" -> true;
        default -> RedshiftClause.form(token.upper()) != null;
      };
    }

    private void parenthesised() {
      if (legacySeen || listSeen) {
        throw SyntaxErrors.at(sql, peek());
      }
      take();
      do {
        options.add(generic());
      } while (takeSymbol(",") != null);
      expectSymbol(")");
      listSeen = true;
      anySeen = true;
    }

    private OptionClause generic() {
      Token label = peek();
      boolean quoted = label.kind() == Token.Kind.QUOTED_IDENTIFIER;
      if (!label.isWord() && !quoted) {
        throw SyntaxErrors.at(sql, label);
      }
      take();
      String written = quoted ? label.text() : label.text().toLowerCase(Locale.ROOT);
      TextRange nameRange = label.range();
      if (label.isWord("AWS") && peek().isWord("CONNECTION")) {
        nameRange = nameRange.to(take().range());
        written = "aws connection";
      } else if (label.isWord("MAX") && peek().isWord("FILE") && peek(1).isWord("SIZE")) {
        take();
        nameRange = nameRange.to(take().range());
        written = "max file size";
      }
      Token equals = takeSymbol("=");
      OptionValue value = argument(nameRange, equals != null);
      boolean folded = written.equals(written.toLowerCase(Locale.ROOT));
      return new OptionClause(
          folded ? written.toUpperCase(Locale.ROOT) : '"' + written + '"',
          written,
          value,
          OptionStyle.PARENTHESISED,
          new TextRange(nameRange.begin(), value.range().end()),
          nameRange,
          equals == null ? null : equals.range());
    }

    private OptionValue argument(TextRange nameRange, boolean required) {
      Token token = peek();
      if (!required && (token.isSymbol(",") || token.isSymbol(")"))) {
        return none(nameRange);
      }
      if (token.isSymbol("*")) {
        return new OptionValue.Star(take().range());
      }
      if (token.isSymbol("(")) {
        return list(")", false);
      }
      if (token.isSymbol("[")) {
        return list("]", true);
      }
      if (token.isSymbol("+") || token.isSymbol("-")) {
        return signedNumber();
      }
      return simple();
    }

    private OptionValue list(String close, boolean brackets) {
      Token open = take();
      List<OptionValue> items = new ArrayList<>();
      if (!brackets || !peek().isSymbol(close)) {
        do {
          if (peek().kind() == Token.Kind.NUMBER) {
            throw SyntaxErrors.at(sql, peek());
          }
          items.add(simple());
        } while (takeSymbol(",") != null);
      }
      Token end = expectSymbol(close);
      return new OptionValue.ValueList(items, brackets, open.range().to(end.range()));
    }

    /** A string, quoted identifier, number or word. */
    private OptionValue simple() {
      Token token = peek();
      switch (token.kind()) {
        case STRING -> {
          return text(take());
        }
        case QUOTED_IDENTIFIER -> {
          take();
          return new OptionValue.Text(token.text(), false, token.range());
        }
        case NUMBER -> {
          return signedNumber();
        }
        case WORD -> {
          // Materialize's SECRET name: a reference to a stored secret, not the secret.
          if (token.isWord("SECRET") && isName(peek(1))) {
            take();
            Token name = take();
            return new OptionValue.Word(name.text(), token.range().to(name.range()));
          }
          if (RESERVED.contains(token.upper())) {
            throw SyntaxErrors.at(sql, token);
          }
          take();
          return new OptionValue.Word(token.text(), token.range());
        }
        case PARAMETER, SYMBOL, END -> throw SyntaxErrors.at(sql, token);
      }
      throw new IllegalStateException();
    }

    private static boolean isName(Token token) {
      return token.isWord() || token.kind() == Token.Kind.QUOTED_IDENTIFIER;
    }

    private OptionValue signedNumber() {
      TextRange begin = peek().range();
      String sign = "";
      if (peek().isSymbol("+") || peek().isSymbol("-")) {
        sign = take().isSymbol("-") ? "-" : "";
      }
      Token number = peek();
      if (number.kind() != Token.Kind.NUMBER) {
        throw SyntaxErrors.at(sql, number);
      }
      take();
      return new OptionValue.Number(sign + number.text(), begin.to(number.range()));
    }

    private OptionValue text(Token token) {
      return new OptionValue.Text(token.text(), true, token.range());
    }

    /** One clause outside parentheses. */
    private void clause(OptionStyle style) {
      Token token = peek();
      Token begin = token;
      OptionStyle written = style;
      if (token.isWord("WITH")) {
        with();
        token = peek();
        begin = token;
      }
      if (token.isWord("FORMAT") || token.isWord("AS")) {
        take();
        if (token.isWord("FORMAT")) {
          takeWord("AS");
        }
        if (!RedshiftClause.DATA_FORMATS.contains(peek().upper())) {
          throw SyntaxErrors.at(sql, peek());
        }
        token = peek();
        written = OptionStyle.REDSHIFT;
      }
      OptionClause clause = clause(token, begin.range(), written);
      if (clause.style() == OptionStyle.LEGACY) {
        if (listSeen) {
          throw SyntaxErrors.at(sql, begin);
        }
        legacySeen = true;
      }
      checkNoSecretSpill(clause);
      anySeen = true;
      options.add(clause);
    }

    /**
     * An unescaped quote within a secret would otherwise show its rest in the error for the next
     * token.
     */
    private void checkNoSecretSpill(OptionClause clause) {
      Token following = peek();
      if (clause.value() instanceof OptionValue.Secret
          && following.range().begin() == clause.range().end()
          && !following.isEnd()
          && !following.isSymbol(",")) {
        throw SyntaxErrors.atSecret(sql, following);
      }
    }

    private OptionClause clause(Token name, TextRange begin, OptionStyle style) {
      switch (name.upper()) {
        case "BINARY", "FREEZE", "HEADER", "CSV" -> {
          take();
          return CopyParser.clause(name.upper(), begin, name.range(), none(name.range()), style);
        }
        case "DELIMITER", "NULL", "QUOTE" -> {
          take();
          takeWord("AS");
          return CopyParser.clause(name.upper(), begin, name.range(), text(expectString()), style);
        }
        case "ESCAPE" -> {
          take();
          boolean flag = takeWord("AS") == null && !peek().isString();
          return CopyParser.clause(
              "ESCAPE",
              begin,
              name.range(),
              flag ? none(name.range()) : text(expectString()),
              flag ? OptionStyle.REDSHIFT : style);
        }
        case "ENCODING" -> {
          take();
          boolean as = takeWord("AS") != null;
          boolean string = peek().isString();
          return CopyParser.clause(
              "ENCODING",
              begin,
              name.range(),
              string ? text(take()) : word(),
              string && !as ? style : OptionStyle.REDSHIFT);
        }
        case "FORCE" -> {
          return force(begin, style);
        }
        default -> {
          RedshiftClause.Form form = RedshiftClause.form(name.upper());
          if (form == null) {
            throw SyntaxErrors.at(sql, name);
          }
          take();
          return CopyParser.clause(
              name.upper(),
              begin,
              name.range(),
              redshiftArgument(form, name.range()),
              OptionStyle.REDSHIFT);
        }
      }
    }

    private OptionValue word() {
      Token token = peek();
      if (!token.isWord()) {
        throw SyntaxErrors.at(sql, token);
      }
      return new OptionValue.Word(take().text(), token.range());
    }

    private OptionClause force(TextRange begin, OptionStyle style) {
      take();
      String name;
      if (takeWord("QUOTE") != null) {
        name = "FORCE_QUOTE";
      } else if (takeWord("NOT") != null) {
        expectWord("NULL");
        name = "FORCE_NOT_NULL";
      } else {
        expectWord("NULL");
        name = "FORCE_NULL";
      }
      TextRange nameRange = begin.to(last());
      OptionValue value;
      if (peek().isSymbol("*")) {
        value = new OptionValue.Star(take().range());
      } else {
        List<OptionValue> items = new ArrayList<>();
        for (Identifier column : columnNames()) {
          items.add(
              column.quoted()
                  ? new OptionValue.Text(column.text(), false, column.range())
                  : new OptionValue.Word(column.text(), column.range()));
        }
        TextRange first = items.get(0).range();
        value = new OptionValue.ValueList(items, false, first.to(last()));
      }
      return CopyParser.clause(name, begin, nameRange, value, style);
    }

    private OptionValue redshiftArgument(RedshiftClause.Form form, TextRange name) {
      if (form != RedshiftClause.Form.FLAG && form != RedshiftClause.Form.SWITCH) {
        boolean as = takeWord("AS") != null;
        if (as && form == RedshiftClause.Form.OPTIONAL_STRING) {
          return text(expectString());
        }
      }
      switch (form) {
        case FLAG -> {
          return none(name);
        }
        case STRING -> {
          return text(expectString());
        }
        case SECRET -> {
          if (!peek().isString()) {
            throw SyntaxErrors.atSecret(sql, peek());
          }
          Token secret = take();
          return new OptionValue.Secret(secret.text(), secret.range());
        }
        case NUMBER -> {
          return peek().isString() ? text(take()) : signedNumber();
        }
        case OPTIONAL_STRING -> {
          return peek().isString() ? text(take()) : none(name);
        }
        case SWITCH -> {
          return SWITCH_WORDS.contains(peek().upper()) ? word() : none(name);
        }
        case ROLE -> {
          if (peek().isWord("DEFAULT")) {
            return word();
          }
          return text(expectString());
        }
        case SIMPLIFY -> {
          return simplify(name);
        }
      }
      throw new IllegalStateException();
    }

    private OptionValue simplify(TextRange name) {
      List<OptionValue> items = new ArrayList<>();
      if (peek().isWord("AUTO")) {
        items.add(word());
      }
      if (peek().isString()) {
        items.add(text(take()));
      } else if (peek().kind() == Token.Kind.NUMBER) {
        items.add(signedNumber());
      }
      if (items.isEmpty()) {
        return none(name);
      }
      return new OptionValue.ValueList(items, false, items.get(0).range().to(last()));
    }
  }
}

package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Parses CREATE, ALTER, DROP, SHOW and VALIDATE of Materialize's secrets and connections. Failures
 * never repeat a string of the statement.
 */
public final class StoredObjectParser {
  private static final List<String[]> STARTS =
      List.of(
          new String[] {"CREATE", "SECRET"},
          new String[] {"CREATE", "CONNECTION"},
          new String[] {"ALTER", "SECRET"},
          new String[] {"ALTER", "CONNECTION"},
          new String[] {"DROP", "SECRET"},
          new String[] {"DROP", "CONNECTION"},
          new String[] {"SHOW", "SECRETS"},
          new String[] {"SHOW", "CONNECTIONS"},
          new String[] {"SHOW", "CREATE", "CONNECTION"},
          new String[] {"SHOW", "REDACTED", "CREATE", "CONNECTION"},
          new String[] {"VALIDATE", "CONNECTION"});

  private static final List<String> OPTIONS =
      List.of(
          "ENDPOINT",
          "REGION",
          "ACCESS KEY ID",
          "SECRET ACCESS KEY",
          "SESSION TOKEN",
          "ASSUME ROLE ARN",
          "ASSUME ROLE SESSION NAME");

  private final String sql;
  private final SqlTokenizer tokenizer;
  private final List<Token> ahead = new ArrayList<>();
  private int plainParameters;

  private StoredObjectParser(String sql) {
    this.sql = sql;
    tokenizer = new SqlTokenizer(sql, 0);
  }

  /** Whether a statement is one of these, by its first words. */
  public static boolean claims(String sql) {
    for (String[] words : STARTS) {
      if (LeadingWords.are(sql, words)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Parses a statement.
   *
   * <p>Failures: SYNTAX, INVALID_PARAMETER_VALUE and FEATURE_NOT_SUPPORTED with their place.
   */
  public static StoredObject parse(String sql) {
    StoredObjectParser parser = new StoredObjectParser(sql);
    StoredObject statement = parser.statement();
    while (parser.isSymbol(";")) {
      parser.take();
    }
    if (!parser.peek().isEnd()) {
      throw SyntaxErrors.at(sql, parser.peek());
    }
    return statement;
  }

  private StoredObject statement() {
    String verb = take().upper();
    return switch (verb) {
      case "CREATE" -> takeWord("SECRET") ? createSecret() : createConnection();
      case "ALTER" -> takeWord("SECRET") ? alter(StoredObject.Kind.SECRET) : alterConnection();
      case "DROP" -> drop();
      case "VALIDATE" -> {
        expectWord("CONNECTION");
        yield new StoredObject.Validate(name());
      }
      default -> show();
    };
  }

  private StoredObject createSecret() {
    boolean ifNotExists = ifNotExists();
    Identifier name = name();
    expectWord("AS");
    return new StoredObject.CreateSecret(name, ifNotExists, value());
  }

  private StoredObject.SecretValue value() {
    if (peek().isWord("DECODE") && peek(1).isSymbol("(")) {
      take();
      take();
      StoredObject.SecretValue coded = plainValue();
      expectSymbol(",");
      Token coding = take();
      String name = coding.isString() ? coding.text().toLowerCase(Locale.ROOT) : "";
      if (!name.equals("base64") && !name.equals("hex")) {
        throw new CopyException(
                CopyErrorCode.INVALID_PARAMETER_VALUE, "decode() takes 'base64' or 'hex'")
            .withPosition(coding.range().position());
      }
      expectSymbol(")");
      return new StoredObject.SecretValue(coded.text(), coded.parameter(), name);
    }
    return plainValue();
  }

  private StoredObject.SecretValue plainValue() {
    Token token = take();
    if (token.isString()) {
      return new StoredObject.SecretValue(token.text(), -1, null);
    }
    if (token.kind() == Token.Kind.PARAMETER) {
      int index = token.text().isEmpty() ? plainParameters++ : Integer.parseInt(token.text()) - 1;
      return new StoredObject.SecretValue(null, index, null);
    }
    throw SyntaxErrors.atSecret(sql, token);
  }

  private StoredObject createConnection() {
    expectWord("CONNECTION");
    boolean ifNotExists = ifNotExists();
    Identifier name = name();
    boolean brackets = takeWord("TO");
    if (!brackets) {
      expectWord("FOR");
    }
    Token type = peek();
    if (!takeWord("AWS")) {
      if (type.isWord()) {
        throw new CopyException(
                CopyErrorCode.FEATURE_NOT_SUPPORTED,
                "CREATE CONNECTION TO " + type.upper() + " is not supported: only AWS")
            .withPosition(type.range().position());
      }
      throw SyntaxErrors.at(sql, type);
    }
    boolean open = takeSymbol("(");
    List<StoredObject.Setting> settings = new ArrayList<>();
    if (!isSymbol(")") && !peek().isEnd() && !peek().isWord("WITH")) {
      do {
        settings.add(setting(true));
      } while (takeSymbol(","));
    }
    if (open) {
      expectSymbol(")");
    }
    checkOnce(settings);
    return new StoredObject.CreateConnection(
        name, ifNotExists, List.copyOf(settings), validation(false));
  }

  private void checkOnce(List<StoredObject.Setting> settings) {
    Set<String> names = new HashSet<>();
    for (StoredObject.Setting setting : settings) {
      if (!names.add(setting.name())) {
        throw SyntaxErrors.of(setting.name() + " specified more than once", setting.range());
      }
    }
  }

  /**
   * @param valued whether a value follows the name
   */
  private StoredObject.Setting setting(boolean valued) {
    Token first = peek();
    String name = optionName();
    TextRange range = first.range();
    if (!valued) {
      return new StoredObject.Setting(name, null, null, range);
    }
    takeSymbol("=");
    if (peek().isWord("SECRET") && isName(peek(1))) {
      take();
      return new StoredObject.Setting(name, null, name(), range);
    }
    Token value = take();
    if (name.equals("SECRET ACCESS KEY")) {
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE,
              "invalid SECRET ACCESS KEY: must provide a secret value")
          .withHint("Write SECRET ACCESS KEY = SECRET name, after CREATE SECRET name AS '...'.")
          .withPosition(value.range().position());
    }
    if (!value.isString()
        && value.kind() != Token.Kind.NUMBER
        && value.kind() != Token.Kind.QUOTED_IDENTIFIER
        && !value.isWord()) {
      throw SyntaxErrors.atSecret(sql, value);
    }
    return new StoredObject.Setting(name, value.text(), null, range);
  }

  /** The longest name that the next words make. */
  private String optionName() {
    String best = null;
    int bestWords = 0;
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < 4 && peek(i).isWord(); i++) {
      written.append(i == 0 ? "" : " ").append(peek(i).upper());
      if (OPTIONS.contains(written.toString())) {
        best = written.toString();
        bestWords = i + 1;
      }
    }
    if (best == null) {
      Token token = peek();
      if (!token.isWord()) {
        throw SyntaxErrors.at(sql, token);
      }
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE,
              "AWS connections do not support " + token.upper() + " values")
          .withPosition(token.range().position());
    }
    for (int i = 0; i < bestWords; i++) {
      take();
    }
    return best;
  }

  private boolean validation(boolean usual) {
    if (!takeWord("WITH")) {
      return usual;
    }
    expectSymbol("(");
    expectWord("VALIDATE");
    takeSymbol("=");
    boolean validate = true;
    if (takeWord("FALSE")) {
      validate = false;
    } else {
      takeWord("TRUE");
    }
    expectSymbol(")");
    return validate;
  }

  private StoredObject alterConnection() {
    expectWord("CONNECTION");
    return alter(StoredObject.Kind.CONNECTION);
  }

  private StoredObject alter(StoredObject.Kind kind) {
    boolean ifExists = ifExists();
    Identifier name = name();
    if (takeWord("RENAME")) {
      expectWord("TO");
      return new StoredObject.Rename(kind, name, ifExists, name());
    }
    if (takeWord("OWNER")) {
      expectWord("TO");
      return new StoredObject.SetOwner(kind, name, ifExists, name());
    }
    if (kind == StoredObject.Kind.SECRET) {
      expectWord("AS");
      return new StoredObject.AlterSecret(name, ifExists, value());
    }
    List<StoredObject.Setting> settings = new ArrayList<>();
    do {
      boolean set = takeWord("SET");
      if (!set && !takeWord("DROP")) {
        expectWord("RESET");
      }
      boolean open = takeSymbol("(");
      settings.add(setting(set));
      while (open && takeSymbol(",")) {
        settings.add(setting(set));
      }
      if (open) {
        expectSymbol(")");
      }
    } while (takeSymbol(","));
    checkOnce(settings);
    return new StoredObject.AlterConnection(
        name, ifExists, List.copyOf(settings), validation(true));
  }

  private StoredObject drop() {
    StoredObject.Kind kind = StoredObject.Kind.SECRET;
    if (!takeWord("SECRET")) {
      expectWord("CONNECTION");
      kind = StoredObject.Kind.CONNECTION;
    }
    boolean ifExists = ifExists();
    Identifier name = name();
    boolean cascade = takeWord("CASCADE");
    if (!cascade) {
      takeWord("RESTRICT");
    }
    return new StoredObject.Drop(kind, name, ifExists, cascade);
  }

  private StoredObject show() {
    takeWord("REDACTED");
    if (takeWord("CREATE")) {
      expectWord("CONNECTION");
      return new StoredObject.ShowCreate(name());
    }
    StoredObject.Kind kind = StoredObject.Kind.SECRET;
    if (!takeWord("SECRETS")) {
      expectWord("CONNECTIONS");
      kind = StoredObject.Kind.CONNECTION;
    }
    Identifier schema = takeWord("FROM") ? name() : null;
    String like = null;
    if (takeWord("LIKE")) {
      Token pattern = take();
      if (!pattern.isString()) {
        throw SyntaxErrors.at(sql, pattern);
      }
      like = pattern.text();
    }
    String where = like == null && takeWord("WHERE") ? condition() : null;
    return new StoredObject.Show(kind, schema, like, where);
  }

  /** The text up to the end of the statement. */
  private String condition() {
    Token first = peek();
    Token last = null;
    while (!peek().isEnd() && !isSymbol(";")) {
      last = take();
    }
    if (last == null) {
      throw SyntaxErrors.at(sql, first);
    }
    return first.range().to(last.range()).of(sql);
  }

  private boolean ifNotExists() {
    if (!takeWord("IF")) {
      return false;
    }
    expectWord("NOT");
    expectWord("EXISTS");
    return true;
  }

  private boolean ifExists() {
    if (!takeWord("IF")) {
      return false;
    }
    expectWord("EXISTS");
    return true;
  }

  private static boolean isName(Token token) {
    return token.isWord() || token.kind() == Token.Kind.QUOTED_IDENTIFIER;
  }

  private Identifier name() {
    Token token = peek();
    if (!isName(token)) {
      throw SyntaxErrors.at(sql, token);
    }
    take();
    if (isSymbol(".")) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "secrets and connections belong to the database: their names have no schema")
          .withPosition(token.range().position());
    }
    boolean quoted = !token.isWord();
    return new Identifier(
        quoted ? token.text() : token.text().toLowerCase(Locale.ROOT), quoted, token.range());
  }

  private Token peek() {
    return peek(0);
  }

  private Token peek(int count) {
    while (ahead.size() <= count) {
      ahead.add(tokenizer.next());
    }
    return ahead.get(count);
  }

  private Token take() {
    Token token = peek();
    ahead.remove(0);
    return token;
  }

  private boolean isSymbol(String symbol) {
    return peek().isSymbol(symbol);
  }

  private boolean takeSymbol(String symbol) {
    boolean is = isSymbol(symbol);
    if (is) {
      take();
    }
    return is;
  }

  private void expectSymbol(String symbol) {
    if (!takeSymbol(symbol)) {
      throw SyntaxErrors.atSecret(sql, peek());
    }
  }

  private boolean takeWord(String word) {
    boolean is = peek().isWord(word);
    if (is) {
      take();
    }
    return is;
  }

  private void expectWord(String word) {
    if (!takeWord(word)) {
      throw SyntaxErrors.at(sql, peek());
    }
  }
}

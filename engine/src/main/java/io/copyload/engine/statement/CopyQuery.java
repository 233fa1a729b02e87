package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;

/** The query of {@code COPY (query) TO}. */
public final class CopyQuery {
  private CopyQuery() {}

  /**
   * PostgreSQL's forms in H2's words: a change with RETURNING is a query of H2's data change delta
   * table. Anything else stays as it is.
   *
   * @param text the query
   * @param range its place in the statement
   * @throws CopyException SYNTAX or FEATURE_NOT_SUPPORTED with PostgreSQL's texts for what it does
   *     not take here
   */
  public static String forHost(String text, TextRange range) {
    List<Token> tokens = new ArrayList<>();
    List<Token> outer = new ArrayList<>();
    SqlTokenizer tokenizer = new SqlTokenizer(text, 0);
    int depth = 0;
    for (Token token = tokenizer.next(); !token.isEnd(); token = tokenizer.next()) {
      tokens.add(token);
      depth -= token.isSymbol(")") ? 1 : 0;
      if (depth == 0) {
        outer.add(token);
      }
      depth += token.isSymbol("(") ? 1 : 0;
    }
    Token first = tokens.get(0);
    String verb = first.isWord() ? first.upper() : "(";
    switch (verb) {
      case "SELECT", "WITH", "(" -> {
        for (Token token : outer) {
          if (verb.equals("SELECT") && token.isWord("FROM")) {
            break;
          }
          if (token.isWord("INTO") && verb.equals("SELECT")) {
            throw new CopyException(
                CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY (SELECT INTO) is not supported");
          }
        }
        return text;
      }
      case "VALUES", "TABLE" -> {
        return text;
      }
      case "INSERT", "UPDATE", "DELETE", "MERGE" -> {
        for (Token token : outer) {
          if (token.isWord("RETURNING")) {
            return "SELECT "
                + text.substring(token.range().end())
                + " FROM "
                + (verb.equals("DELETE") ? "OLD" : "FINAL")
                + " TABLE ("
                + text.substring(0, token.range().begin())
                + ")";
          }
        }
        throw new CopyException(
            CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY query must have a RETURNING clause");
      }
      default ->
          throw new CopyException(
                  CopyErrorCode.SYNTAX,
                  "syntax error at or near \"" + first.range().of(text) + "\"")
              .withPosition(range.begin() + first.range().begin() + 1);
    }
  }
}

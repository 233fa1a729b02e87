package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What PostgreSQL does not allow in the condition of COPY FROM ... WHERE, as far as the text shows
 * it. Threads: any.
 */
public final class ConditionRules {
  private static final Set<String> AGGREGATES =
      Set.of(
          "ANY_VALUE",
          "ARRAY_AGG",
          "AVG",
          "BIT_AND",
          "BIT_AND_AGG",
          "BIT_OR",
          "BIT_OR_AGG",
          "BIT_XOR",
          "BIT_XOR_AGG",
          "BOOL_AND",
          "BOOL_OR",
          "CORR",
          "COUNT",
          "COVAR_POP",
          "COVAR_SAMP",
          "ENVELOPE",
          "EVERY",
          "GCD_AGG",
          "GROUP_CONCAT",
          "HISTOGRAM",
          "JSON_AGG",
          "JSON_ARRAYAGG",
          "JSON_OBJECTAGG",
          "JSON_OBJECT_AGG",
          "JSONB_AGG",
          "LCM_AGG",
          "LISTAGG",
          "MAX",
          "MEDIAN",
          "MIN",
          "MODE",
          "PERCENTILE_CONT",
          "PERCENTILE_DISC",
          "REGR_AVGX",
          "REGR_AVGY",
          "REGR_COUNT",
          "REGR_INTERCEPT",
          "REGR_R2",
          "REGR_SLOPE",
          "REGR_SXX",
          "REGR_SXY",
          "REGR_SYY",
          "SELECTIVITY",
          "STDDEV",
          "STDDEV_POP",
          "STDDEV_SAMP",
          "STRING_AGG",
          "SUM",
          "VARIANCE",
          "VAR_POP",
          "VAR_SAMP",
          "XMLAGG");

  private static final Set<String> WINDOW_FUNCTIONS =
      Set.of(
          "CUME_DIST",
          "DENSE_RANK",
          "FIRST_VALUE",
          "LAG",
          "LAST_VALUE",
          "LEAD",
          "NTH_VALUE",
          "NTILE",
          "PERCENT_RANK",
          "RANK",
          "RATIO_TO_REPORT",
          "ROW_NUMBER");

  private static final Set<String> SET_FUNCTIONS =
      Set.of(
          "CSVREAD",
          "GENERATE_SERIES",
          "GENERATE_SUBSCRIPTS",
          "JSON_ARRAY_ELEMENTS",
          "JSON_EACH",
          "JSON_TABLE",
          "JSONB_ARRAY_ELEMENTS",
          "JSONB_EACH",
          "REGEXP_MATCHES",
          "REGEXP_SPLIT_TO_TABLE",
          "STRING_TO_TABLE",
          "SYSTEM_RANGE",
          "TABLE_DISTINCT",
          "UNNEST");

  private ConditionRules() {}

  /**
   * Checks a condition.
   *
   * <p>Failures: FEATURE_NOT_SUPPORTED for subqueries, functions that return sets and parameters,
   * GROUPING_ERROR for aggregate functions, WINDOWING_ERROR for window functions.
   */
  public static void check(String sql, TextRange condition) {
    List<Token> tokens = new ArrayList<>();
    SqlTokenizer tokenizer = new SqlTokenizer(sql, condition.begin());
    for (Token t = tokenizer.next();
        !t.isEnd() && t.range().begin() < condition.end();
        t = tokenizer.next()) {
      tokens.add(t);
    }
    for (int i = 0; i < tokens.size(); i++) {
      check(tokens, i);
    }
  }

  private static void check(List<Token> tokens, int i) {
    Token token = tokens.get(i);
    Token previous = i > 0 ? tokens.get(i - 1) : token;
    if (token.kind() == Token.Kind.PARAMETER) {
      throw error(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "parameters are not allowed in COPY FROM WHERE conditions",
          token);
    }
    boolean named = previous.isSymbol(".");
    if (token.isWord("SELECT") || token.isWord("VALUES") && previous.isSymbol("(")) {
      throw error(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "cannot use subquery in COPY FROM WHERE condition",
          opening(tokens, i));
    }
    boolean called = i + 1 < tokens.size() && tokens.get(i + 1).isSymbol("(");
    if (!called || named) {
      return;
    }
    String name = token.upper();
    if (isWindow(tokens, i + 1) || WINDOW_FUNCTIONS.contains(name)) {
      throw error(
          CopyErrorCode.WINDOWING_ERROR,
          "window functions are not allowed in COPY FROM WHERE conditions",
          token);
    }
    if (AGGREGATES.contains(name)) {
      throw error(
          CopyErrorCode.GROUPING_ERROR,
          "aggregate functions are not allowed in COPY FROM WHERE conditions",
          token);
    }
    if (SET_FUNCTIONS.contains(name)) {
      throw error(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "set-returning functions are not allowed in COPY FROM WHERE conditions",
          token);
    }
  }

  /** The token that PostgreSQL points to for a subquery. */
  private static Token opening(List<Token> tokens, int select) {
    int i = select;
    while (i > 0 && tokens.get(i - 1).isSymbol("(")) {
      i--;
    }
    if (i > 0 && (tokens.get(i - 1).isWord("IN") || tokens.get(i - 1).isWord("EXISTS"))) {
      i--;
    }
    return tokens.get(i);
  }

  /** Whether the call whose parenthesis opens at {@code open} is followed by OVER. */
  private static boolean isWindow(List<Token> tokens, int open) {
    int depth = 0;
    for (int i = open; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol("(")) {
        depth++;
      } else if (tokens.get(i).isSymbol(")") && --depth == 0) {
        if (i + 1 < tokens.size() && tokens.get(i + 1).isWord("FILTER")) {
          continue;
        }
        return i + 1 < tokens.size() && tokens.get(i + 1).isWord("OVER");
      }
    }
    return false;
  }

  private static CopyException error(CopyErrorCode code, String message, Token at) {
    return new CopyException(code, message).withPosition(at.range().position());
  }
}

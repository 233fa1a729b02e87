package io.copyload.engine.statement;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Redshift's names of types in H2's words, after the data type pages of its developer guide. A
 * length in bytes stays the same number.
 */
final class RedshiftTypes {
  /** What a VARCHAR without a length is called. */
  static final String DEFAULT_VARCHAR = "character varying(256)";

  /** Lengths of types that are written without one, and of MAX. */
  static final int MAX_VARCHAR = 65_535;

  static final int MAX_CHAR = 4_096;
  static final int BPCHAR = 256;
  static final int MAX_PRECISION = 38;
  static final int MAX_SCALE = 37;
  static final int DEFAULT_VARBYTE = 64_000;

  private static final Set<String> INTERVAL_FIELDS =
      Set.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND");

  /** Names without arguments that mean the same as one of H2's. */
  private static final Map<String, String> PLAIN =
      Map.ofEntries(
          Map.entry("INT2", "SMALLINT"),
          Map.entry("INT4", "INTEGER"),
          Map.entry("INT8", "BIGINT"),
          Map.entry("FLOAT4", "REAL"),
          Map.entry("FLOAT8", "DOUBLE PRECISION"),
          Map.entry("BOOL", "BOOLEAN"),
          Map.entry("TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE"),
          Map.entry("TIMETZ", "TIME(6) WITH TIME ZONE"),
          Map.entry("SUPER", "JSON"),
          Map.entry("GEOGRAPHY", "GEOMETRY"));

  /** Names that H2 does not know. */
  private static final Set<String> OWN =
      Set.of("BPCHAR", "SUPER", "GEOGRAPHY", "TIMESTAMPTZ", "TIMETZ", "VARBYTE", "HLLSKETCH");

  /** Names that are kept, because H2's type stands for others too. */
  private static final Set<String> KEPT = Set.of("GEOGRAPHY");

  /**
   * A type.
   *
   * @param sql in H2's words, or null when it is no type of Redshift's
   * @param kept Redshift's name, where H2's type does not tell it, or null
   * @param own whether H2 does not know the name
   * @param end index of the first token behind it
   */
  record Found(String sql, String kept, boolean own, int end) {}

  private final List<Token> tokens;
  private final boolean limited;

  /**
   * @param limited whether lengths and digits beyond Redshift's limits are refused
   */
  RedshiftTypes(List<Token> tokens, boolean limited) {
    this.tokens = tokens;
    this.limited = limited;
  }

  /** The type whose name begins at a token. */
  Found at(int index) {
    String name = tokens.get(index).upper();
    if (name.equals("HLLSKETCH")) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "type HLLSKETCH is not supported: there is no type for sketches")
          .withPosition(tokens.get(index).range().position());
    }
    boolean own = OWN.contains(name);
    String plain = PLAIN.get(name);
    if (plain != null) {
      return new Found(
          plain,
          KEPT.contains(name) ? name.toLowerCase(java.util.Locale.ROOT) : null,
          own,
          index + 1);
    }
    return switch (name) {
      case "BPCHAR" -> length("CHARACTER", index + 1, BPCHAR, MAX_CHAR, true);
      case "CHAR", "NCHAR" -> length("CHARACTER", index + 1, 1, MAX_CHAR, false);
      case "TEXT" -> new Found("VARCHAR", DEFAULT_VARCHAR, false, index + 1);
      case "CHARACTER" ->
          tokens.get(index + 1).isWord("VARYING")
              ? varchar(index + 2)
              : length("CHARACTER", index + 1, 1, MAX_CHAR, false);
      case "VARCHAR", "NVARCHAR" -> varchar(index + 1);
      case "VARBYTE" -> length("VARBINARY", index + 1, DEFAULT_VARBYTE, DEFAULT_VARBYTE, true);
      case "VARBINARY" -> length("VARBINARY", index + 1, DEFAULT_VARBYTE, DEFAULT_VARBYTE, false);
      case "BINARY" ->
          tokens.get(index + 1).isWord("VARYING")
              ? length("VARBINARY", index + 2, DEFAULT_VARBYTE, DEFAULT_VARBYTE, false)
              : new Found(null, null, false, index);
      case "DECIMAL", "NUMERIC" -> decimal(index + 1);
      case "TIME", "TIMESTAMP" -> time(name, index + 1);
      case "INTERVAL" -> interval(index + 1);
      default -> new Found(null, null, false, index);
    };
  }

  /** A VARCHAR written without a length shows Redshift's and has none. */
  private Found varchar(int index) {
    return tokens.get(index).isSymbol("(")
        ? length("VARCHAR", index, 0, MAX_VARCHAR, false)
        : new Found("VARCHAR", DEFAULT_VARCHAR, false, index);
  }

  private Found length(String type, int index, int absent, int most, boolean own) {
    if (!tokens.get(index).isSymbol("(")) {
      return new Found(type + "(" + absent + ")", null, own, index);
    }
    Token length = tokens.get(index + 1);
    if (!tokens.get(index + 2).isSymbol(")")) {
      return new Found(null, null, false, index);
    }
    if (length.isWord("MAX")) {
      return new Found(type + "(" + most + ")", null, own, index + 3);
    }
    if (length.kind() != Token.Kind.NUMBER) {
      return new Found(null, null, false, index);
    }
    // Redshift's newer releases take a VARBYTE of any length that H2 takes.
    if (limited && !type.equals("VARBINARY")) {
      String name = type.equals("CHARACTER") ? "char" : "varchar";
      if (isBeyond(length, most)) {
        throw invalid(length, "length for type " + name + " cannot exceed " + most);
      }
      if (isBeyond(length, 0)) {
        return new Found(type + "(" + length.text() + ")", null, own, index + 3);
      }
      throw invalid(length, "length for type " + name + " must be at least 1");
    }
    return new Found(type + "(" + length.text() + ")", null, own, index + 3);
  }

  private static boolean isBeyond(Token number, int limit) {
    return new BigDecimal(number.text()).compareTo(BigDecimal.valueOf(limit)) > 0;
  }

  private static CopyException invalid(Token at, String message) {
    return new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message)
        .withPosition(at.range().position());
  }

  private Found decimal(int index) {
    if (!tokens.get(index).isSymbol("(")) {
      return new Found("NUMERIC(18, 0)", null, false, index);
    }
    int close = index;
    while (!tokens.get(close).isSymbol(")")) {
      if (tokens.get(close).isEnd()) {
        return new Found(null, null, false, index);
      }
      close++;
    }
    if (limited) {
      checkDecimal(index, close);
    }
    StringBuilder text = new StringBuilder("NUMERIC");
    for (int i = index; i <= close; i++) {
      text.append(tokens.get(i).text());
    }
    return new Found(text.toString(), null, false, close + 1);
  }

  private void checkDecimal(int open, int close) {
    Token precision = tokens.get(open + 1);
    if (precision.kind() != Token.Kind.NUMBER) {
      return;
    }
    if (isBeyond(precision, MAX_PRECISION) || !isBeyond(precision, 0)) {
      throw invalid(
          precision,
          "NUMERIC precision " + precision.text() + " must be between 1 and " + MAX_PRECISION);
    }
    Token scale = tokens.get(open + 3);
    if (close != open + 4 || scale.kind() != Token.Kind.NUMBER) {
      return;
    }
    if (new BigDecimal(scale.text()).compareTo(new BigDecimal(precision.text())) > 0) {
      throw invalid(
          scale,
          "NUMERIC scale " + scale.text() + " must be between 0 and precision " + precision.text());
    }
    if (isBeyond(scale, MAX_SCALE)) {
      throw invalid(scale, "NUMERIC scale " + scale.text() + " must be between 0 and " + MAX_SCALE);
    }
  }

  /** Microseconds, which H2's TIME does not have unless told. */
  private Found time(String name, int index) {
    int next = index;
    String precision = name.equals("TIME") ? "(6)" : "";
    if (tokens.get(next).isSymbol("(") && tokens.get(next + 2).isSymbol(")")) {
      precision = "(" + tokens.get(next + 1).text() + ")";
      next += 3;
    }
    if ((tokens.get(next).isWord("WITH") || tokens.get(next).isWord("WITHOUT"))
        && tokens.get(next + 1).isWord("TIME")
        && tokens.get(next + 2).isWord("ZONE")) {
      String zone = tokens.get(next).upper();
      return new Found(name + precision + " " + zone + " TIME ZONE", null, false, next + 3);
    }
    return new Found(name + precision, null, false, next);
  }

  /** With as many digits as H2 has, for a leading field of H2's has two unless told. */
  private Found interval(int index) {
    String first = tokens.get(index).upper();
    if (!INTERVAL_FIELDS.contains(first)) {
      return new Found(null, null, false, index);
    }
    int next = index + 1;
    String last = null;
    if (tokens.get(next).isWord("TO") && INTERVAL_FIELDS.contains(tokens.get(next + 1).upper())) {
      last = tokens.get(next + 1).upper();
      next += 2;
    }
    String fraction = "6";
    if (tokens.get(next).isSymbol("(")
        && tokens.get(next + 1).kind() == Token.Kind.NUMBER
        && tokens.get(next + 2).isSymbol(")")) {
      fraction = tokens.get(next + 1).text();
      next += 3;
    }
    StringBuilder text = new StringBuilder("INTERVAL ").append(first).append("(18");
    if (last == null) {
      text.append(first.equals("SECOND") ? ", " + fraction + ")" : ")");
    } else {
      text.append(") TO ").append(last);
      if (last.equals("SECOND")) {
        text.append('(').append(fraction).append(')');
      }
    }
    return new Found(text.toString(), null, false, next);
  }
}

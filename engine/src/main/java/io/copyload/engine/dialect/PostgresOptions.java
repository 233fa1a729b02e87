package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.dialect.PostgresClauses.LogVerbosity;
import io.copyload.engine.dialect.PostgresClauses.OnError;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * PostgreSQL 18's reading of COPY options, in the order of its ProcessCopyOptions: names,
 * duplicates and values from left to right, then the checks across options from top to bottom, then
 * what is not built. Materialize's options pass the same checks.
 */
final class PostgresOptions {
  private final CopyFrom copy;
  private final DialectName dialect;

  /** Options seen, by PostgreSQL's name. */
  private final Map<String, OptionClause> seen = new HashMap<>();

  private boolean csv;
  private boolean binary;
  private boolean parquet;
  private String delimiter;
  private String quote;
  private String escape;
  private String nullMarker;
  private String defaultMarker;
  private DelimitedSpec.Header header = DelimitedSpec.Header.NONE;
  private boolean freeze;
  private OnError onError = OnError.STOP;
  private long rejectLimit;
  private LogVerbosity verbosity = LogVerbosity.DEFAULT;
  private String encoding;

  PostgresOptions(CopyFrom copy, DialectName dialect) {
    this.copy = copy;
    this.dialect = dialect;
  }

  ResolvedCopy resolve() {
    for (OptionClause clause : copy.options()) {
      read(clause);
    }
    checkBeforeDefaults();
    setDefaults();
    checkCharacters();
    checkRequiredMode();
    checkMarkers();
    checkErrorHandling();
    refuseWhatIsNotBuilt();
    return new ResolvedCopy(
        dialect,
        format(),
        LoadPlan.Compression.DETECT,
        budget(),
        ConversionSpec.Dialect.POSTGRESQL,
        new PostgresClauses(
            columns("FORCE_NOT_NULL"),
            columns("FORCE_NULL"),
            columns("CONVERT_SELECTIVELY"),
            onError,
            rejectLimit,
            verbosity,
            encoding == null || binary ? TextEncoding.UTF8 : TextEncoding.of(encoding),
            freeze));
  }

  private void read(OptionClause clause) {
    checkSpelling(clause);
    String name = nameOf(clause);
    OptionTable.Row row = OptionTable.of(dialect).find(name);
    if (row == null) {
      throw error(CopyErrorCode.SYNTAX, "option \"" + clause.written() + "\" not recognized")
          .withPosition(clause.nameRange().position());
    }
    if (seen.putIfAbsent(name, clause) != null) {
      throw error(CopyErrorCode.SYNTAX, "conflicting or redundant options")
          .withPosition(clause.range().position());
    }
    switch (name) {
      case "FORMAT" -> readFormat(clause);
      case "DELIMITER" -> delimiter = text(clause);
      case "NULL" -> nullMarker = text(clause);
      case "DEFAULT" -> defaultMarker = text(clause);
      case "QUOTE" -> quote = text(clause);
      case "ESCAPE" -> escape = text(clause);
      case "HEADER" -> header = header(clause);
      case "FREEZE" -> freeze = bool(clause);
      case "FORCE_QUOTE", "FORCE_NOT_NULL", "FORCE_NULL" -> checkColumns(clause, true);
      case "CONVERT_SELECTIVELY" -> checkColumns(clause, false);
      case "ENCODING" -> readEncoding(clause);
      case "ON_ERROR" -> readOnError(clause);
      case "REJECT_LIMIT" -> rejectLimit = rejectLimit(clause);
      case "LOG_VERBOSITY" -> readLogVerbosity(clause);
      default -> {
        // Materialize's own options are refused as not built, whatever their value.
      }
    }
  }

  /** The forms that the common grammar takes for Materialize only. */
  private void checkSpelling(OptionClause clause) {
    if (dialect == DialectName.MATERIALIZE) {
      return;
    }
    if (clause.equalsRange() != null) {
      throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"=\"")
          .withPosition(clause.equalsRange().position());
    }
    if (clause.value() instanceof OptionValue.ValueList list && list.brackets()) {
      throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"[\"")
          .withPosition(list.range().position());
    }
  }

  /** Old clauses by the name that PostgreSQL's grammar gives them. */
  static String nameOf(OptionClause clause) {
    if (clause.style() != OptionStyle.LEGACY) {
      return clause.name();
    }
    return switch (clause.name()) {
      case "CSV", "BINARY" -> "FORMAT";
      case "DELIMITERS" -> "DELIMITER";
      default -> clause.name();
    };
  }

  private void readFormat(OptionClause clause) {
    boolean legacy = clause.style() == OptionStyle.LEGACY;
    String format = legacy ? clause.written() : text(clause);
    if (dialect == DialectName.MATERIALIZE) {
      format = format.toLowerCase(Locale.ROOT);
      parquet = format.equals("parquet");
    }
    csv = format.equals("csv");
    binary = format.equals("binary");
    if (!csv && !binary && !parquet && !format.equals("text")) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY format \"" + format + "\" not recognized");
    }
  }

  static String text(OptionClause clause) {
    String text = textOrNull(clause.value());
    if (text == null) {
      throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a parameter");
    }
    return text;
  }

  /** The value as PostgreSQL turns any argument into a string; null when there is none. */
  static String textOrNull(OptionValue value) {
    if (value instanceof OptionValue.Text text) {
      return text.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.lower();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    if (value instanceof OptionValue.Star) {
      return "*";
    }
    if (value instanceof OptionValue.ValueList list) {
      StringBuilder joined = new StringBuilder();
      for (OptionValue item : list.items()) {
        joined.append(joined.isEmpty() ? "" : ".").append(textOrNull(item));
      }
      return joined.toString();
    }
    return null;
  }

  static Boolean boolOrNull(OptionValue value) {
    if (value instanceof OptionValue.None) {
      return true;
    }
    String text = textOrNull(value);
    if (value instanceof OptionValue.Number) {
      return text.equals("1") ? Boolean.TRUE : text.equals("0") ? Boolean.FALSE : null;
    }
    return switch (text == null ? "" : text.toLowerCase(Locale.ROOT)) {
      case "true", "on" -> true;
      case "false", "off" -> false;
      default -> null;
    };
  }

  static boolean bool(OptionClause clause) {
    Boolean value = boolOrNull(clause.value());
    if (value == null) {
      throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a Boolean value");
    }
    return value;
  }

  private static DelimitedSpec.Header header(OptionClause clause) {
    Boolean value = boolOrNull(clause.value());
    if (value != null) {
      return value ? DelimitedSpec.Header.SKIP : DelimitedSpec.Header.NONE;
    }
    if ("match".equalsIgnoreCase(textOrNull(clause.value()))) {
      return DelimitedSpec.Header.MATCH;
    }
    throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a Boolean value or \"match\"");
  }

  private ColumnChoice columns(String name) {
    OptionClause clause = seen.get(name);
    return clause == null ? ColumnChoice.NONE : ColumnChoice.of(clause.value());
  }

  static void checkColumns(OptionClause clause, boolean starAllowed) {
    boolean list = clause.value() instanceof OptionValue.ValueList;
    boolean star = starAllowed && clause.value() instanceof OptionValue.Star;
    if (!list && !star) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "argument to option \"" + clause.written() + "\" must be a list of column names");
    }
  }

  private void readEncoding(OptionClause clause) {
    encoding = text(clause);
    if (!EncodingNames.isKnown(encoding, dialect)) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "argument to option \"" + clause.written() + "\" must be a valid encoding name");
    }
  }

  private void readOnError(OptionClause clause) {
    String value = text(clause);
    onError =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "stop" -> OnError.STOP;
          case "ignore" -> OnError.IGNORE;
          case "set_null" -> OnError.SET_NULL;
          default ->
              throw at(
                  clause,
                  CopyErrorCode.INVALID_PARAMETER_VALUE,
                  "COPY ON_ERROR \"" + value + "\" not recognized");
        };
  }

  private void readLogVerbosity(OptionClause clause) {
    String value = text(clause);
    verbosity =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "silent" -> LogVerbosity.SILENT;
          case "default" -> LogVerbosity.DEFAULT;
          case "verbose" -> LogVerbosity.VERBOSE;
          default ->
              throw at(
                  clause,
                  CopyErrorCode.INVALID_PARAMETER_VALUE,
                  "COPY LOG_VERBOSITY \"" + value + "\" not recognized");
        };
  }

  static long rejectLimit(OptionClause clause) {
    String text = textOrNull(clause.value());
    if (text == null) {
      throw error(CopyErrorCode.SYNTAX, clause.written() + " requires a numeric value");
    }
    long limit;
    try {
      limit = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw error(
          CopyErrorCode.INVALID_TEXT_REPRESENTATION,
          "invalid input syntax for type bigint: \"" + text + "\"");
    }
    if (limit <= 0) {
      throw error(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "REJECT_LIMIT (" + limit + ") must be greater than zero");
    }
    return limit;
  }

  private void checkBeforeDefaults() {
    if (!binary) {
      return;
    }
    for (String name : new String[] {"DELIMITER", "NULL", "DEFAULT"}) {
      if (seen.containsKey(name)) {
        throw error(CopyErrorCode.SYNTAX, "cannot specify " + name + " in BINARY mode");
      }
    }
  }

  private void setDefaults() {
    if (delimiter == null) {
      delimiter = csv ? "," : "\t";
    }
    if (nullMarker == null) {
      nullMarker = csv ? "" : "\\N";
    }
    if (csv) {
      quote = quote == null ? "\"" : quote;
      escape = escape == null ? quote : escape;
    }
  }

  private void checkCharacters() {
    if (!isOneByte(delimiter)) {
      throw delimiterNotOneByte();
    }
    if (hasLineEnd(delimiter)) {
      throw invalid("COPY delimiter cannot be newline or carriage return");
    }
    if (hasLineEnd(nullMarker)) {
      throw invalid("COPY null representation cannot use newline or carriage return");
    }
    if (defaultMarker != null && hasLineEnd(defaultMarker)) {
      throw invalid("COPY default representation cannot use newline or carriage return");
    }
    if (!csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(delimiter)) {
      throw invalid("COPY delimiter cannot be \"" + delimiter + "\"");
    }
    if (binary && header != DelimitedSpec.Header.NONE) {
      throw notAllowed("cannot specify HEADER in BINARY mode");
    }
    if (!csv && quote != null) {
      throw notAllowed("COPY QUOTE requires CSV mode");
    }
    if (csv && !isOneByte(quote)) {
      throw notAllowed("COPY quote must be a single one-byte character");
    }
    if (csv && delimiter.equals(quote)) {
      throw invalid("COPY delimiter and quote must be different");
    }
    if (!csv && escape != null) {
      throw notAllowed("COPY ESCAPE requires CSV mode");
    }
    if (csv && !isOneByte(escape)) {
      throw notAllowed("COPY escape must be a single one-byte character");
    }
  }

  private CopyException delimiterNotOneByte() {
    CopyException error = notAllowed("COPY delimiter must be a single one-byte character");
    boolean backslash = delimiter.length() > 1 && delimiter.charAt(0) == '\\';
    return backslash
        ? error.withHint(
            "Write E'"
                + delimiter
                + "' for the character, or use the dialect redshift, where '"
                + delimiter
                + "' means it.")
        : error;
  }

  private void checkRequiredMode() {
    for (String name : new String[] {"FORCE_QUOTE", "FORCE_NOT_NULL", "FORCE_NULL"}) {
      if (!seen.containsKey(name)) {
        continue;
      }
      if (!csv) {
        throw notAllowed("COPY " + name + " requires CSV mode");
      }
      if (name.equals("FORCE_QUOTE")) {
        throw notAllowed("COPY FORCE_QUOTE cannot be used with COPY FROM");
      }
    }
  }

  private void checkMarkers() {
    if (nullMarker.contains(delimiter)) {
      throw invalid("COPY delimiter character must not appear in the NULL specification");
    }
    if (csv && nullMarker.contains(quote)) {
      throw invalid("CSV quote character must not appear in the NULL specification");
    }
    if (defaultMarker == null) {
      return;
    }
    if (defaultMarker.contains(delimiter)) {
      throw notAllowed("COPY delimiter character must not appear in the DEFAULT specification");
    }
    if (csv && defaultMarker.contains(quote)) {
      throw notAllowed("CSV quote character must not appear in the DEFAULT specification");
    }
    if (defaultMarker.equals(nullMarker)) {
      throw notAllowed("NULL specification and DEFAULT specification cannot be the same");
    }
  }

  private void checkErrorHandling() {
    if (binary && onError != OnError.STOP) {
      throw error(CopyErrorCode.SYNTAX, "only ON_ERROR STOP is allowed in BINARY mode");
    }
    if (seen.containsKey("REJECT_LIMIT") && onError != OnError.IGNORE) {
      throw invalid("COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE");
    }
  }

  private void refuseWhatIsNotBuilt() {
    for (OptionClause clause : copy.options()) {
      String name = nameOf(clause);
      if (name.equals("FORMAT") && parquet) {
        throw CopyResolver.notBuilt("FORMAT PARQUET", clause);
      }
      if (name.equals("FORMAT") && binary && dialect == DialectName.MATERIALIZE) {
        throw CopyResolver.notBuilt("FORMAT BINARY", clause);
      }
      if (name.equals("ENCODING") && !binary && TextEncoding.of(encoding) == null) {
        throw CopyResolver.notBuilt("ENCODING " + encoding.toUpperCase(Locale.ROOT), clause);
      }
      if (!OptionTable.of(dialect).find(name).built()) {
        throw CopyResolver.notBuilt(clause);
      }
    }
  }

  private ErrorBudget budget() {
    if (onError != OnError.IGNORE) {
      return ErrorBudget.NONE;
    }
    boolean unlimited = rejectLimit == 0 || rejectLimit == Long.MAX_VALUE;
    return new ErrorBudget(unlimited ? Long.MAX_VALUE : rejectLimit + 1, true);
  }

  private FormatSpec format() {
    if (binary) {
      return new PgBinarySpec();
    }
    return new DelimitedSpec(
        csv ? DelimitedSpec.Style.POSTGRES_CSV : DelimitedSpec.Style.POSTGRES_TEXT,
        (byte) delimiter.charAt(0),
        csv ? quote.charAt(0) : -1,
        csv ? escape.charAt(0) : -1,
        nullMarker,
        false,
        false,
        defaultMarker,
        header,
        0,
        false,
        csv ? DelimitedSpec.EndMarker.NONE : DelimitedSpec.EndMarker.STRICT);
  }

  static boolean isOneByte(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length == 1;
  }

  static boolean hasLineEnd(String text) {
    return text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  }

  static CopyException at(OptionClause clause, CopyErrorCode code, String message) {
    return error(code, message).withPosition(clause.nameRange().position());
  }

  static CopyException invalid(String message) {
    return error(CopyErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  /** PostgreSQL reports some misuse with the code of unsupported features. */
  static CopyException notAllowed(String message) {
    return error(CopyErrorCode.FEATURE_NOT_SUPPORTED, message);
  }

  static CopyException error(CopyErrorCode code, String message) {
    return new CopyException(code, message);
  }
}

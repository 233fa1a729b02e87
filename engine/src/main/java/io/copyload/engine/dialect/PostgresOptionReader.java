package io.copyload.engine.dialect;

import static io.copyload.engine.dialect.OptionArgument.at;
import static io.copyload.engine.dialect.OptionArgument.boolOrNull;
import static io.copyload.engine.dialect.OptionArgument.error;
import static io.copyload.engine.dialect.OptionArgument.invalid;
import static io.copyload.engine.dialect.OptionArgument.nameOf;
import static io.copyload.engine.dialect.OptionArgument.notAllowed;
import static io.copyload.engine.dialect.OptionArgument.text;
import static io.copyload.engine.dialect.OptionArgument.textOrNull;
import static io.copyload.engine.dialect.PostgresOptions.hasLineEnd;
import static io.copyload.engine.dialect.PostgresOptions.isOneByte;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.PostgresClauses.LogVerbosity;
import io.copyload.engine.dialect.PostgresClauses.OnError;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonLinesSpec;
import io.copyload.engine.format.ParquetSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.format.RedshiftRules;
import io.copyload.engine.format.parquet.ParquetFormat;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * PostgreSQL's reading of the options of a COPY in either direction, in the order of its
 * ProcessCopyOptions: what only the grammar of a major refuses, then names, duplicates and values
 * from left to right, then the checks across options from top to bottom. What differs between the
 * majors 14 to 18 asks {@link #major}.
 */
class PostgresOptionReader {
  private static final String[] FORCE_OPTIONS = {"FORCE_QUOTE", "FORCE_NOT_NULL", "FORCE_NULL"};

  private final DialectName dialect;
  private final int major;
  final boolean from;

  /** Options seen, by PostgreSQL's name. */
  private final Map<String, OptionClause> seen = new HashMap<>();

  private boolean csv;
  private boolean binary;
  private boolean parquet;
  private boolean json;
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

  /**
   * @param from whether it is a COPY FROM
   */
  PostgresOptionReader(DialectName dialect, boolean from) {
    this.dialect = dialect;
    this.from = from;
    major = dialect.postgresMajor();
  }

  void read(List<OptionClause> clauses) {
    clauses.forEach(this::checkGrammar);
    clauses.forEach(this::read);
    checkBeforeDefaults();
    if (major < 18) {
      checkStopsAtErrors();
    }
    setDefaults();
    checkCharacters();
    checkRequiredMode();
    checkMarkers();
    checkStopsAtErrors();
    checkRejectLimit();
    if ((parquet || json) && encoding != null && !EncodingNames.isUtf8(encoding)) {
      throw notAllowed("cannot specify ENCODING in " + mode() + " mode");
    }
    if (encoding != null && !binary && TextEncoding.of(encoding) == null) {
      throw CopyResolver.notBuilt(
          "ENCODING " + encoding.toUpperCase(Locale.ROOT), seen.get("ENCODING"));
    }
  }

  boolean isBinary() {
    return binary;
  }

  boolean freeze() {
    return freeze;
  }

  OnError onError() {
    return onError;
  }

  /** Most rows that may be skipped; 0 when there is no limit. */
  long rejectLimit() {
    return rejectLimit;
  }

  LogVerbosity verbosity() {
    return verbosity;
  }

  TextEncoding encoding() {
    return encoding == null || binary ? TextEncoding.UTF8 : TextEncoding.of(encoding);
  }

  /** The option, or null. */
  OptionClause find(String name) {
    return seen.get(name);
  }

  /** What is said about an address that a COPY TO writes to. */
  ExportPlace place() {
    return ExportPlace.OBJECT;
  }

  ColumnChoice columns(String name) {
    OptionClause clause = seen.get(name);
    return clause == null ? ColumnChoice.NONE : ColumnChoice.of(clause.value());
  }

  FormatSpec format() {
    if (binary) {
      return new PgBinarySpec();
    }
    if (parquet) {
      return from ? new ParquetFormat(ParquetFormat.Rules.MATERIALIZE, false) : new ParquetSpec();
    }
    if (json) {
      return new JsonLinesSpec();
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
        endMarker(),
        RedshiftRules.NONE,
        csv && from && mixesCsvLines());
  }

  /** Whether CSV has Materialize's lines, see {@link DelimitedSpec#mixedLines}. */
  boolean mixesCsvLines() {
    return false;
  }

  /** Whether a line {@code \.} ends CSV data. */
  boolean endsCsv() {
    return major < 18;
  }

  private DelimitedSpec.EndMarker endMarker() {
    if (!from) {
      return DelimitedSpec.EndMarker.NONE;
    }
    if (csv) {
      return endsCsv() ? DelimitedSpec.EndMarker.WHOLE_LINE : DelimitedSpec.EndMarker.NONE;
    }
    return major < 18 ? DelimitedSpec.EndMarker.ANYWHERE : DelimitedSpec.EndMarker.STRICT;
  }

  /** What the common grammar takes for other dialects and other majors. */
  void checkGrammar(OptionClause clause) {
    if (clause.style() == OptionStyle.REDSHIFT) {
      throw at(clause, CopyErrorCode.SYNTAX, "syntax error at or near \"" + clause.name() + "\"");
    }
    if (clause.equalsRange() != null) {
      throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"=\"")
          .withPosition(clause.equalsRange().position());
    }
    OptionValue value = clause.value();
    if (value instanceof OptionValue.ValueList list && list.brackets()) {
      throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"[\"")
          .withPosition(list.range().position());
    }
    if (major < 17) {
      boolean star = value instanceof OptionValue.Star;
      if (star && clause.style() == OptionStyle.LEGACY && !clause.name().equals("FORCE_QUOTE")) {
        throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"*\"")
            .withPosition(value.range().position());
      }
      if (value instanceof OptionValue.Word word && word.lower().equals("default")) {
        throw error(CopyErrorCode.SYNTAX, "syntax error at or near \"" + word.text() + "\"")
            .withPosition(value.range().position());
      }
    }
  }

  private void read(OptionClause clause) {
    String name = nameOf(clause);
    OptionTable.Row row = OptionTable.of(dialect).find(name);
    if (row == null) {
      throw unknown(clause);
    }
    if (name.equals("FORMAT") && clause.style() != OptionStyle.LEGACY) {
      // PostgreSQL asks for this value before it looks whether there was one already.
      text(clause);
    }
    if (seen.putIfAbsent(name, clause) != null) {
      throw repeated(clause);
    }
    switch (name) {
      case "FORMAT" -> readFormat(clause);
      case "DELIMITER" -> delimiter = string(clause);
      case "NULL" -> nullMarker = string(clause);
      case "DEFAULT" -> defaultMarker = string(clause);
      case "QUOTE" -> quote = string(clause);
      case "ESCAPE" -> escape = string(clause);
      case "HEADER" -> header = header(clause);
      case "FREEZE" -> freeze = OptionArgument.bool(clause);
      case "FORCE_QUOTE" -> checkColumns(clause, true);
      case "FORCE_NOT_NULL", "FORCE_NULL" -> checkColumns(clause, major >= 17);
      case "CONVERT_SELECTIVELY" -> checkColumns(clause, false);
      case "ENCODING" -> readEncoding(clause);
      case "ON_ERROR" -> readOnError(clause);
      case "REJECT_LIMIT" -> rejectLimit = rejectLimit(clause);
      case "LOG_VERBOSITY" -> readLogVerbosity(clause);
      default -> readOwn(clause);
    }
  }

  private void readFormat(OptionClause clause) {
    String format = formatName(clause);
    csv = format.equals("csv");
    binary = format.equals("binary");
    parquet = format.equals("parquet") && hasParquet();
    // PostgreSQL's coming version writes it.
    json = format.equals("json") && !from && major >= 18;
    if (!csv && !binary && !parquet && !json && !format.equals("text")) {
      throw unknownFormat(clause, format);
    }
  }

  /** Whether FORMAT parquet is known. */
  boolean hasParquet() {
    return false;
  }

  /** The mode that knows no delimiters, for messages; null for text and CSV. */
  private String mode() {
    return binary ? "BINARY" : parquet ? "PARQUET" : json ? "JSON" : null;
  }

  /** The value of FORMAT, or the legacy word that stands for it. */
  String formatName(OptionClause clause) {
    return clause.style() == OptionStyle.LEGACY ? clause.written() : text(clause);
  }

  CopyException unknownFormat(OptionClause clause, String format) {
    return at(
        clause,
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "COPY format \"" + format + "\" not recognized");
  }

  CopyException unknown(OptionClause clause) {
    return at(clause, CopyErrorCode.SYNTAX, "option \"" + clause.written() + "\" not recognized");
  }

  CopyException repeated(OptionClause clause) {
    CopyException error = error(CopyErrorCode.SYNTAX, "conflicting or redundant options");
    // PostgreSQL 14 forgot the position of this one.
    return major < 15 && clause.name().equals("FORCE_NULL")
        ? error
        : error.withPosition(clause.range().position());
  }

  /** The value of an option that is a string. */
  String string(OptionClause clause) {
    return text(clause);
  }

  /** Reads an option that PostgreSQL does not have. */
  void readOwn(OptionClause clause) {
    throw CopyResolver.notBuilt(clause);
  }

  DelimitedSpec.Header header(OptionClause clause) {
    Boolean value = boolOrNull(clause.value());
    if (value != null) {
      return value ? DelimitedSpec.Header.SKIP : DelimitedSpec.Header.NONE;
    }
    if (major >= 15 && "match".equalsIgnoreCase(textOrNull(clause.value()))) {
      if (!from) {
        throw notAllowed("cannot use \"match\" with HEADER in COPY TO");
      }
      return DelimitedSpec.Header.MATCH;
    }
    throw error(
        CopyErrorCode.SYNTAX,
        clause.written() + " requires a Boolean value" + (major >= 15 ? " or \"match\"" : ""));
  }

  private static void checkColumns(OptionClause clause, boolean starAllowed) {
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
    if (!from) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY ON_ERROR cannot be used with COPY TO");
    }
    onError =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "stop" -> OnError.STOP;
          case "ignore" -> OnError.IGNORE;
          case "set_null" -> major >= 18 ? OnError.SET_NULL : null;
          default -> null;
        };
    if (onError == null) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY ON_ERROR \"" + value + "\" not recognized");
    }
  }

  private void readLogVerbosity(OptionClause clause) {
    String value = text(clause);
    verbosity =
        switch (value.toLowerCase(Locale.ROOT)) {
          case "silent" -> major >= 18 ? LogVerbosity.SILENT : null;
          case "default" -> LogVerbosity.DEFAULT;
          case "verbose" -> LogVerbosity.VERBOSE;
          default -> null;
        };
    if (verbosity == null) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY LOG_VERBOSITY \"" + value + "\" not recognized");
    }
  }

  private static long rejectLimit(OptionClause clause) {
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
      throw invalid("REJECT_LIMIT (" + limit + ") must be greater than zero");
    }
    return limit;
  }

  private void checkBeforeDefaults() {
    for (String name : new String[] {"DELIMITER", "NULL", "DEFAULT"}) {
      if (mode() != null && seen.containsKey(name)) {
        throw error(CopyErrorCode.SYNTAX, "cannot specify " + name + " in " + mode() + " mode");
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
    if (header != DelimitedSpec.Header.NONE && !csv && !headerInText()) {
      throw notAllowed("COPY HEADER available only in CSV mode");
    }
    if (header != DelimitedSpec.Header.NONE && mode() != null) {
      throw notAllowed("cannot specify HEADER in " + mode() + " mode");
    }
    if (!csv && quote != null) {
      throw requiresCsv("QUOTE");
    }
    if (csv && !isOneByte(quote)) {
      throw notAllowed("COPY quote must be a single one-byte character");
    }
    if (csv && delimiter.equals(quote)) {
      throw invalid("COPY delimiter and quote must be different");
    }
    if (!csv && escape != null) {
      throw requiresCsv("ESCAPE");
    }
    if (csv && !isOneByte(escape)) {
      throw notAllowed("COPY escape must be a single one-byte character");
    }
  }

  private CopyException delimiterNotOneByte() {
    CopyException error = notAllowed("COPY delimiter must be a single one-byte character");
    boolean backslash = delimiter.length() > 1 && delimiter.charAt(0) == '\\';
    return backslash && from
        ? error.withHint(
            "Write E'"
                + delimiter
                + "' for the character, or use the dialect redshift, where '"
                + delimiter
                + "' means it.")
        : error;
  }

  /** Whether the text format may have a header line. */
  boolean headerInText() {
    return major >= 15;
  }

  /** Whether messages say what an option is available in, rather than what it requires. */
  boolean saysAvailable() {
    return major < 17;
  }

  private CopyException requiresCsv(String name) {
    return notAllowed(
        saysAvailable()
            ? "COPY " + oldName(name) + " available only in CSV mode"
            : "COPY " + name + " requires CSV mode");
  }

  /** How messages of the majors 14 to 16 call an option. */
  private static String oldName(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private void checkRequiredMode() {
    for (String name : FORCE_OPTIONS) {
      if (!seen.containsKey(name)) {
        continue;
      }
      if (!csv) {
        throw requiresCsv(name);
      }
      boolean forTo = name.equals("FORCE_QUOTE");
      if (forTo == from) {
        String right = forTo ? "COPY TO" : "COPY FROM";
        String wrong = forTo ? "COPY FROM" : "COPY TO";
        if (major < 17) {
          throw notAllowed("COPY " + oldName(name) + " only available using " + right);
        }
        String message = "COPY " + name + " cannot be used with " + wrong;
        throw forTo ? notAllowed(message) : invalid(message);
      }
    }
  }

  private void checkMarkers() {
    String delimiterName = major < 17 ? "COPY delimiter" : "COPY delimiter character";
    if (nullMarker.contains(delimiter)) {
      String message = delimiterName + " must not appear in the NULL specification";
      throw major < 17 ? notAllowed(message) : invalid(message);
    }
    if (csv && nullMarker.contains(quote)) {
      String message = "CSV quote character must not appear in the NULL specification";
      throw major < 17 ? notAllowed(message) : invalid(message);
    }
    if (freeze && !from && major >= 17) {
      throw invalid("COPY FREEZE cannot be used with COPY TO");
    }
    if (defaultMarker == null) {
      return;
    }
    if (!from) {
      throw notAllowed(
          major < 17
              ? "COPY DEFAULT only available using COPY FROM"
              : "COPY DEFAULT cannot be used with COPY TO");
    }
    if (defaultMarker.contains(delimiter)) {
      throw notAllowed(delimiterName + " must not appear in the DEFAULT specification");
    }
    if (csv && defaultMarker.contains(quote)) {
      throw notAllowed("CSV quote character must not appear in the DEFAULT specification");
    }
    if (defaultMarker.equals(nullMarker)) {
      throw notAllowed("NULL specification and DEFAULT specification cannot be the same");
    }
  }

  private void checkStopsAtErrors() {
    if (binary && onError != OnError.STOP) {
      throw error(CopyErrorCode.SYNTAX, "only ON_ERROR STOP is allowed in BINARY mode");
    }
    if (parquet && onError == OnError.SET_NULL) {
      throw CopyResolver.notBuilt("ON_ERROR set_null in PARQUET mode", seen.get("ON_ERROR"));
    }
  }

  private void checkRejectLimit() {
    if (seen.containsKey("REJECT_LIMIT") && onError != OnError.IGNORE) {
      throw invalid("COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE");
    }
  }

  /** What the options say about the source. */
  SourceClauses source() {
    return SourceClauses.NONE;
  }
}

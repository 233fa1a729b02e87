package io.copyload.engine.dialect;

import static io.copyload.engine.dialect.PostgresOptions.at;
import static io.copyload.engine.dialect.PostgresOptions.error;
import static io.copyload.engine.dialect.PostgresOptions.invalid;
import static io.copyload.engine.dialect.PostgresOptions.notAllowed;
import static io.copyload.engine.dialect.PostgresOptions.text;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * PostgreSQL 18's reading of the options of a COPY TO, in the order of its ProcessCopyOptions; see
 * {@link PostgresOptions} for the other direction.
 */
final class PostgresExportOptions {
  private final CopyTo copy;
  private final DialectName dialect;
  private final Map<String, OptionClause> seen = new HashMap<>();

  private boolean csv;
  private boolean binary;
  private String delimiter;
  private String quote;
  private String escape;
  private String nullMarker;
  private String defaultMarker;
  private boolean header;
  private boolean freeze;
  private TextEncoding encoding = TextEncoding.UTF8;

  PostgresExportOptions(CopyTo copy, DialectName dialect) {
    this.copy = copy;
    this.dialect = dialect;
  }

  ResolvedExport resolve() {
    for (OptionClause clause : copy.options()) {
      read(clause);
    }
    for (String name : new String[] {"DELIMITER", "NULL", "DEFAULT"}) {
      if (binary && seen.containsKey(name)) {
        throw error(CopyErrorCode.SYNTAX, "cannot specify " + name + " in BINARY mode");
      }
    }
    setDefaults();
    checkCharacters();
    checkModes();
    checkMarkers();
    if (seen.containsKey("REJECT_LIMIT")) {
      throw invalid("COPY REJECT_LIMIT requires ON_ERROR to be set to IGNORE");
    }
    if (binary && !encoding.isUtf8()) {
      throw CopyResolver.notBuilt("ENCODING in BINARY mode", seen.get("ENCODING"));
    }
    OptionClause forceQuote = seen.get("FORCE_QUOTE");
    return new ResolvedExport(
        dialect,
        format(),
        forceQuote == null ? ColumnChoice.NONE : ColumnChoice.of(forceQuote.value()),
        encoding);
  }

  private void read(OptionClause clause) {
    checkSpelling(clause);
    String name = PostgresOptions.nameOf(clause);
    if (OptionTable.of(DialectName.POSTGRESQL).find(name) == null) {
      if (OptionTable.of(dialect).find(name) != null) {
        throw CopyResolver.notBuilt(clause);
      }
      throw at(clause, CopyErrorCode.SYNTAX, "option \"" + clause.written() + "\" not recognized");
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
      case "HEADER" -> readHeader(clause);
      case "FREEZE" -> freeze = PostgresOptions.bool(clause);
      case "FORCE_QUOTE", "FORCE_NOT_NULL", "FORCE_NULL" ->
          PostgresOptions.checkColumns(clause, true);
      case "CONVERT_SELECTIVELY" -> PostgresOptions.checkColumns(clause, false);
      case "ENCODING" -> readEncoding(clause);
      case "ON_ERROR" -> {
        text(clause);
        throw at(
            clause,
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "COPY ON_ERROR cannot be used with COPY TO");
      }
      case "REJECT_LIMIT" -> PostgresOptions.rejectLimit(clause);
      case "LOG_VERBOSITY" -> checkLogVerbosity(clause);
      default -> throw CopyResolver.notBuilt(clause);
    }
  }

  private void checkSpelling(OptionClause clause) {
    if (dialect == DialectName.MATERIALIZE) {
      return;
    }
    if (clause.style() == OptionStyle.REDSHIFT) {
      throw at(clause, CopyErrorCode.SYNTAX, "syntax error at or near \"" + clause.name() + "\"");
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

  private void readFormat(OptionClause clause) {
    String format = clause.style() == OptionStyle.LEGACY ? clause.written() : text(clause);
    if (dialect == DialectName.MATERIALIZE) {
      format = format.toLowerCase(Locale.ROOT);
      if (format.equals("parquet")) {
        throw CopyResolver.notBuilt("FORMAT PARQUET", clause);
      }
    }
    csv = format.equals("csv");
    binary = format.equals("binary");
    if (!csv && !binary && !format.equals("text")) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY format \"" + format + "\" not recognized");
    }
  }

  private void readHeader(OptionClause clause) {
    Boolean value = PostgresOptions.boolOrNull(clause.value());
    if (value != null) {
      header = value;
    } else if ("match".equalsIgnoreCase(PostgresOptions.textOrNull(clause.value()))) {
      throw notAllowed("cannot use \"match\" with HEADER in COPY TO");
    } else {
      throw error(
          CopyErrorCode.SYNTAX, clause.written() + " requires a Boolean value or \"match\"");
    }
  }

  private void readEncoding(OptionClause clause) {
    String name = text(clause);
    if (!EncodingNames.isKnown(name, dialect)) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "argument to option \"" + clause.written() + "\" must be a valid encoding name");
    }
    encoding = TextEncoding.of(name);
    if (encoding == null) {
      throw CopyResolver.notBuilt("ENCODING " + name.toUpperCase(Locale.ROOT), clause);
    }
  }

  private static void checkLogVerbosity(OptionClause clause) {
    String value = text(clause);
    switch (value.toLowerCase(Locale.ROOT)) {
      case "default", "verbose", "silent" -> {
        // Nothing is skipped, so there is nothing to tell.
      }
      default ->
          throw at(
              clause,
              CopyErrorCode.INVALID_PARAMETER_VALUE,
              "COPY LOG_VERBOSITY \"" + value + "\" not recognized");
    }
  }

  private void setDefaults() {
    delimiter = delimiter == null ? csv ? "," : "\t" : delimiter;
    nullMarker = nullMarker == null ? csv ? "" : "\\N" : nullMarker;
    if (csv) {
      quote = quote == null ? "\"" : quote;
      escape = escape == null ? quote : escape;
    }
  }

  private void checkCharacters() {
    if (!PostgresOptions.isOneByte(delimiter)) {
      throw notAllowed("COPY delimiter must be a single one-byte character");
    }
    if (PostgresOptions.hasLineEnd(delimiter)) {
      throw invalid("COPY delimiter cannot be newline or carriage return");
    }
    if (PostgresOptions.hasLineEnd(nullMarker)) {
      throw invalid("COPY null representation cannot use newline or carriage return");
    }
    if (defaultMarker != null && PostgresOptions.hasLineEnd(defaultMarker)) {
      throw invalid("COPY default representation cannot use newline or carriage return");
    }
    if (!csv && "\\.abcdefghijklmnopqrstuvwxyz0123456789".contains(delimiter)) {
      throw invalid("COPY delimiter cannot be \"" + delimiter + "\"");
    }
    if (binary && header) {
      throw notAllowed("cannot specify HEADER in BINARY mode");
    }
    if (!csv && quote != null) {
      throw notAllowed("COPY QUOTE requires CSV mode");
    }
    if (csv && !PostgresOptions.isOneByte(quote)) {
      throw notAllowed("COPY quote must be a single one-byte character");
    }
    if (csv && delimiter.equals(quote)) {
      throw invalid("COPY delimiter and quote must be different");
    }
    if (!csv && escape != null) {
      throw notAllowed("COPY ESCAPE requires CSV mode");
    }
    if (csv && !PostgresOptions.isOneByte(escape)) {
      throw notAllowed("COPY escape must be a single one-byte character");
    }
  }

  private void checkModes() {
    for (String name : new String[] {"FORCE_QUOTE", "FORCE_NOT_NULL", "FORCE_NULL"}) {
      if (!seen.containsKey(name)) {
        continue;
      }
      if (!csv) {
        throw notAllowed("COPY " + name + " requires CSV mode");
      }
      if (!name.equals("FORCE_QUOTE")) {
        throw invalid("COPY " + name + " cannot be used with COPY TO");
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
    if (freeze) {
      throw invalid("COPY FREEZE cannot be used with COPY TO");
    }
    if (defaultMarker != null) {
      throw notAllowed("COPY DEFAULT cannot be used with COPY TO");
    }
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
        null,
        header ? DelimitedSpec.Header.SKIP : DelimitedSpec.Header.NONE,
        0,
        false,
        DelimitedSpec.EndMarker.NONE);
  }
}

package io.copyload.engine.dialect;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.convert.DateTimeFormat;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.RedshiftRules;
import io.copyload.engine.format.avro.AvroFormat;
import io.copyload.engine.format.items.ItemFormat;
import io.copyload.engine.format.orc.OrcFormat;
import io.copyload.engine.format.parquet.ParquetFormat;
import io.copyload.engine.format.shapefile.ShapefileFormat;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.SourceEncoding;
import io.copyload.engine.statement.CopyFrom;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Redshift's reading of COPY clauses, after the COPY pages of its developer guide. */
final class RedshiftOptions {
  private static final int MAX_MAXERROR = 100_000;
  private static final int MIN_COMPROWS = 1000;
  private static final int MAX_READRATIO = 200;

  private final CopyFrom copy;
  private final Map<String, OptionClause> seen = new HashMap<>();

  RedshiftOptions(CopyFrom copy) {
    this.copy = copy;
  }

  ResolvedCopy resolve() {
    for (OptionClause clause : copy.options()) {
      if (seen.putIfAbsent(clause.name(), clause) != null) {
        throw error(clause, CopyErrorCode.SYNTAX, "conflicting or redundant options");
      }
    }
    RedshiftConflicts.check(copy);
    for (OptionClause clause : copy.options()) {
      OptionTable.Row row = OptionTable.of(DialectName.REDSHIFT).find(clause.name());
      if (row == null || !row.built()) {
        throw CopyResolver.notBuilt(clause);
      }
    }
    if (has("SIMPLIFY") && !has("SHAPEFILE")) {
      throw invalid(seen.get("SIMPLIFY"), "SIMPLIFY can be used only with SHAPEFILE");
    }
    RedshiftConflicts.checkSource(copy, seen);
    boolean columnar = has("PARQUET") || has("ORC");
    return new ResolvedCopy(
        DialectName.REDSHIFT,
        columnar
            ? columnar()
            : has("AVRO")
                ? avro()
                : has("SHAPEFILE") ? shapefile() : has("READRATIO") ? items() : formatSpec(),
        compression(),
        columnar ? ErrorBudget.NONE : budget(),
        ConversionSpec.Dialect.REDSHIFT,
        new RedshiftSource(seen).resolve(),
        PostgresClauses.NONE,
        values(),
        clauses());
  }

  private RedshiftConversion values() {
    return new RedshiftConversion(
        format("DATEFORMAT", DateTimeFormat.DEFAULT_DATE, DateTimeFormat::date),
        format("TIMEFORMAT", DateTimeFormat.DEFAULT_TIME, DateTimeFormat::time),
        has("ACCEPTANYDATE"),
        replacement(),
        has("TRIMBLANKS") || has("FIXEDWIDTH"),
        has("TRUNCATECOLUMNS"),
        has("ROUNDEC"));
  }

  private DateTimeFormat format(
      String name, DateTimeFormat absent, Function<String, DateTimeFormat> reading) {
    OptionClause clause = seen.get(name);
    if (clause == null) {
      return absent;
    }
    try {
      return reading.apply(string(clause));
    } catch (IllegalArgumentException e) {
      throw invalid(clause, name + ": " + e.getMessage());
    }
  }

  /** The replacement character of ACCEPTINVCHARS, or -1. */
  private int replacement() {
    OptionClause clause = seen.get("ACCEPTINVCHARS");
    if (clause == null) {
      return -1;
    }
    if (clause.value() instanceof OptionValue.None) {
      return '?';
    }
    String text = string(clause);
    if (!PostgresOptions.isOneByte(text) || text.charAt(0) == 0) {
      throw invalid(clause, "ACCEPTINVCHARS must be a single ASCII character other than NUL");
    }
    return text.charAt(0);
  }

  private RedshiftClauses clauses() {
    return new RedshiftClauses(
        has("EXPLICIT_IDS"),
        has("IGNOREALLERRORS"),
        has("NOLOAD"),
        seen.containsKey("COMPROWS") ? number("COMPROWS", MIN_COMPROWS, Integer.MAX_VALUE) : 0,
        switch (word("COMPUPDATE")) {
          case "" -> RedshiftClauses.CompUpdate.OMITTED;
          case "PRESET" -> RedshiftClauses.CompUpdate.PRESET;
          case "OFF", "FALSE" -> RedshiftClauses.CompUpdate.OFF;
          default -> RedshiftClauses.CompUpdate.ON;
        },
        switch (word("STATUPDATE")) {
          case "" -> RedshiftClauses.StatUpdate.OMITTED;
          case "OFF", "FALSE" -> RedshiftClauses.StatUpdate.OFF;
          case "PRESET" ->
              throw invalid(seen.get("STATUPDATE"), "STATUPDATE must be ON, TRUE, OFF or FALSE");
          default -> RedshiftClauses.StatUpdate.ON;
        },
        encoding());
  }

  /** The word behind a switch in upper case, ON for none, and nothing where there is no switch. */
  private String word(String name) {
    OptionClause clause = seen.get(name);
    if (clause == null) {
      return "";
    }
    return clause.value() instanceof OptionValue.Word word
        ? word.text().toUpperCase(Locale.ROOT)
        : "ON";
  }

  private boolean has(String name) {
    return seen.containsKey(name);
  }

  private LoadPlan.Compression compression() {
    LoadPlan.Compression named = LoadPlan.Compression.DETECT;
    for (OptionClause clause : copy.options()) {
      for (LoadPlan.Compression compression : LoadPlan.Compression.values()) {
        if (compression != LoadPlan.Compression.DETECT
            && compression.name().equals(clause.name())) {
          if (named != LoadPlan.Compression.DETECT) {
            throw error(
                clause,
                CopyErrorCode.SYNTAX,
                named + " and " + compression + " exclude each other");
          }
          named = compression;
        }
      }
    }
    return named;
  }

  /** Clauses that a COPY from columnar files takes beside its source and authorization. */
  private static final Set<String> COLUMNAR_CLAUSES =
      Set.of(
          "PARQUET",
          "ORC",
          "SERIALIZETOJSON",
          "FILLRECORD",
          "ACCEPTINVCHARS",
          "EXPLICIT_IDS",
          "MANIFEST",
          "STATUPDATE",
          "IAM_ROLE",
          "CREDENTIALS",
          "ACCESS_KEY_ID",
          "SECRET_ACCESS_KEY",
          "SESSION_TOKEN");

  /** Parquet and ORC: the first error ends the load. */
  private FormatSpec columnar() {
    String format = has("ORC") ? "ORC" : "PARQUET";
    for (OptionClause clause : copy.options()) {
      if (!COLUMNAR_CLAUSES.contains(clause.name())) {
        throw error(
            clause,
            CopyErrorCode.FEATURE_NOT_SUPPORTED,
            clause.name() + " argument is not supported for " + format + " based COPY");
      }
    }
    return has("ORC")
        ? new OrcFormat(has("FILLRECORD"))
        : new ParquetFormat(ParquetFormat.Rules.REDSHIFT, has("FILLRECORD"));
  }

  private JsonSpec json() {
    OptionClause clause = seen.get("JSON");
    String option = clause.value() instanceof OptionValue.None ? "auto" : string(clause);
    JsonSpec.Mapping mapping =
        switch (option.strip().toLowerCase(Locale.ROOT)) {
          case "auto" -> JsonSpec.Mapping.AUTO;
          case "auto ignorecase" -> JsonSpec.Mapping.AUTO_IGNORECASE;
          case "noshred" -> JsonSpec.Mapping.NOSHRED;
          default -> JsonSpec.Mapping.PATHS;
        };
    if (option.isBlank()) {
      throw invalid(
          clause, "JSON must be 'auto', 'auto ignorecase', 'noshred' or a JSONPaths file");
    }
    return new JsonSpec(format(), mapping, mapping == JsonSpec.Mapping.PATHS ? option : null, null);
  }

  private AvroFormat avro() {
    OptionClause clause = seen.get("AVRO");
    for (String compression : List.of("GZIP", "BZIP2", "LZOP", "ZSTD")) {
      if (has(compression)) {
        throw error(
            seen.get(compression),
            CopyErrorCode.FEATURE_NOT_SUPPORTED,
            compression + " cannot be used with AVRO, whose blocks are compressed themselves");
      }
    }
    String text = clause.value() instanceof OptionValue.None ? "auto" : string(clause);
    AvroFormat.Mapping mapping =
        switch (text.strip().toLowerCase(Locale.ROOT)) {
          case "auto" -> AvroFormat.Mapping.AUTO;
          case "auto ignorecase" -> AvroFormat.Mapping.AUTO_IGNORECASE;
          default -> AvroFormat.Mapping.PATHS;
        };
    if (text.isBlank()) {
      throw invalid(clause, "AVRO must be 'auto', 'auto ignorecase' or a JSONPaths file");
    }
    return new AvroFormat(
        mapping,
        mapping == AvroFormat.Mapping.PATHS ? text : null,
        null,
        has("EMPTYASNULL"),
        has("BLANKSASNULL"));
  }

  private ShapefileFormat shapefile() {
    return new ShapefileFormat(simplify(), compression().codec(), true, null, null);
  }

  private ShapefileFormat.Simplify simplify() {
    OptionClause clause = seen.get("SIMPLIFY");
    if (clause == null) {
      return ShapefileFormat.Simplify.NEVER;
    }
    List<OptionValue> items =
        clause.value() instanceof OptionValue.ValueList list ? list.items() : List.of();
    boolean auto = !items.isEmpty() && items.get(0) instanceof OptionValue.Word;
    if (items.size() == (auto ? 1 : 0)) {
      if (!auto) {
        throw invalid(clause, "SIMPLIFY requires AUTO, a tolerance or both");
      }
      return new ShapefileFormat.Simplify(ShapefileFormat.Mode.AUTO, -1);
    }
    OptionValue last = items.get(items.size() - 1);
    String text =
        last instanceof OptionValue.Text string
            ? string.text()
            : ((OptionValue.Number) last).text();
    double tolerance;
    try {
      tolerance = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw invalid(clause, "SIMPLIFY tolerance \"" + text + "\" is not a number");
    }
    if (!(tolerance >= 0) || Double.isInfinite(tolerance)) {
      throw invalid(clause, "SIMPLIFY tolerance must not be negative");
    }
    return new ShapefileFormat.Simplify(
        auto ? ShapefileFormat.Mode.AUTO : ShapefileFormat.Mode.ALWAYS, tolerance);
  }

  /** The items of a DynamoDB table. */
  private ItemFormat items() {
    return new ItemFormat(
        number("READRATIO", 1, MAX_READRATIO), has("EMPTYASNULL"), has("BLANKSASNULL"));
  }

  private FormatSpec formatSpec() {
    if (has("JSON")) {
      return json();
    }
    OptionClause fixed = seen.get("FIXEDWIDTH");
    if (fixed == null) {
      return format();
    }
    try {
      return new FixedSpec(format(), FixedSpec.parse(string(fixed)));
    } catch (IllegalArgumentException e) {
      throw invalid(fixed, "FIXEDWIDTH: " + e.getMessage());
    }
  }

  private DelimitedSpec format() {
    boolean csv = seen.containsKey("CSV");
    String delimiters = delimiter(csv);
    byte delimiter = delimiters.getBytes(StandardCharsets.UTF_8)[0];
    int quote = quote(csv);
    if (csv && delimiters.indexOf(quote) >= 0) {
      throw invalid(
          seen.containsKey("QUOTE") ? seen.get("QUOTE") : seen.get("DELIMITER"),
          delimiters.length() == 1
              ? "COPY delimiter and quote must be different"
              : "DELIMITER cannot have the quote of CSV");
    }
    return new DelimitedSpec(
        csv ? DelimitedSpec.Style.REDSHIFT_CSV : DelimitedSpec.Style.REDSHIFT_TEXT,
        delimiter,
        quote,
        has("ESCAPE") ? '\\' : quote,
        nullMarker(),
        false,
        true,
        null,
        DelimitedSpec.Header.NONE,
        number("IGNOREHEADER", 0, Integer.MAX_VALUE),
        true,
        DelimitedSpec.EndMarker.NONE,
        new RedshiftRules(
            PostgresOptions.isOneByte(delimiters) ? null : delimiters,
            has("REMOVEQUOTES"),
            has("IGNOREBLANKLINES"),
            has("FILLRECORD"),
            has("EMPTYASNULL"),
            has("BLANKSASNULL")));
  }

  private String delimiter(boolean csv) {
    OptionClause clause = seen.get("DELIMITER");
    if (clause == null) {
      return csv ? "," : "|";
    }
    String text = decode(string(clause));
    if (text.isEmpty()) {
      throw invalid(clause, "DELIMITER must not be empty");
    }
    int most = RedshiftRules.MOST_CSV_DELIMITER_BYTES;
    if (csv && text.getBytes(StandardCharsets.UTF_8).length > most) {
      throw invalid(clause, "DELIMITER has at most " + most + " bytes with CSV");
    }
    if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0 || text.indexOf(0) >= 0) {
      throw invalid(clause, "DELIMITER cannot be newline, carriage return or NUL");
    }
    if (has("ESCAPE") && text.indexOf('\\') >= 0) {
      throw invalid(clause, "DELIMITER cannot have a backslash with ESCAPE");
    }
    if (has("REMOVEQUOTES") && (text.indexOf('"') >= 0 || text.indexOf('\'') >= 0)) {
      throw invalid(clause, "DELIMITER cannot have a quote with REMOVEQUOTES");
    }
    return text;
  }

  /** Escape sequences to the characters they mean; anything else stays as it is. */
  private static String decode(String text) {
    StringBuilder decoded = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int known = c == '\\' && i + 1 < text.length() ? "bfnrtv\\".indexOf(text.charAt(i + 1)) : -1;
      if (known >= 0) {
        decoded.append("\b\f\n\r\t\u000b\\".charAt(known));
        i++;
        continue;
      }
      int digits = 0;
      int octet = 0;
      while (c == '\\' && digits < 3 && i + 1 + digits < text.length()) {
        int digit = text.charAt(i + 1 + digits) - '0';
        if (digit < 0 || digit > 7) {
          break;
        }
        octet = octet << 3 | digit;
        digits++;
      }
      if (digits > 0 && octet < 0x80) {
        decoded.append((char) octet);
        i += digits;
      } else {
        decoded.append(c);
      }
    }
    return decoded.toString();
  }

  private int quote(boolean csv) {
    OptionClause clause = seen.get("QUOTE");
    if (clause == null) {
      return csv ? '"' : -1;
    }
    if (!csv) {
      throw invalid(clause, "QUOTE can be used only with CSV");
    }
    String text = string(clause);
    if (!PostgresOptions.isOneByte(text)) {
      throw invalid(clause, "QUOTE must be a single one-byte character");
    }
    if (PostgresOptions.hasLineEnd(text)) {
      throw invalid(clause, "QUOTE cannot be newline or carriage return");
    }
    return text.charAt(0);
  }

  /**
   * Escapes mean themselves, except those of NUL; a line feed is reserved for the end of a line.
   */
  private String nullMarker() {
    OptionClause clause = seen.get("NULL");
    if (clause == null) {
      return "\\N";
    }
    String text = string(clause);
    if (text.equals("\\0") || text.equals("\\000")) {
      return "\0";
    }
    if (PostgresOptions.hasLineEnd(text) || text.equals("\\n")) {
      throw invalid(clause, "NULL AS cannot use newline or carriage return");
    }
    return text;
  }

  /** The load fails when this many records were refused; 0 and 1 mean the same. */
  private ErrorBudget budget() {
    if (has("IGNOREALLERRORS")) {
      return new ErrorBudget(Long.MAX_VALUE, false);
    }
    return new ErrorBudget(Math.max(1, number("MAXERROR", 0, MAX_MAXERROR)), false);
  }

  private SourceEncoding encoding() {
    OptionClause clause = seen.get("ENCODING");
    if (clause == null) {
      return SourceEncoding.UTF8;
    }
    String name = string(clause);
    if (!EncodingNames.isKnown(name, DialectName.REDSHIFT)) {
      throw invalid(clause, "ENCODING \"" + name + "\" not recognized");
    }
    SourceEncoding encoding =
        SourceEncoding.valueOf(name.replaceAll("[^A-Za-z0-9]", "").toUpperCase(Locale.ROOT));
    if (has("FIXEDWIDTH") && encoding != SourceEncoding.UTF8) {
      throw invalid(clause, "FIXEDWIDTH data must be in UTF8");
    }
    return encoding;
  }

  /** Value of a clause, or {@code least} when it is absent. */
  private int number(String name, int least, int most) {
    OptionClause clause = seen.get(name);
    if (clause == null) {
      return least;
    }
    String text = string(clause);
    long value;
    try {
      value = Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw invalid(clause, name + " value \"" + text + "\" is not an integer");
    }
    if (value < least || value > most) {
      throw invalid(clause, name + " must be between " + least + " and " + most);
    }
    return (int) value;
  }

  private static String string(OptionClause clause) {
    OptionValue value = clause.value();
    if (value instanceof OptionValue.Text text) {
      return text.text();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.text();
    }
    throw invalid(clause, clause.name() + " requires a value");
  }

  private static CopyException invalid(OptionClause clause, String message) {
    return error(clause, CopyErrorCode.INVALID_PARAMETER_VALUE, message);
  }

  private static CopyException error(OptionClause clause, CopyErrorCode code, String message) {
    return new CopyException(code, message).withPosition(clause.nameRange().position());
  }
}

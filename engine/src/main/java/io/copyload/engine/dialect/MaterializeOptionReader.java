package io.copyload.engine.dialect;

import static io.copyload.engine.dialect.OptionArgument.at;
import static io.copyload.engine.dialect.OptionArgument.notAllowed;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.source.Authorization;
import io.copyload.engine.source.NamePattern;
import io.copyload.engine.source.Selection;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.statement.OptionClause;
import io.copyload.engine.statement.OptionStyle;
import io.copyload.engine.statement.OptionValue;
import io.copyload.engine.statement.SourceRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Materialize's reading of COPY options: its forms ({@code =}, brackets, identifiers as strings,
 * FORMAT in any case), its texts for what it refuses, with the SQLSTATE that PostgreSQL has for the
 * same. Options that only PostgreSQL has are taken, too: ON_ERROR and its kin are missed there.
 * PostgreSQL's checks of the characters hold, which Materialize leaves out.
 */
final class MaterializeOptionReader extends PostgresOptionReader {
  /** What its parser says it expects in place of an option that it does not know. */
  static final String OPTION_NAMES =
      "FORMAT or DELIMITER or NULL or ESCAPE or QUOTE or HEADER or AWS or MAX or FILES or PATTERN";

  private static final Pattern SIZE = Pattern.compile("\\s*([0-9]{1,18})\\s*((?i:[KMGT]?B)?)\\s*");

  private static final long MIN_FILE_BYTES = 16L << 20;
  private static final long MAX_FILE_BYTES = 4L << 30;

  /** The source of a COPY FROM or the target of a COPY TO. */
  private final SourceRef place;

  private long maxFileBytes = 256L << 20;
  private boolean manifest;

  MaterializeOptionReader(SourceRef place, boolean from) {
    super(DialectName.MATERIALIZE, from);
    this.place = place;
  }

  @Override
  void read(List<OptionClause> clauses) {
    super.read(clauses);
    checkPlace();
  }

  @Override
  void checkGrammar(OptionClause clause) {
    // The common grammar takes all of Materialize's forms, and no more than PostgreSQL's besides.
  }

  @Override
  String formatName(OptionClause clause) {
    String format =
        (clause.style() == OptionStyle.LEGACY ? clause.written() : string(clause))
            .toLowerCase(Locale.ROOT);
    if (format.equals("binary") && from) {
      throw at(clause, CopyErrorCode.FEATURE_NOT_SUPPORTED, "FORMAT BINARY not yet supported");
    }
    return format;
  }

  @Override
  boolean hasParquet() {
    return true;
  }

  @Override
  CopyException unknownFormat(OptionClause clause, String format) {
    return at(clause, CopyErrorCode.INVALID_PARAMETER_VALUE, "unknown FORMAT: " + format);
  }

  @Override
  CopyException unknown(OptionClause clause) {
    return at(
        clause,
        CopyErrorCode.SYNTAX,
        "Expected one of " + OPTION_NAMES + ", found identifier \"" + clause.written() + "\"");
  }

  @Override
  CopyException repeated(OptionClause clause) {
    return at(
        clause,
        CopyErrorCode.SYNTAX,
        OptionArgument.nameOf(clause).replace('_', ' ') + " specified more than once");
  }

  @Override
  String string(OptionClause clause) {
    if (clause.value() instanceof OptionValue.Text text) {
      return text.text();
    }
    if (clause.value() instanceof OptionValue.Word word && !isBoolean(word)) {
      return word.lower();
    }
    throw wrongKind(clause, "string");
  }

  private static boolean isBoolean(OptionValue.Word word) {
    return word.lower().equals("true") || word.lower().equals("false");
  }

  private static CopyException wrongKind(OptionClause clause, String kind) {
    return at(
        clause, CopyErrorCode.SYNTAX, "invalid " + clause.name() + ": cannot use value as " + kind);
  }

  @Override
  DelimitedSpec.Header header(OptionClause clause) {
    OptionValue value = clause.value();
    if (value instanceof OptionValue.None) {
      return DelimitedSpec.Header.SKIP;
    }
    String word = value instanceof OptionValue.Word known ? known.lower() : "";
    return switch (word) {
      case "true" -> DelimitedSpec.Header.SKIP;
      case "false" -> DelimitedSpec.Header.NONE;
      case "match" -> super.header(clause);
      default -> throw wrongKind(clause, "boolean");
    };
  }

  @Override
  void readOwn(OptionClause clause) {
    OptionValue value = clause.value();
    switch (clause.name()) {
      case "FILES" -> {
        if (!(value instanceof OptionValue.ValueList)) {
          throw wrongKind(clause, "array");
        }
      }
      case "PATTERN" -> {
        if (!(value instanceof OptionValue.Number)) {
          string(clause);
        }
      }
      case "MAX FILE SIZE" -> maxFileBytes = maxFileBytes(clause);
      case "MANIFEST" -> {
        if (from) {
          throw unknown(clause);
        }
        manifest = OptionArgument.bool(clause);
      }
      default -> {
        // A connection is a name of any form.
      }
    }
  }

  private void checkPlace() {
    OptionClause files = find("FILES");
    OptionClause pattern = find("PATTERN");
    OptionClause listed = files != null ? files : pattern;
    if (from && listed != null && !(place instanceof SourceRef.StringSource)) {
      throw at(
          listed,
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "COPY FROM ... WITH (FILES ...) only supported from a URL not yet supported");
    }
    if (files != null && pattern != null) {
      throw at(
          pattern,
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "must specify one of FILES or PATTERN not yet supported");
    }
    if (!from && place instanceof SourceRef.Stdin) {
      for (String name : new String[] {"DELIMITER", "QUOTE", "NULL"}) {
        if (find(name) != null) {
          throw notAllowed("COPY TO does not support " + name + " option yet")
              .withHint("COPY ... TO ? and to a file take it.")
              .withPosition(find(name).nameRange().position());
        }
      }
    }
    for (String name : new String[] {"FILES", "PATTERN"}) {
      if (!from && find(name) != null) {
        throw notAllowed("COPY TO does not support " + name)
            .withPosition(find(name).nameRange().position());
      }
    }
    checkAddress();
  }

  /**
   * A connection needs an address of S3, and so does what is said about the files written there.
   */
  private void checkAddress() {
    boolean literal = place instanceof SourceRef.StringSource;
    boolean inS3 = literal && isS3(((SourceRef.StringSource) place).text());
    for (String name : new String[] {"AWS CONNECTION", "MANIFEST"}) {
      if (literal && !inS3 && find(name) != null) {
        throw at(
            find(name),
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "only 's3://...' urls are supported as COPY " + (from ? "FROM" : "TO") + " target");
      }
      if (find(name) != null && place instanceof SourceRef.Stdin) {
        throw at(
            find(name),
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "COPY " + (from ? "FROM STDIN" : "TO STDOUT") + " does not support " + name);
      }
    }
    if (inS3 && !from && find("FORMAT") == null) {
      throw new CopyException(
              CopyErrorCode.INVALID_PARAMETER_VALUE, "COPY TO <expr> requires a FORMAT option")
          .withPosition(place.range().position());
    }
    if (inS3 && !from && isBinary()) {
      throw at(
          find("FORMAT"), CopyErrorCode.FEATURE_NOT_SUPPORTED, "FORMAT BINARY not yet supported");
    }
  }

  private static boolean isS3(String address) {
    return address.regionMatches(true, 0, "s3://", 0, 5);
  }

  /** A number of bytes; units are of 1024. */
  private long maxFileBytes(OptionClause clause) {
    String text = name(clause, clause.value());
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "invalid MAX FILE SIZE: \"" + text + "\" is not a size such as 256MB");
    }
    int shift =
        switch (matcher.group(2).toUpperCase(Locale.ROOT)) {
          case "KB" -> 10;
          case "MB" -> 20;
          case "GB" -> 30;
          case "TB" -> 40;
          default -> 0;
        };
    double bytes = Math.scalb(Double.parseDouble(matcher.group(1)), shift);
    if (bytes < MIN_FILE_BYTES || bytes > MAX_FILE_BYTES) {
      throw at(
          clause,
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          bytes < MIN_FILE_BYTES
              ? "MAX FILE SIZE cannot be less than 16MB"
              : "MAX FILE SIZE cannot be greater than 4GB");
    }
    return (long) bytes;
  }

  @Override
  ExportPlace place() {
    return new ExportPlace(clauses(null), true, maxFileBytes, manifest);
  }

  @Override
  boolean headerInText() {
    return false;
  }

  @Override
  boolean saysAvailable() {
    return true;
  }

  @Override
  boolean endsCsv() {
    return true;
  }

  @Override
  boolean mixesCsvLines() {
    return true;
  }

  @Override
  SourceClauses source() {
    List<String> files = new ArrayList<>();
    OptionClause list = find("FILES");
    if (list != null) {
      for (OptionValue item : ((OptionValue.ValueList) list.value()).items()) {
        files.add(name(list, item));
      }
    }
    OptionClause pattern = find("PATTERN");
    try {
      return clauses(
          new Selection(
              files, pattern == null ? null : NamePattern.of(name(pattern, pattern.value()))));
    } catch (CopyException e) {
      throw e.withPosition(pattern.nameRange().position());
    }
  }

  private SourceClauses clauses(Selection selection) {
    OptionClause connection = find("AWS CONNECTION");
    return new SourceClauses(
        SourceClauses.Reading.PLAIN,
        null,
        new Authorization.Ambient(),
        null,
        selection,
        connection == null ? null : name(connection, connection.value()),
        null);
  }

  private static String name(OptionClause clause, OptionValue value) {
    if (value instanceof OptionValue.Text text) {
      return text.text();
    }
    if (value instanceof OptionValue.Word word) {
      return word.lower();
    }
    if (value instanceof OptionValue.Number number) {
      return number.text();
    }
    throw wrongKind(clause, "string");
  }
}

package io.copyload.engine.format;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Delimited text with every option resolved.
 *
 * @param style whose rules for quotes, escapes and line ends hold
 * @param delimiter one byte
 * @param quote one byte; -1 for the text styles
 * @param escape one byte; the same as quote when quotes are doubled; -1 for the text styles without
 *     escapes
 * @param nullMarker text of a NULL field
 * @param nullInQuotes whether a quoted field can match the null marker
 * @param emptyIsNullForNonText Redshift: an empty or blank field of a type other than CHAR and
 *     VARCHAR is NULL
 * @param defaultMarker text of a field that asks for the default, or null
 * @param header what the first line is
 * @param skipLines lines to skip at the start of every object, before anything else (IGNOREHEADER)
 * @param trailingDelimiter Redshift: one delimiter after the last field is not another field
 * @param endMarker whether a line {@code \.} ends the data, and how strictly
 * @param redshift what only the Redshift styles have options for
 * @param mixedLines Materialize's CSV: LF, CR and CR LF end records in any mix, lines without
 *     content are skipped, and a byte order mark at the start of an object is not data
 */
public record DelimitedSpec(
    Style style,
    byte delimiter,
    int quote,
    int escape,
    String nullMarker,
    boolean nullInQuotes,
    boolean emptyIsNullForNonText,
    String defaultMarker,
    Header header,
    int skipLines,
    boolean trailingDelimiter,
    EndMarker endMarker,
    RedshiftRules redshift,
    boolean mixedLines)
    implements FormatSpec {

  /** Families of rules; each is described in the COPY documentation of its product. */
  public enum Style {
    /**
     * PostgreSQL CSV: a quote toggles anywhere in a field; the first line end fixes the newline
     * style.
     */
    POSTGRES_CSV,
    /** PostgreSQL text: backslash escapes; the first line end fixes the newline style. */
    POSTGRES_TEXT,
    /** Redshift CSV: quotes only around whole fields, blanks around them ignored; LF or CR LF. */
    REDSHIFT_CSV,
    /** Redshift delimited: no quotes, no escapes unless ESCAPE; LF or CR LF. */
    REDSHIFT_TEXT
  }

  /** Meaning of the first line after {@link #skipLines}. */
  public enum Header {
    NONE,
    SKIP,
    /** Must name the columns; only for the PostgreSQL styles. */
    MATCH
  }

  /** Treatment of {@code \.}. */
  public enum EndMarker {
    /** Ordinary data. */
    NONE,
    /** PostgreSQL 18 text: must stand alone on its line, anything else is an error. */
    STRICT,
    /** PostgreSQL 14-17 text: ends the data wherever a line end follows, else is an error. */
    ANYWHERE,
    /** PostgreSQL 14-17 CSV: an unquoted line of its own ends the data. */
    WHOLE_LINE
  }

  public DelimitedSpec {
    Objects.requireNonNull(style, "style");
    Objects.requireNonNull(nullMarker, "nullMarker");
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(endMarker, "endMarker");
    Objects.requireNonNull(redshift, "redshift");
    if (mixedLines && style != Style.POSTGRES_CSV) {
      throw new IllegalArgumentException("mixedLines are of PostgreSQL's CSV only");
    }
    if (skipLines < 0) {
      throw new IllegalArgumentException("skipLines is negative");
    }
  }

  /** A spec without Materialize's lines. */
  public DelimitedSpec(
      Style style,
      byte delimiter,
      int quote,
      int escape,
      String nullMarker,
      boolean nullInQuotes,
      boolean emptyIsNullForNonText,
      String defaultMarker,
      Header header,
      int skipLines,
      boolean trailingDelimiter,
      EndMarker endMarker,
      RedshiftRules redshift) {
    this(
        style,
        delimiter,
        quote,
        escape,
        nullMarker,
        nullInQuotes,
        emptyIsNullForNonText,
        defaultMarker,
        header,
        skipLines,
        trailingDelimiter,
        endMarker,
        redshift,
        false);
  }

  /** A spec with neither Redshift's own options nor Materialize's lines. */
  public DelimitedSpec(
      Style style,
      byte delimiter,
      int quote,
      int escape,
      String nullMarker,
      boolean nullInQuotes,
      boolean emptyIsNullForNonText,
      String defaultMarker,
      Header header,
      int skipLines,
      boolean trailingDelimiter,
      EndMarker endMarker) {
    this(
        style,
        delimiter,
        quote,
        escape,
        nullMarker,
        nullInQuotes,
        emptyIsNullForNonText,
        defaultMarker,
        header,
        skipLines,
        trailingDelimiter,
        endMarker,
        RedshiftRules.NONE);
  }

  @Override
  public String historyName() {
    return isCsv() ? "csv" : "txt";
  }

  @Override
  public DelimitedSpec ofRecords() {
    return new DelimitedSpec(
        style,
        delimiter,
        quote,
        escape,
        nullMarker,
        nullInQuotes,
        emptyIsNullForNonText,
        defaultMarker,
        Header.NONE,
        0,
        trailingDelimiter,
        endMarker,
        redshift,
        mixedLines);
  }

  /** The delimiter in UTF-8. */
  public byte[] delimiterBytes() {
    return redshift.delimiter() == null
        ? new byte[] {delimiter}
        : redshift.delimiter().getBytes(StandardCharsets.UTF_8);
  }

  public boolean isRedshift() {
    return style == Style.REDSHIFT_CSV || style == Style.REDSHIFT_TEXT;
  }

  public boolean isCsv() {
    return style == Style.POSTGRES_CSV || style == Style.REDSHIFT_CSV;
  }
}

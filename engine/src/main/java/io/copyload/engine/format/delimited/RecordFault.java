package io.copyload.engine.format.delimited;

/**
 * What is wrong with a record before any of its values is looked at.
 *
 * @param row number of the record within the batch
 * @param field index of the field, or -1 when the line as a whole is bad
 * @param position byte position within the record, from 0
 * @param argument what the message names, or null
 */
public record RecordFault(int row, Kind kind, int field, int position, String argument) {
  /** Kinds of faults. */
  public enum Kind {
    /** A carriage return that neither ends a record nor is quoted or escaped. */
    BARE_CARRIAGE_RETURN(true),
    /** A newline that neither ends a record nor is quoted or escaped. */
    BARE_NEWLINE(true),
    /** {@code \.} with something before or behind it. */
    END_MARKER_NOT_ALONE(true),
    /** The same in the words of PostgreSQL 14 to 17, where only what is behind counts. */
    END_MARKER_CORRUPT(true),
    /** {@code \.} with a line end of another style. */
    END_MARKER_STYLE(true),
    /** Bytes that are not UTF-8; the argument lists them. */
    INVALID_ENCODING(true),
    /**
     * Redshift: something other than a newline behind a carriage return; the argument is that byte.
     */
    MISSING_NEWLINE(true),
    /** Redshift: a NUL byte in a longer field, where NUL is the null string. */
    NULL_BYTE(false),
    /** Escapes of the text format that make bytes that are not UTF-8; the argument lists them. */
    INVALID_ESCAPED_ENCODING(false),
    /** The data ended inside quotes. */
    UNTERMINATED_QUOTE(false),
    /** Redshift: a quote inside an unquoted field, or text behind a closing quote. */
    QUOTE_FORMAT(false),
    /** Not JSON, or not what a JSONPath says; the argument is the message. */
    MALFORMED_JSON(true),
    /** A default marker for a column without default. */
    DEFAULT_MARKER(false),
    /** More fields than columns. */
    EXTRA_FIELD(false);

    private final boolean ofLine;

    Kind(boolean ofLine) {
      this.ofLine = ofLine;
    }

    /** Found while the line was being cut off, hence before any fault of a field. */
    public boolean ofLine() {
      return ofLine;
    }
  }
}

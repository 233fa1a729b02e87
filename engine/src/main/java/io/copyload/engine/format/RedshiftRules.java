package io.copyload.engine.format;

/**
 * What only Redshift has options for in text, with every default filled in (Redshift guide, "Data
 * conversion parameters").
 *
 * @param delimiter the delimiter when it has more than one byte; null when {@link
 *     DelimitedSpec#delimiter} says it all
 * @param removeQuotes quotes around a whole field are not part of it (REMOVEQUOTES)
 * @param ignoreBlankLines lines of nothing but a line end are skipped (IGNOREBLANKLINES)
 * @param fillRecord fields that a record lacks at its end are empty or NULL (FILLRECORD)
 * @param emptyAsNull an empty field of a CHAR or VARCHAR column is NULL (EMPTYASNULL)
 * @param blanksAsNull such a field of nothing but white space is NULL (BLANKSASNULL)
 */
public record RedshiftRules(
    String delimiter,
    boolean removeQuotes,
    boolean ignoreBlankLines,
    boolean fillRecord,
    boolean emptyAsNull,
    boolean blanksAsNull) {
  /**
   * Most bytes of a delimiter of CSV, where the automaton that finds records has a state for each.
   */
  public static final int MOST_CSV_DELIMITER_BYTES = 11;

  /** Every option left out. */
  public static final RedshiftRules NONE =
      new RedshiftRules(null, false, false, false, false, false);
}

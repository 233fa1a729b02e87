package io.copyload.engine.convert;

import java.util.Objects;

/**
 * Redshift's conversion options (Redshift guide, "Data conversion parameters").
 *
 * @param dateFormat shape of DATE values
 * @param timeFormat shape of TIMESTAMP and TIMESTAMPTZ values
 * @param acceptAnyDate a DATE or TIMESTAMP value of another shape is NULL (ACCEPTANYDATE)
 * @param replacement the byte that takes the place of each byte of a character that is not UTF-8 in
 *     VARCHAR columns (ACCEPTINVCHARS), or -1 when such a field is refused
 * @param trimBlanks trailing white space of VARCHAR values is cut off (TRIMBLANKS)
 * @param truncateColumns CHAR and VARCHAR values are cut to the column's length (TRUNCATECOLUMNS)
 * @param roundDecimals excess fraction digits are rounded rather than cut off (ROUNDEC)
 */
public record RedshiftConversion(
    DateTimeFormat dateFormat,
    DateTimeFormat timeFormat,
    boolean acceptAnyDate,
    int replacement,
    boolean trimBlanks,
    boolean truncateColumns,
    boolean roundDecimals) {
  /** Every option left out. */
  public static final RedshiftConversion DEFAULT =
      new RedshiftConversion(
          DateTimeFormat.DEFAULT_DATE, DateTimeFormat.DEFAULT_TIME, false, -1, false, false, false);

  public RedshiftConversion {
    Objects.requireNonNull(dateFormat, "dateFormat");
    Objects.requireNonNull(timeFormat, "timeFormat");
  }
}

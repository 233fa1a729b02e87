package io.copyload.engine.dialect;

import java.util.Objects;

/**
 * What only PostgreSQL's options say about a COPY FROM, with every default filled in.
 *
 * @param forceNotNull columns whose unquoted null markers are text
 * @param forceNull columns whose quoted null markers are NULL
 * @param convertSelectively the only columns that are converted, the others being NULL; none when
 *     all are
 */
public record PostgresClauses(
    ColumnChoice forceNotNull, ColumnChoice forceNull, ColumnChoice convertSelectively) {
  /** Every option left out. */
  public static final PostgresClauses NONE =
      new PostgresClauses(ColumnChoice.NONE, ColumnChoice.NONE, ColumnChoice.NONE);

  public PostgresClauses {
    Objects.requireNonNull(forceNotNull, "forceNotNull");
    Objects.requireNonNull(forceNull, "forceNull");
    Objects.requireNonNull(convertSelectively, "convertSelectively");
  }
}

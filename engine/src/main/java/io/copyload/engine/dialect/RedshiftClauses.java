package io.copyload.engine.dialect;

import io.copyload.engine.load.SourceEncoding;
import java.util.Objects;

/**
 * What only Redshift's clauses say about a COPY beyond format, conversion and error budget, with
 * every default filled in (Redshift guide, "Data load operations").
 *
 * @param explicitIds whether the input has values for IDENTITY columns
 * @param ignoreAllErrors any number of records may be refused
 * @param noLoad everything is read and checked, nothing is loaded
 * @param compRows rows that the choice of column encodings looks at; 0 when not given
 * @param compUpdate whether encodings are chosen
 * @param statUpdate whether statistics are refreshed
 * @param encoding of the input
 */
public record RedshiftClauses(
    boolean explicitIds,
    boolean ignoreAllErrors,
    boolean noLoad,
    int compRows,
    CompUpdate compUpdate,
    StatUpdate statUpdate,
    SourceEncoding encoding) {
  /** COMPUPDATE. */
  public enum CompUpdate {
    /** Not given, which has a meaning of its own. */
    OMITTED,
    PRESET,
    ON,
    OFF
  }

  /** STATUPDATE. */
  public enum StatUpdate {
    /** Not given: after a load into an empty table. */
    OMITTED,
    ON,
    OFF
  }

  /** Every clause left out. */
  public static final RedshiftClauses NONE =
      new RedshiftClauses(
          false, false, false, 0, CompUpdate.OMITTED, StatUpdate.OMITTED, SourceEncoding.UTF8);

  public RedshiftClauses {
    Objects.requireNonNull(compUpdate, "compUpdate");
    Objects.requireNonNull(statUpdate, "statUpdate");
    Objects.requireNonNull(encoding, "encoding");
  }
}

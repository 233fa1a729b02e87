package io.copyload.engine.dialect;

import io.copyload.engine.source.SourceClauses;
import java.util.Objects;

/**
 * What the options of a COPY TO say about an address that it writes to.
 *
 * @param clauses region and authorization
 * @param folder whether the address is a folder that gets files of at most {@code maxFileBytes};
 *     otherwise it is one object
 * @param manifest whether a file {@code manifest} lists the others
 */
public record ExportPlace(
    SourceClauses clauses, boolean folder, long maxFileBytes, boolean manifest) {
  /** One object, with the identity of the process. */
  public static final ExportPlace OBJECT = new ExportPlace(SourceClauses.NONE, false, 0, false);

  public ExportPlace {
    Objects.requireNonNull(clauses, "clauses");
  }
}

package io.copyload.engine.source;

import java.util.Objects;

/**
 * What the clauses of a COPY say about its source, resolved.
 *
 * @param manifest the location is a JSON list of the objects
 * @param region of the store; null when not given
 * @param selection Materialize's reading of the location; null for the other dialects
 * @param encryptionKey the root key of objects that were encrypted by whoever wrote them; null when
 *     they were not
 */
public record SourceClauses(
    boolean manifest,
    String region,
    Authorization authorization,
    Secret encryptionKey,
    Selection selection) {
  /** No clauses. */
  public static final SourceClauses NONE =
      new SourceClauses(false, null, new Authorization.Ambient(), null, null);

  public SourceClauses {
    Objects.requireNonNull(authorization, "authorization");
  }
}

package io.copyload.engine.source;

import java.util.Objects;

/**
 * What the clauses of a COPY say about its source, resolved.
 *
 * @param reading what the location names
 * @param region of the store; null when not given
 * @param selection Materialize's reading of the location; null for the other dialects
 * @param encryptionKey the root key of objects that were encrypted by whoever wrote them; null when
 *     they were not
 * @param connection name of a stored connection that region, authorization and endpoint come from,
 *     or null; resolved before a source sees it
 * @param endpoint of a store other than the one that the connection's properties name, or null
 */
public record SourceClauses(
    Reading reading,
    String region,
    Authorization authorization,
    Secret encryptionKey,
    Selection selection,
    String connection,
    String endpoint) {
  /** Clauses that name no stored connection. */
  public SourceClauses(
      Reading reading,
      String region,
      Authorization authorization,
      Secret encryptionKey,
      Selection selection) {
    this(reading, region, authorization, encryptionKey, selection, null, null);
  }

  /** What a location names. */
  public enum Reading {
    /** One object, or several in the source's own way. */
    PLAIN,
    /** Every object whose name begins so: Redshift's reading. */
    PREFIX,
    /** A JSON list of objects. */
    MANIFEST,
    /** A JSON list of objects that must tell the size of each. */
    SIZED_MANIFEST,
    /** A JSON list of commands that hosts run. */
    SSH_MANIFEST
  }

  /** No clauses. */
  public static final SourceClauses NONE =
      new SourceClauses(Reading.PLAIN, null, new Authorization.Ambient(), null, null);

  public SourceClauses {
    Objects.requireNonNull(reading, "reading");
    Objects.requireNonNull(authorization, "authorization");
  }

  /** The same objects as a stored connection reaches them; null parts say nothing. */
  public SourceClauses through(String newRegion, Authorization identity, String newEndpoint) {
    return new SourceClauses(
        reading,
        newRegion == null ? region : newRegion,
        identity == null ? authorization : identity,
        encryptionKey,
        selection,
        null,
        newEndpoint);
  }

  /** Whether the location is a JSON list of objects. */
  public boolean manifest() {
    return reading == Reading.MANIFEST || reading == Reading.SIZED_MANIFEST;
  }
}

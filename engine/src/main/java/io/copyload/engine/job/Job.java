package io.copyload.engine.job;

import java.time.Instant;

/**
 * A stored COPY.
 *
 * @param id never used again
 * @param userName whose rights it has
 * @param schemaName where names without a schema are looked up
 * @param tableName with its schema, for show
 * @param location what is looked through for objects
 * @param statement the COPY as it was written; with stars when it has keys, which are kept sealed
 * @param shownText the COPY with stars for keys
 * @param dialect whose rules the statement is read with
 * @param iamRole or null
 * @param notBefore objects stored earlier are not loaded; null for no such limit
 * @param listedTo name up to which a job with ordered keys has listed, or null
 * @param failureCount runs that have failed since the last one that has not
 */
public record Job(
    long id,
    String name,
    String userName,
    String schemaName,
    String tableName,
    String location,
    String statement,
    String shownText,
    String dialect,
    String iamRole,
    boolean auto,
    JobOptions options,
    Instant created,
    Instant notBefore,
    String listedTo,
    Instant lastRun,
    int failureCount,
    String lastError) {
  /** Never prints the statement: it may hold keys. */
  @Override
  public String toString() {
    return "job " + name;
  }
}

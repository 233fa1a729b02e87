package io.copyload.engine.catalog;

import java.time.OffsetDateTime;

/**
 * What is known of a load when it begins.
 *
 * @param sessionStart when the session of the load began; with its id it says whether that session
 *     still lives
 * @param transactionId 0 when not known
 * @param dataSource what the load reads, as the views show it; never holds a secret
 * @param fileFormat Redshift's word: csv, txt, json, avro, orc, parquet
 * @param fileCount inputs that were listed
 * @param sourceBytes stored bytes of all inputs; -1 when not known
 * @param statement the COPY with names resolved and without secrets, for COPY REPLAY
 * @param dialect whose rules it was read with
 * @param jobId of the COPY job that runs it; 0 for none
 */
public record LoadStart(
    int userId,
    String userName,
    int sessionId,
    OffsetDateTime sessionStart,
    long transactionId,
    String databaseName,
    int tableId,
    String schemaName,
    String tableName,
    String dataSource,
    String fileFormat,
    int fileCount,
    long sourceBytes,
    String statement,
    String dialect,
    long jobId) {
  /** A load whose rejects cannot be repaired. */
  public LoadStart(
      int userId,
      String userName,
      int sessionId,
      OffsetDateTime sessionStart,
      long transactionId,
      String databaseName,
      int tableId,
      String schemaName,
      String tableName,
      String dataSource,
      String fileFormat,
      int fileCount,
      long sourceBytes) {
    this(
        userId,
        userName,
        sessionId,
        sessionStart,
        transactionId,
        databaseName,
        tableId,
        schemaName,
        tableName,
        dataSource,
        fileFormat,
        fileCount,
        sourceBytes,
        null,
        null,
        0);
  }
}

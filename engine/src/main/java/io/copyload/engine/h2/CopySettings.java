package io.copyload.engine.h2;

import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.job.JobSettings;
import io.copyload.engine.source.SourceSettings;
import java.nio.file.Path;
import java.util.Objects;

/**
 * What a connection decides for all of its COPY statements.
 *
 * @param threads slices of one load, at least 1
 * @param memoryBytes most heap that one load may hold for buffers and builders
 * @param dialect which COPY grammar a statement is read with
 * @param durable whether a COPY that commits waits until its rows are on disk
 * @param maxRejectsKept most rejects of one load that are kept for the history
 * @param historyRetentionDays age at which loads leave the history; 0 keeps them for ever
 * @param maxExpansion most decompressed bytes per stored byte of an object; 0 for no limit
 * @param programs whether COPY may run shell commands
 * @param currentDirectory what relative paths are relative to
 * @param sources what the connection says about sources
 * @param readOnly whether the application has called the connection read-only: COPY FROM is refused
 * @param jobs what the connection says about COPY jobs
 */
public record CopySettings(
    int threads,
    long memoryBytes,
    DialectName dialect,
    boolean durable,
    int maxRejectsKept,
    int historyRetentionDays,
    int maxExpansion,
    boolean programs,
    Path currentDirectory,
    SourceSettings sources,
    boolean readOnly,
    JobSettings jobs) {
  public CopySettings {
    Objects.requireNonNull(jobs, "jobs");
    Objects.requireNonNull(dialect, "dialect");
    Objects.requireNonNull(currentDirectory, "currentDirectory");
    Objects.requireNonNull(sources, "sources");
    if (threads < 1) {
      throw new IllegalArgumentException("threads is less than 1");
    }
    if (memoryBytes < 1) {
      throw new IllegalArgumentException("memoryBytes is less than 1");
    }
  }

  public CopySettings withReadOnly(boolean isReadOnly) {
    return new CopySettings(
        threads,
        memoryBytes,
        dialect,
        durable,
        maxRejectsKept,
        historyRetentionDays,
        maxExpansion,
        programs,
        currentDirectory,
        sources,
        isReadOnly,
        jobs);
  }

  /** The same for statements of another dialect. */
  CopySettings withDialect(DialectName other) {
    return new CopySettings(
        threads,
        memoryBytes,
        other,
        durable,
        maxRejectsKept,
        historyRetentionDays,
        maxExpansion,
        programs,
        currentDirectory,
        sources,
        readOnly,
        jobs);
  }
}

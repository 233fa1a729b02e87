package io.copyload.engine.load;

import io.copyload.engine.compress.Codec;
import io.copyload.engine.compress.Codecs;
import io.copyload.engine.compress.ExpansionLimit;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What one load will do, with everything resolved: pure data, free of the database.
 *
 * @param tableName bare name of the target, for messages
 * @param objects inputs in load order
 * @param compression expected compression of every object
 * @param columns target of each input field, in field order
 * @param slices number of threads, at least 1; with 1 everything runs in the caller's thread
 * @param memoryBytes most heap the load may hold for buffers and builders
 * @param unitBytes size of a load unit of an uncompressed seekable object; 0 lets the pipeline
 *     choose
 * @param maxRejectsKept how many rejects are kept in {@link LoadOutcome#rejects}
 * @param maxExpansion most decoded bytes per stored byte of an object, as {@link ExpansionLimit}
 *     counts them; 0 for no limit
 * @param rowText text of a row that lacks a value; null shows the input's fields
 */
public record LoadPlan(
    String tableName,
    SourceListing objects,
    Compression compression,
    FormatSpec format,
    List<TargetColumn> columns,
    ConversionSpec conversion,
    ErrorBudget budget,
    int slices,
    long memoryBytes,
    int unitBytes,
    int maxRejectsKept,
    int maxExpansion,
    RowText rowText) {
  /** A plan whose messages show the input's fields. */
  public LoadPlan(
      String tableName,
      SourceListing objects,
      Compression compression,
      FormatSpec format,
      List<TargetColumn> columns,
      ConversionSpec conversion,
      ErrorBudget budget,
      int slices,
      long memoryBytes,
      int unitBytes,
      int maxRejectsKept,
      int maxExpansion) {
    this(
        tableName,
        objects,
        compression,
        format,
        columns,
        conversion,
        budget,
        slices,
        memoryBytes,
        unitBytes,
        maxRejectsKept,
        maxExpansion,
        null);
  }

  /** What the statement says about compression. */
  public enum Compression {
    /** Recognised by the first bytes. */
    DETECT,
    GZIP,
    BZIP2,
    LZOP,
    ZSTD;

    /** The codec that every object must have, or null when each may have its own or none. */
    public Codec codec() {
      return this == DETECT ? null : Codecs.named(name().toLowerCase(Locale.ROOT));
    }
  }

  public LoadPlan {
    Objects.requireNonNull(objects, "objects");
    columns = List.copyOf(columns);
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(conversion, "conversion");
    Objects.requireNonNull(budget, "budget");
    if (slices < 1) {
      throw new IllegalArgumentException("slices is less than 1");
    }
  }

  /** A load with the usual limit of expansion. */
  public LoadPlan(
      String tableName,
      SourceListing objects,
      Compression compression,
      FormatSpec format,
      List<TargetColumn> columns,
      ConversionSpec conversion,
      ErrorBudget budget,
      int slices,
      long memoryBytes,
      int unitBytes,
      int maxRejectsKept) {
    this(
        tableName,
        objects,
        compression,
        format,
        columns,
        conversion,
        budget,
        slices,
        memoryBytes,
        unitBytes,
        maxRejectsKept,
        ExpansionLimit.USUAL);
  }

  /** A load of objects that are all known. */
  public LoadPlan(
      String tableName,
      List<SourceObject> objects,
      Compression compression,
      FormatSpec format,
      List<TargetColumn> columns,
      ConversionSpec conversion,
      ErrorBudget budget,
      int slices,
      long memoryBytes,
      int unitBytes,
      int maxRejectsKept) {
    this(
        tableName,
        SourceListing.of(objects),
        compression,
        format,
        columns,
        conversion,
        budget,
        slices,
        memoryBytes,
        unitBytes,
        maxRejectsKept);
  }

  /** The rules of lines and nulls of a load that is known to read text. */
  public DelimitedSpec delimited() {
    return format instanceof FixedSpec fixed
        ? fixed.text()
        : format instanceof JsonSpec json ? json.text() : (DelimitedSpec) format;
  }
}

package io.copyload.engine.format;

/** A format of input data with every option resolved. */
public sealed interface FormatSpec
    permits DelimitedSpec,
        FixedSpec,
        JsonLinesSpec,
        JsonSpec,
        ParquetSpec,
        PgBinarySpec,
        VectorFormat {
  /** Name of the format as the load history shows it. */
  String historyName();

  /** The same format for single records that have been taken out of an object. */
  default FormatSpec ofRecords() {
    return this;
  }
}

package io.copyload.engine.format;

/** Parquet as COPY TO writes it. */
public record ParquetSpec() implements FormatSpec {
  @Override
  public String historyName() {
    return "parquet";
  }
}

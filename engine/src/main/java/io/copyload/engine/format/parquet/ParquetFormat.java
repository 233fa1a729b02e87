package io.copyload.engine.format.parquet;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.List;

/**
 * Parquet with every option resolved.
 *
 * @param rules whose rules match columns and types
 * @param fillRecord whether the file may lack the last columns, which are then NULL
 * @param listed whether the COPY lists its columns: where they are matched by name, others of the
 *     file are then passed over
 */
public record ParquetFormat(Rules rules, boolean fillRecord, boolean listed)
    implements VectorFormat {
  public ParquetFormat(Rules rules, boolean fillRecord) {
    this(rules, fillRecord, false);
  }

  /** The same of a COPY with a column list. */
  public ParquetFormat ofListedColumns() {
    return new ParquetFormat(rules, fillRecord, true);
  }

  /** Families of rules. */
  public enum Rules {
    /**
     * Columns by position, types without widening (Redshift's guide, "COPY from columnar data").
     */
    REDSHIFT,
    /** Columns by name, in any order (Materialize's COPY FROM). */
    MATERIALIZE
  }

  @Override
  public String historyName() {
    return "parquet";
  }

  @Override
  public boolean seeks() {
    return true;
  }

  @Override
  public VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    return ParquetObject.open(this, object, wanted, bytes, cancel);
  }
}

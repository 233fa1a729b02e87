package io.copyload.engine.format;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.util.List;

/**
 * A format whose files know the types of their values, so that a reader fills column vectors itself
 * and no field is ever text: Parquet, ORC, Avro, shapefile.
 *
 * <p>The file decides the {@linkplain VectorObject#types types} of the vectors, as near to the
 * wanted ones as it can without losing anything; the load casts the rest.
 */
public non-sealed interface VectorFormat extends FormatSpec {
  /**
   * A column that the load wants, in the order of the target columns.
   *
   * @param name column name as the table has it
   */
  record Wanted(String name, TargetType type) {}

  /** Whether files are read from their end, so that compressed ones are decompressed before. */
  default boolean seeks() {
    return false;
  }

  /**
   * Reads what stands before or behind the data (header, footer), matches the file's columns to the
   * wanted ones and cuts the object into units. Called by one slice per object.
   *
   * @param bytes most heap that one reader may hold for buffers
   * @throws IOException when the object cannot be read or is damaged; the message says what is
   *     wrong and where
   * @throws io.copyload.engine.CopyException when the columns do not match, naming both types
   */
  VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException;
}

package io.copyload.engine.format.avro;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.json.JsonPath;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.List;

/**
 * Avro object container files with every option resolved.
 *
 * @param mapping which field fills which column
 * @param pathsFile where the JSONPaths file lies; null without one
 * @param paths one per column with PATHS, once the file has been read
 * @param emptyAsNull whether a string without characters is NULL in a column of characters, as it
 *     is in all others
 * @param blanksAsNull the same for a string of white space
 */
public record AvroFormat(
    Mapping mapping,
    String pathsFile,
    List<JsonPath> paths,
    boolean emptyAsNull,
    boolean blanksAsNull)
    implements VectorFormat {
  /** Which field of the top level fills which column. */
  public enum Mapping {
    /** The one that has the column's name. */
    AUTO,
    /** The same in any case. */
    AUTO_IGNORECASE,
    /** The value that a path of the JSONPaths file leads to. */
    PATHS
  }

  NullTexts nullTexts() {
    return new NullTexts(emptyAsNull, blanksAsNull);
  }

  @Override
  public String historyName() {
    return "avro";
  }

  @Override
  public VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    return AvroObject.open(this, object, wanted, AvroObject.UNIT_BYTES, cancel);
  }
}

package io.copyload.engine.format;

import io.copyload.engine.format.json.JsonPath;
import java.util.List;
import java.util.Objects;

/**
 * JSON objects or arrays one after the other, each of them a row (Redshift's JSON).
 *
 * @param text what the format shares with delimited text: lines to skip, rules about fields without
 *     content
 * @param mapping which value fills which column
 * @param pathsFile where the JSONPaths file is; null without one
 * @param paths of the columns, in their order; null unless the mapping is PATHS and the file has
 *     been read
 */
public record JsonSpec(DelimitedSpec text, Mapping mapping, String pathsFile, List<JsonPath> paths)
    implements FormatSpec {
  /** Which value of a document fills which column. */
  public enum Mapping {
    /** The one whose key is the column's name. */
    AUTO,
    /** The same in any case. */
    AUTO_IGNORECASE,
    /** The document fills the only column. */
    NOSHRED,
    /** The n-th path of a file finds the value of the n-th column. */
    PATHS
  }

  public JsonSpec {
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(mapping, "mapping");
    paths = paths == null ? null : List.copyOf(paths);
  }

  @Override
  public String historyName() {
    return "json";
  }

  @Override
  public JsonSpec ofRecords() {
    return new JsonSpec(text.ofRecords(), mapping, pathsFile, paths);
  }
}

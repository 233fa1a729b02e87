package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.avro.AvroFormat;
import io.copyload.engine.format.json.JsonPath;
import io.copyload.engine.format.json.JsonPathsFile;
import io.copyload.engine.format.shapefile.ShapefileFormat;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.WholeObject;
import java.util.List;
import org.h2.engine.SessionLocal;

/** Gives a COPY from JSON or Avro the paths of its JSONPaths file, which any source may hold. */
final class JsonColumns {
  private static final int MAX_FILE_BYTES = 4 << 20;

  private JsonColumns() {}

  /**
   * The format with the paths that a JSONPaths file has for the columns.
   *
   * <p>Failures: {@code CopyException} when the file cannot be read, is not one, or has another
   * number of paths.
   *
   * @param columns how many the COPY fills
   */
  static FormatSpec resolved(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      int columns,
      CancelToken cancel) {
    if (resolved.format() instanceof ShapefileFormat shapefile) {
      return ShapefileSet.planned(session, settings, shapefile, resolved, cancel);
    }
    if (resolved.format() instanceof JsonSpec json && json.pathsFile() != null) {
      List<JsonPath> paths = paths(session, settings, resolved, json.pathsFile(), columns, cancel);
      return new JsonSpec(
          json.text(),
          paths == null ? JsonSpec.Mapping.AUTO : JsonSpec.Mapping.PATHS,
          json.pathsFile(),
          paths);
    }
    if (resolved.format() instanceof AvroFormat avro && avro.pathsFile() != null) {
      List<JsonPath> paths = paths(session, settings, resolved, avro.pathsFile(), columns, cancel);
      return new AvroFormat(
          paths == null ? AvroFormat.Mapping.AUTO : AvroFormat.Mapping.PATHS,
          avro.pathsFile(),
          paths,
          avro.emptyAsNull(),
          avro.blanksAsNull());
    }
    return resolved.format();
  }

  /** The paths of a file; null when it is not one of paths and thus ignored. */
  private static List<JsonPath> paths(
      SessionLocal session,
      CopySettings settings,
      ResolvedCopy resolved,
      String file,
      int columns,
      CancelToken cancel) {
    SourceClauses of = resolved.source();
    CopySource source =
        CopySource.named(
            session,
            file,
            new SourceClauses(
                SourceClauses.Reading.PLAIN, of.region(), of.authorization(), null, null),
            settings,
            0,
            cancel);
    List<JsonPath> paths =
        JsonPathsFile.read(
            source.text(),
            WholeObject.read(
                "JSONPaths file", source.text(), source.objects(), MAX_FILE_BYTES, cancel));
    if (paths != null && paths.size() != columns) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "Number of jsonpaths and the number of columns should match. JSONPath size: "
              + paths.size()
              + ", Number of columns in table or column list: "
              + columns);
    }
    return paths;
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.ResolvedCopy;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.json.JsonPath;
import io.copyload.engine.format.json.JsonPathsFile;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.h2.engine.SessionLocal;

/** Gives a COPY from JSON the paths of its JSONPaths file, which any source may hold. */
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
    if (!(resolved.format() instanceof JsonSpec json) || json.pathsFile() == null) {
      return resolved.format();
    }
    SourceClauses of = resolved.source();
    CopySource source =
        CopySource.named(
            session,
            json.pathsFile(),
            new SourceClauses(
                SourceClauses.Reading.PLAIN, of.region(), of.authorization(), null, null),
            settings,
            0,
            cancel);
    List<JsonPath> paths = JsonPathsFile.read(source.text(), bytes(source, cancel));
    if (paths == null) {
      return new JsonSpec(json.text(), JsonSpec.Mapping.AUTO, json.pathsFile(), null);
    }
    if (paths.size() != columns) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "Number of jsonpaths and the number of columns should match. JSONPath size: "
              + paths.size()
              + ", Number of columns in table or column list: "
              + columns);
    }
    return new JsonSpec(json.text(), JsonSpec.Mapping.PATHS, json.pathsFile(), paths);
  }

  private static byte[] bytes(CopySource source, CancelToken cancel) {
    SourceListing objects = source.objects();
    try (SourceListing.Cursor cursor = objects.openForRandomReads(cancel)) {
      SourceObject object = cursor.next();
      if (object == null || !isNamed(object.name(), source.text())) {
        throw new CopyException(
            CopyErrorCode.OBJECT_MISSING,
            "JSONPaths file \"" + source.text() + "\" does not exist");
      }
      try (ByteReader reader = object.open(0, cancel)) {
        byte[] bytes = new byte[1 << 16];
        int end = 0;
        while (true) {
          int count = reader.read(bytes, end, bytes.length - end);
          if (count < 0) {
            return Arrays.copyOf(bytes, end);
          }
          end += count;
          if (end > MAX_FILE_BYTES) {
            throw new CopyException(
                CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
                "JSONPaths file \""
                    + source.text()
                    + "\" has more than "
                    + MAX_FILE_BYTES
                    + " bytes");
          }
          if (end == bytes.length) {
            bytes = Arrays.copyOf(bytes, 2 * end);
          }
        }
      }
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          "could not read JSONPaths file \"" + source.text() + "\": " + e.getMessage(),
          e);
    }
  }

  /** One object, not whatever begins with its name. */
  private static boolean isNamed(String object, String location) {
    return !location.startsWith("s3://") || object.equals(location);
  }
}

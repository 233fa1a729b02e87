package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.TextEncoding;
import io.copyload.engine.load.TranscodedObject;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.local.LocalFiles;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.statement.SourceRef;
import java.io.File;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.h2.engine.Role;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;

/**
 * The inputs of a COPY FROM.
 *
 * @param text what the statement or parameter names, for the history; never a secret
 * @param characters whether the caller gave characters, so that no encoding applies
 */
record CopySource(List<SourceObject> objects, String text, boolean characters) {
  /** Role whose members may read files, as in PostgreSQL. Administrators need no role. */
  static final String READ_FILES_ROLE = "PG_READ_SERVER_FILES";

  CopySource(List<SourceObject> objects, String text) {
    this(objects, text, false);
  }

  /** The objects as UTF-8. */
  List<SourceObject> decoded(TextEncoding encoding) {
    if (characters || encoding.isUtf8()) {
      return objects;
    }
    List<SourceObject> decoded = new ArrayList<>();
    for (SourceObject object : objects) {
      decoded.add(new TranscodedObject(object, encoding.charset()));
    }
    return decoded;
  }

  static CopySource of(
      SessionLocal session,
      SourceRef source,
      List<Object> parameters,
      CopyClient client,
      String tableName) {
    if (source instanceof SourceRef.StringSource literal) {
      return named(session, literal.text(), literal.range().begin() + 1);
    }
    if (source instanceof SourceRef.ParameterSource parameter) {
      return parameter(session, parameter, parameters);
    }
    if (source instanceof SourceRef.Program) {
      throw refused("COPY FROM PROGRAM", source);
    }
    if (source instanceof SourceRef.Stdin) {
      if (client == null) {
        throw noClient(tableName);
      }
      return new CopySource(List.of(client.stdin()), "stdin");
    }
    throw refused("COPY FROM an expression", source);
  }

  private static CopySource parameter(
      SessionLocal session, SourceRef.ParameterSource parameter, List<Object> parameters) {
    Object value = parameter.index() < parameters.size() ? parameters.get(parameter.index()) : null;
    if (value == null) {
      throw new CopyException(
          CopyErrorCode.INVALID_PARAMETER_VALUE,
          "COPY source parameter must not be null",
          null,
          "Set an InputStream, Reader or byte[] with the data, or a String, Path or File that names it.",
          null,
          parameter.range().begin() + 1,
          null);
    }
    if (value instanceof InputStream stream) {
      return new CopySource(List.of(StreamObjects.of(stream)), "stdin");
    }
    if (value instanceof Reader reader) {
      return new CopySource(List.of(StreamObjects.of(reader)), "stdin", true);
    }
    if (value instanceof byte[] bytes) {
      return new CopySource(List.of(StreamObjects.of(bytes)), "stdin");
    }
    if (value instanceof Path path) {
      checkMayReadFiles(session);
      return new CopySource(List.of(LocalFiles.of(path)), path.toString());
    }
    if (value instanceof File file) {
      checkMayReadFiles(session);
      return new CopySource(List.of(LocalFiles.of(file.toPath())), file.toString());
    }
    if (value instanceof String text) {
      // No path has a line break, and hardly any data has none.
      if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
        return new CopySource(List.of(StreamObjects.of(new StringReader(text))), "stdin", true);
      }
      return named(session, text, parameter.range().begin() + 1);
    }
    throw new CopyException(
        CopyErrorCode.INVALID_PARAMETER_VALUE,
        "COPY source parameter must not be a " + value.getClass().getSimpleName(),
        null,
        "Set an InputStream, Reader or byte[] with the data, or a String, Path or File that names it.",
        null,
        parameter.range().begin() + 1,
        null);
  }

  private static CopySource named(SessionLocal session, String text, int position) {
    int colon = text.indexOf("://");
    if (colon > 0) {
      String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
      if (!scheme.equals("file") && scheme.matches("[a-z][a-z0-9+.-]*")) {
        throw new CopyException(
                CopyErrorCode.FEATURE_NOT_SUPPORTED,
                "COPY FROM " + scheme + ":// is not supported yet")
            .withPosition(position);
      }
    }
    checkMayReadFiles(session);
    return new CopySource(LocalFiles.list(text), text);
  }

  private static void checkMayReadFiles(SessionLocal session) {
    User user = session.getUser();
    if (user.isAdmin()) {
      return;
    }
    Role role = session.getDatabase().findRole(READ_FILES_ROLE);
    if (role == null) {
      role = session.getDatabase().findRole(READ_FILES_ROLE.toLowerCase(Locale.ROOT));
    }
    if (role != null && user.isRoleGranted(role)) {
      return;
    }
    throw new CopyException(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "permission denied to COPY from a file",
        "Only administrators and users with the role pg_read_server_files may COPY from a file.",
        "Hand the data over as a stream: COPY ... FROM ? needs no right to read files.",
        null,
        0,
        null);
  }

  /** What PostgreSQL reports when its JDBC driver is asked to execute COPY FROM STDIN. */
  private static CopyException noClient(String tableName) {
    return new CopyException(
            CopyErrorCode.CANCELLED,
            "COPY from stdin failed: COPY commands are only supported using the CopyManager API.")
        .withContext("COPY " + tableName + ", line 1");
  }

  private static CopyException refused(String what, SourceRef source) {
    return new CopyException(CopyErrorCode.FEATURE_NOT_SUPPORTED, what + " is not supported yet")
        .withPosition(source.range().begin() + 1);
  }
}

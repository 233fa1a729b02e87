package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.FileSink;
import io.copyload.engine.export.WriterSink;
import io.copyload.engine.statement.SourceRef;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.h2.engine.Role;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;

/**
 * Where a COPY TO writes, checked before anything is written. Opening a file makes it: close the
 * target always.
 */
final class ExportTarget implements AutoCloseable {
  /** Role whose members may write files, as in PostgreSQL. Administrators need no role. */
  static final String WRITE_FILES_ROLE = "PG_WRITE_SERVER_FILES";

  private static final String PARAMETER_HINT =
      "Set an OutputStream, a Writer, a Path or File, or a String with an absolute path.";

  private final Path path;
  private final String shownName;
  private final ByteSink given;
  private final boolean characters;
  private final String command;
  private final CancelToken cancel;
  private FileSink file;
  private ProgramSink program;

  private ExportTarget(Path path, String shownName, ByteSink given, boolean characters) {
    this.path = path;
    this.shownName = shownName;
    this.given = given;
    this.characters = characters;
    command = null;
    cancel = null;
  }

  private ExportTarget(String command, CancelToken cancel) {
    path = null;
    shownName = null;
    given = null;
    characters = false;
    this.command = command;
    this.cancel = cancel;
  }

  /**
   * The target of a statement.
   *
   * @param stdout the other end of STDOUT, or null when there is none
   * @param settings whether programs may run
   * @param parameter value of the target's parameter, when it is one
   */
  static ExportTarget of(
      SessionLocal session,
      SourceRef target,
      Object parameter,
      ByteSink stdout,
      CopySettings settings,
      CancelToken cancel) {
    int position = target.range().begin() + 1;
    if (target instanceof SourceRef.StringSource literal) {
      return named(session, literal.text(), position);
    }
    if (target instanceof SourceRef.ParameterSource) {
      return parameter(session, parameter, position);
    }
    if (target instanceof SourceRef.Stdin) {
      if (stdout == null) {
        throw new CopyException(
                CopyErrorCode.FEATURE_NOT_SUPPORTED,
                "COPY commands are only supported using the CopyManager API.")
            .withHint("COPY ... TO ? takes an OutputStream or Writer as its parameter.");
      }
      return new ExportTarget(null, null, stdout, false);
    }
    if (target instanceof SourceRef.Program program) {
      ProgramAccess.check(session, settings);
      return new ExportTarget(program.command(), cancel);
    }
    throw new CopyException(
            CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY TO an expression is not supported yet")
        .withPosition(position);
  }

  private static ExportTarget parameter(SessionLocal session, Object value, int position) {
    if (value instanceof OutputStream stream) {
      return new ExportTarget(null, null, new StreamSink(stream), false);
    }
    if (value instanceof Writer writer) {
      return new ExportTarget(null, null, new WriterSink(writer), true);
    }
    if (value instanceof Path path) {
      checkMayWriteFiles(session);
      return new ExportTarget(path, path.toString(), null, false);
    }
    if (value instanceof File file) {
      checkMayWriteFiles(session);
      return new ExportTarget(file.toPath(), file.toString(), null, false);
    }
    if (value instanceof String text) {
      return named(session, text, position);
    }
    String message =
        value == null
            ? "COPY target parameter must not be null"
            : "COPY target parameter must not be a " + value.getClass().getSimpleName();
    throw new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message)
        .withHint(PARAMETER_HINT)
        .withPosition(position);
  }

  private static ExportTarget named(SessionLocal session, String text, int position) {
    String name = text;
    int colon = text.indexOf("://");
    String scheme = colon > 0 ? text.substring(0, colon).toLowerCase(Locale.ROOT) : "";
    if (scheme.matches("[a-z][a-z0-9+.-]*") && !scheme.equals("file")) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY TO " + scheme + ":// is not supported yet")
          .withPosition(position);
    }
    checkMayWriteFiles(session);
    if (text.regionMatches(true, 0, "file:/", 0, 6)) {
      name = pathOf(text);
    }
    Path path;
    try {
      path = Path.of(name);
    } catch (InvalidPathException e) {
      throw new CopyException(CopyErrorCode.INVALID_NAME, "invalid file name \"" + name + "\"", e);
    }
    if (!path.isAbsolute()) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME, "relative path not allowed for COPY to file");
    }
    return new ExportTarget(path, name, null, false);
  }

  private static String pathOf(String address) {
    try {
      URI uri = new URI(address);
      if (uri.getPath() != null && uri.getHost() == null) {
        return uri.getPath();
      }
    } catch (URISyntaxException e) {
      // Not a strict address: take what follows the scheme as it is.
    }
    return address.replaceFirst("^(?i:file:)(//[^/]*)?", "");
  }

  private static void checkMayWriteFiles(SessionLocal session) {
    User user = session.getUser();
    if (user.isAdmin()) {
      return;
    }
    Role role = session.getDatabase().findRole(WRITE_FILES_ROLE);
    if (role == null) {
      role = session.getDatabase().findRole(WRITE_FILES_ROLE.toLowerCase(Locale.ROOT));
    }
    if (role == null || !user.isRoleGranted(role)) {
      throw new CopyException(
          CopyErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to COPY to a file",
          "Only administrators and users with the role pg_write_server_files may COPY to a file.",
          "Take the data as a stream: COPY ... TO ? needs no right to write files.",
          null,
          0,
          null);
    }
  }

  /** Whether characters are taken, so that an encoding means nothing. */
  boolean takesCharacters() {
    return characters;
  }

  ByteSink open() {
    if (given != null) {
      return given;
    }
    if (command != null) {
      program = ProgramSink.start(command, cancel);
      return program;
    }
    file = FileSink.open(path, shownName);
    return file;
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
    if (program != null) {
      program.close();
    }
  }

  /** A stream of the caller's, which is flushed and not closed. */
  private record StreamSink(OutputStream stream) implements ByteSink {
    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stream.write(bytes, offset, length);
    }

    @Override
    public void finish() throws IOException {
      stream.flush();
    }
  }

  /** The value of the target's parameter; plain ones count behind those of the query. */
  static Object parameter(
      String sql, SourceRef target, List<Object> parameters, int queryParameters) {
    if (!(target instanceof SourceRef.ParameterSource source)) {
      return null;
    }
    boolean numbered = source.range().of(sql).length() > 1;
    int index = numbered ? source.index() : queryParameters;
    return index < parameters.size() ? parameters.get(index) : null;
  }
}

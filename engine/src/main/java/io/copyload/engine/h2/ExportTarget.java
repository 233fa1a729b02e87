package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.ExportPlace;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.FileSink;
import io.copyload.engine.export.WriterSink;
import io.copyload.engine.export.parquet.ParquetSink;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Destination;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.Sources;
import io.copyload.engine.statement.SourceRef;
import io.copyload.engine.store.TargetType;
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
import java.util.UUID;
import java.util.function.Function;
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

  /** Role whose members may write to other machines. */
  static final String WRITE_NETWORK_ROLE = "COPYLOAD_WRITE_NETWORK";

  private static final String PARAMETER_HINT =
      "Set an OutputStream, a Writer, a Path or File, or a String with an absolute path.";

  private final Path path;
  private final String shownName;
  private final ByteSink given;
  private final boolean characters;
  private final String command;
  private final CancelToken cancel;
  private final Destination destination;
  private final ExportPlace place;
  private FileSink file;
  private ProgramSink program;

  private ExportTarget(Path path, String shownName, ByteSink given, boolean characters) {
    this.path = path;
    this.shownName = shownName;
    this.given = given;
    this.characters = characters;
    command = null;
    cancel = null;
    destination = null;
    place = null;
  }

  private ExportTarget(String command, CancelToken cancel) {
    path = null;
    shownName = null;
    given = null;
    characters = false;
    this.command = command;
    this.cancel = cancel;
    destination = null;
    place = null;
  }

  private ExportTarget(Destination destination, ExportPlace place) {
    path = null;
    shownName = destination.shownName();
    given = null;
    characters = false;
    command = null;
    cancel = null;
    this.destination = destination;
    this.place = place;
  }

  /**
   * The target of a statement.
   *
   * @param stdout the other end of STDOUT, or null when there is none
   * @param settings whether programs may run
   * @param parameter value of the target's parameter, when it is one
   * @param place what the options say about an address
   */
  static ExportTarget of(
      SessionLocal session,
      SourceRef target,
      Object parameter,
      ByteSink stdout,
      ExportPlace place,
      CopySettings settings,
      CancelToken cancel) {
    int position = target.range().begin() + 1;
    if (target instanceof SourceRef.StringSource literal) {
      return named(session, literal.text(), place, settings, cancel, position);
    }
    if (target instanceof SourceRef.ParameterSource) {
      return parameter(session, parameter, place, settings, cancel, position);
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

  private static ExportTarget parameter(
      SessionLocal session,
      Object value,
      ExportPlace place,
      CopySettings settings,
      CancelToken cancel,
      int position) {
    if (value instanceof OutputStream stream) {
      return new ExportTarget(null, null, new StreamSink(stream), false);
    }
    if (value instanceof Writer writer) {
      return new ExportTarget(null, null, new WriterSink(writer), true);
    }
    if (value instanceof Path path) {
      checkMayWriteFiles(session);
      AllowList.of(settings.sources()).checkWriting(path, path.toString());
      return new ExportTarget(path, path.toString(), null, false);
    }
    if (value instanceof File file) {
      checkMayWriteFiles(session);
      AllowList.of(settings.sources()).checkWriting(file.toPath(), file.toString());
      return new ExportTarget(file.toPath(), file.toString(), null, false);
    }
    if (value instanceof String text) {
      return named(session, text, place, settings, cancel, position);
    }
    String message =
        value == null
            ? "COPY target parameter must not be null"
            : "COPY target parameter must not be a " + value.getClass().getSimpleName();
    throw new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message)
        .withHint(PARAMETER_HINT)
        .withPosition(position);
  }

  private static ExportTarget named(
      SessionLocal session,
      String text,
      ExportPlace place,
      CopySettings settings,
      CancelToken cancel,
      int position) {
    String name = text;
    String scheme = Sources.schemeOf(text);
    if (!scheme.equals("file")) {
      return new ExportTarget(
          destination(session, text, place.clauses(), settings, cancel, position), place);
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
    AllowList.of(settings.sources()).checkWriting(path, name);
    return new ExportTarget(path, name, null, false);
  }

  /**
   * The destination that an address names, when the user may write there.
   *
   * @param position of the address in the statement, 0 for none
   */
  static Destination destination(
      SessionLocal session,
      String address,
      SourceClauses clauses,
      CopySettings settings,
      CancelToken cancel,
      int position) {
    String scheme = Sources.schemeOf(address);
    Destination.Opener opener = Sources.destinations(scheme);
    if (opener == null) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY TO " + scheme + ":// is not supported yet")
          .withPosition(position);
    }
    switch (opener.reach()) {
      case FILES -> checkMayWriteFiles(session);
      case NETWORK -> checkMayWriteNetwork(session);
    }
    return opener.open(
        address,
        StoredConnections.resolved(session, settings, clauses),
        settings.sources(),
        cancel);
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

  private static boolean mayWrite(SessionLocal session, String roleName) {
    User user = session.getUser();
    if (user.isAdmin()) {
      return true;
    }
    Role role = session.getDatabase().findRole(roleName);
    if (role == null) {
      role = session.getDatabase().findRole(roleName.toLowerCase(Locale.ROOT));
    }
    return role != null && user.isRoleGranted(role);
  }

  private static void checkMayWriteFiles(SessionLocal session) {
    if (!mayWrite(session, WRITE_FILES_ROLE)) {
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

  private static void checkMayWriteNetwork(SessionLocal session) {
    if (!mayWrite(session, WRITE_NETWORK_ROLE)) {
      throw new CopyException(
          CopyErrorCode.INSUFFICIENT_PRIVILEGE,
          "permission denied to COPY to the network",
          "Only administrators and users with the role copyload_write_network may COPY to an"
              + " address.",
          "Take the data as a stream: COPY ... TO ? needs no such right.",
          null,
          0,
          null);
    }
  }

  /** Whether characters are taken, so that an encoding means nothing. */
  boolean takesCharacters() {
    return characters;
  }

  /**
   * Begins to write.
   *
   * @param columnNames of the rows, for a manifest
   * @param parquet makes what puts rows together to Parquet; null for other formats
   * @param extension of files whose names are made here
   */
  ByteSink open(
      List<String> columnNames,
      List<TargetType> types,
      Function<ByteSink, ParquetSink> parquet,
      String extension)
      throws IOException {
    if (splits()) {
      return folder(columnNames, types, parquet, extension);
    }
    ByteSink bytes = openWhole();
    if (parquet == null) {
      return bytes;
    }
    bytes.begin(types.size(), true);
    return parquet.apply(bytes);
  }

  private ByteSink openWhole() throws IOException {
    if (given != null) {
      return given;
    }
    if (command != null) {
      program = ProgramSink.start(command, cancel);
      return program;
    }
    if (destination != null) {
      return new ObjectSink(destination);
    }
    file = FileSink.open(path, shownName);
    return file;
  }

  /** Whether rows are cut into files. */
  boolean splits() {
    return destination != null && place.folder();
  }

  /** Files as Materialize names them; the folder must have none. */
  private ByteSink folder(
      List<String> columnNames,
      List<TargetType> types,
      Function<ByteSink, ParquetSink> parquet,
      String extension)
      throws IOException {
    String slash = shownName.endsWith("/") ? "" : "/";
    String there =
        destination.existing(
            suffix -> slash.isEmpty() || suffix.isEmpty() || suffix.startsWith("/"));
    if (there != null) {
      throw new CopyException(
              CopyErrorCode.OBJECT_EXISTS,
              "S3 bucket path is not empty: \"" + shownName + "\" contains \"" + there + "\"")
          .withHint("Name another path, or remove what is there.");
    }
    String id = UUID.randomUUID().toString();
    return new SplitSink(
        new ExportFiles(
            destination,
            new ExportFiles.Layout(
                (sequence, number) ->
                    String.format(
                        Locale.ROOT,
                        "%smz-%s-batch-0000-%04d.%s",
                        slash,
                        id,
                        number + 1,
                        extension),
                1,
                place.maxFileBytes(),
                place.manifest() ? slash + "manifest" : null,
                false,
                false)),
        columnNames,
        types,
        parquet);
  }

  @Override
  public void close() {
    if (destination != null) {
      destination.close();
    }
    if (file != null) {
      file.close();
    }
    if (program != null) {
      program.close();
    }
  }

  /** One object at the very address. */
  private static final class ObjectSink implements ByteSink {
    private final Destination destination;
    private final OutputObject object;

    ObjectSink(Destination destination) throws IOException {
      this.destination = destination;
      object = destination.create("");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      object.write(bytes, offset, length);
    }

    @Override
    public void finish() throws IOException {
      object.finish();
      destination.publish();
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

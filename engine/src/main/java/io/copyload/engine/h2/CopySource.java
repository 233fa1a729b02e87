package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.TextEncoding;
import io.copyload.engine.load.SourceEncoding;
import io.copyload.engine.load.TranscodedListing;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.Sources;
import io.copyload.engine.source.local.LocalFiles;
import io.copyload.engine.source.program.ProgramObject;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.statement.SourceRef;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.nio.file.Path;
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
 * @param program the program whose output is the input, or null
 */
record CopySource(SourceListing objects, String text, boolean characters, ProgramObject program)
    implements AutoCloseable {
  /** Role whose members may read files, as in PostgreSQL. Administrators need no role. */
  static final String READ_FILES_ROLE = "PG_READ_SERVER_FILES";

  /** Role whose members may read from other machines. */
  static final String READ_NETWORK_ROLE = "COPYLOAD_READ_NETWORK";

  CopySource(SourceListing objects, String text) {
    this(objects, text, false, null);
  }

  private static CopySource of(SourceObject object, String text, boolean characters) {
    return new CopySource(SourceListing.of(object), text, characters, null);
  }

  /** The objects as UTF-8. */
  SourceListing decoded(TextEncoding encoding) {
    return characters || encoding.isUtf8()
        ? objects
        : new TranscodedListing(objects, encoding.charset());
  }

  /** The objects of a COPY in Redshift's dialect, in UTF-8. */
  SourceListing decoded(SourceEncoding encoding) {
    return characters || encoding == SourceEncoding.UTF8
        ? objects
        : new TranscodedListing(objects, encoding);
  }

  /**
   * What must hold before the rows are kept: a program has ended well.
   *
   * @throws CopyException EXTERNAL_PROGRAM when it has failed
   */
  void awaitEnd(CancelToken cancel) {
    if (program == null) {
      return;
    }
    try {
      program.awaitExit(cancel);
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          "could not close pipe to external command: " + e.getMessage(),
          e);
    }
  }

  /** Ends a program that still runs. */
  @Override
  public void close() {
    if (program != null) {
      program.close();
    }
  }

  static CopySource of(
      SessionLocal session,
      SourceRef source,
      SourceClauses clauses,
      List<Object> parameters,
      CopyClient client,
      String tableName,
      CopySettings settings,
      CancelToken cancel) {
    if (source instanceof SourceRef.StringSource literal) {
      return named(session, literal.text(), clauses, settings, literal.range().begin() + 1, cancel);
    }
    if (source instanceof SourceRef.ParameterSource parameter) {
      return parameter(session, parameter, clauses, parameters, settings, cancel);
    }
    if (source instanceof SourceRef.Program command) {
      ProgramAccess.check(session, settings);
      ProgramObject program = new ProgramObject(command.command());
      return new CopySource(SourceListing.of(program), "program", false, program);
    }
    if (source instanceof SourceRef.Stdin) {
      if (client == null) {
        throw noClient(tableName);
      }
      return of(client.stdin(), "stdin", false);
    }
    throw refused("COPY FROM an expression", source);
  }

  private static CopySource parameter(
      SessionLocal session,
      SourceRef.ParameterSource parameter,
      SourceClauses clauses,
      List<Object> parameters,
      CopySettings settings,
      CancelToken cancel) {
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
      return of(StreamObjects.of(stream), "stdin", false);
    }
    if (value instanceof Reader reader) {
      return of(StreamObjects.of(reader), "stdin", true);
    }
    if (value instanceof byte[] bytes) {
      return of(StreamObjects.of(bytes), "stdin", false);
    }
    if (value instanceof Path path) {
      checkMayReadFiles(session);
      AllowList.of(settings.sources()).check(path, path.toString());
      return of(LocalFiles.of(path), path.toString(), false);
    }
    if (value instanceof File file) {
      checkMayReadFiles(session);
      AllowList.of(settings.sources()).check(file.toPath(), file.toString());
      return of(LocalFiles.of(file.toPath()), file.toString(), false);
    }
    if (value instanceof String text) {
      // No path has a line break, and hardly any data has none.
      if (text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0) {
        return of(StreamObjects.of(new StringReader(text)), "stdin", true);
      }
      return named(session, text, clauses, settings, parameter.range().begin() + 1, cancel);
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

  /**
   * What a text names.
   *
   * @param position of the text in the statement, 0 for none
   */
  static CopySource named(
      SessionLocal session,
      String text,
      SourceClauses clauses,
      CopySettings settings,
      int position,
      CancelToken cancel) {
    String scheme = Sources.schemeOf(text);
    Source place = Sources.of(scheme);
    if (place == null) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "COPY FROM " + scheme + ":// is not supported yet")
          .withPosition(position);
    }
    checkMayRead(session, place);
    Source source = Sources.of(scheme, clauses);
    checkMayRead(session, source);
    SourceListing objects =
        source.list(
            text,
            StoredConnections.resolved(session, settings, clauses),
            settings.sources().withKeys(() -> SshKeys.secrets(session, settings)),
            cancel);
    return new CopySource(objects, source.shownName(text));
  }

  /** Whether the session's user may read what a source reads. */
  static void checkMayRead(SessionLocal session, Source source) {
    switch (source.reach()) {
      case FILES -> checkMayReadFiles(session);
      case NETWORK -> checkMayReadNetwork(session);
    }
  }

  private static boolean mayRead(SessionLocal session, String roleName) {
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

  private static void checkMayReadNetwork(SessionLocal session) {
    if (mayRead(session, READ_NETWORK_ROLE)) {
      return;
    }
    throw new CopyException(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "permission denied to COPY from the network",
        "Only administrators and users with the role copyload_read_network may COPY from an"
            + " address.",
        "Hand the data over as a stream: COPY ... FROM ? needs no such right.",
        null,
        0,
        null);
  }

  private static void checkMayReadFiles(SessionLocal session) {
    if (mayRead(session, READ_FILES_ROLE)) {
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

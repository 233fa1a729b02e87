package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.StoredObjects;
import io.copyload.engine.source.Authorization;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.SourceClauses;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.h2.engine.Database;
import org.h2.engine.Role;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;

/** What a COPY or a statement about connections gets from the stored ones. */
final class StoredConnections {
  /** Role whose members may use all connections. Administrators and owners need no role. */
  static final String USE_ROLE = "COPYLOAD_USE_CONNECTIONS";

  private static final String KEY = "secrets_key";
  private static final String KEY_FILE = "secrets_key_file";
  private static final String KEY_VARIABLE = "COPYLOAD_SECRETS_KEY";
  private static final int MAX_KEY_BYTES = 4096;

  private StoredConnections() {}

  static StoredObjects of(SessionLocal session, CopySettings settings) {
    return of(session.getDatabase(), settings);
  }

  static StoredObjects of(Database database, CopySettings settings) {
    return new StoredObjects(InternalSessions.connections(database), () -> keyText(settings));
  }

  /** The text that the key of the secrets is derived from, or null. */
  static String keyText(CopySettings settings) {
    String text = settings.sources().text(KEY);
    if (text != null) {
      return text;
    }
    String file = settings.sources().text(KEY_FILE);
    if (file == null) {
      String variable = System.getenv(KEY_VARIABLE);
      return variable == null || variable.isBlank() ? null : variable.trim();
    }
    try {
      Path path = Path.of(file);
      if (Files.size(path) <= MAX_KEY_BYTES) {
        String content = Files.readString(path).trim();
        if (!content.isEmpty()) {
          return content;
        }
      }
    } catch (IOException | InvalidPathException e) {
      throw badKeyFile(file);
    }
    throw badKeyFile(file);
  }

  private static CopyException badKeyFile(String file) {
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE,
        "the file \"" + file + "\" of connection property " + KEY_FILE + " holds no readable key");
  }

  /** The clauses of a COPY with what the stored connection says that they name. */
  static SourceClauses resolved(
      SessionLocal session, CopySettings settings, SourceClauses clauses) {
    if (clauses.connection() == null) {
      return clauses;
    }
    try {
      StoredObjects objects = of(session, settings);
      StoredObjects.Entry entry =
          objects.find(StoredObjects.Kind.CONNECTIONS, clauses.connection());
      if (entry == null) {
        throw unknown(clauses.connection());
      }
      checkMayUse(session, entry);
      return through(clauses, objects.open(entry));
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  static CopyException unknown(String connection) {
    return new CopyException(
        CopyErrorCode.UNDEFINED_OBJECT, "unknown connection \"" + connection + "\"");
  }

  static void checkMayUse(SessionLocal session, StoredObjects.Entry connection) {
    User user = session.getUser();
    if (user.isAdmin() || user.getName().equals(connection.owner())) {
      return;
    }
    Role role = session.getDatabase().findRole(USE_ROLE);
    if (role == null) {
      role = session.getDatabase().findRole(USE_ROLE.toLowerCase(Locale.ROOT));
    }
    if (role == null || !user.isRoleGranted(role)) {
      throw new CopyException(
              CopyErrorCode.INSUFFICIENT_PRIVILEGE,
              "permission denied for CONNECTION \"" + connection.name() + "\"")
          .withDetail(
              "Only administrators, its owner and users with the role copyload_use_connections may"
                  + " use it.");
    }
  }

  private static SourceClauses through(
      SourceClauses clauses, Map<String, StoredObjects.Setting> settings) {
    String id = text(settings, "ACCESS KEY ID");
    Authorization identity;
    if (id != null) {
      String token = text(settings, "SESSION TOKEN");
      identity =
          new Authorization.AccessKey(
              id,
              new Secret(text(settings, "SECRET ACCESS KEY")),
              token == null ? null : new Secret(token));
    } else {
      identity =
          new Authorization.Roles(
              List.of(text(settings, "ASSUME ROLE ARN")),
              text(settings, "ASSUME ROLE SESSION NAME"));
    }
    String endpoint = text(settings, "ENDPOINT");
    return clauses.through(
        text(settings, "REGION"),
        identity,
        endpoint == null || endpoint.isEmpty() ? null : endpoint);
  }

  private static String text(Map<String, StoredObjects.Setting> settings, String name) {
    StoredObjects.Setting setting = settings.get(name);
    return setting == null ? null : setting.text();
  }

  /** Refuses options that make no connection together, with Materialize's texts. */
  static void check(Map<String, StoredObjects.Setting> settings) {
    boolean id = settings.containsKey("ACCESS KEY ID");
    boolean secret = settings.containsKey("SECRET ACCESS KEY");
    boolean token = settings.containsKey("SESSION TOKEN");
    boolean arn = settings.containsKey("ASSUME ROLE ARN");
    boolean session = settings.containsKey("ASSUME ROLE SESSION NAME");
    if ((id || secret || token) && (arn || session)) {
      throw invalid("cannot specify both ACCESS KEY ID and ASSUME ROLE ARN");
    }
    if ((id || secret || token) && !(id && secret)) {
      throw invalid(
          "must specify both ACCESS KEY ID and SECRET ACCESS KEY with optional SESSION TOKEN");
    }
    if (session && !arn) {
      throw invalid("must specify ASSUME ROLE ARN with optional ASSUME ROLE SESSION NAME");
    }
    if (!id && !arn) {
      throw invalid("must specify either ASSUME ROLE ARN or ACCESS KEY ID and SECRET ACCESS KEY");
    }
    StoredObjects.Setting endpoint = settings.get("ENDPOINT");
    if (endpoint != null && endpoint.secret() != null) {
      throw invalid("ENDPOINT must be a text");
    }
    if (endpoint != null && !endpoint.text().isEmpty() && !isWebAddress(endpoint.text())) {
      throw invalid("invalid ENDPOINT: expected http(s)://host[:port]");
    }
    StoredObjects.Setting role = settings.get("ASSUME ROLE ARN");
    if (role != null
        && (role.text() == null || !role.text().matches("arn:[^:\\s]+:iam::[^:\\s]*:role/\\S+"))) {
      throw invalid("invalid ASSUME ROLE ARN: expected arn:aws:iam::<12 digits>:role/<name>");
    }
  }

  private static boolean isWebAddress(String text) {
    try {
      URI uri = new URI(text);
      return ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static CopyException invalid(String message) {
    return new CopyException(CopyErrorCode.INVALID_PARAMETER_VALUE, message);
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.catalog.InternalConnection;
import io.copyload.engine.catalog.LoadHistory;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.schema.Schema;

/** Connects sessions with the catalog of their database. */
public final class CatalogSetup {
  private CatalogSetup() {}

  /**
   * Makes sure that the catalog exists, and that the session finds its views without a schema
   * prefix.
   */
  public static void prepare(SessionLocal session) throws SQLException {
    Database database = session.getDatabase();
    try (Connection connection = InternalSessions.connections(database).open()) {
      Catalog.ensure(connection, Instant.now());
    }
    // First in the path: DROP ALL OBJECTS takes the other one away.
    addToPath(session, SessionFunctions.ensure(session));
    // The schema's name was written without quotes: it is stored as the database folds such names.
    Schema views = database.findSchema(Catalog.VIEW_SCHEMA);
    if (views == null) {
      views = database.findSchema(Catalog.VIEW_SCHEMA.toUpperCase(Locale.ROOT));
    }
    if (views == null) {
      return;
    }
    addToPath(session, views.getName());
  }

  private static void addToPath(SessionLocal session, String schema) {
    String[] path = session.getSchemaSearchPath();
    int length = path == null ? 0 : path.length;
    if (length > 0 && Arrays.asList(path).contains(schema)) {
      return;
    }
    String[] longer = length == 0 ? new String[1] : Arrays.copyOf(path, length + 1);
    longer[length] = schema;
    session.setSchemaSearchPath(longer);
  }

  /** The history of the database that the session uses. */
  public static LoadHistory history(SessionLocal session, CopySettings settings) {
    InternalConnection connections = InternalSessions.connections(session.getDatabase());
    return new LoadHistory(connections, settings.historyRetentionDays(), InstantSource.system());
  }
}

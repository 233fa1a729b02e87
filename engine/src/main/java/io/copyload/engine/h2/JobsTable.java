package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.Catalog;
import io.copyload.engine.job.Job;
import io.copyload.engine.job.JobEngine;
import io.copyload.engine.job.JobHost;
import io.copyload.engine.job.JobSettings;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.h2.command.ddl.CreateTableData;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.mvstore.db.Store;
import org.h2.table.Table;

/**
 * The catalog's table of jobs, and the engine that runs them. The table object is one per open
 * database and is closed with it, which ends the schedule.
 */
public final class JobsTable extends CatalogTable {
  /** A run that has not ended after so long is cut off by the closing database, as by a crash. */
  private static final long CLOSE_MILLIS = 2_000;

  private static final long CONNECTION_CLOSE_MILLIS = 10_000;

  /** Users whose newest connection's settings are kept. */
  private static final int MAX_USERS = 1000;

  private final JobEngine jobs;

  /** Settings of the newest connection of each user, the newest last. Guarded by itself. */
  private final Map<String, CopySettings> settings = new LinkedHashMap<>();

  JobsTable(CreateTableData data, Store store) {
    super(data, store);
    Database database = data.schema.getDatabase();
    jobs =
        new JobEngine(
            InternalSessions.connections(database),
            new JobEngine.Hosts() {
              @Override
              public JobHost of(Job job) {
                CopySettings found = settingsFor(database, job.userName());
                return found == null ? null : new JobLoads(database, found, warning -> {});
              }

              @Override
              public JobSettings settings() {
                synchronized (settings) {
                  JobSettings newest = JobSettings.DEFAULT;
                  for (CopySettings each : settings.values()) {
                    newest = each.jobs();
                  }
                  return newest;
                }
              }
            });
  }

  /** The owner's newest ones, else those of an administrator, else the newest. */
  private CopySettings settingsFor(Database database, String owner) {
    synchronized (settings) {
      CopySettings found = settings.get(owner);
      if (found == null) {
        boolean ofAdmin = false;
        for (Map.Entry<String, CopySettings> entry : settings.entrySet()) {
          var user = database.findUser(entry.getKey());
          boolean admin = user != null && user.isAdmin();
          if (admin || !ofAdmin) {
            found = entry.getValue();
            ofAdmin = admin;
          }
        }
      }
      return found;
    }
  }

  JobEngine jobs() {
    return jobs;
  }

  private static JobsTable find(Database database) {
    return CatalogTableEngine.find(database, Catalog.TABLE_SCHEMA, "jobs") instanceof JobsTable t
        ? t
        : null;
  }

  /** The jobs of the session's database. */
  static JobEngine of(SessionLocal session) {
    Table table = find(session.getDatabase());
    if (table == null) {
      // DROP ALL OBJECTS takes the catalog away too.
      try {
        CatalogSetup.prepare(session);
      } catch (SQLException e) {
        throw DbException.convert(e);
      }
      table = find(session.getDatabase());
    }
    if (table instanceof JobsTable found) {
      return found.jobs;
    }
    throw new CopyException(
        CopyErrorCode.NOT_IN_PREREQUISITE_STATE, "this database has no catalog of jobs");
  }

  /** The settings of the newest connection of the session's user, or null. */
  static CopySettings settingsOf(SessionLocal session) {
    JobsTable table = find(session.getDatabase());
    return table == null
        ? null
        : table.settingsFor(session.getDatabase(), session.getUser().getName());
  }

  /** A connection was opened. */
  public static void opened(SessionLocal session, CopySettings connection) throws SQLException {
    Database database = session.getDatabase();
    JobsTable table = find(database);
    if (table == null || database.isReadOnly()) {
      return;
    }
    String user = session.getUser().getName();
    synchronized (table.settings) {
      table.settings.remove(user);
      if (table.settings.size() >= MAX_USERS) {
        table.settings.remove(table.settings.keySet().iterator().next());
      }
      table.settings.put(user, connection);
    }
    table.jobs.opened();
  }

  /**
   * A connection is about to be closed. If it is the last one, the database may close with it.
   *
   * @return to be called when it is closed
   */
  public static Runnable closing(SessionLocal session) {
    Database database = session.getDatabase();
    if (database != null && database.getSessionCount() == 1 && !database.isClosing()) {
      JobsTable table = find(database);
      if (table != null && closesWithLast(session)) {
        table.jobs.stop(CONNECTION_CLOSE_MILLIS);
        return () -> table.restart(database);
      }
    }
    return () -> {};
  }

  /** Somebody has opened a connection while the last one was being closed. */
  private void restart(Database database) {
    if (database.getSessionCount() > 0 && !database.isClosing()) {
      try {
        jobs.opened();
      } catch (SQLException e) {
        throw DbException.convert(e);
      }
    }
  }

  /** Whether DB_CLOSE_DELAY keeps the database open no longer than its connections. */
  private static boolean closesWithLast(SessionLocal session) {
    var delay = session.getDatabase().findSetting("DB_CLOSE_DELAY");
    return delay == null || delay.getIntValue() == 0;
  }

  @Override
  public void close(SessionLocal session) {
    jobs.stop(CLOSE_MILLIS);
    super.close(session);
  }

  @Override
  public void removeChildrenAndResources(SessionLocal session) {
    jobs.stop(0);
    super.removeChildrenAndResources(session);
  }
}

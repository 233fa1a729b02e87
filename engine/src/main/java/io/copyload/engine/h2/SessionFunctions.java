package io.copyload.engine.h2;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.schema.FunctionAlias;
import org.h2.schema.Schema;
import org.h2.schema.SchemaObject;
import org.h2.schema.UserDefinedFunction;
import org.h2.value.Value;
import org.h2.value.ValueBigint;
import org.h2.value.ValueNull;

/**
 * Redshift's functions that tell a session about its last COPY: PG_LAST_COPY_ID, PG_LAST_COPY_COUNT
 * and PG_LAST_QUERY_ID. Loads are the only queries that have numbers here, so the last function
 * says the same as the first.
 *
 * <p>They stand in a schema that exists in memory only: nothing of it is stored, and SCRIPT does
 * not write it.
 */
public final class SessionFunctions {
  /** Schema of the functions, as it is written without quotes. */
  static final String SCHEMA = "copyload_session";

  private static final String LAST_ID = "copyload.last_copy_id";
  private static final String LAST_COUNT = "copyload.last_copy_count";

  private static final Map<String, String> METHODS =
      Map.of(
          "pg_last_copy_id", "lastCopyId",
          "pg_last_copy_count", "lastCopyCount",
          "pg_last_query_id", "lastCopyId");

  private SessionFunctions() {}

  /** The load phase of a COPY begins. */
  static void copyBegins(SessionLocal session, long loadId) {
    session.setVariable(LAST_ID, ValueBigint.get(loadId));
    session.setVariable(LAST_COUNT, ValueBigint.get(0));
  }

  /** The COPY has loaded rows. */
  static void copyLoaded(SessionLocal session, long rows) {
    session.setVariable(LAST_COUNT, ValueBigint.get(rows));
  }

  /** Number of the session's last load, -1 when there was none. */
  public static int lastCopyId(Connection connection) throws SQLException {
    return (int) variable(connection, LAST_ID, -1);
  }

  /** Rows that it has loaded; 0 when there was none or it has failed. */
  public static long lastCopyCount(Connection connection) throws SQLException {
    return variable(connection, LAST_COUNT, 0);
  }

  private static long variable(Connection connection, String name, long absent)
      throws SQLException {
    SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
    Value value = session.getVariable(name);
    return value == ValueNull.INSTANCE ? absent : value.getLong();
  }

  /** Makes sure that the functions exist in the database; returns the name of their schema. */
  static String ensure(SessionLocal session) {
    Database database = session.getDatabase();
    boolean upper = database.getSettings().databaseToUpper;
    String name = upper ? SCHEMA.toUpperCase(Locale.ROOT) : SCHEMA;
    synchronized (SessionFunctions.class) {
      if (database.findSchema(name) == null) {
        Memory schema = new Memory(database, name);
        schema.addMissing();
        // In a session of its own: it holds the lock of H2's catalog until it ends.
        SessionLocal own = InternalSessions.open(database);
        try {
          database.addDatabaseObject(own, schema);
          own.commit(true);
        } finally {
          own.close();
        }
      }
      return name;
    }
  }

  /** A schema that is neither stored nor dropped nor written by SCRIPT. */
  private static final class Memory extends Schema {
    Memory(Database database, String name) {
      super(database, 0, name, database.getSystemUser(), true);
      setTemporary(true);
    }

    private void addMissing() {
      boolean upper = getDatabase().getSettings().databaseToUpper;
      for (Map.Entry<String, String> method : METHODS.entrySet()) {
        String function = upper ? method.getKey().toUpperCase(Locale.ROOT) : method.getKey();
        if (findFunctionOrAggregate(function) == null) {
          add(
              FunctionAlias.newInstance(
                  this,
                  0,
                  function,
                  SessionFunctions.class.getName() + "." + method.getValue(),
                  false));
        }
      }
    }

    /** DROP ALL OBJECTS finds the functions nevertheless: others take their place. */
    @Override
    public void remove(SchemaObject object) {
      super.remove(object);
      addMissing();
    }

    @Override
    public boolean canDrop() {
      return false;
    }

    @Override
    public String getCreateSQL() {
      return null;
    }

    @Override
    public Collection<UserDefinedFunction> getAllFunctionsAndAggregates() {
      return List.of();
    }
  }
}

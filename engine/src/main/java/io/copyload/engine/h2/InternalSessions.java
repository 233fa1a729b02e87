package io.copyload.engine.h2;

import io.copyload.engine.catalog.InternalConnection;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;

/**
 * Sessions of the engine's own. They have the rights of the system, are not listed among the users'
 * sessions, and do not keep the database open. They may be used while the thread holds a user's
 * session, in exclusive mode too.
 */
final class InternalSessions {
  /** Owner id in H2's transaction log; H2 numbers sessions of its own from 1. */
  private static final int SESSION_ID = 0;

  private InternalSessions() {}

  static SessionLocal open(Database database) {
    SessionLocal session = new SessionLocal(database, database.getSystemUser(), SESSION_ID);
    session.setAllowLiterals(true);
    return session;
  }

  static InternalConnection connections(Database database) {
    return () -> new InternalJdbcConnection(open(database));
  }
}

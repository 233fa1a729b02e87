package io.copyload.engine.h2;

import io.copyload.engine.catalog.InternalConnection;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;

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

  /** A session of the engine's own with the rights of a user. */
  static SessionLocal openFor(Database database, User user) {
    SessionLocal session = new SessionLocal(database, user, SESSION_ID);
    session.setAllowLiterals(true);
    return session;
  }

  /**
   * Ends a session. H2 takes the end of any session for the last one when no user has one: then
   * this one only goes back to its last commit.
   */
  static void close(SessionLocal session) {
    Database database = session.getDatabase();
    if (database != null && database.getSessionCount() == 0) {
      session.rollback();
    } else {
      session.close();
    }
  }

  static InternalConnection connections(Database database) {
    return () -> new InternalJdbcConnection(open(database));
  }
}

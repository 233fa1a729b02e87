package io.copyload.engine.h2;

import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;

/**
 * The JDBC face of a session of the engine's own. Closing it ends the session, going back to the
 * last commit.
 */
final class InternalJdbcConnection extends JdbcConnection {
  private final SessionLocal session;

  InternalJdbcConnection(SessionLocal session) {
    super(session, session.getUser().getName(), "jdbc:h2:" + session.getDatabase().getName());
    this.session = session;
  }

  @Override
  public void close() throws SQLException {
    session.lock();
    try {
      InternalSessions.close(session);
    } catch (RuntimeException e) {
      throw logAndConvert(e);
    } finally {
      session.unlock();
    }
  }
}

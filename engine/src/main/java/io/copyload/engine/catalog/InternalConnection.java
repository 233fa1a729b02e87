package io.copyload.engine.catalog;

import java.sql.Connection;
import java.sql.SQLException;

/**
 * Opens connections of the engine's own to the database that a load runs in: with all rights, in a
 * transaction of their own, and usable while the thread holds the session of the load. Cheap enough
 * to open one per use.
 */
@FunctionalInterface
public interface InternalConnection {
  /** Opens a connection in auto-commit mode. The caller closes it. */
  Connection open() throws SQLException;
}

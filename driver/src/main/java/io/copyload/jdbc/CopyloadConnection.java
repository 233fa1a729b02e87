package io.copyload.jdbc;

import java.sql.Connection;
import java.util.Optional;

/**
 * What a connection of this driver can do beyond {@link Connection}; {@code
 * connection.unwrap(CopyloadConnection.class)} gives it, also through a pool.
 */
public interface CopyloadConnection extends Connection {
  /**
   * How far the COPY is that this connection runs, or how far the latest one came; empty before the
   * first. Threads: may be called by any thread while the COPY runs.
   */
  Optional<LoadStatus> loadStatus();
}

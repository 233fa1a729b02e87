package io.copyload.jdbc.postgres;

import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicReference;
import org.h2.command.CopyHost;

/** What the operations of the COPY API need from their connection. Threads: any. */
public interface CopyApiHost extends CopyHost {
  /** An operation that holds the connection from its start to its end. */
  interface ActiveCopy {
    /** Whether that thread started the operation or was the last to use it. */
    boolean isUsedBy(Thread thread);
  }

  boolean isClosed() throws SQLException;

  /** The operation that holds the connection, or null. */
  AtomicReference<ActiveCopy> activeCopy();
}

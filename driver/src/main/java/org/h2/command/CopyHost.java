package org.h2.command;

import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.h2.CopyRunner;
import io.copyload.engine.h2.CopySettings;
import java.sql.SQLWarning;
import org.h2.engine.SessionLocal;

/**
 * What a COPY command needs from the connection that prepared it. Threads: those of the connection.
 */
public interface CopyHost {
  SessionLocal copySession();

  CopySettings copySettings();

  CopyRunner copyRunner();

  /**
   * A COPY or another statement of ours begins; {@code command} is what the end of the connection
   * has to cancel.
   */
  void copyBegins(HostedCommand command);

  /** It has ended, well or not, and its savepoint or commit is done. */
  void copyEnds(boolean succeeded);

  /** What a COPY reads from STDIN that has no data of its own; null when that is an error. */
  default CopyClient standardInput() {
    return null;
  }

  void copyWarning(SQLWarning warning);
}

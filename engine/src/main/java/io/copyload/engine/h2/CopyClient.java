package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.source.SourceObject;

/** The other end of STDIN and STDOUT. Threads: called by the thread that runs the COPY. */
public interface CopyClient {
  /** The data behind STDIN; opened after {@link #copyInBegins}. */
  SourceObject stdin();

  /** The statement is checked and its table locked; data is read from now on. */
  default void copyInBegins(int columns, boolean binary) {
    // Most clients have their data at hand.
  }

  /**
   * All rows are loaded. Returns when the client has said that its data has ended, which is later
   * than the last row when an end-of-data marker stood behind it; throws when it cancels instead.
   */
  default void awaitEnd(CancelToken cancel) {
    cancel.check();
  }

  /** Takes what goes to STDOUT; null when nobody does. */
  default ByteSink stdout() {
    return null;
  }
}

package io.copyload.jdbc;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.h2.CopyRunner;

/** The one place that says which engine a connection's COPY statements run on. */
final class CopyRunners {
  private CopyRunners() {}

  /** The engine of this build. */
  static CopyRunner get() {
    return (session, sql, parameters, cancel, settings, warnings) -> {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED, "COPY is not supported by this build");
    };
  }
}

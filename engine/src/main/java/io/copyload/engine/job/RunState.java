package io.copyload.engine.job;

import io.copyload.engine.CancelToken;
import java.util.Set;

/** A run that has a job's lease. Threads: any. */
final class RunState {
  final String lease;
  final CancelToken cancel;
  final boolean auto;

  /** Rows of the ledger that are being loaded now. */
  volatile Set<Long> loading = Set.of();

  /** Whether to end after the batch that runs. */
  volatile boolean stop;

  RunState(String lease, CancelToken cancel, boolean auto) {
    this.lease = lease;
    this.cancel = cancel;
    this.auto = auto;
  }
}

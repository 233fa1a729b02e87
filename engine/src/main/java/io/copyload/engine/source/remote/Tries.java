package io.copyload.engine.source.remote;

import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** Repeats requests that fail in passing, later and later. */
public final class Tries {
  private static final long FIRST_WAIT_MILLIS = 100;
  private static final long MAX_WAIT_MILLIS = 5000;

  /** Where nobody answers, more tries hardly help. */
  private static final int MAX_UNREACHABLE = 3;

  private final int most;
  private int failed;

  public Tries(NetworkSettings settings) {
    most = settings.tries();
  }

  /** A request that may fail. */
  public interface Request<T> {
    T send() throws IOException;
  }

  /** Waits; may end early by an exception when nobody needs the answer any more. */
  public interface Waiter {
    void await(long millis) throws IOException;
  }

  /** The answer of the first request that succeeds. */
  public <T> T answer(Request<T> request, Waiter waiter) throws IOException {
    while (true) {
      try {
        return request.send();
      } catch (IOException e) {
        waiter.await(waitAfter(e));
      }
    }
  }

  /** The last try has moved something: begin to count again. */
  void progress() {
    failed = 0;
  }

  /**
   * How long to wait before the next try, with a random part, so that many that failed together do
   * not come together again.
   *
   * @throws RemoteFailure when there shall be none
   */
  long waitAfter(IOException e) throws RemoteFailure {
    RemoteFailure failure = RemoteFailure.of(e);
    failed++;
    boolean more =
        switch (failure.kind()) {
          case FINAL, CHANGED -> false;
          case PASSING -> failed < most;
          case UNREACHABLE -> failed < Math.min(most, MAX_UNREACHABLE);
        };
    if (!more) {
      throw failure;
    }
    long wait = Math.min(MAX_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(failed - 1, 10));
    return wait / 2 + ThreadLocalRandom.current().nextLong(wait / 2 + 1);
  }
}

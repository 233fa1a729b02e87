package io.copyload.engine.source.remote;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A request that a statement needs answered before its load begins. It runs in a thread of its own:
 * a cancelled statement does not wait for the network.
 */
public final class Planning<T> {
  private static final long POLL_MILLIS = 20;
  private static final AtomicLong REQUESTS = new AtomicLong();

  private final CancelToken cancel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean over;
  private boolean answered;
  private T answer;
  private Throwable failure;

  private Planning(CancelToken cancel) {
    this.cancel = cancel;
  }

  /**
   * The answer of {@code request}, repeated where that may help.
   *
   * @param name of what is asked for, for messages
   * @param abort ends a request that is under way
   * @throws CopyException when there is no answer
   */
  public static <T> T answer(
      String name,
      NetworkSettings settings,
      Tries.Request<T> request,
      Runnable abort,
      CancelToken cancel) {
    Planning<T> planning = new Planning<>(cancel);
    Thread thread =
        new Thread(
            () -> planning.ask(new Tries(settings), request),
            "copyload-plan-" + REQUESTS.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    try {
      return planning.await(name);
    } finally {
      planning.over = true;
      if (thread.isAlive()) {
        abort.run();
        thread.interrupt();
      }
    }
  }

  private void ask(Tries tries, Tries.Request<T> request) {
    T got = null;
    Throwable problem = null;
    try {
      got = tries.answer(request, this::pause);
    } catch (IOException | RuntimeException | Error e) {
      problem = e;
    }
    lock.lock();
    try {
      answer = got;
      failure = problem;
      answered = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private T await(String name) {
    lock.lock();
    try {
      while (!answered) {
        cancel.check();
        changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancelByUser();
      cancel.check();
    } finally {
      lock.unlock();
    }
    cancel.check();
    if (failure instanceof IOException e) {
      throw RemoteFailure.of(e).toCopyException(name);
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
    return answer;
  }

  private void pause(long millis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      for (long left = deadline - System.nanoTime();
          left > 0 && !over;
          left = deadline - System.nanoTime()) {
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
    if (over) {
      throw new IOException("the statement has ended");
    }
  }
}

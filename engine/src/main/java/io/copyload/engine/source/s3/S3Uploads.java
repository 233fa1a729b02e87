package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * The requests of one export that are under way, and the memory that their bytes take. Every wait
 * ends soon after the statement is cancelled.
 *
 * <p>Threads: {@link #start}, {@link #startWith} and the waits are for those that write objects.
 */
final class S3Uploads {
  /** S3 takes no smaller parts, but for the last one. */
  private static final int MIN_PART_BYTES = 5 << 20;

  private static final int MAX_PART_BYTES = 16 << 20;

  /** What an export may hold of the memory that a load has. */
  private static final int MEMORY_SHARE = 4;

  private static final long POLL_MILLIS = 20;
  private static final long CLEANING_MILLIS = 10_000;
  private static final long CANCELLED_CLEANING_MILLIS = 500;
  private static final AtomicLong NUMBERS = new AtomicLong();

  private final NetworkSettings network;
  private final CancelToken cancel;
  private final long budgetBytes;
  private final int partBytes;
  private final long number = NUMBERS.incrementAndGet();
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private final ArrayDeque<byte[]> spare = new ArrayDeque<>();
  private int running;
  private long runningBytes;
  private long heldBytes;
  private CopyException failure;
  private volatile boolean over;

  /** One request, which may be repeated. */
  interface Request {
    void send() throws IOException;
  }

  /** Sends what undoes an export. */
  interface Cleaner {
    void clean(Request request);
  }

  S3Uploads(NetworkSettings network, long memoryBytes, CancelToken cancel) {
    this.network = network;
    this.cancel = cancel;
    budgetBytes = memoryBytes / MEMORY_SHARE;
    partBytes =
        (int)
            Math.max(
                MIN_PART_BYTES,
                Math.min(MAX_PART_BYTES, budgetBytes / (2L * network.connections())));
    AtomicLong threadNumbers = new AtomicLong();
    threads =
        Executors.newFixedThreadPool(
            network.connections(),
            task -> {
              Thread thread =
                  new Thread(
                      task, "copyload-upload-" + number + "-" + threadNumbers.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  /** Size of the first parts of an object. */
  int partBytes() {
    return partBytes;
  }

  /** A buffer of that size that nobody uses, or null. */
  byte[] spareBuffer(int size) {
    lock.lock();
    try {
      byte[] buffer = spare.poll();
      return buffer != null && buffer.length == size ? buffer : null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether so many bytes may stay in memory until the statement ends. */
  boolean hold(int bytes) {
    lock.lock();
    try {
      // Some memory whatever else is going on: most exports have one small object at the end.
      if (heldBytes + bytes > Math.max(budgetBytes / 2, 2L * partBytes)) {
        return false;
      }
      heldBytes += bytes;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Sends a request from another thread. */
  void start(S3Address address, Request request) {
    start(null, 0, address, request);
  }

  /**
   * Sends a request from another thread as soon as there is memory for its bytes.
   *
   * @param buffer used again when the request is answered
   */
  void startWith(byte[] buffer, int length, S3Address address, Request request) {
    lock.lock();
    try {
      while (runningBytes > 0 && runningBytes + length > budgetBytes) {
        pause();
      }
    } finally {
      lock.unlock();
    }
    start(buffer, length, address, request);
  }

  private void start(byte[] buffer, int length, S3Address address, Request request) {
    lock.lock();
    try {
      check();
      running++;
      runningBytes += length;
    } finally {
      lock.unlock();
    }
    threads.execute(
        () -> {
          CopyException problem = null;
          try {
            answer(request);
          } catch (IOException e) {
            problem = RemoteFailure.of(e).whileWriting(address.toString());
          } catch (CopyException e) {
            problem = e;
          } catch (RuntimeException | Error e) {
            problem =
                RemoteFailure.passing("unexpected failure", e).whileWriting(address.toString());
          } finally {
            ended(buffer, length, problem);
          }
        });
  }

  private void answer(Request request) throws IOException {
    new Tries(network)
        .answer(
            () -> {
              if (over) {
                throw RemoteFailure.lasting(
                    CopyErrorCode.CANCELLED, "the statement has ended", null);
              }
              request.send();
              return null;
            },
            this::pauseUnlessOver);
  }

  private void ended(byte[] buffer, int length, CopyException problem) {
    lock.lock();
    try {
      running--;
      runningBytes -= length;
      if (buffer != null && spare.size() < network.connections()) {
        spare.add(buffer);
      }
      if (failure == null) {
        failure = problem;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void pauseUnlessOver(long millis) throws IOException {
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

  /** Sends a request and waits for its answer. */
  void await(S3Address address, Request request) {
    boolean[] answered = new boolean[1];
    start(
        address,
        () -> {
          request.send();
          answered[0] = true;
        });
    lock.lock();
    try {
      while (!answered[0]) {
        pause();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits until all requests are answered. */
  void awaitAll() {
    lock.lock();
    try {
      while (running > 0) {
        pause();
      }
      check();
    } finally {
      lock.unlock();
    }
  }

  /** Call with the lock held. */
  private void pause() {
    check();
    try {
      changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      cancel.cancelByUser();
    }
    check();
  }

  private void check() {
    cancel.check();
    if (failure != null) {
      throw failure;
    }
  }

  /**
   * Ends all requests, and then sends those that undo the export; the caller does not wait long for
   * them.
   *
   * @param abort ends requests that are under way
   */
  void close(Runnable abort, Consumer<Cleaner> undo) {
    lock.lock();
    try {
      over = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    threads.shutdownNow();
    abort.run();
    Thread cleaning = new Thread(() -> clean(undo), "copyload-upload-" + number + "-undo");
    cleaning.setDaemon(true);
    cleaning.start();
    try {
      cleaning.join(cancel.isCancelled() ? CANCELLED_CLEANING_MILLIS : CLEANING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void clean(Consumer<Cleaner> undo) {
    try {
      // A part that arrives behind the end of its upload would stay.
      threads.awaitTermination(network.timeout().toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    undo.accept(
        request -> {
          try {
            new Tries(network)
                .answer(
                    () -> {
                      request.send();
                      return null;
                    },
                    this::pauseCleaning);
          } catch (IOException e) {
            // The export has failed already, and says why; stores forget old uploads by themselves.
          }
        });
  }

  private void pauseCleaning(long millis) throws IOException {
    lock.lock();
    try {
      changed.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lock.unlock();
    }
  }
}

package io.copyload.engine.source.remote;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Brings the objects of one load from another machine before the load asks for them: a bounded
 * number of threads find objects, learn their size and identity and fetch their bytes by blocks, in
 * the order in which the load will want them, until so many bytes wait that the budget is used up.
 * A block that a reader needs and nobody has asked for yet goes first and does not mind the budget,
 * so that readers never wait for each other.
 *
 * <p>What breaks is tried again, from the byte where it broke.
 *
 * <p>Threads: {@link #next} one at a time, readers any. Closing ends all requests and threads.
 */
public final class ReadAhead implements SourceListing.Cursor {
  /** Objects that wait to be taken by the load. */
  private static final int MAX_WAITING_OBJECTS = 256;

  private static final int READ_BYTES = 128 << 10;
  private static final long POLL_MILLIS = 20;
  private static final long CLOSE_MILLIS = 300;

  /** Progress that is worth more tries. */
  private static final int PROGRESS_BYTES = 4 << 10;

  private static final AtomicLong FETCHERS = new AtomicLong();

  /** Finds the objects of a load one after the other. Threads: one at a time. */
  public interface Finder {
    /** The next object or null. Repeats requests by itself, waiting as {@code waiter} says. */
    RemoteObject next(Tries.Waiter waiter) throws IOException;

    /** Ends requests that are under way; any thread. */
    void abort();
  }

  private final Finder finder;
  private final NetworkSettings settings;
  private final int blockBytes;
  private final boolean ahead;
  private final CancelToken cancel;

  private final ReentrantLock lock = new ReentrantLock();

  /** There is something to do for a fetcher. */
  private final Condition work = lock.newCondition();

  /** An object has arrived, or the load has ended. */
  private final Condition arrived = lock.newCondition();

  // All guarded by lock.
  private final ArrayDeque<RemoteObject> waiting = new ArrayDeque<>();
  private final ArrayDeque<RemoteObject> unscheduled = new ArrayDeque<>();
  private final ArrayDeque<Block> demanded = new ArrayDeque<>();
  private final List<Thread> threads = new ArrayList<>();
  private final Set<RemoteBody> open = new HashSet<>();
  private int idle;
  private long reservedBytes;
  private boolean finding;
  private boolean foundAll;
  private IOException findFailure;
  private boolean closed;

  /**
   * @param ahead whether the load reads objects from begin to end; otherwise only what is asked for
   *     is fetched
   */
  public ReadAhead(Finder finder, NetworkSettings settings, boolean ahead, CancelToken cancel) {
    this.finder = finder;
    this.settings = settings;
    this.ahead = ahead;
    this.cancel = cancel;
    blockBytes = settings.blockBytes();
  }

  // ---------------------------------------------------------------------------------------------
  // For the load
  // ---------------------------------------------------------------------------------------------

  @Override
  public SourceObject next() throws IOException {
    lock.lock();
    try {
      while (true) {
        cancel.check();
        RemoteObject first = waiting.peek();
        if (first == null && findFailure != null) {
          if (findFailure.getCause() instanceof CopyException e) {
            throw e;
          }
          throw findFailure;
        }
        if (first == null && foundAll) {
          return null;
        }
        if (first != null && first.resolved) {
          waiting.poll();
          hire();
          if (first.failure != null) {
            throw first.failure.toCopyException(first.name());
          }
          if (!first.missing) {
            first.handOver(this);
            return first;
          }
          continue;
        }
        hire();
        arrived.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  ByteReader reader(RemoteObject object, long offset, long end, CancelToken readerCancel) {
    return new BlockReader(this, object, offset, end, readerCancel);
  }

  boolean readsAhead() {
    return ahead;
  }

  /** The block with that byte; its fetch begins now if it has not begun before. */
  Block block(RemoteObject object, long position) {
    lock.lock();
    try {
      long begin = position - position % blockBytes;
      Block block = makeBlock(object, begin);
      if (!block.scheduled && closed) {
        // Nobody would bring it.
        block.failed(
            RemoteFailure.lasting(
                CopyErrorCode.OBJECT_UNREADABLE, "the load of the object has ended", null));
      } else if (!block.scheduled) {
        block.scheduled = true;
        reserve(block);
        demanded.add(block);
        hire();
      }
      return block;
    } finally {
      lock.unlock();
    }
  }

  /** The next bytes from {@code begin} to {@code end}, and no others, for one reader alone. */
  Block exactBlock(RemoteObject object, long begin, long end) {
    lock.lock();
    try {
      Block block = new Block(object, begin, (int) Math.min(blockBytes, end - begin));
      block.scheduled = true;
      reserve(block);
      demanded.add(block);
      hire();
      return block;
    } finally {
      lock.unlock();
    }
  }

  private Block makeBlock(RemoteObject object, long begin) {
    return object.blocks.computeIfAbsent(
        begin, at -> new Block(object, at, (int) Math.min(blockBytes, object.size() - at)));
  }

  private void reserve(Block block) {
    block.reserved = true;
    reservedBytes += block.length;
  }

  /** A block has been read. */
  void drop(Block block) {
    lock.lock();
    try {
      block.object.blocks.remove(block.begin, block);
      forget(block);
    } finally {
      lock.unlock();
    }
  }

  private void forget(Block block) {
    if (block.reserved) {
      block.reserved = false;
      reservedBytes -= block.length;
      hire();
    }
    block.bytes = null;
  }

  /** Nobody reads the object any more. */
  void release(RemoteObject object) {
    lock.lock();
    try {
      object.released = true;
      object.blocks.values().forEach(this::forget);
      object.blocks.clear();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    List<Thread> ending;
    lock.lock();
    try {
      closed = true;
      open.forEach(RemoteBody::abort);
      ending = List.copyOf(threads);
      work.signalAll();
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    finder.abort();
    ending.forEach(Thread::interrupt);
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_MILLIS);
    for (Thread thread : ending) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      try {
        // One that is deep in the network ends when that answers; it has nothing left to do.
        thread.join(Math.max(1, left));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  // ---------------------------------------------------------------------------------------------
  // The fetchers
  // ---------------------------------------------------------------------------------------------

  /**
   * Wakes a fetcher, or starts one, when there is work; who takes work calls again for the next.
   * Call with the lock held.
   */
  private void hire() {
    if (closed || !hasWork()) {
      return;
    }
    if (idle > 0) {
      work.signal();
    } else if (threads.size() < settings.connections()) {
      Thread thread = new Thread(this::fetchAll, "copyload-fetch-" + FETCHERS.incrementAndGet());
      thread.setDaemon(true);
      thread.start();
      threads.add(thread);
    }
  }

  private boolean hasWork() {
    return !demanded.isEmpty() || mayFind() || hasUnscheduled();
  }

  private boolean mayFind() {
    return !finding
        && !foundAll
        && (waiting.isEmpty()
            || ahead
                && waiting.size() < MAX_WAITING_OBJECTS
                && reservedBytes < settings.readAheadBytes());
  }

  /** Whether there is a block to read ahead; drops objects that have none left. */
  private boolean hasUnscheduled() {
    if (!ahead || reservedBytes >= settings.readAheadBytes()) {
      return false;
    }
    for (RemoteObject first = unscheduled.peek(); first != null; first = unscheduled.peek()) {
      if (!first.resolved) {
        return false;
      }
      boolean done =
          first.missing
              || first.failure != null
              || first.released
              || first.nextBlockBegin >= first.size();
      if (!done) {
        return true;
      }
      unscheduled.poll();
    }
    return false;
  }

  private void fetchAll() {
    lock.lock();
    try {
      while (!closed) {
        Block block = demanded.poll();
        if (block == null && hasUnscheduled()) {
          block = schedule(unscheduled.peek());
          if (block == null) {
            continue;
          }
        }
        if (block != null) {
          hire();
          fetchUnlocked(block);
        } else if (mayFind()) {
          find();
        } else {
          idle++;
          try {
            work.await();
          } finally {
            idle--;
          }
        }
      }
    } catch (InterruptedException e) {
      // Only closing interrupts.
    } finally {
      lock.unlock();
    }
  }

  /** The next block of an object; null when somebody has asked for it already. */
  private Block schedule(RemoteObject object) {
    Block block = makeBlock(object, object.nextBlockBegin);
    object.nextBlockBegin += blockBytes;
    if (block.scheduled) {
      return null;
    }
    block.scheduled = true;
    reserve(block);
    return block;
  }

  private void find() {
    finding = true;
    RemoteObject found = null;
    IOException problem = null;
    lock.unlock();
    try {
      found = finder.next(this::awaitOpen);
    } catch (IOException e) {
      problem = e;
    } catch (RuntimeException e) {
      problem = new IOException(e.getMessage(), e);
    } finally {
      lock.lock();
    }
    finding = false;
    if (found == null) {
      foundAll = true;
      findFailure = problem;
      arrived.signalAll();
      return;
    }
    waiting.add(found);
    unscheduled.add(found);
    if (found.isResolved()) {
      found.resolved = true;
      arrived.signalAll();
      hire();
      return;
    }
    hire();
    resolveUnlocked(found);
  }

  private void resolveUnlocked(RemoteObject object) {
    RemoteFailure failure = null;
    boolean exists = false;
    lock.unlock();
    try {
      int headBytes = ahead ? blockBytes : Math.min(blockBytes, BlockReader.LEAST_EXACT_BYTES);
      exists = new Tries(settings).answer(() -> object.resolve(headBytes), this::awaitOpen);
    } catch (IOException e) {
      failure = RemoteFailure.of(e);
    } catch (RuntimeException e) {
      failure = RemoteFailure.of(new IOException(e.getMessage(), e));
    } finally {
      lock.lock();
    }
    object.failure = failure;
    object.missing = failure == null && !exists;
    byte[] head = object.takeHead();
    if (exists && head != null && head.length > 0) {
      Block first = makeBlock(object, 0);
      if (head.length == first.length) {
        first.scheduled = true;
        first.bytes = head;
        first.arrived(head.length);
        reserve(first);
      }
    }
    object.resolved = true;
    arrived.signalAll();
    hire();
  }

  private void fetchUnlocked(Block block) {
    lock.unlock();
    try {
      fetch(block);
    } catch (IOException e) {
      block.failed(RemoteFailure.of(e));
    } catch (RuntimeException e) {
      block.failed(RemoteFailure.of(new IOException(String.valueOf(e.getMessage()), e)));
    } catch (OutOfMemoryError e) {
      block.failed(RemoteFailure.of(new IOException("out of memory", e)));
    } finally {
      lock.lock();
    }
  }

  private void fetch(Block block) throws IOException {
    byte[] bytes = new byte[block.length];
    block.bytes = bytes;
    Tries tries = new Tries(settings);
    while (block.filled() < block.length) {
      int before = block.filled();
      try {
        fetchFrom(block, bytes);
      } catch (IOException e) {
        awaitOpen(0);
        if (block.filled() - before >= PROGRESS_BYTES) {
          tries.progress();
        }
        awaitOpen(tries.waitAfter(e));
      }
    }
  }

  private void fetchFrom(Block block, byte[] bytes) throws IOException {
    long from = block.begin + block.filled();
    try (RemoteBody body = register(block.object.get(from, block.end()))) {
      try {
        while (block.filled() < block.length) {
          int at = block.filled();
          int count = body.read(bytes, at, Math.min(READ_BYTES, block.length - at));
          if (count < 0) {
            throw RemoteFailure.passing(
                "the answer ended after " + at + " of " + block.length + " bytes", null);
          }
          block.arrived(count);
        }
      } catch (IOException | RuntimeException e) {
        body.abort();
        throw e;
      } finally {
        unregister(body);
      }
    }
  }

  private RemoteBody register(RemoteBody body) throws IOException {
    lock.lock();
    try {
      if (closed) {
        body.abort();
        throw new InterruptedIOException("the load has ended");
      }
      open.add(body);
      return body;
    } finally {
      lock.unlock();
    }
  }

  private void unregister(RemoteBody body) {
    lock.lock();
    try {
      open.remove(body);
    } finally {
      lock.unlock();
    }
  }

  /** Waits before another try, unless the load has ended. */
  private void awaitOpen(long millis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    lock.lock();
    try {
      while (true) {
        if (closed || cancel.isCancelled()) {
          throw RemoteFailure.lasting(CopyErrorCode.CANCELLED, "the load has ended", null);
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return;
        }
        arrived.awaitNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the load has ended");
    } finally {
      lock.unlock();
    }
  }
}

package io.copyload.engine.compress;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The pieces of one object, in order, on their way from the scanner to the reader. Whoever has
 * time, reader or helper, scans the next piece and prepares it; one scans at a time, several
 * prepare. Pieces that wait are bounded in number and bytes.
 *
 * <p>Failures are kept until the reader comes to the place where they happened.
 */
final class PieceQueue<P extends PieceQueue.Piece> {
  private static final long POLL_MILLIS = 20;

  /** A part of the stored bytes. */
  interface Piece {
    /** Decodes what can be decoded without the pieces before. Threads: any, once. */
    void prepare();

    /** Heap that the piece takes or will take. */
    long heldBytes();
  }

  /** Cuts stored bytes into pieces. Threads: one at a time. */
  interface Scanner<P> {
    /** The next piece, null at the end. */
    P next() throws IOException;
  }

  private static final class Slot<P> {
    final P piece;
    final long heldBytes;
    boolean done;
    Throwable failure;

    Slot(P piece, long heldBytes) {
      this.piece = piece;
      this.heldBytes = heldBytes;
    }
  }

  private final StoredInput in;
  private final Scanner<P> scanner;
  private final Decompression how;
  private final int maxPieces;
  private final long maxHeldBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Slot<P>> slots = new ArrayDeque<>();
  private long heldBytes;
  private boolean scanning;
  private boolean ended;
  private boolean closed;
  private Throwable scanFailure;

  PieceQueue(StoredInput in, Scanner<P> scanner, Decompression how) {
    this.in = in;
    this.scanner = scanner;
    this.how = how;
    maxPieces = how.threads() > 1 ? 2 * how.threads() : 1;
    maxHeldBytes = how.memoryBytes();
  }

  /** The next piece, prepared; null at the end. For the reader. */
  P next() throws IOException {
    while (true) {
      Slot<P> taken = null;
      lock.lock();
      try {
        Slot<P> head = slots.peek();
        if (head != null && head.done) {
          taken = slots.remove();
          heldBytes -= head.heldBytes;
          rethrow(head.failure);
          return head.piece;
        }
        if (head == null && ended) {
          rethrow(scanFailure);
          return null;
        }
        if (mayScan()) {
          scanning = true;
        } else {
          how.cancel().check();
          changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
          continue;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } finally {
        lock.unlock();
        if (taken != null) {
          how.moved().run();
        }
      }
      scanAndPrepare();
    }
  }

  /** As {@link Decompressor#help}. */
  boolean help() {
    lock.lock();
    try {
      if (!mayScan()) {
        return false;
      }
      scanning = true;
    } finally {
      lock.unlock();
    }
    scanAndPrepare();
    return true;
  }

  private boolean mayScan() {
    return !scanning
        && !ended
        && !closed
        && (slots.isEmpty() || (slots.size() < maxPieces && heldBytes < maxHeldBytes));
  }

  private void scanAndPrepare() {
    P piece = null;
    Throwable failure = null;
    try {
      piece = scanner.next();
    } catch (Throwable e) {
      failure = e;
    }
    Slot<P> slot = null;
    lock.lock();
    try {
      scanning = false;
      if (piece == null) {
        ended = true;
        scanFailure = failure;
      } else {
        slot = new Slot<>(piece, piece.heldBytes());
        slots.add(slot);
        heldBytes += slot.heldBytes;
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (slot == null) {
      return;
    }
    how.moved().run();
    try {
      piece.prepare();
    } catch (Throwable e) {
      failure = e;
    }
    lock.lock();
    try {
      slot.failure = failure;
      slot.done = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static void rethrow(Throwable failure) throws IOException {
    if (failure instanceof IOException e) {
      throw e;
    }
    if (failure instanceof RuntimeException e) {
      throw e;
    }
    if (failure instanceof Error e) {
      throw e;
    }
  }

  /** Closes the stored bytes, once nobody reads them any more. */
  void close() throws IOException {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      while (scanning) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
    in.close();
  }
}

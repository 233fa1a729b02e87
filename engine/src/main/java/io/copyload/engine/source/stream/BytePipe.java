package io.copyload.engine.source.stream;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * An input that another thread writes while the load reads. It holds at most a megabyte, or as much
 * as is said: a writer that is faster than the load waits.
 *
 * <p>Threads: one writer, one reader; {@link #abandon} and {@link #awaitEnd} any.
 */
public final class BytePipe implements SourceObject {
  private static final int CAPACITY_BYTES = 1 << 20;

  /** The reader sleeps until there is that much, so that rows written one by one stay cheap. */
  private static final int WORTH_READING_BYTES = 64 << 10;

  private static final long POLL_MILLIS = 20;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition readable = lock.newCondition();
  private final Condition writable = lock.newCondition();
  private final byte[] ring;
  private final int capacity;
  private final int worthReading;
  private int begin;
  private int count;
  private boolean flushed;
  private boolean ended;
  private boolean abandoned;
  private boolean opened;

  public BytePipe() {
    this(CAPACITY_BYTES);
  }

  /**
   * @param capacity most bytes that wait
   */
  public BytePipe(int capacity) {
    this.capacity = capacity;
    ring = new byte[capacity];
    worthReading = Math.min(WORTH_READING_BYTES, Math.max(1, capacity / 2));
  }

  /**
   * Hands bytes over, which the caller may change afterwards; waits while the pipe is full. Returns
   * false when nobody reads them any more; that is so after a failure, and behind an end-of-data
   * marker.
   */
  public boolean write(byte[] bytes, int offset, int length) throws InterruptedException {
    int from = offset;
    int left = length;
    lock.lockInterruptibly();
    try {
      while (left > 0) {
        while (count == capacity && !abandoned) {
          writable.await();
        }
        if (abandoned) {
          return false;
        }
        int at = (begin + count) % capacity;
        int n = Math.min(Math.min(left, capacity - count), capacity - at);
        System.arraycopy(bytes, from, ring, at, n);
        count += n;
        from += n;
        left -= n;
        if (count >= worthReading) {
          readable.signal();
        }
      }
      return !abandoned;
    } finally {
      lock.unlock();
    }
  }

  /** Lets the reader have what was written so far without waiting for more. */
  public void flush() {
    lock.lock();
    try {
      flushed = true;
      readable.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more will be written. */
  public void end() {
    lock.lock();
    try {
      ended = true;
      readable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until the writer has said that it is done. */
  public void awaitEnd(CancelToken cancel) {
    boolean interrupted = false;
    lock.lock();
    try {
      while (true) {
        cancel.check();
        if (ended) {
          return;
        }
        try {
          readable.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
          cancel.cancelByUser();
        }
      }
    } finally {
      lock.unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Nothing more will be read: a writer that waits goes on, and what it writes is dropped. */
  public void abandon() {
    lock.lock();
    try {
      abandoned = true;
      count = 0;
      writable.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return "stdin";
  }

  @Override
  public long size() {
    return UNKNOWN_SIZE;
  }

  @Override
  public boolean seekable() {
    return false;
  }

  @Override
  public ByteReader open(long offset, CancelToken cancel) throws IOException {
    lock.lock();
    try {
      if (opened || offset != 0) {
        throw new IOException("a stream can be read only once");
      }
      opened = true;
      return new Reader(cancel);
    } finally {
      lock.unlock();
    }
  }

  private final class Reader implements ByteReader {
    private final CancelToken cancel;

    Reader(CancelToken cancel) {
      this.cancel = cancel;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      lock.lock();
      try {
        boolean waited = false;
        while (count < worthReading && !ended && !(count > 0 && (flushed || waited))) {
          cancel.check();
          waited = !readable.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
        }
        cancel.check();
        if (count == 0) {
          return -1;
        }
        int n = Math.min(Math.min(length, count), capacity - begin);
        System.arraycopy(ring, begin, buffer, offset, n);
        begin = (begin + n) % capacity;
        count -= n;
        flushed &= count > 0;
        if (capacity - count >= worthReading) {
          writable.signal();
        }
        return n;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void close() {
      abandon();
    }
  }
}

package io.copyload.engine.source.remote;

/** A piece of a remote object, while it arrives and until it has been read. */
final class Block {
  final RemoteObject object;
  final long begin;
  final int length;

  /** Somebody fetches it, or has fetched it. Guarded by the lock of the read-ahead. */
  boolean scheduled;

  /** Its bytes count for the budget. Guarded by the lock of the read-ahead. */
  boolean reserved;

  /** Null before the fetch begins and after the block was dropped. */
  volatile byte[] bytes;

  /** How many bytes have arrived. */
  private volatile int filled;

  private volatile RemoteFailure failure;

  Block(RemoteObject object, long begin, int length) {
    this.object = object;
    this.begin = begin;
    this.length = length;
  }

  long end() {
    return begin + length;
  }

  int filled() {
    return filled;
  }

  RemoteFailure failure() {
    return failure;
  }

  /** More bytes have arrived. Threads: the one that fetches. */
  void arrived(int count) {
    synchronized (this) {
      filled += count;
      notifyAll();
    }
  }

  void failed(RemoteFailure why) {
    synchronized (this) {
      failure = why;
      notifyAll();
    }
  }

  /** Waits a moment for more than {@code count} bytes. */
  void await(int count, long millis) throws InterruptedException {
    synchronized (this) {
      if (filled <= count && failure == null) {
        wait(millis);
      }
    }
  }
}

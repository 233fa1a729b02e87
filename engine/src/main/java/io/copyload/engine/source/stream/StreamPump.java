package io.copyload.engine.source.stream;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Reads a caller's stream in a thread of its own, so that a load can stop waiting for it: a read of
 * a foreign stream may block for ever and cannot be interrupted safely. The thread runs ahead by a
 * few blocks.
 *
 * <p>Closing stops the thread unless it is inside the caller's stream; then it ends, without
 * touching the stream again, when that call returns. The stream is never closed. Threads: one
 * reader beside the pump's own thread.
 */
final class StreamPump implements ByteReader {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int MAX_BLOCKS = 16;
  private static final long POLL_MILLIS = 20;
  private static final AtomicLong PUMPS = new AtomicLong();

  /** What is pumped. Threads: the pump's. */
  interface Input {
    /** Reads at least one byte unless at the end; returns the count, or -1 at the end. */
    int read(byte[] block) throws IOException;
  }

  private final Input input;
  private final CancelToken cancel;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<byte[]> full = new ArrayDeque<>();
  private final ArrayDeque<Integer> fullCounts = new ArrayDeque<>();
  private final ArrayDeque<byte[]> free = new ArrayDeque<>();
  private boolean ended;
  private boolean stopped;
  private boolean inCallersStream;
  private boolean threadEnded;
  private Throwable failure;

  private byte[] current;
  private int currentNext;
  private int currentEnd;

  private StreamPump(Input input, CancelToken cancel) {
    this.input = input;
    this.cancel = cancel;
  }

  static StreamPump start(Input input, CancelToken cancel) {
    StreamPump pump = new StreamPump(input, cancel);
    Thread thread = new Thread(pump::pump, "copyload-stream-" + PUMPS.incrementAndGet());
    thread.setDaemon(true);
    thread.start();
    return pump;
  }

  private void pump() {
    Throwable problem = null;
    try {
      while (true) {
        byte[] block = awaitRoom();
        if (block == null) {
          break;
        }
        int count = input.read(block);
        if (!deliver(block, count)) {
          break;
        }
      }
    } catch (Throwable e) {
      problem = e;
    }
    lock.lock();
    try {
      failure = problem;
      ended = true;
      inCallersStream = false;
      threadEnded = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** A block to read into, or null when the load has stopped. */
  private byte[] awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      while (!stopped && full.size() >= MAX_BLOCKS) {
        changed.await();
      }
      if (stopped) {
        return null;
      }
      inCallersStream = true;
      byte[] block = free.poll();
      return block == null ? new byte[BLOCK_BYTES] : block;
    } finally {
      lock.unlock();
    }
  }

  private boolean deliver(byte[] block, int count) {
    lock.lock();
    try {
      inCallersStream = false;
      if (count < 0 || stopped) {
        return false;
      }
      if (count == 0) {
        free.push(block);
        return true;
      }
      full.add(block);
      fullCounts.add(count);
      changed.signalAll();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    if (currentNext == currentEnd && !nextBlock()) {
      return -1;
    }
    int count = Math.min(length, currentEnd - currentNext);
    System.arraycopy(current, currentNext, buffer, offset, count);
    currentNext += count;
    return count;
  }

  private boolean nextBlock() throws IOException {
    lock.lock();
    try {
      if (current != null) {
        free.push(current);
        current = null;
        currentNext = 0;
        currentEnd = 0;
      }
      while (full.isEmpty()) {
        cancel.check();
        if (ended) {
          rethrow();
          return false;
        }
        changed.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      current = full.poll();
      currentEnd = fullCounts.poll();
      changed.signalAll();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      lock.unlock();
    }
  }

  private void rethrow() throws IOException {
    if (failure instanceof CopyException e) {
      throw e;
    }
    if (failure != null) {
      String why = failure.getMessage();
      throw new IOException(why == null ? "the stream failed" : why, failure);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      stopped = true;
      full.clear();
      fullCounts.clear();
      free.clear();
      changed.signalAll();
      while (!threadEnded && !inCallersStream) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Bytes as they are. */
  static final class ByteInput implements Input {
    private final InputStream stream;

    ByteInput(InputStream stream) {
      this.stream = stream;
    }

    @Override
    public int read(byte[] block) throws IOException {
      return stream.read(block, 0, block.length);
    }
  }

  /** Characters as UTF-8. */
  static final class CharacterInput implements Input {
    private final Reader reader;
    private final CharsetEncoder encoder =
        StandardCharsets.UTF_8
            .newEncoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    // A character takes at most three bytes, so what was read always fits a block.
    private final CharBuffer characters = CharBuffer.allocate(BLOCK_BYTES / 4);
    private long charactersRead;
    private boolean atEnd;

    CharacterInput(Reader reader) {
      this.reader = reader;
    }

    @Override
    public int read(byte[] block) throws IOException {
      if (atEnd) {
        return -1;
      }
      int count = reader.read(characters.array(), characters.position(), characters.remaining());
      if (count < 0) {
        atEnd = true;
      } else {
        characters.position(characters.position() + count);
        charactersRead += count;
      }
      characters.flip();
      ByteBuffer out = ByteBuffer.wrap(block);
      CoderResult result = encoder.encode(characters, out, atEnd);
      if (result.isError()) {
        int unit = characters.get(characters.position());
        throw new CopyException(
            CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE,
            String.format(
                "unpaired surrogate 0x%04x at character %d of the text",
                unit, charactersRead - characters.remaining() + 1));
      }
      // A high surrogate at the end waits for its other half.
      characters.compact();
      if (out.position() == 0 && atEnd) {
        return -1;
      }
      return out.position();
    }
  }
}

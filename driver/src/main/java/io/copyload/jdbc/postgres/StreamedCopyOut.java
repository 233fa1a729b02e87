package io.copyload.jdbc.postgres;

import io.copyload.engine.export.ByteSink;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.h2.CopyClient;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.postgresql.copy.CopyOut;

/**
 * COPY TO STDOUT whose bytes the application pulls, one record at a time. The statement runs ahead
 * by a bounded number of bytes.
 */
final class StreamedCopyOut extends StreamedCopy implements CopyOut {
  private static final int MAX_AHEAD_BYTES = 1 << 20;
  private static final long POLL_MILLIS = 20;

  private final RecordFrames frames;

  // Under the lock.
  private final ArrayDeque<byte[]> blocks = new ArrayDeque<>();
  private int aheadBytes;
  private boolean dropped;

  StreamedCopyOut(CopyApiHost host, String sql, int begin, FormatSpec format) {
    super(host, sql, begin);
    this.frames = new RecordFrames(format);
  }

  @Override
  CopyClient client() {
    return new CopyClient() {
      @Override
      public SourceObject stdin() {
        throw new IllegalStateException("COPY TO reads no input");
      }

      @Override
      public ByteSink stdout() {
        return new Sink();
      }
    };
  }

  @Override
  void over() {
    // What is written stays to be read.
  }

  /** Where the statement writes to, in its own thread. */
  private final class Sink implements ByteSink {
    @Override
    public void begin(int columnCount, boolean binary) {
      begins(columnCount, binary);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return;
      }
      byte[] block = Arrays.copyOfRange(bytes, offset, offset + length);
      synchronized (lock) {
        try {
          while (aheadBytes > MAX_AHEAD_BYTES && !dropped) {
            checkCancelled();
            lock.wait(POLL_MILLIS);
          }
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
        if (!dropped) {
          blocks.add(block);
          aheadBytes += length;
          lock.notifyAll();
        }
      }
    }
  }

  @Override
  public byte[] readFromCopy() throws SQLException {
    return readFromCopy(true);
  }

  @Override
  public byte[] readFromCopy(boolean block) throws SQLException {
    checkActive("Tried to read from inactive copy");
    byte[] frame = frames.next();
    while (frame == null) {
      byte[] bytes = nextBlock(block);
      if (bytes == null) {
        if (!hasEnded() || hasBlocks()) {
          return null;
        }
        finish();
        return frames.rest();
      }
      frames.add(bytes);
      frame = frames.next();
    }
    return frame;
  }

  private boolean hasBlocks() {
    synchronized (lock) {
      return !blocks.isEmpty();
    }
  }

  /** Whole blocks instead of records, for who only passes them on. */
  void transferTo(OutputStream out) throws SQLException, IOException {
    checkActive("Tried to read from inactive copy");
    for (byte[] block = nextBlock(true); block != null; block = nextBlock(true)) {
      out.write(block);
    }
    finish();
  }

  /** The next block; null when there is none, or none yet. */
  private byte[] nextBlock(boolean wait) {
    boolean interrupted = false;
    byte[] block;
    synchronized (lock) {
      while (wait && blocks.isEmpty() && !hasEnded()) {
        try {
          lock.wait();
        } catch (InterruptedException e) {
          interrupted = true;
          cancelByUser();
        }
      }
      block = blocks.poll();
      if (block != null) {
        aheadBytes -= block.length;
        lock.notifyAll();
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return block;
  }

  @Override
  public void cancelCopy() throws SQLException {
    checkCancellable();
    synchronized (lock) {
      dropped = true;
      blocks.clear();
      aheadBytes = 0;
      lock.notifyAll();
    }
    cancelByUser();
    awaitOver();
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.source.program.ShellProgram;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The input of a shell command. A thread of its own writes, so that a program that does not read
 * can be cancelled; a few blocks wait for it. Threads: the session's.
 */
final class ProgramSink implements ByteSink, AutoCloseable {
  private static final int BLOCK_BYTES = 64 << 10;
  private static final int MAX_BLOCKS = 16;
  private static final long POLL_MILLIS = 20;
  private static final byte[] END = new byte[0];

  private final ShellProgram program;
  private final CancelToken cancel;
  private final BlockingQueue<byte[]> blocks = new ArrayBlockingQueue<>(MAX_BLOCKS);
  private final Thread writer;
  private volatile IOException failure;
  private boolean interrupted;

  private ProgramSink(ShellProgram program, CancelToken cancel) {
    this.program = program;
    this.cancel = cancel;
    writer = new Thread(this::pump, "copyload-program-stdin");
    writer.setDaemon(true);
    writer.start();
  }

  static ProgramSink start(String command, CancelToken cancel) {
    cancel.check();
    return new ProgramSink(ShellProgram.writing(command), cancel);
  }

  private void pump() {
    try (OutputStream out = program.input()) {
      for (byte[] block = blocks.take(); block != END; block = blocks.take()) {
        out.write(block);
      }
      out.flush();
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException e) {
      // The COPY is over; closing the program's input is all that is left.
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at += BLOCK_BYTES) {
      put(Arrays.copyOfRange(bytes, at, Math.min(offset + length, at + BLOCK_BYTES)));
    }
  }

  private void put(byte[] block) {
    boolean taken = false;
    while (!taken) {
      cancel.check();
      checkWritable();
      try {
        taken = blocks.offer(block, POLL_MILLIS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
        cancel.cancelByUser();
      }
    }
  }

  /** How the program ended says more than that it no longer reads. */
  private void checkWritable() {
    IOException broken = failure;
    if (broken != null) {
      program.awaitExit(false, cancel);
      throw new CopyException(
          CopyErrorCode.INTERNAL, "could not write to COPY program: Broken pipe", broken);
    }
  }

  @Override
  public void finish() {
    put(END);
    while (writer.isAlive()) {
      cancel.check();
      try {
        writer.join(POLL_MILLIS);
      } catch (InterruptedException e) {
        interrupted = true;
        cancel.cancelByUser();
      }
    }
    checkWritable();
    program.awaitExit(false, cancel);
  }

  @Override
  public void close() {
    writer.interrupt();
    program.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

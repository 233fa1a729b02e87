package io.copyload.engine.source.program;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.StreamObjects;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * The output of a shell command, which starts when it is opened. A load asks {@link #awaitExit}
 * before it keeps the rows, and closes the object whatever happened.
 */
public final class ProgramObject implements SourceObject, AutoCloseable {
  private final String command;
  private volatile ShellProgram program;
  private volatile boolean readToEnd;

  public ProgramObject(String command) {
    this.command = command;
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
  public synchronized ByteReader open(long offset, CancelToken cancel) throws IOException {
    if (program != null || offset != 0) {
      throw new IOException("a program's output can be read only once");
    }
    program = ShellProgram.reading(command);
    return StreamObjects.of(new Output(program.output())).open(0, cancel);
  }

  /**
   * Waits for the program's end.
   *
   * @throws io.copyload.engine.CopyException EXTERNAL_PROGRAM when it has failed
   */
  public void awaitExit(CancelToken cancel) throws IOException {
    ShellProgram started = program;
    if (started == null) {
      return;
    }
    boolean early = !readToEnd;
    if (early) {
      started.output().close();
    }
    started.awaitExit(early, cancel);
  }

  @Override
  public void close() {
    ShellProgram started = program;
    if (started != null) {
      started.close();
    }
  }

  /** Notices the end. */
  private final class Output extends FilterInputStream {
    Output(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      int count = super.read(bytes, offset, length);
      readToEnd |= count < 0;
      return count;
    }
  }
}

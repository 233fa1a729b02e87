package io.copyload.engine.source.program;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The process of a shell command, {@code /bin/sh -c} or on Windows {@code cmd /c}, with the last of
 * what it writes to its standard error. How it ended is reported in PostgreSQL's words.
 *
 * <p>Close it always: that kills what still runs of it. Threads: any.
 */
public final class ShellProgram implements AutoCloseable {
  private static final boolean WINDOWS =
      System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");

  private static final int TAIL_BYTES = 2048;
  private static final int SHOWN_CHARACTERS = 500;
  private static final long POLL_MILLIS = 20;

  /** How long the last words of a program that has ended are waited for. */
  private static final long TAIL_MILLIS = 200;

  private static final int EXIT_NOT_EXECUTABLE = 126;
  private static final int EXIT_NOT_FOUND = 127;

  /** What a shell makes of SIGPIPE, signal 13. */
  private static final int EXIT_BROKEN_PIPE = 128 + 13;

  private final String command;
  private final Process process;
  private final Thread errorReader;
  private final byte[] tail = new byte[TAIL_BYTES];
  private long tailCount;

  private ShellProgram(String command, Process process) {
    this.command = command;
    this.process = process;
    errorReader = new Thread(this::readErrors, "copyload-program-stderr");
    errorReader.setDaemon(true);
    errorReader.start();
  }

  /** Starts a command whose output will be read; its input is empty. */
  static ShellProgram reading(String command) {
    ProcessBuilder builder = builder(command);
    builder.redirectInput(new File(WINDOWS ? "NUL" : "/dev/null"));
    return start(command, builder);
  }

  /** Starts a command whose input will be written; its output is dropped. */
  public static ShellProgram writing(String command) {
    ProcessBuilder builder = builder(command);
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    return start(command, builder);
  }

  private static ProcessBuilder builder(String command) {
    return WINDOWS
        ? new ProcessBuilder("cmd", "/c", command)
        : new ProcessBuilder("/bin/sh", "-c", command);
  }

  private static ShellProgram start(String command, ProcessBuilder builder) {
    try {
      return new ShellProgram(command, builder.start());
    } catch (IOException e) {
      throw new CopyException(
          CopyErrorCode.EXTERNAL_PROGRAM,
          "could not execute command \"" + command + "\": " + e.getMessage(),
          e);
    }
  }

  InputStream output() {
    return process.getInputStream();
  }

  public OutputStream input() {
    return process.getOutputStream();
  }

  private void readErrors() {
    byte[] block = new byte[TAIL_BYTES];
    try (InputStream errors = process.getErrorStream()) {
      for (int n = errors.read(block); n >= 0; n = errors.read(block)) {
        synchronized (tail) {
          for (int i = 0; i < n; i++) {
            tail[(int) (tailCount++ % TAIL_BYTES)] = block[i];
          }
        }
      }
    } catch (IOException e) {
      // The program has been killed; there is nobody to tell.
    }
  }

  /**
   * Waits until the program has ended.
   *
   * @param brokenPipeAllowed whether nobody wanted all of its output, so that it may have failed to
   *     write it
   * @throws CopyException EXTERNAL_PROGRAM when it has failed; the reason when cancelled
   */
  public void awaitExit(boolean brokenPipeAllowed, CancelToken cancel) {
    boolean interrupted = false;
    try {
      while (true) {
        cancel.check();
        try {
          if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
            break;
          }
        } catch (InterruptedException e) {
          interrupted = true;
          cancel.cancelByUser();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    int status = process.exitValue();
    if (status != 0 && !(brokenPipeAllowed && status == EXIT_BROKEN_PIPE)) {
      throw failure(status);
    }
  }

  private CopyException failure(int status) {
    String detail =
        switch (status) {
          case EXIT_NOT_EXECUTABLE -> "command not executable";
          case EXIT_NOT_FOUND -> "command not found";
          default -> "child process exited with exit code " + status;
        };
    String last = lastWords();
    return new CopyException(
        CopyErrorCode.EXTERNAL_PROGRAM,
        "program \"" + command + "\" failed",
        detail,
        last.isEmpty() ? null : "The program wrote: " + last,
        null,
        0,
        null);
  }

  private String lastWords() {
    try {
      errorReader.join(TAIL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    byte[] bytes;
    synchronized (tail) {
      int length = (int) Math.min(tailCount, TAIL_BYTES);
      bytes = new byte[length];
      for (int i = 0; i < length; i++) {
        bytes[i] = tail[(int) ((tailCount - length + i) % TAIL_BYTES)];
      }
    }
    String text = new String(bytes, StandardCharsets.UTF_8).strip();
    int cut = Math.max(0, text.length() - SHOWN_CHARACTERS);
    String shown = (cut > 0 ? "..." : "") + text.substring(cut);
    return shown.replaceAll("[\\p{Cntrl}&&[^\\n\\t]]", "?");
  }

  /** Kills the shell and all that it has started, if it still runs. */
  @Override
  public void close() {
    if (!process.isAlive()) {
      return;
    }
    List<ProcessHandle> children = process.descendants().toList();
    // The shell first: it must not go on with its next command. Process.destroyForcibly would wait
    // for a thread that writes to it.
    process.toHandle().destroyForcibly();
    for (ProcessHandle child : children) {
      child.descendants().forEach(ProcessHandle::destroyForcibly);
      child.destroyForcibly();
    }
  }
}

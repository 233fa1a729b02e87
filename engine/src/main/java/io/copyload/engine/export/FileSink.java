package io.copyload.engine.export;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * A file that is replaced only when everything has been written: the bytes go into a new file next
 * to it, which then takes its name. A device or pipe is written directly. Close it always; without
 * {@link #finish} the old file stays.
 */
public final class FileSink implements ByteSink, AutoCloseable {
  /** Small enough that the JDK's copy outside the heap is still cached when the kernel reads it. */
  private static final int WRITE_BYTES = 1 << 17;

  private final String shownName;
  private final Path target;

  /** What is written; the target itself when that is no ordinary file. */
  private final Path written;

  private final OutputStream out;
  private boolean finished;

  private FileSink(String shownName, Path target, Path written, OutputStream out) {
    this.shownName = shownName;
    this.target = target;
    this.written = written;
    this.out = out;
  }

  /**
   * Begins the file.
   *
   * @param shownName as messages show it
   * @throws CopyException WRONG_OBJECT_TYPE for a directory, OBJECT_MISSING, INSUFFICIENT_PRIVILEGE
   *     or OBJECT_UNREADABLE when no file can be made there
   */
  public static FileSink open(Path path, String shownName) {
    if (Files.isDirectory(path)) {
      throw new CopyException(
          CopyErrorCode.WRONG_OBJECT_TYPE, "\"" + shownName + "\" is a directory");
    }
    try {
      boolean exists = Files.exists(path);
      if (exists && !Files.isWritable(path)) {
        throw new AccessDeniedException(shownName);
      }
      // A link stays a link: what it points to is replaced.
      Path target = exists ? path.toRealPath() : path.toAbsolutePath();
      if (exists && !Files.isRegularFile(target)) {
        return new FileSink(shownName, target, target, Files.newOutputStream(target));
      }
      Path written =
          target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
      OutputStream out =
          Files.newOutputStream(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      return new FileSink(shownName, target, written, out);
    } catch (IOException e) {
      throw cannotOpen(shownName, e);
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    try {
      for (int done = 0; done < length; done += WRITE_BYTES) {
        out.write(bytes, offset + done, Math.min(WRITE_BYTES, length - done));
      }
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void finish() {
    try {
      out.close();
      if (!written.equals(target)) {
        Files.move(written, target, StandardCopyOption.REPLACE_EXISTING);
      }
      finished = true;
    } catch (IOException e) {
      throw cannotWrite(e);
    }
  }

  @Override
  public void close() {
    if (finished) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      // The COPY has failed already, and says why.
    }
    if (!written.equals(target)) {
      try {
        Files.deleteIfExists(written);
      } catch (IOException e) {
        // As above: a leftover of a hidden name harms nobody.
      }
    }
  }

  private CopyException cannotWrite(IOException e) {
    String text = String.valueOf(e.getMessage());
    boolean full = text.contains("No space left") || text.contains("quota");
    return new CopyException(
        full ? CopyErrorCode.DISK_FULL : CopyErrorCode.OBJECT_UNREADABLE,
        "could not write to COPY file \"" + shownName + "\": " + reason(e),
        e);
  }

  private static CopyException cannotOpen(String name, IOException e) {
    CopyErrorCode code = CopyErrorCode.OBJECT_UNREADABLE;
    if (e instanceof AccessDeniedException) {
      code = CopyErrorCode.INSUFFICIENT_PRIVILEGE;
    } else if (e instanceof NoSuchFileException || reason(e).equals("Not a directory")) {
      code = CopyErrorCode.OBJECT_MISSING;
    }
    return new CopyException(
        code, "could not open file \"" + name + "\" for writing: " + reason(e), e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "Permission denied";
    }
    if (e instanceof NoSuchFileException) {
      return "No such file or directory";
    }
    return e instanceof FileSystemException failure && failure.getReason() != null
        ? failure.getReason()
        : "I/O error";
  }
}

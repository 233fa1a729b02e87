package io.copyload.engine.source.local;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Destination;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Files whose paths begin with one text. They are written under hidden names next to their places,
 * and renamed when they are published.
 */
public final class LocalDestination implements Destination {
  /** Small enough that the JDK's copy outside the heap is still cached when the kernel reads it. */
  private static final int WRITE_BYTES = 1 << 17;

  private final String location;
  private final CancelToken cancel;
  private final List<WrittenFile> files = new ArrayList<>();
  private int publishedCount;

  private LocalDestination(String location, CancelToken cancel) {
    this.location = location;
    this.cancel = cancel;
  }

  /** Opens destinations by absolute paths. */
  public static final Opener OPENER =
      new Opener() {
        @Override
        public Source.Reach reach() {
          return Source.Reach.FILES;
        }

        @Override
        public Destination open(
            String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
          String path = location.replaceFirst("^(?i:file:)(//)?(?=/)", "");
          Path begin;
          try {
            begin = Path.of(path);
          } catch (InvalidPathException e) {
            throw new CopyException(
                CopyErrorCode.INVALID_NAME, "invalid file name \"" + path + "\"", e);
          }
          if (!begin.isAbsolute()) {
            throw new CopyException(
                CopyErrorCode.INVALID_NAME, "relative path not allowed for COPY to file");
          }
          AllowList.of(settings).checkWriting(begin, path);
          return new LocalDestination(path, cancel);
        }
      };

  @Override
  public String shownName() {
    return location;
  }

  @Override
  public OutputObject create(String suffix) throws IOException {
    cancel.check();
    Path target = Path.of(location + suffix);
    if (Files.isDirectory(target)) {
      throw new CopyException(
          CopyErrorCode.WRONG_OBJECT_TYPE, "\"" + location + suffix + "\" is a directory");
    }
    Path written =
        target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      OutputStream out =
          Files.newOutputStream(written, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      WrittenFile file = new WrittenFile(target, written, out, cancel);
      files.add(file);
      return file;
    } catch (IOException e) {
      throw failed("open", target, e);
    }
  }

  /** The folder whose files' paths can begin with the location. */
  private Path folder() {
    Path begin = Path.of(location);
    return location.endsWith("/") || begin.getParent() == null ? begin : begin.getParent();
  }

  @Override
  public String existing(Predicate<String> suffixes) throws IOException {
    for (Path file : matching()) {
      if (suffixes.test(file.toString().substring(location.length()))) {
        return file.toString();
      }
    }
    return null;
  }

  @Override
  public void removeExisting() throws IOException {
    for (Path file : matching()) {
      cancel.check();
      Files.delete(file);
    }
  }

  private List<Path> matching() throws IOException {
    Path folder = folder();
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> names = Files.list(folder)) {
      return names
          .filter(file -> file.toString().startsWith(location) && Files.isRegularFile(file))
          .filter(file -> files.stream().noneMatch(own -> own.written.equals(file)))
          .sorted()
          .toList();
    }
  }

  @Override
  public void publish() throws IOException {
    cancel.check();
    for (WrittenFile file : files) {
      file.isNew = !Files.exists(file.target);
      try {
        Files.move(file.written, file.target, StandardCopyOption.REPLACE_EXISTING);
      } catch (IOException e) {
        throw failed("write to", file.target, e);
      }
      publishedCount++;
    }
    files.clear();
  }

  @Override
  public void close() {
    for (int i = 0; i < files.size(); i++) {
      WrittenFile file = files.get(i);
      try {
        file.out.close();
        if (i >= publishedCount) {
          Files.deleteIfExists(file.written);
        } else if (file.isNew) {
          Files.deleteIfExists(file.target);
        }
      } catch (IOException e) {
        // The export has failed already, and says why; a hidden file harms nobody.
      }
    }
    files.clear();
  }

  private static CopyException failed(String doing, Path file, IOException e) {
    CopyErrorCode code = CopyErrorCode.OBJECT_UNREADABLE;
    String reason = "I/O error";
    if (e instanceof AccessDeniedException) {
      code = CopyErrorCode.INSUFFICIENT_PRIVILEGE;
      reason = "Permission denied";
    } else if (e instanceof NoSuchFileException) {
      code = CopyErrorCode.OBJECT_MISSING;
      reason = "No such file or directory";
    } else if (e instanceof FileSystemException failure && failure.getReason() != null) {
      reason = failure.getReason();
    } else if (e.getMessage() != null) {
      reason = e.getMessage();
    }
    if (reason.contains("No space left") || reason.contains("quota")) {
      code = CopyErrorCode.DISK_FULL;
    }
    return new CopyException(code, "could not " + doing + " file \"" + file + "\": " + reason, e);
  }

  private static final class WrittenFile implements OutputObject {
    private final Path target;
    private final Path written;
    private final OutputStream out;
    private final CancelToken cancel;
    private long size;
    private boolean isNew;

    WrittenFile(Path target, Path written, OutputStream out, CancelToken cancel) {
      this.target = target;
      this.written = written;
      this.out = out;
      this.cancel = cancel;
    }

    @Override
    public String name() {
      return target.toString();
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      cancel.check();
      try {
        for (int done = 0; done < length; done += WRITE_BYTES) {
          out.write(bytes, offset + done, Math.min(WRITE_BYTES, length - done));
        }
      } catch (IOException e) {
        throw failed("write to", target, e);
      }
      size += length;
    }

    @Override
    public void finish() {
      try {
        out.close();
      } catch (IOException e) {
        throw failed("write to", target, e);
      }
    }
  }
}

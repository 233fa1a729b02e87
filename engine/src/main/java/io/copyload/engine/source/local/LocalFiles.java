package io.copyload.engine.source.local;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Files named by a path, a {@code file:} address or a glob ({@code *}, {@code ?}, {@code **},
 * {@code [..]}, {@code {a,b}}).
 *
 * <p>Relative paths start at the working directory of the process. A path that exists is that file,
 * whatever glob characters it has. Several files come in the order of their names.
 */
public final class LocalFiles {
  private LocalFiles() {}

  /**
   * The files that {@code location} names.
   *
   * @throws CopyException OBJECT_MISSING, WRONG_OBJECT_TYPE, INSUFFICIENT_PRIVILEGE or INVALID_NAME
   */
  public static List<SourceObject> list(String location) {
    return list(location, AllowList.EVERYTHING);
  }

  /** As {@link #list(String)}, of allowed files only. */
  static List<SourceObject> list(String location, AllowList allowed) {
    String text = location;
    if (text.regionMatches(true, 0, "file:", 0, 5)) {
      text = pathOf(text);
    }
    Path path;
    try {
      path = Path.of(text);
    } catch (InvalidPathException e) {
      if (!isGlob(text)) {
        throw new CopyException(
            CopyErrorCode.INVALID_NAME, "invalid file name \"" + text + "\"", e);
      }
      return glob(text, allowed);
    }
    if (!isGlob(text)) {
      allowed.check(path, text);
    }
    if (!Files.exists(path) && isGlob(text)) {
      return glob(text, allowed);
    }
    allowed.check(path, text);
    return List.of(file(path, text));
  }

  /**
   * Redshift's reading of a location: a file or glob if it is one, else every file whose path
   * begins so, in all folders below.
   */
  static List<SourceObject> prefixed(String location, AllowList allowed) {
    return prefixed(location, allowed, false);
  }

  /**
   * @param tolerant whether it is no fault that there is no file, or one that goes meanwhile
   */
  private static List<SourceObject> prefixed(String location, AllowList allowed, boolean tolerant) {
    String text = location.regionMatches(true, 0, "file:", 0, 5) ? pathOf(location) : location;
    if (isGlob(text) || Files.isRegularFile(path(location))) {
      return list(location, allowed);
    }
    int slash = text.lastIndexOf('/');
    String base = slash < 0 ? "" : slash == 0 ? "/" : text.substring(0, slash);
    String begin = text.substring(slash + 1);
    Path root = base.isEmpty() ? Path.of(".") : Path.of(base);
    // A whole folder may be allowed where a prefix of its name is not.
    allowed.check(
        begin.isEmpty() || Files.isDirectory(path(location)) ? path(location) : root, text);
    List<Found> found = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          private String relative(Path path) {
            return root.relativize(path).toString();
          }

          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || relative(folder).startsWith(begin)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (!attributes.isDirectory() && relative(file).startsWith(begin)) {
              found.add(new Found(file, base.isEmpty() ? relative(file) : file.toString()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            boolean gone = tolerant && e instanceof NoSuchFileException;
            if (!gone && (file.equals(root) || relative(file).startsWith(begin))) {
              throw cannotOpen(file.equals(root) ? text : file.toString(), e);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(
          root,
          java.util.EnumSet.of(java.nio.file.FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          visitor);
    } catch (IOException e) {
      throw cannotOpen(text, e);
    }
    if (found.isEmpty() && !tolerant) {
      throw missing(text, null);
    }
    return opened(found, allowed, tolerant);
  }

  /** What is there of a location, read as {@link #prefixed} does; perhaps nothing. */
  static List<FoundObject> scan(String location, AllowList allowed, String after) {
    List<FoundObject> found = new ArrayList<>();
    for (SourceObject file : prefixed(location, allowed, true)) {
      if (after == null || file.name().compareTo(after) > 0) {
        found.add(
            new FoundObject(
                file.name(), file.size(), ((LocalFile) file).version(), file.lastModified()));
      }
    }
    return found;
  }

  /** A file that a scan has found. */
  static SourceObject found(FoundObject object, AllowList allowed) {
    Path path = path(object.name());
    allowed.check(path, object.name());
    SourceObject file = file(path, object.name());
    if (file.size() != object.size() || !((LocalFile) file).version().equals(object.etag())) {
      throw new CopyException(
          CopyErrorCode.OBJECT_UNREADABLE,
          "could not read \"" + object.name() + "\": the file has changed since it was listed");
    }
    return file;
  }

  private static List<SourceObject> opened(List<Found> found, AllowList allowed, boolean tolerant) {
    found.sort(Comparator.comparing(Found::name));
    List<SourceObject> objects = new ArrayList<>(found.size());
    for (Found one : found) {
      allowed.check(one.path(), one.name());
      try {
        objects.add(file(one.path(), one.name()));
      } catch (CopyException e) {
        if (!tolerant || e.code() != CopyErrorCode.OBJECT_MISSING) {
          throw e;
        }
      }
    }
    return objects;
  }

  /** One file that the caller has as a path. */
  public static SourceObject of(Path path) {
    return file(path, path.toString());
  }

  /** The path that a location without glob characters names. */
  static Path path(String location) {
    String text = location.regionMatches(true, 0, "file:", 0, 5) ? pathOf(location) : location;
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new CopyException(CopyErrorCode.INVALID_NAME, "invalid file name \"" + text + "\"", e);
    }
  }

  private static String pathOf(String address) {
    try {
      URI uri = new URI(address);
      if (uri.getPath() != null && uri.getQuery() == null && uri.getFragment() == null) {
        String host = uri.getHost();
        if (host != null && !host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
          throw new CopyException(
              CopyErrorCode.INVALID_NAME, "file address \"" + address + "\" names another host");
        }
        return uri.getPath();
      }
    } catch (URISyntaxException e) {
      // Not a strict address (blanks, glob characters): take what follows the scheme as it is.
    }
    String rest = address.substring("file:".length());
    if (rest.startsWith("//")) {
      int slash = rest.indexOf('/', 2);
      rest = slash < 0 ? rest.substring(2) : rest.substring(slash);
    }
    return rest;
  }

  private static boolean isGlob(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ("*?[{".indexOf(text.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static SourceObject file(Path path, String name) {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (IOException e) {
      throw cannotOpen(name, e);
    }
    if (attributes.isDirectory()) {
      throw new CopyException(CopyErrorCode.WRONG_OBJECT_TYPE, "\"" + name + "\" is a directory");
    }
    if (!Files.isReadable(path)) {
      throw permissionDenied(name, null);
    }
    return new LocalFile(path, name, attributes);
  }

  private static CopyException permissionDenied(String name, IOException cause) {
    return new CopyException(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "could not open file \"" + name + "\" for reading: Permission denied",
        cause);
  }

  static CopyException cannotOpen(String name, IOException e) {
    if (e instanceof AccessDeniedException) {
      return permissionDenied(name, e);
    }
    if (e instanceof NoSuchFileException) {
      return missing(name, e);
    }
    String reason =
        e instanceof FileSystemException failure && failure.getReason() != null
            ? failure.getReason()
            : "I/O error";
    if (reason.equals("Not a directory")) {
      return new CopyException(
          CopyErrorCode.OBJECT_MISSING,
          "could not open file \"" + name + "\" for reading: " + reason,
          e);
    }
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE,
        "could not open file \"" + name + "\" for reading: " + reason,
        e);
  }

  private static CopyException missing(String name, IOException cause) {
    return new CopyException(
        CopyErrorCode.OBJECT_MISSING,
        "could not open file \"" + name + "\" for reading: No such file or directory",
        cause);
  }

  private static List<SourceObject> glob(String pattern, AllowList allowed) {
    // The walk starts at the last directory before the first glob character.
    int firstGlob = 0;
    while ("*?[{".indexOf(pattern.charAt(firstGlob)) < 0) {
      firstGlob++;
    }
    int slash = pattern.lastIndexOf('/', firstGlob);
    String base = slash < 0 ? "" : slash == 0 ? "/" : pattern.substring(0, slash);
    String rest = pattern.substring(slash + 1);
    Path root = Path.of(base);
    allowed.check(root, pattern);
    PathMatcher matcher;
    try {
      matcher = root.getFileSystem().getPathMatcher("glob:" + rest);
    } catch (IllegalArgumentException e) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME, "invalid file pattern \"" + pattern + "\"", e);
    }
    int depth = rest.contains("**") ? Integer.MAX_VALUE : 1;
    for (int i = 0; i < rest.length() && depth != Integer.MAX_VALUE; i++) {
      if (rest.charAt(i) == '/') {
        depth++;
      }
    }
    Path start = base.isEmpty() ? Path.of(".") : root;
    List<Found> found = new ArrayList<>();
    FileVisitor<Path> visitor =
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            Path relative = start.relativize(file);
            if (!attributes.isDirectory() && matcher.matches(relative)) {
              found.add(new Found(file, base.isEmpty() ? relative.toString() : file.toString()));
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            if (matcher.matches(start.relativize(file))) {
              throw cannotOpen(file.toString(), e);
            }
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(
          start, java.util.EnumSet.of(java.nio.file.FileVisitOption.FOLLOW_LINKS), depth, visitor);
    } catch (IOException e) {
      throw cannotOpen(pattern, e);
    }
    if (found.isEmpty()) {
      throw missing(pattern, null);
    }
    return opened(found, allowed, false);
  }

  private record Found(Path path, String name) {}
}

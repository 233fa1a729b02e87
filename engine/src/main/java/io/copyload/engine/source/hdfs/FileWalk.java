package io.copyload.engine.source.hdfs;

import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * The files that a path names, one after the other, folder by folder in the order of names: a file,
 * all files of a folder, or what matches a pattern, of folders again their files. Folders within a
 * loaded folder are left out, so are folders that wildcards match and whose names begin with an
 * underscore or a dot, and empty files whose names begin with an underscore, by which jobs say that
 * they have ended.
 *
 * <p>Only the pages that are being walked through are held. Threads: one.
 */
final class FileWalk {
  private final HdfsFiles files;
  private final List<PathPattern> patterns;
  private final Deque<Frame> open = new ArrayDeque<>();
  private int patternNumber = -1;

  /** What the walk has come upon beside files, for the message when there are none. */
  private boolean sawFolder;

  /**
   * @param path from the root, perhaps a pattern
   * @param literal whether the path is a name, whatever characters it has
   */
  FileWalk(HdfsFiles files, String path, boolean literal) {
    this.files = files;
    patterns = literal ? List.of(PathPattern.named(path)) : PathPattern.of(path);
  }

  /** A way to ask that repeats what fails in passing. */
  interface Asking {
    <T> T ask(Tries.Request<T> request) throws IOException;
  }

  boolean sawFolder() {
    return sawFolder;
  }

  /** The next file, or null. */
  HdfsEntry next(Asking asking) throws IOException {
    while (true) {
      Frame frame = open.peek();
      if (frame == null) {
        if (++patternNumber >= patterns.size()) {
          return null;
        }
        HdfsEntry file = descend("", 0, asking);
        if (file != null && isNew(file)) {
          return file;
        }
        continue;
      }
      HdfsEntry entry = frame.next(asking);
      if (entry == null) {
        open.pop();
        continue;
      }
      HdfsEntry file = take(frame, entry, asking);
      if (file != null && isNew(file)) {
        return file;
      }
    }
  }

  /** A file that two patterns match is loaded once. */
  private boolean isNew(HdfsEntry file) {
    String folder = file.path().substring(0, file.path().lastIndexOf('/'));
    for (PathPattern before : patterns.subList(0, patternNumber)) {
      if (before.matches(file.path())
          || before.matches(folder) && (before.endsInName() || !isWork(folder))) {
        return false;
      }
    }
    return true;
  }

  private List<PathPattern.Part> parts() {
    return patterns.get(patternNumber).parts();
  }

  /** Goes down through names to the next wildcards; returns a file if there are none. */
  private HdfsEntry descend(String path, int part, Asking asking) throws IOException {
    StringBuilder at = new StringBuilder(path);
    int next = part;
    while (next < parts().size() && parts().get(next).isName()) {
      at.append('/').append(parts().get(next++).name());
    }
    String reached = at.isEmpty() ? "/" : at.toString();
    if (next < parts().size()) {
      PathPattern.Part wanted = parts().get(next);
      open.push(new Frame(reached, next, e -> wanted.matches(e.name())));
      return null;
    }
    HdfsEntry entry = asking.ask(() -> files.status(reached));
    if (entry == null || !entry.isFolder()) {
      return entry;
    }
    enter(entry);
    return null;
  }

  private HdfsEntry take(Frame frame, HdfsEntry entry, Asking asking) throws IOException {
    if (frame.part == Frame.FILES || frame.part == parts().size() - 1 && !entry.isFolder()) {
      return isMark(entry) ? null : entry;
    }
    if (frame.part < parts().size() - 1) {
      return descend(entry.path(), frame.part + 1, asking);
    }
    if (!isWork(entry.path())) {
      enter(entry);
    }
    return null;
  }

  /** Jobs that run keep their work in folders with such names. */
  private static boolean isWork(String folder) {
    String name = folder.substring(folder.lastIndexOf('/') + 1);
    return name.startsWith("_") || name.startsWith(".");
  }

  private void enter(HdfsEntry folder) {
    sawFolder = true;
    open.push(new Frame(folder.path(), Frame.FILES, e -> !e.isFolder()));
  }

  private static boolean isMark(HdfsEntry file) {
    return file.size() == 0 && file.name().startsWith("_");
  }

  /** A folder that is being walked through. */
  private final class Frame {
    /** Stands for: the files of the folder are wanted. */
    static final int FILES = -1;

    private final String folder;
    private final int part;
    private final Predicate<HdfsEntry> wanted;
    private Iterator<HdfsEntry> entries = List.<HdfsEntry>of().iterator();
    private String after;
    private boolean last;

    Frame(String folder, int part, Predicate<HdfsEntry> wanted) {
      this.folder = folder;
      this.part = part;
      this.wanted = wanted;
    }

    HdfsEntry next(Asking asking) throws IOException {
      while (true) {
        while (entries.hasNext()) {
          HdfsEntry entry = entries.next();
          after = entry.name();
          boolean onTheWay = part != FILES && part < parts().size() - 1;
          if (wanted.test(entry) && (entry.isFolder() || !onTheWay)) {
            return entry;
          }
        }
        if (last) {
          return null;
        }
        HdfsFiles.Page page = asking.ask(() -> files.list(folder, after));
        entries = page == null ? List.<HdfsEntry>of().iterator() : page.entries().iterator();
        last = page == null || page.last() || page.entries().isEmpty();
      }
    }
  }
}

package io.copyload.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where the suite's own data lies. */
public final class TckFiles {
  private TckFiles() {}

  /** A folder of this module, whether the tests run in the module or in the project's root. */
  public static Path folder(String name) {
    Path here = Path.of(name);
    return Files.isDirectory(here) ? here : Path.of("tck", name);
  }

  /**
   * The public data sets that are too big for the project: the system property {@code
   * copyload.corpora}, or a folder beside the project. It may be absent.
   */
  public static Path sharedCorpora() {
    String property = System.getProperty("copyload.corpora");
    if (property != null) {
      return Path.of(property);
    }
    Path root = folder("cases").toAbsolutePath().normalize().getParent().getParent();
    return root.resolveSibling("shared").resolve("corpora");
  }

  /** The entries of a folder, sorted. */
  public static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.sorted().collect(Collectors.toList());
    }
  }
}

package io.copyload.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The rules of the house that a compiler does not check. */
class TidyTest {
  private static final Path SOURCES = Path.of("src", "main", "java", "io", "copyload", "engine");

  /** What a room may import of the others; the engine's root is open to all. */
  private static final Map<String, Set<String>> MAY_IMPORT =
      Map.ofEntries(
          Map.entry("statement", Set.of()),
          Map.entry(
              "dialect", Set.of("statement", "source", "format", "convert", "load", "export")),
          Map.entry("plan", Set.of("store")),
          Map.entry("source", Set.of()),
          Map.entry("compress", Set.of("source")),
          Map.entry("format", Set.of("source", "compress", "store")),
          Map.entry("convert", Set.of("format", "store")),
          Map.entry("load", Set.of("source", "compress", "format", "convert", "store")),
          Map.entry("store", Set.of()),
          Map.entry("catalog", Set.of("load")),
          Map.entry("job", Set.of("source", "load", "catalog")),
          Map.entry("export", Set.of("format", "store")),
          Map.entry(
              "h2",
              Set.of(
                  "statement",
                  "dialect",
                  "plan",
                  "source",
                  "compress",
                  "format",
                  "convert",
                  "load",
                  "store",
                  "catalog",
                  "job",
                  "export")));

  private static final Pattern ROOM_IMPORT =
      Pattern.compile("import (?:static )?io\\.copyload\\.engine\\.([a-z0-9]+)\\.");

  /**
   * Calls that depend on the machine's locale or character set, or that do not belong in a driver.
   */
  private static final Map<String, Pattern> BANNED =
      Map.of(
          "case change without a locale", Pattern.compile("\\.to(?:Upper|Lower)Case\\(\\)"),
          "bytes in the machine's character set", Pattern.compile("\\.getBytes\\(\\)"),
          "exit of the user's process", Pattern.compile("System\\.exit"),
          "output on the user's console", Pattern.compile("System\\.(?:out|err)|printStackTrace"),
          "sleep", Pattern.compile("Thread\\.sleep"),
          "work left over", Pattern.compile("TODO|FIXME|XXX[^0-9]"));

  private static final Set<Path> SDK_FOLDERS =
      Set.of(
          Path.of("source", "aws"),
          Path.of("source", "s3"),
          Path.of("source", "dynamodb"),
          Path.of("source", "emr"));

  private record Source(Path path, String text) {
    String room() {
      Path folder = SOURCES.relativize(path);
      return folder.getNameCount() > 1 ? folder.getName(0).toString() : "";
    }
  }

  private static List<Source> sources() throws IOException {
    List<Source> sources = new ArrayList<>();
    try (Stream<Path> all = Files.walk(SOURCES)) {
      for (Path path : all.filter(p -> p.toString().endsWith(".java")).sorted().toList()) {
        sources.add(new Source(path, Files.readString(path)));
      }
    }
    assertTrue(sources.size() > 100, sources.size() + " files");
    return sources;
  }

  @Test
  void roomsImportOnlyWhatTheyMay() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      String room = source.room();
      if (!room.isEmpty() && !MAY_IMPORT.containsKey(room)) {
        faults.add(source.path() + " is in a room that this test does not know");
        continue;
      }
      Matcher matcher = ROOM_IMPORT.matcher(source.text());
      while (matcher.find()) {
        String imported = matcher.group(1);
        if (!imported.equals(room)
            && !(MAY_IMPORT.containsKey(room) && MAY_IMPORT.get(room).contains(imported))) {
          faults.add(source.path() + " imports " + imported);
        }
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void onlyTheH2RoomKnowsH2() throws IOException {
    List<Path> faults = new ArrayList<>();
    for (Source source : sources()) {
      if (!source.room().equals("h2") && source.text().contains("import org.h2.")) {
        faults.add(source.path());
      }
    }
    assertEquals(List.of(), faults);
  }

  /** So that no other class loads the SDK: start-up without Amazon's services stays fast. */
  @Test
  void onlyTheFoldersOfAmazonsServicesKnowTheSdk() throws IOException {
    List<Path> faults = new ArrayList<>();
    for (Source source : sources()) {
      if (SDK_FOLDERS.stream().noneMatch(SOURCES.relativize(source.path())::startsWith)
          && source.text().contains("import software.amazon.")) {
        faults.add(source.path());
      }
    }
    assertEquals(List.of(), faults);
  }

  /** So that Hadoop's client may be absent. */
  @Test
  void onlyTwoClassesKnowHadoop() throws IOException {
    List<String> known = new ArrayList<>();
    for (Source source : sources()) {
      if (source.text().contains("import org.apache.hadoop.")) {
        known.add(source.path().getFileName().toString());
      }
    }
    assertEquals(List.of("HadoopCluster.java", "HadoopFiles.java"), known);
  }

  @Test
  void nothingBannedIsCalled() throws IOException {
    List<String> faults = new ArrayList<>();
    for (Source source : sources()) {
      for (Map.Entry<String, Pattern> rule : BANNED.entrySet()) {
        if (rule.getValue().matcher(source.text()).find()) {
          faults.add(source.path() + ": " + rule.getKey());
        }
      }
    }
    assertEquals(List.of(), faults);
  }
}

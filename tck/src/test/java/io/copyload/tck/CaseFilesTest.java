package io.copyload.tck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Runs every file {@code cases/<area>/*.case}, in memory and, where the file says so, on disk. */
class CaseFilesTest {
  @TempDir Path work;

  @TestFactory
  Stream<DynamicNode> cases() throws IOException {
    Path root = TckFiles.folder("cases");
    List<DynamicNode> areas = new ArrayList<>();
    String only = System.getProperty("copyload.tck.case", "");
    for (Path area : TckFiles.list(root)) {
      if (!Files.isDirectory(area)) {
        continue;
      }
      List<DynamicNode> tests = new ArrayList<>();
      for (Path path : TckFiles.list(area)) {
        if (path.toString().endsWith(".case") && path.toString().contains(only)) {
          add(path, tests);
        }
      }
      if (!tests.isEmpty()) {
        areas.add(DynamicContainer.dynamicContainer(area.getFileName().toString(), tests));
      }
    }
    return areas.stream();
  }

  private void add(Path path, List<DynamicNode> tests) {
    String name = path.getFileName().toString().replace(".case", "");
    CaseFile file;
    try {
      file = CaseFile.read(path);
    } catch (IOException | RuntimeException e) {
      tests.add(
          DynamicTest.dynamicTest(
              name,
              () -> {
                throw new AssertionError(e.getMessage(), e);
              }));
      return;
    }
    if (file.inMemory()) {
      tests.add(test(name + " (memory): " + file.title(), file, false));
    }
    if (file.onDisk()) {
      tests.add(test(name + " (disk): " + file.title(), file, true));
    }
  }

  private DynamicTest test(String name, CaseFile file, boolean onDisk) {
    return DynamicTest.dynamicTest(
        name,
        file.path().toUri(),
        () -> CaseRunner.run(file, Files.createTempDirectory(work, "case"), onDisk));
  }
}

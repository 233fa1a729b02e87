package io.copyload.jdbc.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bytes that are handed to {@code writeToCopy} flow into the load, and rows are read while COPY TO
 * writes them: 130 MB each way with 128 MB of heap; {@code -Dcopyload.memory.megabytes=1000} makes
 * it 1.3 GB.
 */
class CopyMemoryTest {
  private static final long MEGABYTES = Long.getLong("copyload.memory.megabytes", 100) * 13 / 10;

  @Test
  void moreThanTheHeapGoesThroughBothWays(@TempDir Path work)
      throws IOException, InterruptedException {
    Path said = work.resolve("said.txt");
    Process child =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    CopyMemoryChild.class.getName(),
                    "jdbc:copyload:file:" + work.resolve("db") + ";threads=4",
                    Long.toString(MEGABYTES)))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    try {
      assertTrue(child.waitFor(60 + MEGABYTES, TimeUnit.SECONDS), "the copy does not end");
    } finally {
      child.destroyForcibly().waitFor();
    }
    assertEquals("true", Files.readString(said).strip());
  }
}

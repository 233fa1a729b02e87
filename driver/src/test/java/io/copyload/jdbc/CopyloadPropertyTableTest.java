package io.copyload.jdbc;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CopyloadPropertyTableTest {
  /** The README's table is {@link CopyloadProperty#markdownTable}, so that neither goes stale. */
  @Test
  void readmeHasTheTableOfProperties() throws IOException {
    Path readme = Path.of("README.md");
    if (!Files.exists(readme)) {
      readme = Path.of("..", "README.md");
    }
    String table = CopyloadProperty.markdownTable();
    assertTrue(Files.readString(readme).contains(table), "README.md should contain:\n" + table);
  }
}

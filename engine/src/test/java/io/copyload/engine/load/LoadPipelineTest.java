package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.source.local.LocalFiles;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadPipelineTest {
  @TempDir Path folder;

  private String load(String text, int slices, int unitBytes, ErrorBudget budget)
      throws IOException {
    Path file = Files.writeString(folder.resolve("in.csv"), text);
    return Loads.run(
            Loads.plan(
                Loads.CSV,
                Loads.columns(Kind.INTEGER, Kind.VARCHAR),
                budget,
                slices,
                unitBytes,
                List.of(LocalFiles.of(file))))
        .replace(file.toString(), "F");
  }

  @Test
  void loadsQuotedLineEndsOverUnitBorders() throws IOException {
    String text = "1,one\n2,\"two\nlines \"\"x\"\"\"\n3,\n\"4\",\"\"\n5,five";
    String expected =
        "1 |<one>\n2 |<two\nlines \"x\">\n3 |NULL\n4 |<>\n5 |<five>\nrejected 0\n"
            + "F lines 6 rejects 0 decoded "
            + text.length()
            + "\n";
    for (int unit : new int[] {0, 16, 17, 23}) {
      for (int slices = 1; slices < 4; slices++) {
        assertEquals(expected, load(text, slices, unit, ErrorBudget.NONE));
      }
    }
  }

  @Test
  void namesTheEarliestBadRecord() throws IOException {
    String text = "1,one\n2,two\nx,three\n4,four,4\n5\n";
    for (int slices = 1; slices < 4; slices++) {
      assertEquals(
          "FAILED rejected 1\n"
              + "INVALID_INTEGER 1 a at 0: invalid input syntax for type integer: \"x\" "
              + "[COPY t, file \"F\", line 3, column a: \"x\"] null null <x> <x,three> 12..19 <x,three> [] up to 1 in -1\n"
              + "INVALID_INTEGER 1 a at 0: invalid input syntax for type integer: \"x\" "
              + "[COPY t, file \"F\", line 3, column a: \"x\"] null null <x> <x,three> 12..19 <x,three> [] up to 1 in -1"
              + " after 2\n",
          load(text, slices, 16, ErrorBudget.NONE));
    }
  }
}

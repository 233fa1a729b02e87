package io.copyload.engine.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.JsonSpec.Mapping;
import io.copyload.engine.format.json.JsonPathsFile;
import io.copyload.engine.store.TargetType.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** JSON gives the same rows, rejects and lines, however it is cut and whatever is broken in it. */
class JsonLoadTest {
  private static final int[] UNIT_BYTES = {1, 16, 23, 64, 200, 1000, 1 << 20};
  private static final String SPECIAL = "{}[]\",:\\\n 0anu\u00e9";
  private static final String CONTENT = "ab{}[]\",:\\ \t\n\u00e9\u20ac";
  private static final int ROUNDS = Integer.getInteger("copyload.rounds", 1000);
  private static final Kind[] KINDS = {Kind.INTEGER, Kind.VARCHAR, Kind.BOOLEAN, Kind.CHAR};

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void anyCutOfRandomAndBrokenDocumentsGivesTheSame() {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = baseSeed + round;
      try {
        check(new Random(seed), seed);
      } catch (Throwable e) {
        throw new AssertionError("-Dcopyload.seed=" + seed + " -Dcopyload.rounds=1", e);
      }
    }
  }

  private static void check(Random random, long seed) {
    Documents documents = new Documents(random);
    byte[] data = documents.text.toString().getBytes(UTF_8);
    boolean broken = random.nextBoolean();
    if (broken) {
      data = mutated(random, data);
    }
    JsonSpec spec = spec(documents.mapping, documents.mapping == Mapping.PATHS ? PATHS : null, 0);
    String expected = run(spec, new StrangeObject("a", data, true, true, seed), 1, 1 << 20);
    if (!broken) {
      assertEquals(String.join("\n", documents.rows), rows(expected), expected);
    }
    for (int trial = 0; trial < 3; trial++) {
      int slices = 1 + random.nextInt(6);
      int unitBytes = UNIT_BYTES[random.nextInt(UNIT_BYTES.length)];
      StrangeObject object =
          new StrangeObject("a", data, random.nextBoolean(), random.nextBoolean(), seed);
      byte[] shown = data;
      assertEquals(
          expected,
          run(spec, object, slices, unitBytes),
          () -> slices + " slices, unit " + unitBytes + ":\n" + new String(shown, ISO_8859_1));
    }
  }

  private static final String PATHS = "{\"jsonpaths\":[\"$.a\",\"$.x.b\",\"$.c\",\"$.d[1]\"]}";

  private static JsonSpec spec(Mapping mapping, String paths, int skipLines) {
    return new JsonSpec(
        Loads.withHeader(
            Loads.redshiftText(false),
            io.copyload.engine.format.DelimitedSpec.Header.NONE,
            skipLines),
        mapping,
        null,
        paths == null ? null : JsonPathsFile.read("paths", paths.getBytes(UTF_8)));
  }

  private static String run(JsonSpec spec, StrangeObject object, int slices, int unitBytes) {
    LoadPlan plan =
        new LoadPlan(
            "t",
            List.of(object),
            LoadPlan.Compression.DETECT,
            spec,
            Loads.columns(KINDS),
            Loads.conversion(spec.text(), RedshiftConversion.DEFAULT),
            new ErrorBudget(1000, false),
            slices,
            64 << 20,
            unitBytes,
            1000);
    try {
      return Loads.run(plan);
    } catch (CopyException e) {
      return e.code() + " " + e.getMessage() + " " + e.context();
    }
  }

  private static String rows(String outcome) {
    return outcome
        .lines()
        .takeWhile(l -> !l.startsWith("rejected "))
        .reduce((a, b) -> a + "\n" + b)
        .orElse("");
  }

  private static byte[] mutated(Random random, byte[] data) {
    byte[] mutant = data.clone();
    for (int n = random.nextInt(4); n >= 0 && mutant.length > 0; n--) {
      int at = random.nextInt(mutant.length);
      switch (random.nextInt(4)) {
        case 0 -> mutant[at] = (byte) SPECIAL.charAt(random.nextInt(SPECIAL.length()));
        case 1 -> mutant[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> mutant = Arrays.copyOf(mutant, at);
        default -> System.arraycopy(mutant, at, mutant, at / 2, mutant.length - at);
      }
    }
    return mutant;
  }

  /** Good documents and the rows that come of them, as the collecting sink shows them. */
  private static final class Documents {
    private final Random random;
    private final StringBuilder text = new StringBuilder();
    private final List<String> rows = new ArrayList<>();
    private final Mapping mapping;

    Documents(Random random) {
      this.random = random;
      mapping =
          random.nextInt(3) == 0
              ? Mapping.PATHS
              : random.nextBoolean() ? Mapping.AUTO : Mapping.AUTO_IGNORECASE;
      int count = random.nextInt(4) == 0 ? random.nextInt(1200) : random.nextInt(20);
      for (int r = 0; r < count; r++) {
        space();
        document();
      }
      space();
    }

    private void space() {
      while (random.nextInt(3) == 0) {
        text.append(" \n\r\t".charAt(random.nextInt(4)));
      }
    }

    private void document() {
      String[] row = {"NULL", "NULL", "NULL", "NULL"};
      List<Integer> order = new ArrayList<>(List.of(0, 1, 2, 3, 4));
      java.util.Collections.shuffle(order, random);
      boolean first = true;
      text.append('{');
      space();
      for (int column : order) {
        if (random.nextInt(6) == 0 && !(mapping == Mapping.PATHS && column == 3)) {
          continue;
        }
        if (!first) {
          text.append(',');
          space();
        }
        first = false;
        member(column, row);
        space();
      }
      text.append('}');
      rows.add(String.join("|", row));
    }

    private void member(int column, String[] row) {
      boolean paths = mapping == Mapping.PATHS;
      String key =
          column == 4 ? "other" : paths && column == 1 ? "x" : "abcd".substring(column, column + 1);
      if (mapping == Mapping.AUTO_IGNORECASE && random.nextBoolean()) {
        key = key.toUpperCase(java.util.Locale.ROOT);
      }
      text.append('"').append(random.nextInt(8) == 0 ? escaped(key) : key).append('"');
      space();
      text.append(':');
      space();
      switch (column) {
        case 0 -> {
          int value = random.nextInt();
          text.append(random.nextBoolean() ? "" + value : "\"" + value + "\"");
          row[0] = value + " ";
        }
        case 1 -> {
          if (paths) {
            text.append("{\"b\":");
          }
          row[1] = string();
          if (paths) {
            text.append('}');
          }
        }
        case 2 -> {
          boolean value = random.nextBoolean();
          text.append(value);
          row[2] = (value ? 1 : 0) + " ";
        }
        case 3 -> {
          if (paths) {
            text.append("[{\"a\":[]},");
          }
          text.append("\"k\"");
          row[3] = "<k>";
          if (paths) {
            text.append(']');
          }
        }
        default -> text.append("[1, {\"a\" : \"}]\\\"\"}, -0.5e+7, null,true]");
      }
    }

    private String string() {
      StringBuilder value = new StringBuilder();
      text.append('"');
      for (int n = random.nextInt(12); n > 0; n--) {
        int c = CONTENT.charAt(random.nextInt(CONTENT.length()));
        if (random.nextInt(10) == 0) {
          c = 0x1f600;
        }
        value.appendCodePoint(c);
        String one = Character.toString(c);
        text.append(
            c == '"' || c == '\\' || c < ' ' || random.nextInt(6) == 0 ? escaped(one) : one);
      }
      text.append('"');
      return "<" + new String(value.toString().getBytes(UTF_8), ISO_8859_1) + ">";
    }

    private String escaped(String s) {
      StringBuilder escaped = new StringBuilder();
      for (char c : s.toCharArray()) {
        int known = "\"\\/\b\f\n\r\t".indexOf(c);
        if (known >= 0 && random.nextBoolean()) {
          escaped.append('\\').append("\"\\/bfnrt".charAt(known));
        } else {
          escaped.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
        }
      }
      return escaped.toString();
    }
  }

  @Test
  void documentsHaveAtMostFourMegabytes() {
    String filler = "x".repeat((4 << 20) - 8);
    String fits = "\n\n{\"z\":\"" + filler + "\"}\n{\"a\":1}";
    JsonSpec spec = spec(Mapping.AUTO, null, 0);
    for (int unitBytes : new int[] {1000, 1 << 20, 8 << 20}) {
      String good =
          run(spec, new StrangeObject("a", fits.getBytes(UTF_8), true, true, 1), 2, unitBytes);
      assertEquals("NULL|NULL|NULL|NULL\n1 |NULL|NULL|NULL", rows(good));
      byte[] longer = fits.replace("xx\"}", "xxx\"}").getBytes(UTF_8);
      String bad = run(spec, new StrangeObject("a", longer, true, true, 1), 2, unitBytes);
      assertTrue(bad.contains("record is longer than 4194304 bytes"), bad);
      assertTrue(bad.contains("line 3"), bad);
    }
  }
}

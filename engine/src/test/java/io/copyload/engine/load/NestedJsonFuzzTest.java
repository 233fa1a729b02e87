package io.copyload.engine.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.CopyException;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.JsonSpec;
import io.copyload.engine.format.JsonSpec.Mapping;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Field;
import io.copyload.engine.store.TargetType.Kind;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Documents for ARRAY and ROW columns, good and broken, give the same however they are cut. */
class NestedJsonFuzzTest {
  private static final int[] UNIT_BYTES = {1, 16, 64, 200, 1000, 1 << 20};
  private static final String SPECIAL = "{}[]\",:\\\n 0anut";
  private static final int ROUNDS = Integer.getInteger("copyload.rounds", 400);

  private static final TargetType LIST =
      new TargetType(Kind.ARRAY, 65536, 0, List.of(), TargetType.of(Kind.INTEGER));
  private static final TargetType ROW =
      TargetType.rowOf(
          List.of(
              new Field("A", TargetType.of(Kind.INTEGER)),
              new Field("B", TargetType.of(Kind.VARCHAR, 20, 0)),
              new Field("L", new TargetType(Kind.ARRAY, 65536, 0, List.of(), LIST))));
  private static final TargetType MAP =
      new TargetType(
          Kind.ARRAY,
          4,
          0,
          List.of(),
          TargetType.rowOf(
              List.of(
                  new Field("K", TargetType.of(Kind.VARCHAR, 20, 0)),
                  new Field("V", TargetType.of(Kind.BIGINT)))));

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void anyCutGivesTheSame() {
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
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(30); i >= 0; i--) {
      document(random, text);
    }
    byte[] data = text.toString().getBytes(UTF_8);
    for (int n = random.nextInt(4); n > 0; n--) {
      data[random.nextInt(data.length)] = (byte) SPECIAL.charAt(random.nextInt(SPECIAL.length()));
    }
    String expected = run(new StrangeObject("a", data, true, true, seed), 1, 1 << 20);
    for (int trial = 0; trial < 3; trial++) {
      int slices = 1 + random.nextInt(6);
      int unitBytes = UNIT_BYTES[random.nextInt(UNIT_BYTES.length)];
      byte[] shown = data;
      assertEquals(
          expected,
          run(
              new StrangeObject("a", data, random.nextBoolean(), random.nextBoolean(), seed),
              slices,
              unitBytes),
          () -> slices + " slices, unit " + unitBytes + ":\n" + new String(shown, ISO_8859_1));
    }
  }

  private static void document(Random random, StringBuilder text) {
    text.append("{\"r\":{\"b\":");
    value(random, text, 2);
    text.append(",\"l\":");
    value(random, text, 0);
    text.append(random.nextBoolean() ? ",\"a\": " + random.nextInt() : "").append("},\"m\":");
    if (random.nextBoolean()) {
      text.append("{\"k1\": 1, \"\\u006b2\": null}");
    } else {
      value(random, text, 0);
    }
    text.append("}").append(random.nextBoolean() ? "\n" : "");
  }

  private static void value(Random random, StringBuilder text, int depth) {
    switch (random.nextInt(depth > 3 ? 4 : 6)) {
      case 0 -> text.append(random.nextInt(100));
      case 1 -> text.append("\"a\\n\\\"\\ud83d\\ude00\"");
      case 2 -> text.append("null");
      case 3 -> text.append(random.nextBoolean() ? "true" : "-1.5e3");
      case 4 -> {
        text.append("[ ");
        for (int i = random.nextInt(4); i >= 0; i--) {
          value(random, text, depth + 1);
          text.append(i > 0 ? ", " : "");
        }
        text.append("]");
      }
      default -> {
        text.append("{\"k\":");
        value(random, text, depth + 1);
        text.append(",\"v\":");
        value(random, text, depth + 1);
        text.append("}");
      }
    }
  }

  private static String run(StrangeObject object, int slices, int unitBytes) {
    JsonSpec spec =
        new JsonSpec(
            Loads.withHeader(Loads.redshiftText(false), Header.NONE, 0), Mapping.AUTO, null, null);
    LoadPlan plan =
        new LoadPlan(
            "t",
            List.of(object),
            LoadPlan.Compression.DETECT,
            spec,
            List.of(column("r", ROW, 0), column("m", MAP, 1)),
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

  private static TargetColumn column(String name, TargetType type, int place) {
    return new TargetColumn(
        name, type, false, EnumSet.noneOf(TargetColumn.Rule.class), place, null);
  }
}

package io.copyload.tck.damage;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damaged files of every format: a few hundred of each, 100,000 in the profile nightly. The
 * property {@code copyload.mutants.first} begins with a later one, {@code copyload.seed} makes
 * others.
 */
class MutantsTest {
  @TempDir private Path folder;

  @Test
  void parquet() throws Exception {
    new Mutants("parquet", Seeds.parquet(folder), folder).run(400);
  }

  @Test
  void orc() throws Exception {
    new Mutants("orc", Seeds.orc(), folder).run(400);
  }

  @Test
  void avro() throws Exception {
    new Mutants("avro", Seeds.avro(), folder).run(400);
  }

  @Test
  void json() throws Exception {
    new Mutants("json", Seeds.json(), folder).run(400);
  }

  @Test
  void shapefile() throws Exception {
    new Mutants("shapefile", Seeds.shapefile(), folder).run(400);
  }
}

package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.copyload.engine.store.ColumnEncoding;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TableAttributesTest {
  private static final TableAttributes ALL =
      TableAttributes.NONE
          .withDistribution("KEY", "D")
          .withSortKey(List.of("A", "B", "C"), true)
          .withBackup(false)
          .withEncoding("A", ColumnEncoding.DELTA32K)
          .withEncoding("redshift", ColumnEncoding.RAW)
          .withTypeName("G", "geography");

  @Test
  void parametersAreReadAsTheyWereWritten() {
    assertEquals(ALL, TableAttributes.of(ALL.toParameters(List.of())));
    assertEquals(TableAttributes.NONE, TableAttributes.of(List.of()));
    assertEquals(List.of(), TableAttributes.NONE.toParameters(ALL.toParameters(List.of())));
  }

  @Test
  void parametersThatAreNotOursStay() {
    List<String> others = List.of("x", "y");
    assertEquals(TableAttributes.NONE, TableAttributes.of(others));
    List<String> both = ALL.toParameters(others);
    assertEquals(others, both.subList(0, 2));
    assertEquals(ALL, TableAttributes.of(both));
    assertEquals(others, TableAttributes.NONE.toParameters(both));
  }

  @Test
  void whatIsNotUnderstoodIsPassedOver() {
    assertEquals(
        TableAttributes.NONE.withEncoding("A", ColumnEncoding.ZSTD),
        TableAttributes.of(
            List.of("redshift", "later", "A", "encode new", "B", "encode zstd", "A", "odd")));
  }

  @Test
  void attributesFollowTheirColumns() {
    TableAttributes renamed = ALL.renamed("A", "Z").renamed("D", "E");
    assertEquals(List.of("Z", "B", "C"), renamed.sortKey());
    assertEquals("E", renamed.distKey());
    assertEquals(ColumnEncoding.DELTA32K, renamed.encodings().get("Z"));
    TableAttributes without = ALL.retaining(name -> !name.equals("B") && !name.equals("D"));
    // What is sorted by A and then C is not what was sorted by A, B and C.
    assertEquals(List.of("A"), without.sortKey());
    assertEquals("AUTO", without.distStyle());
    TableAttributes none = ALL.retaining(name -> false);
    assertFalse(none.interleaved());
    assertEquals(TableAttributes.NONE.withBackup(false), none);
  }
}

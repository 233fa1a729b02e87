package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.format.VectorReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.stream.StreamObjects;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The path of formats that fill vectors, with a format made of counted rows. */
class VectorLoadTest {
  /** Every object has {@code units} units of {@code rows} rows; values count through the object. */
  private record Counted(int units, int rows, TargetType type, int damagedUnit)
      implements VectorFormat {
    @Override
    public String historyName() {
      return "counted";
    }

    @Override
    public VectorObject open(
        SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel) {
      return new VectorObject() {
        private int readers;

        @Override
        public List<TargetType> types() {
          return wanted.stream().map(column -> type).toList();
        }

        @Override
        public int unitCount() {
          return units;
        }

        @Override
        public VectorReader reader(int unit) {
          synchronized (this) {
            readers++;
          }
          return new VectorReader() {
            private int at;

            @Override
            public int read(ColumnVector[] vectors, int most) throws IOException {
              if (unit == damagedUnit && at > 0) {
                throw new IOException("damaged at row " + at);
              }
              int count = Math.min(rows - at, Math.min(most, 7));
              for (ColumnVector vector : vectors) {
                for (int r = 0; r < count; r++) {
                  long value = (long) unit * rows + at + r;
                  vector.nulls[r] = value % 10 == 9;
                  vector.lanes[0][r] = value;
                }
              }
              at += count;
              return count;
            }

            @Override
            public void close() {
              synchronized (this) {
                readers--;
              }
            }
          };
        }

        @Override
        public void close() {
          assertEquals(0, readers < 0 ? readers : 0);
        }
      };
    }
  }

  private static LoadPlan plan(
      VectorFormat format, int objects, Kind kind, ErrorBudget budget, int slices) {
    List<SourceObject> sources = new ArrayList<>();
    for (int i = 0; i < objects; i++) {
      sources.add(StreamObjects.of(new byte[0]));
    }
    return new LoadPlan(
        "t",
        sources,
        LoadPlan.Compression.DETECT,
        format,
        Loads.columns(kind),
        Loads.conversion(Loads.CSV),
        budget,
        slices,
        64 << 20,
        0,
        1000);
  }

  private static List<String> load(LoadPlan plan) {
    CollectingSink sink = new CollectingSink();
    LoadOutcome outcome = LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
    assertEquals(outcome.loadedRows(), sink.rows().size());
    return sink.rows();
  }

  @Test
  void rowsStayInOrderForAnyNumberOfSlices() {
    Counted format = new Counted(5, 23, TargetType.of(Kind.INTEGER), -1);
    List<String> expected = load(plan(format, 3, Kind.BIGINT, ErrorBudget.NONE, 1));
    assertEquals(3 * 5 * 23, expected.size());
    assertEquals("NULL", expected.get(9));
    assertEquals("114 ", expected.get(114));
    for (int slices = 2; slices < 5; slices++) {
      assertEquals(expected, load(plan(format, 3, Kind.BIGINT, ErrorBudget.NONE, slices)));
    }
  }

  @Test
  void valuesThatDoNotFitAreRejectsOfTheirRow() {
    Counted format = new Counted(4, 50, TargetType.of(Kind.INTEGER), -1);
    for (int slices = 1; slices < 4; slices++) {
      LoadPlan strict = plan(format, 1, Kind.TINYINT, ErrorBudget.NONE, slices);
      LoadFailedException failure = assertThrows(LoadFailedException.class, () -> load(strict));
      assertEquals(129, failure.decisive().lineNumber());
      assertEquals("value \"128\" is out of range for type tinyint", failure.decisive().message());
      List<String> rows = load(plan(format, 1, Kind.TINYINT, new ErrorBudget(1000, false), slices));
      assertEquals(128 + 8, rows.size()); // NULL: 129, 139, ..., 199
    }
  }

  @Test
  void damageAndForeignTypesEndTheLoadWithTheirReason() {
    for (int slices = 1; slices < 4; slices++) {
      LoadPlan damaged =
          plan(
              new Counted(4, 50, TargetType.of(Kind.INTEGER), 2),
              1,
              Kind.INTEGER,
              ErrorBudget.NONE,
              slices);
      assertEquals(
          "could not read \"stdin\": damaged at row 7",
          assertThrows(CopyException.class, () -> load(damaged)).getMessage());
      LoadPlan foreign =
          plan(
              new Counted(1, 1, TargetType.of(Kind.INTEGER), -1),
              1,
              Kind.DATE,
              ErrorBudget.NONE,
              slices);
      assertEquals(
          "column \"a\" of relation \"t\" cannot take the values of \"stdin\": INTEGER is not assignable to DATE",
          assertThrows(CopyException.class, () -> load(foreign)).getMessage());
    }
  }

  @Test
  void castsKeepValuesOfEveryPairTheyAllow() {
    assertEquals(
        "<1.14>",
        load(plan(
                new Counted(1, 115, TargetType.of(Kind.NUMERIC, 18, 2), -1),
                1,
                Kind.VARCHAR,
                ErrorBudget.NONE,
                1))
            .get(114));
    assertEquals(
        "<11>",
        load(plan(
                new Counted(1, 12, TargetType.of(Kind.INTEGER), -1),
                1,
                Kind.VARCHAR,
                ErrorBudget.NONE,
                1))
            .get(11));
  }
}

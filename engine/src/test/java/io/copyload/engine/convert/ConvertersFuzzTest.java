package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, a converter answers: each record is a value, NULL, or NULL with one reject
 * that has a message.
 */
class ConvertersFuzzTest {
  private static final String[] SEEDS = {
    "2024-02-29 10:11:12.5 America/New_York",
    "Feb 29 2024 10:11 PM",
    "J2460370.5 -05",
    "now",
    "20240229T101112-05",
    "epoch",
    "-infinity",
    "29-Feb-99 BC",
    "2024.060",
    "allballs",
    "t 1011",
    "10:11:12 MET DST",
    "1 year 2 mons -3 days 04:05:06.789 ago",
    "P1Y2M3DT4H5M6.5S",
    "@ 1 min",
    "P0001-02-03T04:05:06",
    "-1-2 +3 -4:05:06",
    "1.5 months",
    "{1,NULL,{2,3}}",
    "[0:1]={a,\"b\"}",
    "{{\"x\\\"\",y},{NULL,z}}",
    "\\xDE AD",
    "\\001\\\\a",
    "1e-400",
    "0x1.8p3",
    "-1_000.5e+7",
    "NaN",
    "-inf",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
    "true",
    "off",
    "red",
    "1e1000000000",
    "99999999999999999999999999999999999999999999",
    "-0.000000000000000000000000000000000001"
  };
  private static final String ALPHABET =
      "0123456789-+.:/ \t,_{}[]\"\\=eExXTtZzPpYMDHSBCadjnuLfi'%\u00e9\u65e5\ud83d\u0000\u007f";

  private final RandomTexts random = new RandomTexts(ConvertersFuzzTest.class);

  private static List<TargetType> types() {
    List<TargetType> types = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      switch (kind) {
        case NUMERIC -> {
          types.add(TargetType.of(kind, 10, 3));
          types.add(TargetType.of(kind, 38, 10));
          types.add(TargetType.of(kind, 100_000, 0));
        }
        case ENUM -> types.add(new TargetType(kind, -1, 0, List.of("red", "", "gr\u00fcn"), null));
        case ARRAY -> {
          for (Kind element : new Kind[] {Kind.INTEGER, Kind.VARCHAR, Kind.TIMESTAMP_TZ}) {
            TargetType one = new TargetType(kind, 5, 0, List.of(), TargetType.of(element, 5, 3));
            types.add(one);
            types.add(new TargetType(kind, -1, 0, List.of(), one));
          }
        }
        default -> types.add(TargetType.of(kind, kind.isInterval() ? 6 : 12, 3));
      }
    }
    return types;
  }

  @Test
  void neverThrowsAndNeverLosesARecord() {
    ForeignTypes foreign =
        (type, text, begin, end) -> {
          if (end - begin > 5) {
            throw new IllegalArgumentException("too long for this parser");
          }
          return java.util.Arrays.copyOfRange(text, begin, end);
        };
    int n = 1500;
    for (ConversionSpec.Dialect dialect : ConversionSpec.Dialect.values()) {
      ConversionSpec spec =
          new ConversionSpec(
              dialect, ZoneId.of("Europe/Berlin"), Column.NOW_EPOCH_SECOND, 5, foreign);
      for (TargetType type : types()) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < n; i++) {
          texts.add(
              switch (random.random.nextInt(8)) {
                case 0 -> null;
                case 1 -> random.of(ALPHABET, 20);
                case 2 -> random.of(ALPHABET, 300);
                default -> random.damaged(random.pick(SEEDS), ALPHABET);
              });
        }
        RecordBatch batch = Column.batch(random.random.nextInt(20), texts);
        ColumnVector vector = new ColumnVector(type, n);
        int[] rejected = new int[n];
        FieldConverter converter = Converters.of(type, spec);
        for (int pass = 0; pass < 2; pass++) {
          java.util.Arrays.fill(rejected, 0);
          java.util.Arrays.fill(vector.nulls, pass == 0);
          converter.convert(
              batch,
              0,
              vector,
              (record, reason, message, detail, hint, context) -> {
                rejected[record]++;
                assertNotNull(reason);
                assertNotNull(message);
              });
          for (int r = 0; r < n; r++) {
            int row = r;
            Supplier<String> name = () -> type + " '" + texts.get(row) + "' seed " + random.seed;
            boolean isNull = texts.get(r) == null;
            assertEquals(isNull || rejected[r] == 1, vector.nulls[r], name);
            assertEquals(rejected[r] == 1 ? 1 : 0, rejected[r], name);
            if (isNull) {
              assertEquals(0, rejected[r], name);
            }
            if (!vector.nulls[r] && type.isBytes()) {
              assertTrue(
                  vector.begin[r] >= 0
                      && vector.length[r] >= 0
                      && vector.begin[r] + vector.length[r] <= vector.bytes.length,
                  name);
            }
          }
        }
      }
    }
  }
}

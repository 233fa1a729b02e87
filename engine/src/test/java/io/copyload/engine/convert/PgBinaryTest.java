package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.ByteBuffer;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** PostgreSQL's binary values, and what its receive functions say about wrong ones. */
class PgBinaryTest {
  private static final LocalDateTime EPOCH = LocalDateTime.of(2000, 1, 1, 0, 0);

  private final long seed = Long.getLong("copyload.seed", System.nanoTime());

  /** Value as text, or SQLSTATE and message. */
  private static String outcome(TargetType type, ConversionSpec spec, byte[] value) {
    RecordBatch batch = new RecordBatch(1, 1);
    batch.bytes = new byte[value.length + 5];
    System.arraycopy(value, 0, batch.bytes, 3, value.length);
    batch.begin[0][0] = 3;
    batch.end[0][0] = 3 + value.length;
    batch.recordCount = 1;
    ColumnVector vector = new ColumnVector(type, 1);
    List<String> rejects = new ArrayList<>();
    Converters.ofPgBinary(type, spec)
        .convert(
            batch,
            0,
            vector,
            (record, reason, message, detail, hint, context) ->
                rejects.add(reason.code().sqlState() + " " + message));
    assertEquals(rejects.isEmpty() ? 0 : 1, rejects.size());
    assertEquals(!rejects.isEmpty(), vector.nulls[0]);
    return rejects.isEmpty() ? LaneText.format(type, vector, 0) : rejects.get(0);
  }

  private static String outcome(TargetType type, String hex) {
    byte[] value = HexFormat.of().parseHex(hex.replace(" ", ""));
    return outcome(type, Column.POSTGRESQL, value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\u0001',
      value = {
        "0002 0000 0000 0002 0001 1388 | 1.5000",
        "0002 0000 4000 0002 0001 1388 | -1.5000",
        "0002 0000 0000 0002 0001 04d2 | 1.1200",
        "0003 0000 0000 0006 0001 04d2 1388 | 1.1235",
        "0003 0000 0000 0005 0001 04d2 1388 | 1.1235",
        "0003 0000 4000 0005 0001 04d2 1388 | -1.1235",
        "0000 0000 0000 0000 | 0.0000",
        "0000 7fff 0000 3fff | 0.0000",
        "0001 fffe 0000 0008 0001 | 0.0000",
        "0001 0001 0000 0000 0001 | 10000.0000",
        "0001 0001 0000 0000 0064 | 22003 numeric field overflow",
        "0001 7fff 0000 0000 0001 | 22003 numeric field overflow",
        "0000 0000 c000 0000 | 22003 numeric field overflow",
        "0000 0000 d000 0020 | 22003 numeric field overflow",
        "0001 0000 1234 0000 0001 | 22P03 invalid sign in external \"numeric\" value",
        "0001 0000 0000 4000 0001 | 22P03 invalid scale in external \"numeric\" value",
        "0001 0000 0000 0000 2710 | 22P03 invalid digit in external \"numeric\" value",
        "0001 0000 0000 0000 ffff | 22P03 invalid digit in external \"numeric\" value",
        "0001 0000 0000 0000 | 08P01 insufficient data left in message",
        "0001 0000 0000 | 08P01 insufficient data left in message",
        "0001 0000 0000 0000 0001 00 | 22P03 incorrect binary data format",
      })
  void numbers(String hex, String expected) {
    assertEquals(expected, outcome(TargetType.of(Kind.NUMERIC, 9, 4), hex));
  }

  @Test
  void numbersOfAnyScaleAreRoundedToTheColumns() {
    Random random = new Random(seed);
    for (int round = 0; round < 20_000; round++) {
      int precision = 1 + random.nextInt(40);
      int scale = random.nextInt(precision + 1);
      BigDecimal value =
          new BigDecimal(new BigInteger(random.nextInt(120), random), random.nextInt(30) - 4);
      value = random.nextBoolean() ? value.negate() : value;
      value = value.scale() < 0 ? value.setScale(0) : value;
      BigDecimal rounded = value.setScale(scale, RoundingMode.HALF_UP);
      String expected =
          rounded.precision() - (rounded.signum() == 0 ? rounded.precision() : 0) <= precision
              ? rounded.toPlainString()
              : "22003 numeric field overflow";
      TargetType type = TargetType.of(Kind.NUMERIC, precision, scale);
      BigDecimal shown = value;
      assertEquals(
          expected,
          outcome(type, Column.POSTGRESQL, numeric(value)),
          () -> shown.toPlainString() + " " + type + " -Dcopyload.seed=" + seed);
      assertEquals(
          value.toPlainString(),
          outcome(TargetType.of(Kind.DECFLOAT, 1000, 0), Column.POSTGRESQL, numeric(value)));
    }
  }

  /** The binary form, from the decimal text cut into groups of four digits. */
  private static byte[] numeric(BigDecimal value) {
    String[] parts = value.abs().toPlainString().split("\\.");
    String before = "0".repeat((4 - parts[0].length() % 4) % 4) + parts[0];
    String behind = parts.length == 1 ? "" : parts[1];
    behind += "0".repeat((4 - behind.length() % 4) % 4);
    List<Integer> groups = new ArrayList<>();
    for (int i = 0; i < before.length() + behind.length(); i += 4) {
      groups.add(Integer.parseInt((before + behind).substring(i, i + 4)));
    }
    int weight = before.length() / 4 - 1;
    while (!groups.isEmpty() && groups.get(0) == 0) {
      groups.remove(0);
      weight--;
    }
    while (!groups.isEmpty() && groups.get(groups.size() - 1) == 0) {
      groups.remove(groups.size() - 1);
    }
    ByteBuffer out = ByteBuffer.allocate(8 + 2 * groups.size());
    out.putShort((short) groups.size()).putShort((short) (groups.isEmpty() ? 0 : weight));
    out.putShort((short) (value.signum() < 0 ? 0x4000 : 0)).putShort((short) value.scale());
    groups.forEach(group -> out.putShort(group.shortValue()));
    return out.array();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "SMALLINT | 8000 | -32768",
        "TINYINT | 0080 | 22003 value \"128\" is out of range for type tinyint",
        "TINYINT | ff80 | -128",
        "INTEGER | 0001 | 08P01 insufficient data left in message",
        "BOOLEAN | 07 | true",
        "BOOLEAN | 0000 | 22P03 incorrect binary data format",
        "REAL | 7fc00001 | NaN",
        "DOUBLE | fff0000000000000 | -Infinity",
        "DATE | ffda97a7 | 4714-11-24 BC",
        "DATE | ffda97a6 | 22008 date out of range",
        "DATE | 7fda970c | 5874897-12-31",
        "DATE | 7fda970d | 22008 date out of range",
        "TIME | ffffffffffffffff | 22008 time out of range",
        "TIME | 000000141dd75fff | 23:59:59.999999",
        "TIME | 000000141dd76001 | 22008 time out of range",
        "TIME_TZ | 0000000000000000 0000e100 | 22009 time zone displacement out of range",
        "TIME_TZ | 0000000000000000 ffff1f01 | 00:00:00+15:59:59",
        "TIMESTAMP | 7ffffffffffffffe | 22008 timestamp out of range",
        "TIMESTAMP | fd0f7cc1411fa000 | 4714-11-24 00:00:00 BC",
        "TIMESTAMP | fd0f7cc1411f9fff | 22008 timestamp out of range",
        "UUID | 00 | 08P01 insufficient data left in message",
        "VARCHAR | e9 | 22021 invalid byte sequence for encoding \"UTF8\": 0xe9",
      })
  void widthsAndRanges(Kind kind, String hex, String expected) {
    assertEquals(expected, outcome(TargetType.of(kind, -1, 6), hex));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00000000 00000000 00000017 | {}",
        "00000001 00000000 00000017 00000000 00000001 | {}",
        "ffffffff 00000000 00000017 | 22P03 invalid number of dimensions: -1",
        "00000007 00000000 00000017 | 54000 number of array dimensions (7) exceeds the maximum"
            + " allowed (6)",
        "00000000 00000002 00000017 | 22P03 invalid array flags",
        "00000000 00000000 | 08P01 insufficient data left in message",
        "00000001 00000000 00000014 00000000 00000001 | 42804 binary data has array element type"
            + " 20 (bigint) instead of expected 23 (integer)",
        "00000001 00000000 00000017 08000000 00000001 | 54000 array size exceeds the maximum"
            + " allowed (134217727)",
        "00000001 00000000 00000017 00000001 00000001 00000004 00000007 | {7}",
        "00000001 00000000 00000017 00000001 00000001 00000005 0000000700 | 22P03 improper binary"
            + " format in array element 1",
        "00000001 00000000 00000017 00000001 00000001 00000009 00000007 | 22P03 insufficient data"
            + " left in message",
        "00000001 00000000 00000017 00000001 00000001 00000002 0007 | 08P01 insufficient data left"
            + " in message",
        "00000001 00000000 00000017 00000001 00000001 00000004 00000007 00 | 22P03 incorrect"
            + " binary data format",
      })
  void arrays(String hex, String expected) {
    TargetType type = new TargetType(Kind.ARRAY, -1, 0, List.of(), TargetType.of(Kind.INTEGER));
    assertEquals(expected, outcome(type, hex));
  }

  @Test
  void timestampsAreRoundedAwayFromTheYear2000() {
    TargetType seconds = TargetType.of(Kind.TIMESTAMP, -1, 0);
    assertEquals("2000-01-01 00:00:01", outcome(seconds, "000000000007a120"));
    assertEquals("1999-12-31 23:59:59", outcome(seconds, "fffffffffff85ee0"));
    assertEquals("2000-01-01 00:00:00", outcome(seconds, "fffffffffff85ee1"));
  }

  @Test
  void instantsGetTheOffsetOfTheSessionZone() {
    Random random = new Random(seed);
    for (ZoneId zone : List.of(ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(-5))) {
      ConversionSpec spec = Column.spec(ConversionSpec.Dialect.POSTGRESQL, zone);
      TargetType type = TargetType.of(Kind.TIMESTAMP_TZ, -1, 6);
      for (int round = 0; round < 1000; round++) {
        long second = random.nextInt(2_000_000_000) - 1_000_000_000;
        byte[] value = ByteBuffer.allocate(8).putLong(second * 1_000_000).array();
        ZonedDateTime local =
            EPOCH.plusSeconds(second).atOffset(ZoneOffset.UTC).atZoneSameInstant(zone);
        String text = outcome(type, spec, value);
        assertEquals(local.toLocalDate() + " ", text.substring(0, 11));
        assertEquals(
            local.toLocalTime().toSecondOfDay(),
            java.time.LocalTime.parse(text.substring(11, 19)).toSecondOfDay());
        int hours = Integer.parseInt(text.substring(19, 22));
        assertEquals(local.getOffset().getTotalSeconds(), hours * 3600);
      }
    }
  }

  @Test
  void jsonMayHaveAVersion() {
    ConversionSpec spec =
        new ConversionSpec(
            ConversionSpec.Dialect.POSTGRESQL,
            ZoneOffset.UTC,
            0,
            0,
            (type, text, begin, end) -> java.util.Arrays.copyOfRange(text, begin, end));
    TargetType type = TargetType.of(Kind.JSON);
    assertEquals("{}", outcome(type, spec, new byte[] {'{', '}'}));
    assertEquals("{}", outcome(type, spec, new byte[] {1, '{', '}'}));
    assertEquals(
        "XX000 unsupported jsonb version number 2", outcome(type, spec, new byte[] {2, '{', '}'}));
  }

  @Test
  void randomBytesAreTakenOrRefusedButNeverThrow() {
    Random random = new Random(seed);
    Kind[] kinds = Kind.values();
    for (int round = 0; round < 50_000; round++) {
      Kind kind = kinds[random.nextInt(kinds.length)];
      TargetType type =
          switch (kind) {
            case ARRAY ->
                new TargetType(Kind.ARRAY, -1, 0, List.of(), TargetType.of(Kind.NUMERIC, 9, 2));
            case ENUM -> new TargetType(kind, -1, 0, List.of("a", "b"), null);
            case OTHER -> TargetType.of(Kind.INTEGER);
            case NUMERIC -> TargetType.of(kind, 1 + random.nextInt(30), random.nextInt(10));
            default -> TargetType.of(kind, -1, random.nextInt(7));
          };
      ByteArrayOutputStream value = new ByteArrayOutputStream();
      int[] sizes = {1, 2, 4, 8, 10, 12, 16, random.nextInt(60)};
      int size = sizes[random.nextInt(sizes.length)];
      while (value.size() < size) {
        value.write(random.nextInt(3) == 0 ? random.nextInt(256) : random.nextInt(3));
      }
      byte[] bytes = value.toByteArray();
      try {
        outcome(type, Column.POSTGRESQL, bytes);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            type + " " + HexFormat.of().formatHex(bytes) + " -Dcopyload.seed=" + seed, e);
      }
    }
  }
}

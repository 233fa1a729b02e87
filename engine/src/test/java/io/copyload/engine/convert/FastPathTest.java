package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** The fast paths decide as the general parsers do, on texts that nearly are values. */
class FastPathTest {
  private static final int TEXTS = 20_000;
  private final RandomTexts random = new RandomTexts(FastPathTest.class);

  /** A general parser: lanes of the text's value, or null. */
  private interface General {
    long[] parse(byte[] bytes, int begin, int end);
  }

  private void compare(
      TargetType type, ConversionSpec spec, General general, Supplier<String> texts) {
    List<String> batch = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      batch.add(texts.get());
    }
    Column column = Column.of(type, spec, 16, batch);
    int values = 0;
    for (int r = 0; r < batch.size(); r++) {
      byte[] bytes = batch.get(r).getBytes(StandardCharsets.UTF_8);
      long[] expected = general.parse(bytes, 0, bytes.length);
      int row = r;
      Supplier<String> name = () -> type + " '" + batch.get(row) + "' seed " + random.seed;
      assertEquals(expected == null, column.isNull(r), name);
      values += expected == null ? 0 : 1;
      for (int lane = 0; expected != null && lane < expected.length; lane++) {
        assertEquals(expected[lane], column.lane(lane, r), name);
      }
    }
    assertTrue(values > TEXTS / 500 && values < TEXTS * 49 / 50, "values: " + values);
  }

  @Test
  void integers() {
    for (Kind kind : new Kind[] {Kind.TINYINT, Kind.SMALLINT, Kind.INTEGER, Kind.BIGINT}) {
      long max =
          kind == Kind.TINYINT
              ? Byte.MAX_VALUE
              : kind == Kind.SMALLINT
                  ? Short.MAX_VALUE
                  : kind == Kind.INTEGER ? Integer.MAX_VALUE : Long.MAX_VALUE;
      IntegerConverter general = new IntegerConverter("x", max, false, false);
      compare(
          TargetType.of(kind),
          Column.POSTGRESQL,
          (bytes, begin, end) ->
              general.parse(bytes, begin, end) ? new long[] {general.parsed()} : null,
          () ->
              random.random.nextInt(4) == 0
                  ? random.of("0123456789-+ _x./:\u00e9", 6)
                  : random.pick("", "-", "+")
                      + random.damaged(random.digits(random.random.nextInt(21)), "09 -/:_"));
    }
  }

  private String decimalText() {
    if (random.random.nextInt(4) == 0) {
      return random.of("0123456789-+. e_/\u00e9", 9);
    }
    String text =
        random.pick("", "-", "+")
            + random.digits(random.random.nextInt(12))
            + random.pick(".", "", ".")
            + random.digits(random.random.nextInt(10));
    return random.random.nextInt(3) == 0 ? random.damaged(text, "0./-e5") : text;
  }

  @Test
  void numerics() {
    int[][] types = {{15, 2}, {5, 2}, {18, 0}, {18, 18}, {3, 5}, {9, 9}, {1, 0}, {10, 4}};
    for (int[] type : types) {
      for (ConversionSpec spec : List.of(Column.POSTGRESQL, Column.REDSHIFT)) {
        NumericConverter general =
            new NumericConverter(
                type[0], type[1], false, spec == Column.REDSHIFT, spec == Column.REDSHIFT, false);
        compare(
            TargetType.of(Kind.NUMERIC, type[0], type[1]),
            spec,
            (bytes, begin, end) ->
                general.parse(bytes, begin, end) ? new long[] {general.parsedLane()} : null,
            this::decimalText);
      }
    }
  }

  @Test
  void wideNumericsEqualLanes() {
    for (int i = 0; i < 20_000; i++) {
      String text = decimalText();
      Column lane = Column.of(TargetType.of(Kind.NUMERIC, 18, 4), Column.POSTGRESQL, text);
      Column wide = Column.of(TargetType.of(Kind.NUMERIC, 30, 4), Column.POSTGRESQL, text);
      if (!lane.isNull(0)) {
        assertEquals(lane.text(0), wide.text(0), text);
        byte[] bytes = wide.bytes(0);
        assertEquals(
            new java.math.BigInteger(bytes).toByteArray().length, bytes.length, "shortest " + text);
      }
    }
  }

  @Test
  void floats() {
    for (boolean single : new boolean[] {false, true}) {
      FloatConverter general = new FloatConverter(single, false);
      compare(
          TargetType.of(single ? Kind.REAL : Kind.DOUBLE),
          Column.POSTGRESQL,
          (bytes, begin, end) ->
              general.parse(bytes, begin, end)
                  ? new long[] {
                    single
                        ? Float.floatToRawIntBits((float) general.parsed())
                        : Double.doubleToRawLongBits(general.parsed())
                  }
                  : null,
          this::floatText);
    }
  }

  private String floatText() {
    return switch (random.random.nextInt(6)) {
      case 0 -> decimalText();
      case 1 -> decimalText() + "e" + random.pick("", "-", "+") + random.digits(2);
      case 2 -> Double.toString(Double.longBitsToDouble(random.random.nextLong()));
      case 3 -> Float.toString(Float.intBitsToFloat(random.random.nextInt()));
      case 4 ->
          random.digits(random.random.nextInt(25))
              + "."
              + random.digits(random.random.nextInt(25))
              + "E"
              + (random.random.nextInt(700) - 350);
      default ->
          // The middle of two floats, and beside it.
          new java.math.BigDecimal(
                  Float.intBitsToFloat(random.random.nextInt() & 0x4fffffff)
                      + (double) Float.MIN_VALUE)
              .round(new java.math.MathContext(17))
              .toString();
    };
  }

  @Test
  void datesAndTimes() {
    DateTimeText text = new DateTimeText(Column.POSTGRESQL, "date", 0);
    Complaint complaint = new Complaint();
    compare(
        TargetType.of(Kind.DATE),
        Column.POSTGRESQL,
        (bytes, begin, end) ->
            text.parseDate(bytes, begin, end, complaint) ? new long[] {text.day()} : null,
        this::dateText);
    for (int scale : new int[] {0, 3, 6, 9}) {
      TimestampConverter timestamp =
          new TimestampConverter(
              new DateTimeText(Column.POSTGRESQL, "timestamp", scale), scale, false);
      compare(
          TargetType.of(Kind.TIMESTAMP, -1, scale),
          Column.POSTGRESQL,
          (bytes, begin, end) ->
              timestamp.parse(bytes, begin, end)
                  ? new long[] {timestamp.day(), timestamp.nanoOfDay()}
                  : null,
          () -> dateText() + random.pick(" ", "T", "t", "  ") + timeText());
      TimestampConverter zoned =
          new TimestampConverter(
              new DateTimeText(Column.POSTGRESQL, "timestamp", scale), scale, true);
      compare(
          TargetType.of(Kind.TIMESTAMP_TZ, -1, scale),
          Column.POSTGRESQL,
          (bytes, begin, end) ->
              zoned.parse(bytes, begin, end)
                  ? new long[] {zoned.day(), zoned.nanoOfDay(), zoned.offset()}
                  : null,
          () -> dateText() + random.pick(" ", "T") + timeText() + zoneText());
      TimeConverter time =
          new TimeConverter(new DateTimeText(Column.POSTGRESQL, "time", scale), scale, true);
      compare(
          TargetType.of(Kind.TIME_TZ, -1, scale),
          Column.POSTGRESQL,
          (bytes, begin, end) ->
              time.parse(bytes, begin, end) ? new long[] {time.nanoOfDay(), time.offset()} : null,
          () -> timeText() + zoneText());
    }
  }

  private String dateText() {
    String text =
        random.pick("19", "20", "00", "99", random.digits(2))
            + random.digits(2)
            + "-"
            + random.pick("0" + random.digits(1), "1" + random.pick("0", "1", "2", "3"))
            + "-"
            + random.pick("0", "1", "2", "3")
            + random.digits(1);
    return random.random.nextInt(4) == 0 ? random.damaged(text, "0-/: 1J") : text;
  }

  private String timeText() {
    String text =
        random.pick("0", "1", "2")
            + random.digits(1)
            + ":"
            + random.digits(2)
            + ":"
            + random.digits(2)
            + random.pick("", "." + random.digits(random.random.nextInt(12)));
    return random.random.nextInt(4) == 0 ? random.damaged(text, "0-/: 1.Z") : text;
  }

  private String zoneText() {
    return random.pick(
        "",
        "Z",
        " Z",
        "+" + random.digits(2),
        "-" + random.digits(4),
        "+" + random.digits(2) + ":" + random.digits(2),
        "-0" + random.digits(1) + ":30",
        "+" + random.digits(2) + ":00:0");
  }

  @Test
  void firstFieldOfABufferIsReadToo() {
    for (String text : new String[] {"7", "12345678", "-5", "2024-02-29", "1.5"}) {
      Kind kind = text.contains(".") ? Kind.NUMERIC : text.length() == 10 ? Kind.DATE : Kind.BIGINT;
      TargetType type = TargetType.of(kind, 10, 2);
      Column first = Column.of(type, Column.POSTGRESQL, 0, List.of(text));
      Column later = Column.of(type, Column.POSTGRESQL, 40, List.of(text));
      if (first.isNull(0)) {
        fail(text);
      }
      assertEquals(later.text(0), first.text(0));
    }
  }
}

package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the oracle's literals do not show: markers, dialects, zones, H2's own limits. */
class ConvertersTest {
  private static String[] outcomes(TargetType type, ConversionSpec spec, String... texts) {
    Column column = Column.of(type, spec, texts);
    String[] outcomes = new String[texts.length];
    for (int r = 0; r < texts.length; r++) {
      outcomes[r] = column.outcome(r);
    }
    return outcomes;
  }

  private static String outcome(TargetType type, String text) {
    return outcomes(type, Column.POSTGRESQL, text)[0];
  }

  private static TargetType array(TargetType element, long max) {
    return new TargetType(Kind.ARRAY, max, 0, List.of(), element);
  }

  @Test
  void nullMarkersAreNullsAndRejectsLeaveNulls() {
    for (Kind kind : Kind.values()) {
      TargetType type =
          kind == Kind.ARRAY
              ? array(TargetType.of(Kind.INTEGER), -1)
              : TargetType.of(kind, kind == Kind.NUMERIC ? 20 : -1, 0);
      Column column = Column.of(type, Column.POSTGRESQL, null, "\u0001[", null);
      boolean refused = !kind.name().matches("VARCHAR.*|CHAR|CLOB|BINARY|VARBINARY|BLOB");
      assertTrue(column.isNull(0) && column.isNull(2), kind.name());
      assertEquals(refused, column.isNull(1), kind.name());
      assertEquals(refused ? 1 : 0, column.rejects.size(), kind.name());
    }
  }

  @Test
  void rejectsCarryReasonDetailAndHint() {
    Column column = Column.of(TargetType.of(Kind.NUMERIC, 5, 2), Column.POSTGRESQL, "1", "1000");
    assertEquals(
        List.of(
            new Column.Complained(
                1,
                RejectReason.NUMERIC_OVERFLOW,
                "numeric field overflow",
                "A field with precision 5, scale 2 must round to an absolute value less than 10^3.",
                null)),
        column.rejects);
    assertEquals(
        "A field with precision 3, scale 3 must round to an absolute value less than 1.",
        Column.of(TargetType.of(Kind.NUMERIC, 3, 3), Column.POSTGRESQL, "1")
            .rejects
            .get(0)
            .detail());
  }

  @Test
  void redshiftKnowsDecimalDigitsOnlyAndCutsFractions() {
    assertArrayEquals(
        new String[] {
          "12",
          "22P02 Invalid digit, Value 'x', Pos 1, Type: Integer",
          "22P02 Invalid digit, Value '_', Pos 1, Type: Integer"
        },
        outcomes(TargetType.of(Kind.INTEGER), Column.REDSHIFT, " 12 ", "0x1F", "1_000"));
    assertArrayEquals(
        new String[] {"20.25", "-20.25", "99999.99"},
        outcomes(
            TargetType.of(Kind.NUMERIC, 7, 2), Column.REDSHIFT, "20.259", "-20.259", "99999.999"));
    assertArrayEquals(
        new String[] {
          "true", "true", "false", "22P02 Unknown boolean format", "22P02 Unknown boolean format"
        },
        outcomes(TargetType.of(Kind.BOOLEAN), Column.REDSHIFT, "T", "Yes", "0", "tr", "on"));
    assertArrayEquals(
        new String[] {"\\x6162", "22023 invalid hexadecimal digit: \"g\""},
        outcomes(TargetType.of(Kind.VARBINARY), Column.REDSHIFT, "6162", "6g"));
  }

  @Test
  void tinyintHasItsOwnName() {
    assertArrayEquals(
        new String[] {
          "-128",
          "22003 value \"128\" is out of range for type tinyint",
          "22P02 invalid input syntax for type tinyint: \"x\""
        },
        outcomes(TargetType.of(Kind.TINYINT), Column.POSTGRESQL, "-128", "128", "x"));
  }

  @Test
  void hugeExponentsCostNothing() {
    String[] texts = {"1e1000000000", "1e-1000000000", "0e1000000000", "1e99999999999999999999"};
    assertArrayEquals(
        new String[] {
          "22003 numeric field overflow", "0.00", "0.00", "22003 value overflows numeric format"
        },
        outcomes(TargetType.of(Kind.NUMERIC, 38, 2), Column.POSTGRESQL, texts));
    String[] decfloat =
        outcomes(TargetType.of(Kind.DECFLOAT, 100_000, 0), Column.POSTGRESQL, texts);
    assertEquals("22003 value overflows numeric format", decfloat[0]);
    assertEquals("22003 value overflows numeric format", decfloat[1]);
    assertEquals("0", decfloat[2]);
  }

  @Test
  void charactersCountAsUtf16Units() {
    TargetType three = TargetType.of(Kind.VARCHAR, 3, 0);
    assertEquals("a\ud83d\ude00", outcome(three, "a\ud83d\ude00"));
    assertEquals(
        "22001 value too long for type character varying(3)", outcome(three, "ab\ud83d\ude00"));
    assertEquals("\u65e5\u65e5\u65e5", outcome(three, "\u65e5\u65e5\u65e5   "));
    assertEquals("ab", outcome(TargetType.of(Kind.CHAR, 3, 0), "ab    "));
    assertEquals(
        "22001 value too long for type character(3)",
        outcome(TargetType.of(Kind.CHAR, 3, 0), "abcd"));
  }

  @Test
  void characterValuesAreNotCopied() {
    Column column = Column.of(TargetType.of(Kind.VARCHAR), Column.POSTGRESQL, "abc", "de");
    assertEquals("de", new String(column.bytes(1), StandardCharsets.UTF_8));
    assertEquals(16, column.vector.begin[0]);
  }

  @Test
  void binaryIsPaddedAndLimited() {
    TargetType binary = TargetType.of(Kind.BINARY, 4, 0);
    assertArrayEquals(
        new String[] {
          "\\x61000000", "\\x00000000", "\\xdeadbeef", "22001 value too long for type binary(4)"
        },
        outcomes(binary, Column.POSTGRESQL, "a", "", "\\xDEADBEEF", "abcde"));
  }

  @Test
  void missingZonesAreTheSessions() {
    ConversionSpec berlin =
        Column.spec(ConversionSpec.Dialect.POSTGRESQL, ZoneId.of("Europe/Berlin"));
    TargetType type = TargetType.of(Kind.TIMESTAMP_TZ, -1, 6);
    assertArrayEquals(
        new String[] {
          "2024-01-15 12:00:00+01",
          "2024-07-15 12:00:00+02",
          // Within the gap the offset before it, within the overlap the one after.
          "2024-03-31 02:30:00+01",
          "2024-10-27 02:30:00+01",
          "2024-07-15 00:00:00+02",
          "2024-02-29 13:34:56.789+01",
          "2024-02-29 00:00:00+01"
        },
        outcomes(
            type,
            berlin,
            "2024-01-15 12:00:00",
            "2024-07-15 12:00:00",
            "2024-03-31 02:30:00",
            "2024-10-27 02:30:00",
            "2024-07-15",
            "now",
            "today"));
    assertEquals(
        "12:00:00+01", outcomes(TargetType.of(Kind.TIME_TZ, -1, 0), berlin, "12:00:00")[0]);
    assertEquals("2024-02-28", outcome(TargetType.of(Kind.DATE), "yesterday"));
    assertEquals("2024-03-01", outcome(TargetType.of(Kind.DATE), "Tomorrow"));
  }

  @Test
  void sessionOffsetsAreTheZonesAtEveryHourOfManyYears() {
    for (String name : new String[] {"Europe/Berlin", "Australia/Lord_Howe", "Pacific/Apia"}) {
      ZoneId zone = ZoneId.of(name);
      DateTimeText text =
          new DateTimeText(Column.spec(ConversionSpec.Dialect.POSTGRESQL, zone), "timestamp", 6);
      LocalDateTime local = LocalDateTime.of(2009, 1, 1, 0, 0);
      for (int hours = 0; hours < 9 * 8766; hours++, local = local.plusHours(1)) {
        List<ZoneOffset> valid = zone.getRules().getValidOffsets(local);
        ZoneOffset expected =
            valid.isEmpty()
                ? zone.getRules().getTransition(local).getOffsetBefore()
                : valid.get(valid.size() - 1);
        assertEquals(
            expected.getTotalSeconds(),
            text.sessionOffset(local.toLocalDate().toEpochDay(), local.getHour() * 3600),
            name + " " + local);
      }
    }
  }

  @Test
  void nanosecondsAreKeptUpToTheColumnsScale() {
    assertEquals(
        "2024-02-29 10:11:12.123456789",
        outcome(TargetType.of(Kind.TIMESTAMP, -1, 9), "2024-02-29 10:11:12.1234567891"));
    assertEquals(
        "2025-01-01 00:00:00",
        outcome(TargetType.of(Kind.TIMESTAMP, -1, 3), "2024-12-31 23:59:59.9996"));
    assertEquals("23:59:59.999", outcome(TargetType.of(Kind.TIME, -1, 3), "23:59:59.9996"));
    assertEquals("23:59:59", outcome(TargetType.of(Kind.TIME, -1, 0), "23:59:59.5"));
  }

  @Test
  void timestampLimitsHoldForTheInstant() {
    TargetType type = TargetType.of(Kind.TIMESTAMP_TZ, -1, 0);
    assertEquals("294276-12-31 23:59:59+00", outcome(type, "294276-12-31 23:59:59+00"));
    assertEquals(
        "22008 timestamp out of range: \"294276-12-31 23:59:59-01\"",
        outcome(type, "294276-12-31 23:59:59-01"));
  }

  @Test
  void intervalsFollowTheQualifier() {
    Object[][] cases = {
      {Kind.INTERVAL_YEAR, "5", "5/0"},
      {Kind.INTERVAL_YEAR, "1-11", "1/0"},
      {Kind.INTERVAL_MONTH, "1-2", "14/0"},
      {Kind.INTERVAL_YEAR_TO_MONTH, "-14 months", "-1/2"},
      {Kind.INTERVAL_YEAR_TO_MONTH, "-5 months", "-0/5"},
      {Kind.INTERVAL_DAY, "2", "2/0"},
      {Kind.INTERVAL_DAY, "2 days 23:59", "2/0"},
      {Kind.INTERVAL_HOUR, "2 days 3 hours", "51/0"},
      {Kind.INTERVAL_MINUTE, "90", "90/0"},
      {Kind.INTERVAL_SECOND, "90.5", "90/500000000"},
      {Kind.INTERVAL_SECOND, "-0.5", "-0/500000000"},
      {Kind.INTERVAL_DAY_TO_HOUR, "1 2", "1/2"},
      {Kind.INTERVAL_DAY_TO_MINUTE, "1 02:03", "1/123"},
      {Kind.INTERVAL_DAY_TO_SECOND, "1 day -1 second", "0/86399000000000"},
      {Kind.INTERVAL_HOUR_TO_MINUTE, "25:30", "25/30"},
      {Kind.INTERVAL_HOUR_TO_SECOND, "1:02:03.25", "1/123250000000"},
      {Kind.INTERVAL_MINUTE_TO_SECOND, "4:05", "4/5000000000"},
      {Kind.INTERVAL_MINUTE_TO_SECOND, "4:05.5", "4/5500000000"},
    };
    for (Object[] one : cases) {
      TargetType type = TargetType.of((Kind) one[0], 4, 6);
      assertEquals(one[2], outcome(type, (String) one[1]), one[0] + " " + one[1]);
    }
    assertEquals(
        "61/0", outcome(TargetType.of(Kind.INTERVAL_SECOND, 2, 0), "60.5"), "rounds to scale");
  }

  @Test
  void intervalsThatDoNotFitAreRefused() {
    Column column =
        Column.of(
            TargetType.of(Kind.INTERVAL_DAY_TO_SECOND, 2, 6),
            Column.POSTGRESQL,
            "1 month",
            "100 days");
    assertEquals("22007 invalid input syntax for type interval: \"1 month\"", column.outcome(0));
    assertEquals(
        "The column holds days and times only, not years or months.",
        column.rejects.get(0).detail());
    assertEquals("22008 interval out of range", column.outcome(1));
    assertEquals(
        "The column's leading field must be less than 10^2.", column.rejects.get(1).detail());
    assertEquals(
        "22007 invalid input syntax for type interval: \"1 day\"",
        outcome(TargetType.of(Kind.INTERVAL_YEAR, 2, 0), "1 day"));
  }

  @Test
  void enumsAreLabelsExactly() {
    List<String> labels = new ArrayList<>(List.of("red", "Red", "", "gr\u00fcn"));
    for (int i = 0; i < 100; i++) {
      labels.add("l" + i);
    }
    TargetType type = new TargetType(Kind.ENUM, -1, 0, labels, null);
    assertArrayEquals(
        new String[] {"1", "2", "3", "4", "104", "22P02 invalid input value for enum: \" red\""},
        outcomes(type, Column.POSTGRESQL, "red", "Red", "", "gr\u00fcn", "l99", " red"));
  }

  @Test
  void arraysOfEveryKindNestAndLimit() {
    TargetType integers = array(TargetType.of(Kind.INTEGER), 3);
    assertEquals("{1,NULL,-3}", outcome(integers, "{1, null ,-3}"));
    assertEquals("22001 value too long for type array(3)", outcome(integers, "{1,2,3,4}"));
    assertEquals(
        "22003 value \"99999999999\" is out of range for type integer",
        outcome(integers, "{1,99999999999}"));
    Column wrong = Column.of(integers, Column.POSTGRESQL, "{{1}}");
    assertEquals("22P02 malformed array literal: \"{{1}}\"", wrong.outcome(0));
    assertEquals("The column's arrays have 1 dimension.", wrong.rejects.get(0).detail());
    TargetType zoned = array(array(TargetType.of(Kind.TIMESTAMP_TZ, -1, 0), 2), -1);
    assertEquals(
        "{{\"2024-02-29 10:11:12+02\",NULL}}", outcome(zoned, "{{2024-02-29 10:11:12+02,NULL}}"));
    assertEquals("{}", outcome(zoned, "{}"));
    TargetType texts = array(TargetType.of(Kind.VARCHAR, 3, 0), -1);
    assertEquals("22001 value too long for type character varying(3)", outcome(texts, "{a,bcde}"));
    StringBuilder large = new StringBuilder("{0");
    for (int i = 1; i < 1000; i++) {
      large.append(',').append(i);
    }
    String literal = large.append('}').toString();
    assertEquals(literal, outcome(array(TargetType.of(Kind.BIGINT), -1), literal));
  }

  @Test
  void foreignTypesAreAskedAndTheirWordsAreTheDetail() {
    byte[] answer = {1, 2, 3};
    ForeignTypes foreign =
        (type, text, begin, end) -> {
          if (text[begin] == '!') {
            throw new IllegalArgumentException("Token \"!\" is invalid.");
          }
          return answer;
        };
    ConversionSpec spec =
        new ConversionSpec(ConversionSpec.Dialect.POSTGRESQL, ZoneId.of("UTC"), 0, 0, foreign);
    Column column = Column.of(TargetType.of(Kind.JSON), spec, "{}", "!");
    assertArrayEquals(answer, column.bytes(0));
    assertEquals("22P02 invalid input syntax for type json", column.outcome(1));
    assertEquals("Token \"!\" is invalid.", column.rejects.get(0).detail());
    assertSame(RejectReason.INVALID_JSON, column.rejects.get(0).reason());
    column = Column.of(array(TargetType.of(Kind.GEOMETRY), -1), spec, "{POINT}");
    assertEquals("00000001" + "00000003" + "010203", hex(column.bytes(0)));
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }

  @Test
  void vectorsAreReusedBatchAfterBatch() {
    for (Kind kind : new Kind[] {Kind.VARBINARY, Kind.NUMERIC, Kind.DECFLOAT}) {
      TargetType type = TargetType.of(kind, 30, 0);
      ColumnVector vector = new ColumnVector(type, 2);
      FieldConverter converter = Converters.of(type, Column.POSTGRESQL);
      for (String text : new String[] {"1234567890", "7"}) {
        converter.convert(
            Column.batch(3, Arrays.asList(text, text)),
            0,
            vector,
            (record, reason, message, detail, hint, context) -> {
              throw new AssertionError(message);
            });
        String expected = kind == Kind.VARBINARY ? hexText(text) : text;
        assertEquals(expected, LaneText.format(type, vector, 1));
      }
    }
  }

  private static String hexText(String text) {
    return "\\x" + hex(text.getBytes(StandardCharsets.UTF_8));
  }
}

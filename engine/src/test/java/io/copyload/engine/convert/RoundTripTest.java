package io.copyload.engine.convert;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Values of java.math and java.time, written in several syntaxes, come back. */
class RoundTripTest {
  private static final int VALUES = 3_000;
  private final RandomTexts random = new RandomTexts(RoundTripTest.class);

  private String padded(String text) {
    return random.random.nextInt(5) == 0
        ? random.of(" \t\n\r", 3) + text + random.of(" \t\f", 3)
        : text;
  }

  private Column good(TargetType type, String text) {
    Column column = Column.of(type, Column.POSTGRESQL, text);
    assertEquals(
        java.util.List.of(), column.rejects, () -> type + " '" + text + "' seed " + random.seed);
    return column;
  }

  @Test
  void integers() {
    for (int i = 0; i < VALUES; i++) {
      long value = random.random.nextLong() >> random.random.nextInt(64);
      String magnitude = BigInteger.valueOf(value).abs().toString(16);
      String sign = value < 0 ? "-" : random.pick("", "+");
      String decimal = BigInteger.valueOf(value).abs().toString();
      String text =
          switch (random.random.nextInt(4)) {
            case 0 -> sign + "0x" + magnitude;
            case 1 -> sign + "0b" + BigInteger.valueOf(value).abs().toString(2);
            case 2 -> sign + decimal.replaceAll("(?<=\\d)(?=(\\d{3})+$)", "_");
            default -> sign + random.pick("", "0", "000") + decimal;
          };
      assertEquals(value, good(TargetType.of(Kind.BIGINT), padded(text)).lane(0, 0), text);
    }
  }

  @Test
  void decimals() {
    for (int i = 0; i < VALUES; i++) {
      int precision = random.random.nextInt(1, 40);
      int scale = random.random.nextInt(0, precision + 1);
      BigDecimal value =
          new BigDecimal(
              new BigInteger(random.digits(random.random.nextInt(1, 30))),
              random.random.nextInt(-5, 30));
      if (random.random.nextBoolean()) {
        value = value.negate();
      }
      String text = random.random.nextBoolean() ? value.toPlainString() : value.toString();
      boolean wide = precision > TargetType.MAX_LANE_DIGITS;
      for (ConversionSpec spec : new ConversionSpec[] {Column.POSTGRESQL, Column.REDSHIFT}) {
        BigDecimal expected =
            value.setScale(
                scale, spec == Column.REDSHIFT ? RoundingMode.DOWN : RoundingMode.HALF_UP);
        BigInteger magnitude = expected.unscaledValue().abs();
        // Redshift keeps 19 digits in eight bytes.
        boolean fits =
            magnitude.compareTo(BigInteger.TEN.pow(precision)) < 0
                && (spec != Column.REDSHIFT || precision != 19 || magnitude.bitLength() < 64);
        Column column =
            Column.of(TargetType.of(Kind.NUMERIC, precision, scale), spec, padded(text));
        String name = text + " numeric(" + precision + "," + scale + ") seed " + random.seed;
        assertEquals(!fits, column.isNull(0), name);
        if (fits) {
          BigInteger unscaled =
              wide ? new BigInteger(column.bytes(0)) : BigInteger.valueOf(column.lane(0, 0));
          assertEquals(expected.unscaledValue(), unscaled, name);
        } else {
          String message =
              spec == Column.REDSHIFT
                  ? "Overflow for NUMERIC(" + precision + "," + scale + ")"
                  : "numeric field overflow";
          assertEquals("22003 " + message, column.outcome(0), name);
        }
      }
      int digits = random.random.nextInt(1, 30);
      BigDecimal rounded =
          value.precision() > digits
              ? value.setScale(value.scale() + digits - value.precision(), RoundingMode.HALF_UP)
              : value;
      Column decfloat = good(TargetType.of(Kind.DECFLOAT, digits, 0), text);
      assertEquals(rounded.toPlainString(), decfloat.text(0), text);
    }
  }

  @Test
  void floats() {
    for (int i = 0; i < VALUES; i++) {
      double value = Double.longBitsToDouble(random.random.nextLong());
      if (Double.isFinite(value)) {
        String text =
            random.random.nextInt(3) == 0 ? Double.toHexString(value) : Double.toString(value);
        long lane = good(TargetType.of(Kind.DOUBLE), padded(text)).lane(0, 0);
        assertEquals(Double.doubleToRawLongBits(value), lane, text);
      }
      float real = Float.intBitsToFloat(random.random.nextInt());
      if (Float.isFinite(real)) {
        String text = Float.toString(real);
        long lane = good(TargetType.of(Kind.REAL), padded(text)).lane(0, 0);
        assertEquals(Float.floatToRawIntBits(real), lane, text);
      }
    }
  }

  @Test
  void dates() {
    for (int i = 0; i < VALUES; i++) {
      LocalDate date =
          random.random.nextInt(3) == 0
              ? LocalDate.of(random.random.nextInt(1970, 2070), 1, 1)
                  .plusDays(random.random.nextInt(366))
              : LocalDate.ofEpochDay(random.random.nextLong(-719_162, 100_000_000));
      String pattern =
          random.pick(
              "y-M-d",
              "yyyy-MM-dd",
              "MM/dd/yyyy",
              "d MMM yyyy",
              "MMMM d, yyyy",
              "yyyy-MMM-dd",
              "dd-MMM-yyyy",
              "EEE MMM d yyyy",
              "yyyy.DDD",
              "yyyy/MM/dd");
      if (date.getYear() < 1000 && !pattern.startsWith("yyyy-")) {
        // Fewer digits would make other forms ambiguous.
        pattern = "yyyy-MM-dd";
      }
      if (date.getYear() >= 10_000) {
        // Six digits alone would be yymmdd.
        pattern = date.getYear() < 100_000 ? pattern.replace("yyyy", "y") : "y-M-d";
      }
      String text = date.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
      if (date.getYear() < 1000) {
        text = String.format(Locale.ROOT, "%04d", date.getYear()) + text.substring(4);
      }
      String julian = "J" + (date.toEpochDay() + 2_440_588);
      assertEquals(
          date.toEpochDay(), good(TargetType.of(Kind.DATE), padded(text)).lane(0, 0), text);
      assertEquals(date.toEpochDay(), good(TargetType.of(Kind.DATE), julian).lane(0, 0), julian);
    }
  }

  @Test
  void timestamps() {
    for (int i = 0; i < VALUES; i++) {
      LocalDateTime time =
          LocalDateTime.ofEpochSecond(
              random.random.nextLong(-60_000_000_000L, 60_000_000_000L),
              random.random.nextInt(1_000_000_000),
              ZoneOffset.UTC);
      int scale = random.random.nextInt(10);
      long unit = (long) Math.pow(10, 9 - scale);
      // PostgreSQL's way up to its microseconds: halves go away from 2000-01-01.
      long nano = scale <= 6 ? 1000 * (long) Math.rint(time.getNano() / 1e9 * 1e6) : time.getNano();
      long half = scale <= 6 && time.getYear() < 2000 ? unit / 2 - 1 : unit / 2;
      LocalDateTime rounded =
          time.minusNanos(time.getNano()).plusNanos((nano + half) / unit * unit);
      String text =
          time.format(
              DateTimeFormatter.ofPattern(
                  random.pick(
                      "yyyy-MM-dd HH:mm:ss.SSSSSSSSS",
                      "yyyy-MM-dd'T'HH:mm:ss.SSSSSSSSS",
                      "yyyyMMdd'T'HHmmss.SSSSSSSSS",
                      "MM/dd/yyyy hh:mm:ss.SSSSSSSSS a"),
                  Locale.ENGLISH));
      Column column = good(TargetType.of(Kind.TIMESTAMP, -1, scale), padded(text));
      String name = text + " scale " + scale;
      assertEquals(rounded.toLocalDate().toEpochDay(), column.lane(0, 0), name);
      assertEquals(rounded.toLocalTime().toNanoOfDay(), column.lane(1, 0), name);

      ZoneOffset offset = ZoneOffset.ofTotalSeconds(random.random.nextInt(-900, 901) * 60);
      OffsetDateTime zoned = rounded.atOffset(offset);
      String zonedText = zoned.toString();
      column = good(TargetType.of(Kind.TIMESTAMP_TZ, -1, 9), zonedText);
      assertEquals(zoned.toLocalDate().toEpochDay(), column.lane(0, 0), zonedText);
      assertEquals(zoned.toLocalTime().toNanoOfDay(), column.lane(1, 0), zonedText);
      assertEquals(offset.getTotalSeconds(), column.lane(2, 0), zonedText);

      LocalTime clock = rounded.toLocalTime();
      column = good(TargetType.of(Kind.TIME_TZ, -1, 9), clock + offset.getId());
      assertEquals(clock.toNanoOfDay(), column.lane(0, 0), clock + offset.getId());
      assertEquals(offset.getTotalSeconds(), column.lane(1, 0), clock + offset.getId());
    }
  }

  @Test
  void intervals() {
    for (int i = 0; i < VALUES; i++) {
      long seconds = random.random.nextLong(-10_000_000, 10_000_000);
      long nanos = random.random.nextInt(1_000_000) * 1000L;
      Duration duration = Duration.ofSeconds(seconds, nanos);
      BigDecimal exact =
          BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos).movePointLeft(9));
      String text =
          switch (random.random.nextInt(3)) {
            case 0 -> duration.toString();
            case 1 -> exact.toPlainString() + random.pick(" s", " seconds", "");
            default -> exact.negate().toPlainString() + " sec ago";
          };
      Column column = good(TargetType.of(Kind.INTERVAL_DAY_TO_SECOND, 18, 6), text);
      long total = duration.toNanos();
      long day = 86_400_000_000_000L;
      long leading = Math.abs(total) / day;
      assertEquals(total < 0 ? ~leading : leading, column.lane(0, 0), text);
      assertEquals(Math.abs(total) % day, column.lane(1, 0), text);
    }
  }

  @Test
  void binaryAndUuids() {
    for (int i = 0; i < VALUES; i++) {
      byte[] value = new byte[random.random.nextInt(20)];
      random.random.nextBytes(value);
      StringBuilder escaped = new StringBuilder();
      for (byte b : value) {
        escaped.append(
            b == '\\'
                ? "\\\\"
                : b >= 0x20 && b < 0x7f
                    ? "" + (char) b
                    : "\\" + String.format(Locale.ROOT, "%03o", b & 0xff));
      }
      TargetType type = TargetType.of(Kind.VARBINARY, 20, 0);
      String hex = HexFormat.of().formatHex(value);
      String expected = "\\x" + hex;
      assertEquals(expected, good(type, escaped.toString()).text(0), escaped.toString());
      assertEquals(expected, good(type, "\\x" + hex.toUpperCase(Locale.ROOT)).text(0));
      assertEquals(expected, Column.of(type, Column.REDSHIFT, hex).text(0));

      UUID uuid = new UUID(random.random.nextLong(), random.random.nextLong());
      String text =
          random.pick(
              uuid.toString(),
              "{" + uuid + "}",
              uuid.toString().replace("-", ""),
              uuid.toString().toUpperCase(Locale.ROOT));
      assertEquals(uuid.toString(), good(TargetType.of(Kind.UUID), text).text(0));
    }
  }

  @Test
  void characters() {
    for (int i = 0; i < VALUES; i++) {
      String text = random.of("ab \u00e9\u65e5", 8) + random.pick("", "\ud83d\ude00", "   ");
      int limit = random.random.nextInt(1, 9);
      String cut = text.length() > limit ? text.substring(0, limit) : text;
      boolean fits = text.length() <= limit || text.substring(limit).isBlank();
      Column column = Column.of(TargetType.of(Kind.VARCHAR, limit, 0), Column.POSTGRESQL, text);
      assertEquals(
          fits ? cut : "22001 value too long for type character varying(" + limit + ")",
          column.outcome(0),
          text);
      assertEquals(
          text.getBytes(StandardCharsets.UTF_8).length,
          Column.of(TargetType.of(Kind.CLOB), Column.POSTGRESQL, text).vector.length[0]);
    }
  }
}

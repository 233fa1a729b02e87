package io.copyload.engine.h2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.store.ChunkCache;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.DecodedColumn;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.SegmentFooter;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.SegmentReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.h2.engine.SessionLocal;
import org.h2.index.Cursor;
import org.h2.jdbc.JdbcConnection;
import org.h2.table.Table;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueLob;
import org.h2.value.ValueNull;
import org.h2.value.lob.LobDataInMemory;
import org.junit.jupiter.api.Test;

/**
 * What a plain H2 table returns for a column of each type comes back the same from the columnar
 * layout.
 */
class ValueCodecTest {
  private static final int ROWS = 120;

  private final long seed = Long.getLong("copyload.seed", System.nanoTime());
  private final Random random = new Random(seed);

  /** SQL literals of random values by column type. */
  private Map<String, Function<Random, String>> literals() {
    Map<String, Function<Random, String>> types = new LinkedHashMap<>();
    types.put("BOOLEAN", r -> r.nextBoolean() ? "TRUE" : "FALSE");
    types.put("TINYINT", r -> Integer.toString(edge(r, 8).intValue()));
    types.put("SMALLINT", r -> Integer.toString(edge(r, 16).intValue()));
    types.put("INTEGER", r -> edge(r, 32).toString());
    types.put("BIGINT", r -> "CAST('" + edge(r, 64) + "' AS BIGINT)");
    types.put("NUMERIC(1)", r -> decimal(r, 1, 0));
    types.put("NUMERIC(5, 2)", r -> decimal(r, 5, 2));
    types.put("NUMERIC(18, 18)", r -> decimal(r, 18, 18));
    types.put("NUMERIC(3, 7)", r -> decimal(r, 3, 7));
    types.put("NUMERIC(19, 4)", r -> decimal(r, 19, 4));
    types.put("NUMERIC(40, 3)", r -> decimal(r, 40, 3));
    types.put("NUMERIC", r -> decimal(r, 300, 0));
    types.put("DECFLOAT", ValueCodecTest::decfloat);
    types.put("DECFLOAT(5)", ValueCodecTest::decfloat);
    types.put("REAL", r -> special(r, Float.toString(Float.intBitsToFloat(r.nextInt())), "REAL"));
    types.put(
        "DOUBLE PRECISION",
        r ->
            special(r, Double.toString(Double.longBitsToDouble(r.nextLong())), "DOUBLE PRECISION"));
    types.put("CHAR", r -> quote(text(r, 1)));
    types.put("CHAR(12)", r -> quote(text(r, 10) + " ".repeat(r.nextInt(3))));
    types.put("VARCHAR", r -> quote(text(r, 60)));
    types.put("VARCHAR(10)", r -> quote(text(r, 10)));
    types.put("VARCHAR_IGNORECASE(30)", r -> quote(text(r, 30)));
    types.put(
        "CLOB", r -> quote(text(r, r.nextInt(8) == 0 ? 9000 : 200).replaceAll("\\p{Cs}", "s")));
    types.put("BINARY(7)", r -> bytes(r, 7));
    types.put("VARBINARY", r -> bytes(r, 40));
    types.put("BLOB", r -> bytes(r, r.nextInt(8) == 0 ? 9000 : 200));
    types.put("DATE", r -> "DATE '" + date(r) + "'");
    types.put("TIME(9)", r -> "TIME '" + time(r) + "'");
    types.put("TIME", r -> "TIME '" + time(r) + "'");
    types.put("TIME(9) WITH TIME ZONE", r -> "TIME WITH TIME ZONE '" + time(r) + zone(r) + "'");
    types.put("TIMESTAMP", r -> "TIMESTAMP '" + date(r) + " " + time(r) + "'");
    types.put("TIMESTAMP(9)", r -> "TIMESTAMP '" + date(r) + " " + time(r) + "'");
    types.put(
        "TIMESTAMP(9) WITH TIME ZONE",
        r -> "TIMESTAMP WITH TIME ZONE '" + date(r) + " " + time(r) + zone(r) + "'");
    for (String field : List.of("YEAR", "MONTH", "DAY", "HOUR", "MINUTE")) {
      types.put(
          "INTERVAL " + field + "(18)", r -> "INTERVAL '" + signed(r) + "' " + field + "(18)");
    }
    types.put(
        "INTERVAL SECOND(18, 9)", r -> "INTERVAL '" + signed(r) + fraction(r) + "' SECOND(18, 9)");
    types.put(
        "INTERVAL YEAR(18) TO MONTH",
        r -> "INTERVAL '" + signed(r) + "-" + r.nextInt(12) + "' YEAR(18) TO MONTH");
    types.put(
        "INTERVAL DAY(18) TO HOUR",
        r -> "INTERVAL '" + signed(r) + " " + r.nextInt(24) + "' DAY(18) TO HOUR");
    types.put(
        "INTERVAL DAY(18) TO MINUTE",
        r -> "INTERVAL '" + signed(r) + " " + r.nextInt(24) + ":59' DAY(18) TO MINUTE");
    types.put(
        "INTERVAL DAY(18) TO SECOND(9)",
        r -> "INTERVAL '" + signed(r) + " " + time(r) + "' DAY(18) TO SECOND(9)");
    types.put(
        "INTERVAL HOUR(18) TO MINUTE",
        r -> "INTERVAL '" + signed(r) + ":" + r.nextInt(60) + "' HOUR(18) TO MINUTE");
    types.put(
        "INTERVAL HOUR(18) TO SECOND(9)",
        r -> "INTERVAL '" + signed(r) + ":00:01" + fraction(r) + "' HOUR(18) TO SECOND(9)");
    types.put(
        "INTERVAL MINUTE(18) TO SECOND(9)",
        r -> "INTERVAL '" + signed(r) + ":07" + fraction(r) + "' MINUTE(18) TO SECOND(9)");
    types.put("UUID", r -> "UUID '" + new java.util.UUID(r.nextLong(), r.nextLong()) + "'");
    types.put(
        "ENUM('a', 'B', ' c d', 'é')",
        r -> List.of("'a'", "'B'", "' c d'", "'é'").get(r.nextInt(4)));
    types.put(
        "JSON",
        r ->
            r.nextBoolean()
                ? "JSON '[1, null, {\"a\" : " + r.nextInt() + "}, \"\\u20ac\"]'"
                : List.of("JSON 'null'", "JSON '0'", "JSON 'true'", "JSON '\"\"'")
                    .get(r.nextInt(4)));
    types.put(
        "GEOMETRY",
        r ->
            (r.nextBoolean() ? "GEOMETRY 'SRID=4326;POINT(" : "GEOMETRY 'POINT Z(1 ")
                + r.nextInt(100)
                + " "
                + r.nextDouble()
                + ")'");
    types.put("GEOMETRY(POINT, 7)", r -> "GEOMETRY 'SRID=7;POINT(1 " + r.nextInt(9) + ")'");
    types.put("INTEGER ARRAY", r -> array(r, edge(r, 32).toString()));
    types.put("VARCHAR(20) ARRAY[3]", r -> array(r, quote(text(r, 20))));
    types.put("CHAR(4) ARRAY", r -> array(r, quote(text(r, 3))));
    types.put("NUMERIC(30, 2) ARRAY", r -> array(r, decimal(r, 30, 2)));
    types.put("TIMESTAMP(9) ARRAY", r -> array(r, "TIMESTAMP '" + date(r) + " " + time(r) + "'"));
    types.put(
        "TIMESTAMP(9) WITH TIME ZONE ARRAY",
        r -> array(r, "TIMESTAMP WITH TIME ZONE '" + date(r) + " " + time(r) + zone(r) + "'"));
    types.put("ENUM('x', 'y') ARRAY", r -> array(r, "'y'"));
    types.put("INTEGER ARRAY ARRAY", r -> array(r, array(r, edge(r, 32).toString())));
    types.put("BLOB ARRAY", r -> array(r, bytes(r, 300)));
    types.put(
        "ROW(a INTEGER, b VARCHAR(20), c ROW(d DATE))",
        r -> "ROW(" + edge(r, 32) + ", " + quote(text(r, 20)) + ", ROW(DATE '" + date(r) + "'))");
    types.put("JAVA_OBJECT", r -> "CAST(" + bytes(r, 30) + " AS JAVA_OBJECT)");
    return types;
  }

  @Test
  void valuesOfEveryTypeComeBackAsFromAPlainTable() throws Exception {
    roundTrip("jdbc:h2:mem:", literals());
  }

  @Test
  void valuesComeBackInModesWithoutPaddingAndWithEnumerationsFromZero() throws Exception {
    Map<String, Function<Random, String>> types = literals();
    types.keySet().retainAll(List.of("CHAR(12)", "CHAR(4) ARRAY", "ENUM('a', 'B', ' c d', 'é')"));
    roundTrip("jdbc:h2:mem:;MODE=MySQL", types);
    roundTrip("jdbc:h2:mem:;MODE=PostgreSQL", types);
  }

  private void roundTrip(String url, Map<String, Function<Random, String>> types) throws Exception {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      SessionLocal session = (SessionLocal) ((JdbcConnection) connection).getSession();
      for (Map.Entry<String, Function<Random, String>> entry : types.entrySet()) {
        String type = entry.getKey();
        statement.execute("DROP TABLE IF EXISTS T");
        statement.execute("CREATE TABLE T(V " + type + ")");
        for (int i = 0; i < ROWS; i++) {
          String literal = i % 7 == 3 ? "NULL" : entry.getValue().apply(random);
          statement.execute("INSERT INTO T VALUES (" + literal + ")");
        }
        Table table =
            session.getDatabase().getSchema("PUBLIC").findTableOrView(session, name(session));
        List<Value> expected = new ArrayList<>();
        Cursor cursor = table.getScanIndex(session).find(session, null, null, false);
        while (cursor.next()) {
          expected.add(cursor.get().getValue(0));
        }
        assertEquals(ROWS, expected.size());
        compare(type, table.getColumn(0).getType(), session, expected);
      }
    }
  }

  private static String name(SessionLocal session) {
    return session.getDatabase().getSettings().databaseToLower ? "t" : "T";
  }

  private void compare(String type, TypeInfo info, SessionLocal session, List<Value> expected) {
    ValueCodec codec = ValueCodec.of(info, session.getDatabase());
    ColumnVector vector = new ColumnVector(codec.targetType(), expected.size());
    vector.useHeap();
    for (int row = 0; row < expected.size(); row++) {
      codec.write(expected.get(row), vector, row);
    }
    DecodedColumn column = decoded(vector, expected.size());
    DecodedColumn stored = stored(session, vector, expected.size());
    DecodedColumn dictionary = dictionary(vector, expected.size());
    Value[] entries = dictionary == null ? null : codec.dictionaryValues(dictionary);
    for (int row = 0; row < expected.size(); row++) {
      String label = type + " row " + row + ", seed " + seed;
      same(label, expected.get(row), codec.read(vector, row));
      same(label, expected.get(row), codec.read(column, row));
      same(label, expected.get(row), codec.read(stored, row));
      if (entries != null && !column.isNull(row)) {
        same(label, expected.get(row), codec.read(dictionary, row));
        same(label, expected.get(row), entries[dictionary.code(row)]);
      }
    }
    assertNull(codec.dictionaryValues(column));
  }

  /** The rows once through a row group in the database's own byte store. */
  private static DecodedColumn stored(SessionLocal session, ColumnVector vector, int count) {
    MvByteStore store = MvByteStore.of(session.getDatabase());
    RowGroupWriter writer =
        new RowGroupWriter(
            store, 1, 1, new AtomicInteger(), List.of(0), List.of(vector.type()), Long.MAX_VALUE);
    writer.append(new ColumnVector[] {vector}, null, count);
    SegmentInfo info =
        new SegmentInfo(1, 1, 0, count, List.of(0), List.of(vector.type()), writer.finish());
    SegmentFooter.write(store, info);
    DecodedColumn column =
        new SegmentReader(store, new ChunkCache(1 << 20), SegmentFooter.read(store, 1, 1))
            .column(0, 0);
    store.removeSegment(1, 1);
    return column;
  }

  private static void same(String label, Value expected, Value actual) {
    assertEquals(expected.getValueType(), actual.getValueType(), label);
    assertEquals(expected, actual, label);
    if (expected.getValueType() == Value.JAVA_OBJECT) {
      return;
    }
    assertEquals(expected.getString(), actual.getString(), label);
    assertEquals(expected.getType().getPrecision(), actual.getType().getPrecision(), label);
    if (!(expected instanceof ValueLob lob) || lob.getLobData() instanceof LobDataInMemory) {
      assertEquals(expected.getSQL(0), actual.getSQL(0), label);
    }
    if (expected instanceof ValueLob lob) {
      assertEquals(lob.octetLength(), ((ValueLob) actual).octetLength(), label);
      assertEquals(lob.charLength(), ((ValueLob) actual).charLength(), label);
    }
  }

  /** A decoded column without dictionary, with the bytes of NULL rows left in. */
  private static DecodedColumn decoded(ColumnVector vector, int count) {
    long[] nulls = nullBits(vector, count);
    if (vector.begin == null) {
      long[][] lanes = new long[vector.lanes.length][];
      for (int i = 0; i < lanes.length; i++) {
        lanes[i] = Arrays.copyOf(vector.lanes[i], count);
      }
      return new DecodedColumn(count, nulls, lanes, null, null, null);
    }
    int[] offsets = Arrays.copyOf(vector.begin, count + 1);
    offsets[count] = vector.heapSize();
    return new DecodedColumn(
        count, nulls, null, null, offsets, Arrays.copyOf(vector.bytes, vector.heapSize()));
  }

  /** The same with one dictionary entry per row, in reverse order. */
  private static DecodedColumn dictionary(ColumnVector vector, int count) {
    if (vector.begin == null) {
      return null;
    }
    int[] codes = new int[count];
    int[] offsets = new int[count + 1];
    byte[] bytes = new byte[vector.heapSize()];
    int at = 0;
    for (int row = count - 1; row >= 0; row--) {
      int code = count - 1 - row;
      codes[row] = code;
      offsets[code] = at;
      System.arraycopy(vector.bytes, vector.begin[row], bytes, at, vector.length[row]);
      at += vector.length[row];
    }
    offsets[count] = at;
    return new DecodedColumn(count, nullBits(vector, count), null, codes, offsets, bytes);
  }

  private static long[] nullBits(ColumnVector vector, int count) {
    long[] bits = new long[count + 63 >> 6];
    for (int row = 0; row < count; row++) {
      if (vector.nulls[row]) {
        bits[row >> 6] |= 1L << row;
      }
    }
    return bits;
  }

  @Test
  void nullIsTheNullValue() {
    ValueCodec codec = ValueCodec.of(TypeInfo.TYPE_BIGINT);
    ColumnVector vector = new ColumnVector(codec.targetType(), 1);
    codec.write(ValueNull.INSTANCE, vector, 0);
    assertSame(ValueNull.INSTANCE, codec.read(vector, 0));
  }

  @Test
  void everyStringSurvivesUtf8() {
    for (int i = 0; i < 20_000; i++) {
      String text = text(random, 12);
      byte[] bytes = SurrogateUtf8.encode(text);
      assertEquals(text, SurrogateUtf8.decode(bytes, 0, bytes.length), () -> "seed " + seed);
      assertEquals(text.length(), SurrogateUtf8.charLength(bytes, 0, bytes.length));
      if (text.chars().noneMatch(c -> Character.isSurrogate((char) c))) {
        assertTrue(Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes));
      }
    }
  }

  private static String text(Random r, int max) {
    StringBuilder text = new StringBuilder();
    int length = r.nextInt(max + 1);
    boolean ascii = r.nextBoolean();
    while (text.length() < length) {
      switch (ascii ? 0 : r.nextInt(6)) {
        case 0, 1 -> text.append((char) (' ' + r.nextInt(95)));
        case 2 -> text.append((char) (0xa1 + r.nextInt(0x600)));
        case 3 -> text.append((char) (0xd7f0 + r.nextInt(0x820)));
        case 4 -> text.append(r.nextBoolean() ? '\uFFFD' : (char) (0xe000 + r.nextInt(0x1fff)));
        default -> text.appendCodePoint(0x10000 + r.nextInt(0x100000));
      }
    }
    text.setLength(length);
    return text.toString();
  }

  private static String quote(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  private static BigInteger edge(Random r, int bits) {
    BigInteger min = BigInteger.ONE.shiftLeft(bits - 1).negate();
    return switch (r.nextInt(5)) {
      case 0 -> min;
      case 1 -> min.not();
      case 2 -> BigInteger.valueOf(r.nextInt(3) - 1);
      default -> min.add(new BigInteger(bits, r));
    };
  }

  private static String decimal(Random r, int precision, int scale) {
    BigInteger bound = BigInteger.TEN.pow(precision);
    BigInteger unscaled =
        switch (r.nextInt(4)) {
          case 0 -> bound.subtract(BigInteger.ONE);
          case 1 -> BigInteger.valueOf(r.nextInt(3) - 1);
          default -> new BigInteger(r.nextInt(precision * 3 + 1), r);
        };
    if (r.nextBoolean()) {
      unscaled = unscaled.negate();
    }
    return "CAST('"
        + new BigDecimal(unscaled, scale).toPlainString()
        + "' AS NUMERIC("
        + Math.max(precision, 1)
        + ", "
        + scale
        + "))";
  }

  private static String decfloat(Random r) {
    String text =
        switch (r.nextInt(7)) {
          case 0 -> "NaN";
          case 1 -> "Infinity";
          case 2 -> "-Infinity";
          case 3 -> "0";
          default -> new BigDecimal(new BigInteger(100, r), r.nextInt(600) - 300).toString();
        };
    return "CAST('"
        + (text.charAt(0) != '-' && r.nextBoolean() && text.charAt(0) < 'A' ? "-" : "")
        + text
        + "' AS DECFLOAT)";
  }

  private static String special(Random r, String number, String type) {
    String text =
        switch (r.nextInt(8)) {
          case 0 -> "NaN";
          case 1 -> "-Infinity";
          case 2 -> "-0.0";
          case 3 -> "1";
          default -> number;
        };
    return "CAST('" + text + "' AS " + type + ")";
  }

  private static String bytes(Random r, int max) {
    byte[] bytes = new byte[r.nextInt(max + 1)];
    r.nextBytes(bytes);
    return "X'" + java.util.HexFormat.of().formatHex(bytes) + "'";
  }

  private static String date(Random r) {
    long year =
        switch (r.nextInt(5)) {
          case 0 -> r.nextInt(2_000_000_000) - 1_000_000_000L;
          case 1 -> r.nextInt(20_000) - 10_000;
          default -> 1850 + r.nextInt(300);
        };
    String digits = "%04d".formatted(Math.abs(year));
    return (year < 0 ? "-" : "")
        + digits
        + "-%02d-%02d".formatted(1 + r.nextInt(12), 1 + r.nextInt(28));
  }

  private static String time(Random r) {
    return r.nextInt(6) == 0
        ? "23:59:59.999999999"
        : "%02d:%02d:%02d.%09d"
            .formatted(r.nextInt(24), r.nextInt(60), r.nextInt(59), r.nextInt(1_000_000_000));
  }

  private static String zone(Random r) {
    return "%s%02d:%02d:%02d"
        .formatted(r.nextBoolean() ? "+" : "-", r.nextInt(18), r.nextInt(60), r.nextInt(60));
  }

  private static String signed(Random r) {
    long value =
        r.nextInt(3) == 0 ? r.nextInt(2) : Math.floorMod(r.nextLong(), 999_999_999_999_999_999L);
    return (r.nextBoolean() ? "-" : "") + value;
  }

  private static String fraction(Random r) {
    return ".%09d".formatted(r.nextInt(1_000_000_000));
  }

  private static String array(Random r, String element) {
    return List.of(
            "ARRAY[]", "ARRAY[" + element + "]", "ARRAY[" + element + ", NULL, " + element + "]")
        .get(r.nextInt(3));
  }
}

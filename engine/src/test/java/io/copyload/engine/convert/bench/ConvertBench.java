package io.copyload.engine.convert.bench;

import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.convert.Converters;
import io.copyload.engine.convert.FieldConverter;
import io.copyload.engine.format.RecordBatch;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * Nanoseconds per value of the converters over columns shaped like TPC-H lineitem. One thread;
 * every column is warmed up, then measured in seven rounds, of which the median and the best are
 * printed. Each column's values lie in batches of 4096 records among 120 bytes of other fields, as
 * in the real file.
 */
public final class ConvertBench {
  private static final int RECORDS = 4096;
  private static final int BATCHES = 4;
  private static final int RECORD_BYTES = 120;
  private static final int ROUNDS = 7;

  private ConvertBench() {}

  public static void main(String[] args) {
    String[] words = {"furiously", "regular", "deposits", "sleep", "carefully", "ironic", "the"};
    LocalDate start = LocalDate.of(1992, 1, 1);
    Column[] columns = {
      new Column(
          "l_orderkey bigint", TargetType.of(Kind.BIGINT), r -> "" + r.nextInt(1, 6_000_000)),
      new Column("l_partkey integer", TargetType.of(Kind.INTEGER), r -> "" + r.nextInt(1, 200_000)),
      new Column("l_linenumber integer", TargetType.of(Kind.INTEGER), r -> "" + r.nextInt(1, 8)),
      new Column(
          "l_quantity numeric(15,2)",
          TargetType.of(Kind.NUMERIC, 15, 2),
          r -> "" + r.nextInt(1, 51)),
      new Column(
          "l_extendedprice numeric(15,2)",
          TargetType.of(Kind.NUMERIC, 15, 2),
          r -> cents(r.nextInt(90_000, 10_494_951))),
      new Column(
          "l_discount numeric(15,2)",
          TargetType.of(Kind.NUMERIC, 15, 2),
          r -> cents(r.nextInt(0, 11))),
      new Column(
          "l_extendedprice double",
          TargetType.of(Kind.DOUBLE),
          r -> cents(r.nextInt(90_000, 10_494_951))),
      new Column("random double", TargetType.of(Kind.DOUBLE), r -> "" + r.nextDouble()),
      new Column(
          "l_shipdate date",
          TargetType.of(Kind.DATE),
          r -> start.plusDays(r.nextInt(2526)).toString()),
      new Column(
          "timestamp(6)",
          TargetType.of(Kind.TIMESTAMP, -1, 6),
          r ->
              start.plusDays(r.nextInt(2526))
                  + String.format(
                      Locale.ROOT,
                      " %02d:%02d:%02d.%03d",
                      r.nextInt(24),
                      r.nextInt(60),
                      r.nextInt(60),
                      r.nextInt(1000))),
      new Column(
          "l_returnflag char(1)",
          TargetType.of(Kind.CHAR, 1, 0),
          r -> "ARN".substring(r.nextInt(2), 3).substring(0, 1)),
      new Column(
          "l_comment varchar(44)",
          TargetType.of(Kind.VARCHAR, 44, 0),
          r -> words[r.nextInt(7)] + " " + words[r.nextInt(7)] + " " + words[r.nextInt(7)]),
      new Column("boolean", TargetType.of(Kind.BOOLEAN), r -> r.nextInt(2) == 0 ? "t" : "false"),
    };
    System.out.printf(Locale.ROOT, "%-30s %10s %10s%n", "column", "median ns", "best ns");
    for (Column column : columns) {
      measure(column);
    }
  }

  private record Column(String name, TargetType type, Function<SplittableRandom, String> value) {}

  private static String cents(int value) {
    return value / 100 + "." + value / 10 % 10 + value % 10;
  }

  private static void measure(Column column) {
    SplittableRandom random = new SplittableRandom(42);
    RecordBatch[] batches = new RecordBatch[BATCHES];
    for (int i = 0; i < BATCHES; i++) {
      batches[i] = batch(column, random);
    }
    ConversionSpec spec =
        new ConversionSpec(
            ConversionSpec.Dialect.POSTGRESQL,
            ZoneOffset.UTC,
            0,
            0,
            (type, text, begin, end) -> new byte[0]);
    FieldConverter converter = Converters.of(column.type, spec);
    ColumnVector out = new ColumnVector(column.type, RECORDS);
    double[] nanos = new double[ROUNDS];
    long sum = 0;
    for (int round = -3; round < ROUNDS; round++) {
      int repeats = 160;
      long begin = System.nanoTime();
      for (int k = 0; k < repeats; k++) {
        for (RecordBatch batch : batches) {
          converter.convert(
              batch,
              0,
              out,
              (record, reason, message, detail, hint, context) -> {
                throw new IllegalStateException(message);
              });
          sum += out.lanes.length > 0 ? out.lanes[0][RECORDS - 1] : out.length[RECORDS - 1];
        }
      }
      double each = (System.nanoTime() - begin) / (double) ((long) repeats * BATCHES * RECORDS);
      if (round >= 0) {
        nanos[round] = each;
      }
    }
    Arrays.sort(nanos);
    System.out.printf(
        Locale.ROOT,
        "%-30s %10.2f %10.2f%s%n",
        column.name,
        nanos[ROUNDS / 2],
        nanos[0],
        sum == 42 ? " " : "");
  }

  private static RecordBatch batch(Column column, SplittableRandom random) {
    RecordBatch batch = new RecordBatch(1, RECORDS);
    byte[] bytes = new byte[RECORDS * RECORD_BYTES];
    Arrays.fill(bytes, (byte) '|');
    for (int r = 0; r < RECORDS; r++) {
      byte[] value = column.value.apply(random).getBytes(StandardCharsets.UTF_8);
      int begin = r * RECORD_BYTES + 20 + random.nextInt(20);
      System.arraycopy(value, 0, bytes, begin, value.length);
      batch.begin[0][r] = begin;
      batch.end[0][r] = begin + value.length;
    }
    batch.bytes = bytes;
    batch.recordCount = RECORDS;
    return batch;
  }
}

package io.copyload.engine.load.bench;

import io.copyload.engine.CancelToken;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.load.ErrorBudget;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPipeline;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.LoadProgress;
import io.copyload.engine.load.RowSink;
import io.copyload.engine.load.TargetColumn;
import io.copyload.engine.source.local.LocalFiles;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Reads, cuts and converts TPC-H lineitem without storing it: {@code LoadBench [scale] [rounds]
 * [style]}. Prints MB/s for one and two slices, median of the rounds.
 */
public final class LoadBench {
  private static final int WARM_UP_ROUNDS = 3;

  private LoadBench() {}

  public static void main(String[] args) throws Exception {
    double scale = args.length > 0 ? Double.parseDouble(args[0]) : 0.1;
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 5;
    Style style = args.length > 2 ? Style.valueOf(args[2]) : Style.POSTGRES_CSV;
    boolean text = args.length > 3 && args[3].equals("text");
    boolean escape = args.length > 3 && args[3].equals("escape");
    Path file = args.length > 4 ? Path.of(args[4]) : LineitemFile.of(scale);
    long size = Files.size(file);
    for (int slices : new int[] {2, 1}) {
      double[] seconds = new double[rounds];
      LoadOutcome outcome = null;
      for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
        long cpuBegin = cpuNanos();
        long begin = System.nanoTime();
        outcome =
            LoadPipeline.run(
                plan(file, slices, style, text, escape),
                new Nowhere(),
                new CancelToken(),
                new LoadProgress());
        double took = (System.nanoTime() - begin) / 1e9;
        if (round >= 0) {
          seconds[round] = took;
        }
        System.out.printf(
            Locale.ROOT,
            "%s%.2f (cpu %.2f)",
            round == 0 ? " | " : " ",
            took,
            (cpuNanos() - cpuBegin) / 1e9);
      }
      Arrays.sort(seconds);
      double median = seconds[rounds / 2];
      System.out.printf(
          Locale.ROOT,
          "%n%d slices: %d rows, %.1f MB, median %.3f s (%.3f - %.3f), %.0f MB/s%n",
          slices,
          outcome.loadedRows(),
          size / 1e6,
          median,
          seconds[0],
          seconds[rounds - 1],
          size / 1e6 / median);
    }
  }

  /** Processor time of this process: what counts on a busy machine. */
  static long cpuNanos() {
    return ProcessHandle.current().info().totalCpuDuration().orElseThrow().toNanos();
  }

  /** A load of a CSV file. */
  static LoadPlan plan(Path file, int slices) {
    return plan(file, slices, Style.POSTGRES_CSV, false, false);
  }

  private static LoadPlan plan(Path file, int slices, Style style, boolean text, boolean escape) {
    boolean redshift = style == Style.REDSHIFT_CSV || style == Style.REDSHIFT_TEXT;
    boolean csv = style == Style.POSTGRES_CSV || style == Style.REDSHIFT_CSV;
    DelimitedSpec spec =
        new DelimitedSpec(
            style,
            (byte) (style == Style.REDSHIFT_TEXT ? '|' : ','),
            csv ? '"' : -1,
            csv ? '"' : style == Style.POSTGRES_TEXT || escape ? '\\' : -1,
            style == Style.POSTGRES_CSV ? "" : "\\N",
            false,
            redshift,
            null,
            Header.NONE,
            0,
            false,
            style == Style.POSTGRES_TEXT ? EndMarker.STRICT : EndMarker.NONE);
    ConversionSpec conversion =
        new ConversionSpec(
            redshift ? ConversionSpec.Dialect.REDSHIFT : ConversionSpec.Dialect.POSTGRESQL,
            ZoneOffset.UTC,
            1_700_000_000L,
            0,
            (type, value, begin, end) -> {
              throw new IllegalArgumentException("not a type of lineitem");
            });
    return new LoadPlan(
        "lineitem",
        List.of(LocalFiles.of(file)),
        LoadPlan.Compression.DETECT,
        spec,
        text ? textColumns() : columns(),
        conversion,
        new ErrorBudget(Long.MAX_VALUE, false),
        slices,
        256 << 20,
        0,
        10);
  }

  private static List<TargetColumn> textColumns() {
    List<TargetColumn> columns = new ArrayList<>();
    for (TargetColumn column : columns()) {
      columns.add(new TargetColumn(column.name(), TargetType.of(Kind.VARCHAR), false));
    }
    return columns;
  }

  /** The columns of lineitem in TPC-H's order. */
  public static List<TargetColumn> columns() {
    TargetType money = TargetType.of(Kind.NUMERIC, 15, 2);
    List<TargetColumn> columns = new ArrayList<>();
    columns.add(new TargetColumn("l_orderkey", TargetType.of(Kind.BIGINT), true));
    columns.add(new TargetColumn("l_partkey", TargetType.of(Kind.BIGINT), true));
    columns.add(new TargetColumn("l_suppkey", TargetType.of(Kind.BIGINT), true));
    columns.add(new TargetColumn("l_linenumber", TargetType.of(Kind.INTEGER), true));
    columns.add(new TargetColumn("l_quantity", money, true));
    columns.add(new TargetColumn("l_extendedprice", money, true));
    columns.add(new TargetColumn("l_discount", money, true));
    columns.add(new TargetColumn("l_tax", money, true));
    columns.add(new TargetColumn("l_returnflag", TargetType.of(Kind.CHAR, 1, 0), true));
    columns.add(new TargetColumn("l_linestatus", TargetType.of(Kind.CHAR, 1, 0), true));
    columns.add(new TargetColumn("l_shipdate", TargetType.of(Kind.DATE), true));
    columns.add(new TargetColumn("l_commitdate", TargetType.of(Kind.DATE), true));
    columns.add(new TargetColumn("l_receiptdate", TargetType.of(Kind.DATE), true));
    columns.add(new TargetColumn("l_shipinstruct", TargetType.of(Kind.CHAR, 25, 0), true));
    columns.add(new TargetColumn("l_shipmode", TargetType.of(Kind.CHAR, 10, 0), true));
    columns.add(new TargetColumn("l_comment", TargetType.of(Kind.VARCHAR, 44, 0), true));
    return columns;
  }

  /** A sink that does nothing. */
  static final class Nowhere implements RowSink {
    @Override
    public Slice openSlice() {
      return new Slice() {
        @Override
        public void rows(ColumnVector[] columns, int[] selection, int count) {}

        @Override
        public void endUnit(long unit) {}

        @Override
        public void close() {}
      };
    }
  }
}

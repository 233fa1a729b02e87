package io.copyload.engine.store.bench;

import io.copyload.engine.store.ByteStore;
import io.copyload.engine.store.ChunkCache;
import io.copyload.engine.store.ChunkInfo;
import io.copyload.engine.store.ChunkKey;
import io.copyload.engine.store.ColumnVector;
import io.copyload.engine.store.HeapByteStore;
import io.copyload.engine.store.RowGroupInfo;
import io.copyload.engine.store.RowGroupWriter;
import io.copyload.engine.store.SegmentInfo;
import io.copyload.engine.store.SegmentReader;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * CPU nanoseconds per row and bytes per row of rows like TPC-H's lineitem, all columns together and
 * each alone. Not run by default.
 *
 * <p>Vectors are touched before each append, outside of the time taken, because in a load they come
 * straight from the converters. Arguments: {@code double} makes the four decimal columns DOUBLE; a
 * number behind it measures that column alone.
 */
public final class StoreBench {
  private static final int BATCH_ROWS = 1024;
  private static final int BATCHES = 3 * RowGroupWriter.MAX_ROWS / BATCH_ROWS;
  private static final int ROUNDS = 7;
  private static final String[] NAMES = {
    "orderkey",
    "partkey",
    "suppkey",
    "linenumber",
    "quantity",
    "extendedprice",
    "discount",
    "tax",
    "returnflag",
    "linestatus",
    "shipdate",
    "commitdate",
    "receiptdate",
    "shipinstruct",
    "shipmode",
    "comment"
  };

  private static final String[] INSTRUCTIONS = {
    "DELIVER IN PERSON", "COLLECT COD", "NONE", "TAKE BACK RETURN"
  };
  private static final String[] MODES = {"REG AIR", "AIR", "RAIL", "SHIP", "TRUCK", "MAIL", "FOB"};
  private static final String[] WORDS =
      ("foxes ideas theodolites pinto beans instructions dependencies excuses platelets asymptotes"
              + " courts dolphins multipliers sauternes warthogs frets dinos attainments somas"
              + " packages requests accounts deposits furiously slyly carefully blithely quickly"
              + " fluffily sleep wake are cajole haggle nag use boost affix detect integrate among"
              + " above about the across against after according to special pending unusual express"
              + " final regular ironic even silent bold dugouts sometimes always never quietly")
          .split(" ");

  private final Random random = new Random(1);
  private long order = 1;
  private int line;
  private int lines = 4;
  private int orderDate = 9000;
  private final List<TargetType> types = new ArrayList<>();
  private final List<ColumnVector[]> batches = new ArrayList<>();
  private long sink;

  private StoreBench(boolean doubles) {
    for (int i = 0; i < NAMES.length; i++) {
      types.add(
          i >= 4 && i < 8
              ? doubles ? TargetType.of(Kind.DOUBLE) : TargetType.of(Kind.NUMERIC, 15, 2)
              : i < 4
                  ? TargetType.of(Kind.BIGINT)
                  : i >= 10 && i < 13 ? TargetType.of(Kind.DATE) : TargetType.of(Kind.VARCHAR));
    }
    for (int b = 0; b < BATCHES; b++) {
      batches.add(batch(doubles));
    }
  }

  private ColumnVector[] batch(boolean doubles) {
    ColumnVector[] vectors = new ColumnVector[types.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = new ColumnVector(types.get(i), BATCH_ROWS);
    }
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < BATCH_ROWS; row++) {
      if (lines == 0) {
        order = order % 32 == 7 ? order + 25 : order + 1;
        lines = 1 + random.nextInt(7);
        line = 0;
        orderDate = 8035 + random.nextInt(2406);
      }
      lines--;
      line++;
      int part = 1 + random.nextInt(200_000);
      int quantity = 1 + random.nextInt(50);
      int ship = orderDate + 1 + random.nextInt(121);
      long[] lanes = {
        order,
        part,
        1 + (part + random.nextInt(4) * 2501) % 10_000,
        line,
        quantity * 100,
        quantity * (90_000L + part / 10 % 20_001 + 100 * (part % 1000)),
        random.nextInt(11),
        random.nextInt(9),
        0,
        0,
        ship,
        orderDate + 30 + random.nextInt(61),
        ship + 1 + random.nextInt(30)
      };
      String[] texts = {
        ship > 9298 ? "N" : random.nextBoolean() ? "R" : "A",
        ship > 9298 ? "O" : "F",
        null,
        null,
        null,
        INSTRUCTIONS[random.nextInt(INSTRUCTIONS.length)],
        MODES[random.nextInt(MODES.length)],
        comment()
      };
      for (int i = 0; i < vectors.length; i++) {
        if (types.get(i).isBytes()) {
          vectors[i].begin[row] = text.length();
          text.append(texts[i - 8]);
          vectors[i].length[row] = text.length() - vectors[i].begin[row];
        } else {
          vectors[i].lanes[0][row] =
              doubles && i >= 4 && i < 8 ? Double.doubleToRawLongBits(lanes[i] / 100.0) : lanes[i];
          text.append(lanes[i]);
        }
        text.append('|');
      }
      text.append('\n');
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    for (ColumnVector vector : vectors) {
      vector.pointTo(bytes);
    }
    return vectors;
  }

  /** A cut-out of words as TPC-H has it, 10 to 43 bytes. */
  private String comment() {
    int length = 10 + random.nextInt(34);
    StringBuilder text = new StringBuilder();
    while (text.length() < length + 10) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(random.nextInt(8) == 0 ? ". " : " ");
    }
    int begin = random.nextInt(10);
    return text.substring(begin, begin + length);
  }

  /** Nanoseconds per row of append and encode for some columns. */
  private double write(int[] columns, ByteStore store, List<RowGroupInfo> groups) {
    List<TargetType> chosen = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int column : columns) {
      chosen.add(types.get(column));
      ids.add(column);
    }
    RowGroupWriter writer =
        new RowGroupWriter(store, 1, 1, new AtomicInteger(), ids, chosen, Long.MAX_VALUE);
    long nanos = 0;
    for (ColumnVector[] batch : batches) {
      ColumnVector[] some = new ColumnVector[columns.length];
      for (int i = 0; i < columns.length; i++) {
        some[i] = batch[columns[i]];
        touch(some[i]);
      }
      long start = cpuNanos();
      writer.append(some, null, BATCH_ROWS);
      nanos += cpuNanos() - start;
    }
    long start = cpuNanos();
    groups.addAll(writer.finish());
    nanos += cpuNanos() - start;
    return (double) nanos / (BATCHES * BATCH_ROWS);
  }

  private void touch(ColumnVector vector) {
    long sum = 0;
    if (vector.type().isBytes()) {
      for (int i = 0; i < vector.bytes.length; i++) {
        sum += vector.bytes[i];
      }
      for (int i = 0; i < BATCH_ROWS; i++) {
        sum += vector.begin[i] + vector.length[i];
      }
    } else {
      for (long value : vector.lanes[0]) {
        sum += value;
      }
    }
    sink += sum;
  }

  private double read(HeapByteStore store, List<RowGroupInfo> groups, int[] columns) {
    List<TargetType> chosen = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int column : columns) {
      chosen.add(types.get(column));
      ids.add(column);
    }
    SegmentReader reader =
        new SegmentReader(
            store,
            new ChunkCache(0),
            new SegmentInfo(1, 1, 0, BATCHES * BATCH_ROWS, ids, chosen, groups));
    long start = cpuNanos();
    for (int g = 0; g < groups.size(); g++) {
      for (int c = 0; c < columns.length; c++) {
        sink += reader.column(g, c).heapBytes();
      }
    }
    return (double) (cpuNanos() - start) / (BATCHES * BATCH_ROWS);
  }

  /** Time of this thread alone, so that others on the machine disturb less. */
  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private void report(String name, int[] columns) {
    double[] write = new double[ROUNDS];
    double[] read = new double[ROUNDS];
    long bytes = 0;
    for (int round = 0; round < ROUNDS; round++) {
      HeapByteStore store = new HeapByteStore();
      List<RowGroupInfo> groups = new ArrayList<>();
      write[round] = write(columns, store, groups);
      read[round] = read(store, groups, columns);
      bytes = 0;
      for (RowGroupInfo group : groups) {
        for (ChunkInfo chunk : group.chunks()) {
          bytes += chunk.byteCount();
        }
      }
    }
    System.out.printf(
        Locale.ROOT, "%-14s first round %.0f ns/row, second %.0f%n", name, write[0], write[1]);
    // The first rounds warm up.
    double[] w = Arrays.copyOfRange(write, 2, ROUNDS);
    double[] r = Arrays.copyOfRange(read, 2, ROUNDS);
    Arrays.sort(w);
    Arrays.sort(r);
    System.out.printf(
        Locale.ROOT,
        "%-14s append+encode %6.2f ns/row (%.2f-%.2f)  decode %6.2f ns/row (%.2f-%.2f)  %6.2f"
            + " bytes/row%n",
        name,
        w[w.length / 2],
        w[0],
        w[w.length - 1],
        r[r.length / 2],
        r[0],
        r[r.length - 1],
        (double) bytes / (BATCHES * BATCH_ROWS));
  }

  public static void main(String[] args) {
    StoreBench bench = new StoreBench(args.length > 0 && args[0].equals("double"));
    if (args.length > 1) {
      // One column in a fresh JVM: its first round shows what warming up costs.
      int column = Integer.parseInt(args[1]);
      bench.report(NAMES[column], new int[] {column});
      return;
    }
    int[] all = IntStream.range(0, NAMES.length).toArray();
    bench.report("all", all);
    bench.report("all", all);
    for (int i = 0; i < NAMES.length; i++) {
      bench.report(NAMES[i], new int[] {i});
    }
    bench.report("all", all);
    System.out.println(bench.sink == ChunkKey.FOOTER ? "" : "done");
  }
}

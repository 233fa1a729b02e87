package io.copyload.tck.bench;

import io.copyload.tck.postgres.PostgresServer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/**
 * Copies TPC-H's lineitem with us and with others and prints one Markdown table.
 *
 * <p>Every copy runs in a process of its own on an empty folder. Rounds alternate between all
 * engines, so that a slow minute of the machine meets each of them; the table has the medians.
 * Before anything is compared, counts and sums of every engine must agree.
 *
 * <p>System properties: {@code bench.workload} ({@code load}: COPY FROM a file; {@code copyin}:
 * COPY FROM STDIN through CopyManager; {@code copyto}: COPY TO a file; {@code s3}: see {@link
 * S3Bench}), {@code bench.scale} (1), {@code bench.rounds} (5), {@code bench.threads} (2), {@code
 * bench.cache} (a folder for the generated file; the default is the system's temporary folder),
 * {@code bench.engines} (a list; default all of the workload), {@code bench.gzip} (false; true
 * loads a .csv.gz, with MB/s of the decompressed bytes), {@code bench.format} of the file to load
 * ({@code csv}, {@code parquet}, {@code json}; the last two are written by DuckDB from the CSV file
 * and read by Copyload and DuckDB only), {@code bench.repeats} (1; with more, each process loads
 * the file that often, each time into a new database, and the median of these counts), {@code
 * bench.libraries} (folders {@code duckdb-1}, {@code duckdb-2}, {@code questdb} with their jars)
 * and {@code bench.postgresql} (a JDBC URL; without it a server of major {@value #POSTGRESQL} is
 * started).
 */
final class Bench {
  /** H2's own reader is measured on fewer rows, or a round takes minutes. */
  private static final long H2_ROWS = 1_000_000;

  private static final int POSTGRESQL = 18;

  /** What is measured: its column in the table and the engines that can do it. */
  private enum Workload {
    LOAD("load", "copyload,duckdb-1,duckdb-2,questdb,h2-csvread,postgresql"),
    COPYIN("copy in", "copyload,postgresql"),
    COPYTO("copy to", "copyload,duckdb-1,duckdb-2,postgresql");

    final String label;
    final String engines;

    Workload(String label, String engines) {
      this.label = label;
      this.engines = engines;
    }
  }

  private final Workload workload =
      Workload.valueOf(System.getProperty("bench.workload", "load").toUpperCase(Locale.ROOT));
  private final double scale = Double.parseDouble(System.getProperty("bench.scale", "1"));
  private final boolean gzip = Boolean.getBoolean("bench.gzip");
  private final String format = System.getProperty("bench.format", "csv");
  private final int repeats = Integer.getInteger("bench.repeats", 1);
  private final int rounds = Integer.getInteger("bench.rounds", 5);
  private final int threads = Integer.getInteger("bench.threads", 2);
  private final Path cache =
      Path.of(System.getProperty("bench.cache", System.getProperty("java.io.tmpdir")));
  private final Path libraries = Path.of(System.getProperty("bench.libraries", "target/bench"));
  private String postgresql = System.getProperty("bench.postgresql");

  /** What one process said, and how long it took as a whole. */
  private record Run(Map<String, String> said, long processMillis) {
    double number(String name) {
      return Double.parseDouble(said.get(name));
    }
  }

  private Bench() {}

  public static void main(String[] args) throws Exception {
    if (System.getProperty("bench.workload", "").equals("s3")) {
      double scale = Double.parseDouble(System.getProperty("bench.scale", "1"));
      String cache = System.getProperty("bench.cache", System.getProperty("java.io.tmpdir"));
      S3Bench.run(LineitemFile.of(Path.of(cache), scale, Long.MAX_VALUE));
      return;
    }
    new Bench().run();
  }

  private void run() throws Exception {
    Path file = LineitemFile.of(cache, scale, Long.MAX_VALUE);
    String chosen = System.getProperty("bench.engines", "");
    if (chosen.isEmpty()) {
      chosen = format.equals("csv") ? workload.engines : "copyload,duckdb-1,duckdb-2";
    }
    List<String> engines = new ArrayList<>(Arrays.asList(chosen.split(",")));
    Path input = !format.equals("csv") ? converted(file) : gzip ? gzipped(file) : file;
    try (PostgresServer server =
        engines.contains("postgresql") && postgresql == null
            ? PostgresServer.start(POSTGRESQL, List.of())
            : null) {
      if (server != null) {
        postgresql = server.url();
      }
      Path h2File = engines.contains("h2-csvread") ? LineitemFile.of(cache, scale, H2_ROWS) : null;
      Map<String, List<Run>> runs = new LinkedHashMap<>();
      for (int round = 0; round < rounds; round++) {
        for (String engine : engines) {
          boolean small = engine.equals("h2-csvread");
          Run run = copy(engine, small ? h2File : input);
          System.err.printf(
              Locale.ROOT,
              "round %d %s: %s ms, the first one %s ms, the last one %s ms of processor time%n",
              round + 1,
              engine,
              run.said().get("copy_millis"),
              run.said().getOrDefault("first_millis", "?"),
              run.said().getOrDefault("cpu_millis", "?"));
          runs.computeIfAbsent(engine, name -> new ArrayList<>()).add(run);
        }
        if (round == 0) {
          checkSums(runs);
        }
      }
      print(file, h2File, runs);
    }
  }

  /** The file compressed by gzip as one member, written first when it is not there yet. */
  private static Path gzipped(Path file) throws IOException {
    Path gzipped = file.resolveSibling(file.getFileName() + ".gz");
    if (!Files.exists(gzipped)) {
      Path part = file.resolveSibling(file.getFileName() + ".gz.part");
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(part), 1 << 16)) {
        Files.copy(file, out);
      }
      Files.move(part, gzipped);
    }
    return gzipped;
  }

  /** The same rows in another format, written first by DuckDB when it is not there yet. */
  private Path converted(Path file) throws IOException, InterruptedException {
    Path converted = file.resolveSibling(file.getFileName() + "." + format);
    if (!Files.exists(converted)) {
      Path part = file.resolveSibling(file.getFileName() + "." + format + ".part");
      child("duckdb-2", "convert", file, List.of(part.toString(), format));
      Files.move(part, converted);
    }
    return converted;
  }

  private Run copy(String engine, Path input) throws IOException, InterruptedException {
    return child(
        engine,
        workload.name().toLowerCase(Locale.ROOT),
        input,
        List.of(format, Integer.toString(repeats)));
  }

  private Run child(String engine, String work, Path input, List<String> more)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(cache, "bench-" + engine + "-");
    Path output = Files.createTempFile(cache, "bench-", ".txt");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      if (postgresql != null) {
        command.add("-Dbench.postgresql=" + postgresql);
      }
      command.add("-cp");
      command.add(classPath(engine));
      command.add(BenchChild.class.getName());
      command.addAll(
          List.of(work, engine, input.toString(), folder.toString(), Integer.toString(threads)));
      command.addAll(more);
      settle();
      long begin = System.nanoTime();
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      boolean ended = process.waitFor(30, TimeUnit.MINUTES);
      long millis = (System.nanoTime() - begin) / 1_000_000;
      Map<String, String> said = new HashMap<>();
      for (String line : Files.readAllLines(output, StandardCharsets.UTF_8)) {
        if (line.matches("[a-z_]+=.*")) {
          said.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
        }
      }
      if (!ended || process.exitValue() != 0 || !said.containsKey("peak_rss_kb")) {
        process.destroyForcibly();
        throw new IllegalStateException(
            engine + " failed:\n" + Files.readString(output, StandardCharsets.UTF_8));
      }
      return new Run(said, millis);
    } finally {
      Files.delete(output);
      delete(folder);
    }
  }

  /** No engine shall wait for what the one before it left to be written. */
  private static void settle() throws IOException, InterruptedException {
    new ProcessBuilder("sync").inheritIO().start().waitFor();
  }

  /** Our own class path, with the other engines' jars for their processes only. */
  private String classPath(String engine) throws IOException {
    StringBuilder path = new StringBuilder();
    Path own = libraries.resolve(engine);
    if (Files.isDirectory(own)) {
      try (Stream<Path> jars = Files.list(own)) {
        jars.forEach(jar -> path.append(jar).append(java.io.File.pathSeparator));
      }
    }
    return path.append(
            System.getProperty("copyload.tck.classpath", System.getProperty("java.class.path")))
        .toString();
  }

  private void checkSums(Map<String, List<Run>> runs) {
    String reference = null;
    for (Map.Entry<String, List<Run>> entry : runs.entrySet()) {
      String engine = entry.getKey();
      String sums = entry.getValue().get(0).said().get("sums");
      System.err.println("sums of " + engine + ": " + sums);
      if (engine.equals("h2-csvread")) {
        continue;
      }
      if (reference == null) {
        reference = sums;
      } else if (!reference.startsWith(sums)) {
        // QuestDB's import gives the first sums only.
        throw new IllegalStateException(
            engine + " has other data: " + sums + " instead of " + reference);
      }
    }
  }

  private void print(Path file, Path h2File, Map<String, List<Run>> runs) throws IOException {
    double megabytes = Files.size(file) / 1e6;
    System.out.printf(
        Locale.ROOT,
        "%n%s: lineitem SF%s as %s, %.0f MB of CSV, %d threads, JDK %s, %d cores, median of %d%n%n",
        workload.label,
        System.getProperty("bench.scale", "1"),
        format + (gzip ? ".gz" : "") + (repeats > 1 ? " (" + repeats + " times in a process)" : ""),
        megabytes,
        threads,
        System.getProperty("java.version"),
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.printf(
        "| engine | %s s | min-max s | MB/s | process s | disk MB | peak RSS MB | %s / ours |%n",
        workload.label, workload.label);
    System.out.println("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for (Map.Entry<String, List<Run>> entry : runs.entrySet()) {
      List<Run> list = entry.getValue();
      boolean small = entry.getKey().equals("h2-csvread");
      double seconds = median(list, "copy_millis") / 1000;
      double size = (small ? Files.size(h2File) : Files.size(file)) / 1e6;
      String diskName =
          list.get(0).said().containsKey("table_bytes") ? "table_bytes" : "disk_bytes";
      boolean ours = runs.containsKey("copyload") && !small;
      System.out.printf(
          Locale.ROOT,
          "| %s%s | %.2f | %.2f-%.2f | %.0f | %.2f | %.0f | %s | %s |%n",
          entry.getKey(),
          small ? " (1 M rows)" : "",
          seconds,
          list.stream().mapToDouble(run -> run.number("copy_millis")).min().orElse(0) / 1000,
          list.stream().mapToDouble(run -> run.number("copy_millis")).max().orElse(0) / 1000,
          size / seconds,
          median(list.stream().map(run -> (double) run.processMillis()).toList()) / 1000,
          median(list, diskName) / 1e6,
          entry.getKey().equals("postgresql")
              ? "(server)"
              : String.format(Locale.ROOT, "%.0f", median(list, "peak_rss_kb") / 1024),
          ours
              ? String.format(
                  Locale.ROOT, "%.2f", seconds * 1000 / median(runs.get("copyload"), "copy_millis"))
              : "");
    }
  }

  private static double median(List<Run> runs, String name) {
    return median(runs.stream().map(run -> run.number(name)).toList());
  }

  private static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return sorted.size() % 2 == 1
        ? sorted.get(middle)
        : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

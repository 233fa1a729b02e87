package io.copyload.tck.bench;

import io.copyload.tck.source.FaultProxy;
import io.copyload.tck.source.S3Server;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The workload {@code s3}: lineitem as one object against the same local file, and {@code
 * bench.objects} (10,000) objects of 10 KB against the SDK that reads one after the other without
 * parsing, each request {@code bench.latency} (0) milliseconds late. The server runs in the same
 * process, so that all of them pay for it alike. Medians of {@code bench.rounds}.
 */
final class S3Bench {
  private static final int OBJECT_BYTES = 10 << 10;

  private final int rounds = Integer.getInteger("bench.rounds", 5);
  private final int objects = Integer.getInteger("bench.objects", 10_000);
  private final String threads = System.getProperty("bench.threads", "2");
  private final Map<String, double[]> millis = new LinkedHashMap<>();

  private S3Bench() {}

  static void run(Path lineitem) throws Exception {
    new S3Bench().measure(lineitem);
  }

  private interface Work {
    long run() throws Exception;
  }

  private void measure(Path lineitem) throws Exception {
    Path root = Files.createTempDirectory("s3-bench");
    try (S3Server server = new S3Server(root);
        FaultProxy proxy = new FaultProxy(server.port())) {
      proxy.latencyMillis = Long.getLong("bench.latency", 0);
      String endpoint = proxy.latencyMillis > 0 ? proxy.endpoint() : server.endpoint();
      server.put("lake", "marker", "");
      Path lake = root.resolve("lake");
      Files.createDirectories(lake.resolve("small"));
      Path object = lake.resolve("lineitem.csv");
      try {
        Files.createLink(object, lineitem);
      } catch (IOException | UnsupportedOperationException e) {
        Files.copy(lineitem, object, StandardCopyOption.REPLACE_EXISTING);
      }
      byte[] content = rowsOfOneObject();
      for (int i = 0; i < objects; i++) {
        Files.write(lake.resolve(String.format(Locale.ROOT, "small/%06d.csv", i)), content);
      }
      String from = " FROM 's3://lake/";
      String keys = S3Server.KEYS + " CSV";
      long before = -1;
      for (int round = 0; round < rounds; round++) {
        long local =
            time(
                "local file",
                round,
                () ->
                    copy(
                        endpoint,
                        "COPY lineitem FROM '" + lineitem + "' (FORMAT csv, HEADER true)"));
        long remote =
            time(
                "s3, one object",
                round,
                () ->
                    copy(
                        endpoint,
                        "COPY lineitem" + from + "lineitem.csv'" + keys + " IGNOREHEADER 1"));
        long small =
            time(
                "s3, small objects",
                round,
                () -> copy(endpoint, "COPY lineitem" + from + "small/'" + keys));
        time("sdk one by one, small objects", round, () -> readOneByOne(endpoint));
        if (local != remote || before >= 0 && small != before) {
          throw new IllegalStateException("rows differ: " + local + ", " + remote + ", " + small);
        }
        before = small;
      }
      print(Files.size(lineitem));
    } finally {
      try (Stream<Path> all = Files.walk(root)) {
        for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  private static byte[] rowsOfOneObject() {
    StringBuilder rows = new StringBuilder();
    for (int i = 1; rows.length() < OBJECT_BYTES; i++) {
      rows.append(i)
          .append(",155190,7706,1,17,21168.23,0.04,0.02,N,O,1996-03-13,1996-02-12,1996-03-22,")
          .append("DELIVER IN PERSON,TRUCK,egular courts above the\n");
    }
    return rows.toString().getBytes(java.nio.charset.StandardCharsets.US_ASCII);
  }

  private long time(String name, int round, Work work) throws Exception {
    long begin = System.nanoTime();
    long rows = work.run();
    double took = (System.nanoTime() - begin) / 1e6;
    millis.computeIfAbsent(name, unused -> new double[rounds])[round] = took;
    System.err.printf(Locale.ROOT, "round %d %s: %.0f ms%n", round + 1, name, took);
    return rows;
  }

  private long copy(String endpoint, String sql) throws SQLException {
    try (Connection c =
            DriverManager.getConnection(
                "jdbc:copyload:;s3_region=us-east-1;threads="
                    + threads
                    + ";s3_endpoint="
                    + endpoint);
        Statement s = c.createStatement()) {
      s.execute("CREATE TABLE lineitem (" + LineitemFile.COLUMNS + ")");
      s.executeLargeUpdate(sql);
      try (ResultSet r = s.executeQuery("SELECT COUNT(*) FROM lineitem")) {
        r.next();
        return r.getLong(1);
      }
    }
  }

  private static long readOneByOne(String endpoint) throws IOException {
    try (S3Client client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.KEY_ID, S3Server.SECRET)))
            .build()) {
      long bytes = 0;
      byte[] buffer = new byte[64 << 10];
      for (S3Object object :
          client.listObjectsV2Paginator(b -> b.bucket("lake").prefix("small/")).contents()) {
        try (ResponseInputStream<GetObjectResponse> in =
            client.getObject(b -> b.bucket("lake").key(object.key()))) {
          for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            bytes += n;
          }
        }
      }
      return bytes;
    }
  }

  private void print(long lineitemBytes) {
    System.out.println("| workload | median ms | MB/s |\n| --- | ---: | ---: |");
    millis.forEach(
        (name, times) -> {
          double[] sorted = times.clone();
          Arrays.sort(sorted);
          double median = sorted[sorted.length / 2];
          long bytes = name.contains("small") ? (long) objects * OBJECT_BYTES : lineitemBytes;
          System.out.printf(
              Locale.ROOT, "| %s | %.0f | %.0f |%n", name, median, bytes / 1e3 / median);
        });
  }
}

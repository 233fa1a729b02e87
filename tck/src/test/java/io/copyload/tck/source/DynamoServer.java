package io.copyload.tck.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One table by DynamoDB's JSON protocol on loopback: DescribeTable and parallel Scan with pages,
 * limits, consumed capacity and throttling as its developer guide tells them. Amazon's own local
 * server is not free software.
 */
final class DynamoServer implements AutoCloseable {
  private static final int PAGE_BYTES = 1 << 20;
  private static final int UNIT_BYTES = 4096;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** The items as their JSON. */
  final List<String> items = new ArrayList<>();

  /** Provisioned read capacity; 0 for a table that is paid for by request. */
  volatile long readCapacity = 1000;

  /** How many scans are answered with throttling before one is not. */
  final AtomicInteger throttles = new AtomicInteger();

  /** Half units that scans have consumed. */
  final AtomicLong halfUnits = new AtomicLong();

  final AtomicInteger scans = new AtomicInteger();

  /** The time of the first and last scan, as System.nanoTime. */
  final AtomicLong firstScan = new AtomicLong();

  final AtomicLong lastScan = new AtomicLong();

  /** Scans from this one on, counted from 0, wait for ever. */
  volatile int hangsFrom = Integer.MAX_VALUE;

  DynamoServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String signature = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
    if (!signature.contains("Credential=" + S3Server.KEY_ID + "/")) {
      send(exchange, 400, error("UnrecognizedClientException", "The security token is invalid."));
    } else if (!body.contains("\"TableName\":\"Movies\"")) {
      send(exchange, 400, error("ResourceNotFoundException", "Requested resource not found"));
    } else if (target.endsWith(".DescribeTable")) {
      send(exchange, 200, describe());
    } else if (throttles.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      send(
          exchange,
          400,
          error("ProvisionedThroughputExceededException", "The level of throughput was exceeded."));
    } else {
      send(exchange, 200, scan(body));
    }
  }

  private String describe() {
    long bytes = items.stream().mapToLong(String::length).sum();
    return "{\"Table\":{\"TableName\":\"Movies\",\"TableStatus\":\"ACTIVE\",\"TableSizeBytes\":"
        + bytes
        + ",\"ItemCount\":"
        + items.size()
        + ",\"ProvisionedThroughput\":{\"ReadCapacityUnits\":"
        + readCapacity
        + ",\"WriteCapacityUnits\":1}}}";
  }

  private static long number(String body, String pattern, long absent) {
    Matcher matcher = Pattern.compile(pattern).matcher(body);
    return matcher.find() ? Long.parseLong(matcher.group(1)) : absent;
  }

  private String scan(String body) {
    int scan = scans.getAndIncrement();
    firstScan.compareAndSet(0, System.nanoTime());
    while (scan >= hangsFrom) {
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "{}";
      }
    }
    int segment = (int) number(body, "\"Segment\":(\\d+)", 0);
    int segments = (int) number(body, "\"TotalSegments\":(\\d+)", 1);
    long limit = number(body, "\"Limit\":(\\d+)", Long.MAX_VALUE);
    int from = (int) number(body, "\"row\":\\{\"N\":\"(\\d+)\"", -1) + 1;
    StringBuilder found = new StringBuilder();
    int count = 0;
    int bytes = 0;
    int last = -1;
    for (int i = from; i < items.size(); i++) {
      if (i % segments != segment) {
        continue;
      }
      if (count == limit || bytes >= PAGE_BYTES) {
        break;
      }
      found.append(count == 0 ? "" : ",").append(items.get(i));
      bytes += items.get(i).length();
      count++;
      last = i;
    }
    boolean more = count == limit || bytes >= PAGE_BYTES;
    long half = Math.max(1, (bytes + UNIT_BYTES - 1) / UNIT_BYTES);
    halfUnits.addAndGet(half);
    lastScan.set(System.nanoTime());
    return "{\"Items\":["
        + found
        + "],\"Count\":"
        + count
        + ",\"ScannedCount\":"
        + count
        + ",\"ConsumedCapacity\":{\"TableName\":\"Movies\",\"CapacityUnits\":"
        + half / 2.0
        + "}"
        + (more ? ",\"LastEvaluatedKey\":{\"row\":{\"N\":\"" + last + "\"}}" : "")
        + "}";
  }

  private static String error(String code, String message) {
    return "{\"__type\":\"com.amazonaws.dynamodb.v20120810#"
        + code
        + "\",\"message\":\""
        + message
        + "\"}";
  }

  private static void send(HttpExchange exchange, int status, String json) throws IOException {
    byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.0");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    hangsFrom = Integer.MAX_VALUE;
    server.stop(0);
    threads.shutdownNow();
  }
}

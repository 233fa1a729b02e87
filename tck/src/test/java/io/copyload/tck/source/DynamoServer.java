package io.copyload.tck.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One table by DynamoDB's JSON protocol on loopback, with what a service does to its clients:
 * throttling, silence, credentials that it does not know. The answers come from {@link Table}: one
 * that keeps to the developer guide, or {@link DynaliteServer}. Amazon's own local server is not
 * free software.
 */
final class DynamoServer implements AutoCloseable {
  /** Who answers. Requests and answers are DynamoDB's JSON. */
  interface Table {
    String describe(List<String> items, long readCapacity) throws IOException;

    String scan(List<String> items, String request) throws IOException;
  }

  /**
   * An answer to a scan.
   *
   * @param nanos when, as System.nanoTime
   */
  record Answer(long nanos, double units) {}

  private static final Pattern UNITS = Pattern.compile("\"CapacityUnits\":([0-9.]+)");

  private final Table table;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /** The items as their JSON. */
  final List<String> items = new ArrayList<>();

  /** Provisioned read capacity; 0 for a table that is paid for by request. */
  volatile long readCapacity = 1000;

  /** How many scans are answered with throttling before one is not. */
  final AtomicInteger throttles = new AtomicInteger();

  final AtomicInteger scans = new AtomicInteger();

  /** What was consumed by scans that asked for the count. */
  final List<Answer> answers = new CopyOnWriteArrayList<>();

  /** Scans from this one on, counted from 0, wait for ever. */
  volatile int hangsFrom = Integer.MAX_VALUE;

  DynamoServer() throws IOException {
    this(new GuideTable());
  }

  DynamoServer(Table table) throws IOException {
    this.table = table;
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
      send(exchange, 200, table.describe(items, readCapacity));
    } else if (throttles.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      send(
          exchange,
          400,
          error("ProvisionedThroughputExceededException", "The level of throughput was exceeded."));
    } else {
      send(exchange, 200, scan(body));
    }
  }

  private String scan(String body) throws IOException {
    int scan = scans.getAndIncrement();
    while (scan >= hangsFrom) {
      try {
        TimeUnit.MILLISECONDS.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return "{}";
      }
    }
    String answer = table.scan(items, body);
    Matcher units = UNITS.matcher(answer);
    if (!units.find()) {
      throw new IOException("a scan without ReturnConsumedCapacity: " + body);
    }
    answers.add(new Answer(System.nanoTime(), Double.parseDouble(units.group(1))));
    return answer;
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

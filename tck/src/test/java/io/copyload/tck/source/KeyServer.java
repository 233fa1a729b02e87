package io.copyload.tck.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Any number of objects without a disk: it answers ListObjectsV2 and GET of keys {@code
 * logs/NNNNNN.log}, each with the row {@code NNNNNN,log}. Real servers look through all their
 * objects for each page, which takes them minutes for what costs a second here.
 */
final class KeyServer implements AutoCloseable {
  static final int PAGE = 1000;

  private final HttpServer server;
  private final ExecutorService threads = Executors.newFixedThreadPool(8);
  private final int objects;
  private final Map<String, String> others = new HashMap<>();
  final AtomicInteger pages = new AtomicInteger();
  final AtomicInteger gets = new AtomicInteger();

  KeyServer(int objects) throws IOException {
    this.objects = objects;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** One more object, which no listing has. */
  void put(String key, String content) {
    others.put(key, content);
  }

  static String key(int i) {
    return String.format(Locale.ROOT, "logs/%06d.log", i);
  }

  private static String content(int i) {
    return String.format(Locale.ROOT, "%06d,log\n", i);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getRawQuery();
    if (query != null && query.contains("list-type=2")) {
      pages.incrementAndGet();
      send(exchange, 200, "application/xml", page(query));
      return;
    }
    gets.incrementAndGet();
    String path = exchange.getRequestURI().getPath();
    String key = path.substring(path.indexOf('/', 1) + 1);
    String content = others.get(key);
    if (content == null && key.matches("logs/[0-9]{6}\\.log")) {
      int i = Integer.parseInt(key.substring(5, 11));
      content = i < objects ? content(i) : null;
    }
    if (content == null) {
      send(
          exchange,
          404,
          "application/xml",
          "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message></Error>");
      return;
    }
    exchange.getResponseHeaders().set("ETag", "\"e\"");
    String range = exchange.getRequestHeaders().getFirst("Range");
    if (range == null) {
      send(exchange, 200, "text/csv", content);
      return;
    }
    String[] ends = range.substring("bytes=".length()).split("-");
    int begin = Integer.parseInt(ends[0]);
    int end = Math.min(Integer.parseInt(ends[1]) + 1, content.length());
    exchange
        .getResponseHeaders()
        .set("Content-Range", "bytes " + begin + "-" + (end - 1) + "/" + content.length());
    send(exchange, 206, "text/csv", content.substring(begin, end));
  }

  private String page(String query) {
    int begin = 0;
    for (String pair : query.split("&")) {
      if (pair.startsWith("continuation-token=")) {
        begin = Integer.parseInt(pair.substring(pair.indexOf('=') + 1));
      }
    }
    String prefix = "";
    for (String pair : query.split("&")) {
      if (pair.startsWith("prefix=")) {
        prefix = URLDecoder.decode(pair.substring(7), StandardCharsets.UTF_8);
      }
    }
    boolean any = "logs/".startsWith(prefix);
    int end = any ? Math.min(begin + PAGE, objects) : begin;
    StringBuilder xml = new StringBuilder("<ListBucketResult>");
    boolean more = any && end < objects;
    xml.append("<IsTruncated>").append(more).append("</IsTruncated>");
    if (more) {
      xml.append("<NextContinuationToken>").append(end).append("</NextContinuationToken>");
    }
    for (int i = begin; i < end; i++) {
      xml.append("<Contents><Key>").append(key(i));
      xml.append("</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>\"e\"</ETag>");
      xml.append("<Size>").append(content(i).length()).append("</Size></Contents>");
    }
    return xml.append("</ListBucketResult>").toString();
  }

  private static void send(HttpExchange exchange, int status, String type, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

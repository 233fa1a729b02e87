package io.copyload.tck.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.copyload.tck.Json;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** Answers DescribeCluster and ListInstances as Amazon's EMR does. */
final class EmrServer implements AutoCloseable {
  /** Clusters by what is wrong with them; each other id is not valid. */
  static final String RUNNING = "j-RUNNING";

  static final String FLEETS = "j-FLEETS";
  static final String ENDED = "j-ENDED";
  static final String STARTING = "j-STARTING";
  static final String EMPTY = "j-EMPTY";
  static final String LIST_ONLY = "j-LISTONLY";
  static final String FORBIDDEN = "j-FORBIDDEN";
  static final String BUSY = "j-BUSY";

  private final HttpServer server;
  private int throttled;

  /** Actions and who asked for them. */
  final List<String> seen = new CopyOnWriteArrayList<>();

  /** What an instance says of itself. */
  volatile String instance = "";

  EmrServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String action = target.substring(target.indexOf('.') + 1);
    String by =
        exchange
            .getRequestHeaders()
            .getFirst("Authorization")
            .replaceAll(".*Credential=([^/]*)/[^/]*/([^/]*)/([^/]*)/.*", "$1 $2 $3");
    seen.add(action + " " + by);
    Object request =
        Json.parse(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Map<?, ?> fields = (Map<?, ?>) request;
    String id = (String) fields.get("ClusterId");
    int status = 200;
    String body =
        action.equals("DescribeCluster")
            ? describe(id)
            : list(id, fields.containsKey("InstanceFleetType"));
    if (id.equals(BUSY) && throttled++ == 0) {
      body = error("ThrottlingException", "Rate exceeded");
    }
    if (body.startsWith("{\"__type\"")) {
      status = 400;
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static String error(String type, String message) {
    return "{\"__type\":\"" + type + "\",\"message\":\"" + message + "\"}";
  }

  private static String describe(String id) {
    return switch (id) {
      case RUNNING, EMPTY, BUSY -> cluster(id, "WAITING", "INSTANCE_GROUP", "");
      case FLEETS -> cluster(id, "RUNNING", "INSTANCE_FLEET", "");
      case ENDED -> cluster(id, "TERMINATED", "INSTANCE_GROUP", "Terminated by user request");
      case STARTING -> cluster(id, "STARTING", "INSTANCE_GROUP", "");
      case LIST_ONLY, FORBIDDEN ->
          error(
              "AccessDeniedException",
              "User: x is not authorized to perform: elasticmapreduce:DescribeCluster");
      default -> error("InvalidRequestException", "Cluster id '" + id + "' is not valid.");
    };
  }

  private static String cluster(String id, String state, String collection, String why) {
    return "{\"Cluster\":{\"Id\":\""
        + id
        + "\",\"Name\":\"etl\",\"InstanceCollectionType\":\""
        + collection
        + "\",\"Status\":{\"State\":\""
        + state
        + "\",\"StateChangeReason\":{\"Message\":\""
        + why
        + "\"}}}}";
  }

  private String list(String id, boolean fleet) {
    if (id.equals(FORBIDDEN)) {
      return error("AccessDeniedException", "User: x is not authorized to perform: ListInstances");
    }
    if (fleet != id.equals(FLEETS)) {
      return error("InvalidRequestException", "Instance fleets and groups are mutually exclusive.");
    }
    return "{\"Instances\":[" + (id.equals(EMPTY) ? "" : instance) + "]}";
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

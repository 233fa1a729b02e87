package io.copyload.engine.source.hdfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.SourceSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * WebHDFS of servers that a cluster of tests is not: old, standing by, changing, or none at all.
 */
class WebHdfsServersTest {
  private static final String DATA = "hello, data";

  private record Answer(int status, String text) {}

  private HttpServer server;

  /** Operation and path to the answer. */
  private volatile BiFunction<String, String, Answer> answers;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "web-hdfs");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String query = exchange.getRequestURI().getQuery();
    String operation = query.replaceAll(".*op=([A-Z_]+).*", "$1");
    String path = exchange.getRequestURI().getPath().substring("/webhdfs/v1".length());
    Answer answer = answers.apply(operation, path);
    if (answer.status() == 307) {
      exchange.getResponseHeaders().set("Location", answer.text());
      exchange.sendResponseHeaders(307, -1);
    } else {
      byte[] bytes = answer.text().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), bytes.length);
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private static String status(String name, String type, int length, int fileId) {
    return "{\"accessTime\":1,\"blockSize\":9,\"fileId\":"
        + fileId
        + ",\"group\":\"g\",\"length\":"
        + length
        + ",\"modificationTime\":5,\"pathSuffix\":\""
        + name
        + "\",\"type\":\""
        + type
        + "\"}";
  }

  private static Answer error(int status, String exception, String message) {
    return new Answer(
        status,
        "{\"RemoteException\":{\"exception\":\""
            + exception
            + "\",\"javaClassName\":\"x."
            + exception
            + "\",\"message\":\""
            + message
            + "\"}}");
  }

  private SourceListing list(String path) {
    return new HdfsSource()
        .list(
            "webhdfs://localhost:" + server.getAddress().getPort() + path,
            SourceClauses.NONE,
            new SourceSettings(Map.of("network_tries", "2", "network_timeout", "20"), 64L << 20, 2),
            new CancelToken());
  }

  private String content(String path) throws IOException {
    CancelToken cancel = new CancelToken();
    StringBuilder all = new StringBuilder();
    try (SourceListing.Cursor cursor = list(path).open(cancel)) {
      for (SourceObject object = cursor.next(); object != null; object = cursor.next()) {
        try (ByteReader reader = object.open(0, cancel)) {
          byte[] buffer = new byte[100];
          for (int n = reader.read(buffer, 0, 100); n >= 0; n = reader.read(buffer, 0, 100)) {
            all.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
          }
        }
      }
    }
    return all.toString();
  }

  private void fails(String path, String state, String text) {
    CopyException e = assertThrows(CopyException.class, () -> content(path));
    assertEquals(state, e.code().sqlState(), e.getMessage());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private Answer folder(String operation, String path) {
    return switch (operation) {
      case "GETFILESTATUS" ->
          new Answer(
              200,
              "{\"FileStatus\":"
                  + (path.equals("/d")
                      ? status("", "DIRECTORY", 0, 1)
                      : status("", "FILE", DATA.length(), 2))
                  + "}");
      case "LISTSTATUS" ->
          new Answer(
              200,
              "{\"FileStatuses\":{\"FileStatus\":["
                  + (path.equals("/d")
                      ? status("a", "FILE", DATA.length(), 2)
                          + ","
                          + status("b", "DIRECTORY", 0, 3)
                          + ","
                          + status("c", "FILE", 0, 4)
                      : "")
                  + "]}}");
      case "OPEN" -> new Answer(200, DATA);
      default ->
          error(
              400,
              "IllegalArgumentException",
              "Invalid value for webhdfs parameter \\\"op\\\": No enum constant " + operation);
    };
  }

  @Test
  void serversWithoutPagesAndWithoutDataNodesAreRead() throws IOException {
    List<String> asked = new ArrayList<>();
    answers =
        (operation, path) -> {
          synchronized (asked) {
            asked.add(operation + path);
          }
          return folder(operation, path);
        };
    assertEquals(DATA, content("/d"));
    assertEquals(DATA, content("/d/*"));
    assertTrue(asked.contains("LISTSTATUS/d"), asked.toString());
  }

  @Test
  void aServerThatListsItsFirstPageForEverIsAskedForAll() throws IOException {
    String first = status("a", "FILE", DATA.length(), 2);
    answers =
        (operation, path) ->
            operation.equals("LISTSTATUS_BATCH")
                ? new Answer(
                    200,
                    "{\"DirectoryListing\":{\"partialListing\":{\"FileStatuses\":{\"FileStatus\":["
                        + first
                        + "]}},\"remainingEntries\":2}}")
                : folder(operation, path);
    assertEquals(DATA, content("/d"));
  }

  @Test
  void aFileThatIsReplacedFailsTheLoad() {
    answers =
        (operation, path) ->
            operation.equals("GETFILESTATUS") && path.equals("/d/a")
                ? new Answer(200, "{\"FileStatus\":" + status("", "FILE", DATA.length(), 99) + "}")
                : folder(operation, path);
    fails("/d", "58030", "the object changed while it was being loaded");
    answers =
        (operation, path) ->
            operation.equals("OPEN")
                ? error(404, "FileNotFoundException", "File does not exist")
                : folder(operation, path);
    fails("/d", "58030", "the object changed while it was being loaded");
  }

  @Test
  void redirectsLeadToDataNodesOnly() throws IOException {
    String here = "http://localhost:" + server.getAddress().getPort();
    for (String location : List.of(here + "/secret", "ftp://localhost/webhdfs/v1/d/a", "x:y")) {
      answers =
          (operation, path) ->
              operation.equals("OPEN") ? new Answer(307, location) : folder(operation, path);
      fails("/d", "58030", "redirects to something that is no data node");
    }
    answers =
        (operation, path) ->
            operation.equals("OPEN")
                ? new Answer(307, here + "/webhdfs/v1/d/a?op=READ")
                : operation.equals("READ") ? new Answer(200, DATA) : folder(operation, path);
    assertEquals(DATA, content("/d"));
    // A data node that is down: the name node is asked again, and in the end given up.
    answers =
        (operation, path) ->
            operation.equals("OPEN")
                ? new Answer(307, "http://localhost:1/webhdfs/v1/d/a?op=READ")
                : folder(operation, path);
    fails("/d", "58030", "data node localhost:1: no connection");
  }

  @Test
  void refusalsSayWhatTheyMean() {
    answers = (operation, path) -> error(403, "StandbyException", "Operation category READ");
    fails("/d", "58030", "the name node is a standby");
    answers =
        (operation, path) -> error(403, "AccessControlException", "Permission denied: user=x");
    fails("/d", "42501", "Permission denied: user=x");
    answers = (operation, path) -> error(403, "SecurityException", "Failed to obtain user group");
    fails("/d", "28000", "Failed to obtain user group");
    answers = (operation, path) -> error(403, "RetriableException", "starting up\\nat x.y");
    fails("/d", "58030", "starting up (RetriableException)");
    answers = (operation, path) -> new Answer(401, "<html>Authentication required</html>");
    fails("/d", "28000", "asks for authentication");
    answers = (operation, path) -> new Answer(404, "<html>Not found</html>");
    fails("/d", "58030", "does not speak WebHDFS");
    answers = (operation, path) -> new Answer(200, "<html>Welcome</html>");
    fails("/d", "58030", "does not speak WebHDFS");
    answers = (operation, path) -> new Answer(503, "busy");
    fails("/d", "58030", "status 503");
  }
}

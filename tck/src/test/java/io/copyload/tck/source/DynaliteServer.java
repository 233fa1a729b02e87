package io.copyload.tck.source;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Dynalite, a server of DynamoDB's protocol that others have written, with one table. */
final class DynaliteServer implements DynamoServer.Table, AutoCloseable {
  /** Most items that one request writes. */
  private static final int BATCH = 25;

  private static final String PROGRAM =
      "const s = require(process.argv[1] + '/node_modules/dynalite')"
          + "({createTableMs: 0, deleteTableMs: 0, updateTableMs: 0});"
          + "s.listen(0, '127.0.0.1', () => console.log(s.address().port));"
          + "process.stdin.resume(); process.stdin.on('end', () => process.exit());";

  private final HttpClient client = HttpClient.newHttpClient();
  private final Process process;
  private final URI address;
  private List<String> stored = List.of();
  private long storedCapacity;

  private static Path folder() {
    return Path.of(System.getProperty("copyload.dynalite", "tck/target/dynalite"));
  }

  /** Whether npm has installed it, as .ci/run lets it. */
  static boolean isInstalled() {
    return Files.exists(folder().resolve("node_modules/dynalite/package.json"));
  }

  DynaliteServer() throws IOException {
    // It ends when its input does, even if this process is killed.
    process =
        new ProcessBuilder("node", "-e", PROGRAM, folder().toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    BufferedReader said =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    address = URI.create("http://127.0.0.1:" + said.readLine());
  }

  @Override
  public String describe(List<String> items, long readCapacity) throws IOException {
    if (!stored.equals(items) || storedCapacity != readCapacity) {
      store(items, readCapacity);
    }
    return send("DescribeTable", "{\"TableName\":\"Movies\"}");
  }

  @Override
  public String scan(List<String> items, String request) throws IOException {
    return send("Scan", request);
  }

  private void store(List<String> items, long readCapacity) throws IOException {
    if (storedCapacity != 0) {
      send("DeleteTable", "{\"TableName\":\"Movies\"}");
      // Deleting takes a moment.
      while (!send("ListTables", "{}").contains("[]")) {
        Thread.onSpinWait();
      }
    }
    storedCapacity = readCapacity;
    send(
        "CreateTable",
        "{\"TableName\":\"Movies\",\"AttributeDefinitions\":[{\"AttributeName\":\"row\","
            + "\"AttributeType\":\"N\"}],\"KeySchema\":[{\"AttributeName\":\"row\","
            + "\"KeyType\":\"HASH\"}],"
            + (readCapacity == 0
                ? "\"BillingMode\":\"PAY_PER_REQUEST\"}"
                : "\"ProvisionedThroughput\":{\"ReadCapacityUnits\":"
                    + readCapacity
                    + ",\"WriteCapacityUnits\":1}}"));
    while (!send("DescribeTable", "{\"TableName\":\"Movies\"}").contains("\"ACTIVE\"")) {
      Thread.onSpinWait();
    }
    for (int first = 0; first < items.size(); first += BATCH) {
      List<String> requests = new ArrayList<>();
      for (int i = first; i < Math.min(items.size(), first + BATCH); i++) {
        String item = items.get(i).replaceFirst("\\{", "{\"row\":{\"N\":\"" + i + "\"},");
        requests.add("{\"PutRequest\":{\"Item\":" + item.replace(",}", "}") + "}}");
      }
      send(
          "BatchWriteItem", "{\"RequestItems\":{\"Movies\":[" + String.join(",", requests) + "]}}");
    }
    stored = List.copyOf(items);
  }

  private String send(String operation, String body) throws IOException {
    try {
      HttpResponse<String> answer =
          client.send(
              HttpRequest.newBuilder(address)
                  .header("X-Amz-Target", "DynamoDB_20120810." + operation)
                  .header("Content-Type", "application/x-amz-json-1.0")
                  .header("X-Amz-Date", "20260101T000000Z")
                  .header(
                      "Authorization",
                      "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/dynamodb/aws4_request,"
                          + " SignedHeaders=host, Signature=b")
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.ofString(StandardCharsets.UTF_8));
      if (answer.statusCode() != 200) {
        throw new IOException(operation + ": " + answer.body());
      }
      return answer.body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

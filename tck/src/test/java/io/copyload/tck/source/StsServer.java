package io.copyload.tck.source;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Assumes roles by the query protocol of AWS STS, each for the keys of the S3 server. */
final class StsServer implements AutoCloseable {
  private final HttpServer server;

  /** Who asked for which role: the key id and the ARN. */
  final List<String> assumed = new CopyOnWriteArrayList<>();

  /** How long credentials hold. */
  volatile Duration lifetime = Duration.ofHours(1);

  StsServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String endpoint() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String role = "";
    for (String pair : body.split("&")) {
      if (pair.startsWith("RoleArn=")) {
        role = URLDecoder.decode(pair.substring(8), StandardCharsets.UTF_8);
      }
    }
    String signature = exchange.getRequestHeaders().getFirst("Authorization");
    String by = signature.replaceAll(".*Credential=([^/]*)/.*", "$1");
    assumed.add(by + " " + role);
    boolean refused = role.endsWith("/forbidden");
    String last = role.substring(role.lastIndexOf('/') + 1);
    String id = last.startsWith("hop") ? last : S3Server.KEY_ID;
    String xml =
        refused
            ? "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type>"
                + "<Code>AccessDenied</Code><Message>User: "
                + by
                + " is not authorized to perform: sts:AssumeRole on resource: "
                + role
                + "</Message></Error><RequestId>r</RequestId></ErrorResponse>"
            : "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>"
                + "<AssumedRoleUser><Arn>"
                + role
                + "</Arn><AssumedRoleId>x:copyload</AssumedRoleId></AssumedRoleUser><Credentials><AccessKeyId>"
                + id
                + "</AccessKeyId><SecretAccessKey>"
                + S3Server.SECRET
                + "</SecretAccessKey><SessionToken>planted-session-token</SessionToken><Expiration>"
                + Instant.now().plus(lifetime)
                + "</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/xml");
    exchange.sendResponseHeaders(refused ? 403 : 200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

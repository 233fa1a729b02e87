package io.copyload.engine.source.http;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteFailure.Kind;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Sends requests for one address and follows redirects. Every call is one try. Threads: any. */
final class HttpStore {
  static final String HEADERS = "http_headers";

  private static final int MAX_REDIRECTS = 10;

  private final HttpAddress address;
  private final HttpCalls calls;
  private final AllowList allowed;
  private final Map<String, String> headers;

  /** Where redirects have led. */
  private volatile URI known;

  HttpStore(HttpAddress address, SourceSettings settings) {
    this.address = address;
    allowed = AllowList.of(settings);
    headers = headers(settings.text(HEADERS));
    known = address.uri();
    calls = new HttpCalls(settings);
  }

  private HttpStore(HttpAddress address, HttpStore parent) {
    this.address = address;
    calls = parent.calls;
    allowed = parent.allowed;
    headers = parent.headers;
    known = address.uri();
  }

  /** The same for another address, over the same connections. */
  HttpStore at(HttpAddress other) {
    return new HttpStore(other, this);
  }

  private static Map<String, String> headers(String text) {
    Map<String, String> headers = new LinkedHashMap<>();
    if (text == null) {
      return headers;
    }
    for (String line : text.split("[|\\r\\n]+")) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? "" : line.substring(0, colon).strip();
      if (!name.matches("[!#$%&'*+.^_`~0-9A-Za-z-]+")) {
        throw new CopyException(
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "invalid value of connection property " + HEADERS + ": expected Name: value");
      }
      headers.put(name, line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** What came back. */
  record Answer(int status, HttpResponse<HttpBody> response) implements AutoCloseable {
    /** Where it came from, after redirects. */
    URI from() {
      return response.uri();
    }

    HttpBody body() {
      return response.body();
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    /** Bytes of the body, -1 when not known. */
    long length() {
      return response.headers().firstValueAsLong("Content-Length").orElse(-1);
    }

    /** A strong or weak etag, else the time of the last change, else null. */
    String identity() {
      String etag = header("ETag");
      return etag != null ? etag : header("Last-Modified");
    }

    /** When the server says that the object was stored, or null. */
    Instant lastModified() {
      String time = header("Last-Modified");
      try {
        return time == null
            ? null
            : DateTimeFormatter.RFC_1123_DATE_TIME.parse(time, Instant::from);
      } catch (DateTimeParseException e) {
        return null;
      }
    }

    @Override
    public void close() {
      body().close();
    }
  }

  /**
   * The answer, of status 200, 206 or 416.
   *
   * @param range as in HTTP, or null
   * @param identity that the object must have, or null
   */
  Answer get(String range, String identity) throws IOException {
    return ask("GET", range, identity);
  }

  /** The answer to HEAD, which has no body: of status 200, 206 or 416. */
  Answer head() throws IOException {
    return ask("HEAD", null, null);
  }

  private Answer ask(String method, String range, String identity) throws IOException {
    URI begin = known;
    try {
      return ask(begin, method, range, identity);
    } catch (RemoteFailure e) {
      if (e.kind() == Kind.FINAL && !begin.equals(address.uri())) {
        // Where a redirect leads may hold for a short time only.
        known = address.uri();
        throw RemoteFailure.passing(e.getMessage(), e);
      }
      throw e;
    }
  }

  private Answer ask(URI begin, String method, String range, String identity) throws IOException {
    URI uri = begin;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      allowed.check(uri.toString(), HttpAddress.shownText(uri.toString()));
      Answer answer = send(uri, method, range, identity);
      switch (answer.status()) {
        case 200, 206 -> {
          known = uri;
          if (identity != null && !identity.equals(answer.identity())) {
            answer.close();
            throw RemoteFailure.changed();
          }
          return answer;
        }
        case 416 -> {
          return answer;
        }
        case 301, 302, 303, 307, 308 -> {
          answer.close();
          String location = answer.header("Location");
          URI to = location == null ? null : HttpAddress.redirected(uri, location);
          if (to == null) {
            throw RemoteFailure.lasting(
                CopyErrorCode.OBJECT_UNREADABLE,
                "the server redirects to "
                    + (location == null ? "nowhere" : HttpAddress.shownText(location))
                    + ", which is not followed",
                "Redirects are followed to https, and from http to http.");
          }
          uri = to;
        }
        default -> {
          answer.close();
          throw failure(answer.status());
        }
      }
    }
    throw RemoteFailure.lasting(
        CopyErrorCode.OBJECT_UNREADABLE, "more than " + MAX_REDIRECTS + " redirects", null);
  }

  private Answer send(URI uri, String method, String range, String identity) throws IOException {
    HttpRequest.Builder request =
        calls.get(uri).method(method, HttpRequest.BodyPublishers.noBody());
    if (HttpAddress.sameOrigin(uri, address.uri())) {
      if (address.basicAuthorization() != null) {
        request.setHeader("Authorization", address.basicAuthorization());
      }
      headers.forEach(
          (name, value) -> {
            try {
              request.setHeader(name, value);
            } catch (IllegalArgumentException e) {
              throw new CopyException(
                  CopyErrorCode.INVALID_PARAMETER_VALUE,
                  "connection property " + HEADERS + " cannot set the header " + name);
            }
          });
    }
    if (range != null) {
      request.header("Range", range);
    }
    if (identity != null && identity.startsWith("\"")) {
      request.header("If-Match", identity);
    }
    HttpResponse<HttpBody> response = calls.send(request.build());
    return new Answer(response.statusCode(), response);
  }

  private static RemoteFailure failure(int status) {
    String message = "the server answered with status " + status;
    return switch (status) {
      case 404, 410 -> RemoteFailure.lasting(CopyErrorCode.OBJECT_MISSING, message, null);
      case 401, 407 ->
          RemoteFailure.lasting(
              CopyErrorCode.CREDENTIALS_REFUSED,
              message,
              "Name a user in the address, or set the header with the property http_headers.");
      case 403 ->
          RemoteFailure.lasting(
              CopyErrorCode.INSUFFICIENT_PRIVILEGE,
              message,
              "A presigned address may have expired.");
      case 412 -> RemoteFailure.changed();
      case 408, 425, 429 -> RemoteFailure.passing(message, null);
      default ->
          status >= 500
              ? RemoteFailure.passing(message, null)
              : RemoteFailure.lasting(CopyErrorCode.OBJECT_UNREADABLE, message, null);
    };
  }
}

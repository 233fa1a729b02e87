package io.copyload.engine.source.http;

import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.TrustedAuthorities;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * Sends requests as a connection's properties say. Every call is one try; no redirect is followed.
 * Threads: any; the client's own thread ends when nobody holds the client any more.
 */
public final class HttpCalls {
  private final HttpClient client;
  private final NetworkSettings settings;

  public HttpCalls(SourceSettings settings) {
    this.settings = NetworkSettings.of(settings);
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            // Ranges come faster over connections of their own than over one that they share.
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(this.settings.timeout());
    if (this.settings.proxy() != null) {
      builder.proxy(ProxySelector.of(this.settings.proxy()));
    }
    TrustedAuthorities trusted = TrustedAuthorities.of(settings);
    if (trusted != null) {
      builder.sslContext(trusted.context());
    }
    client = builder.build();
  }

  /** A GET with the headers that every request has. */
  public HttpRequest.Builder get(URI uri) {
    return HttpRequest.newBuilder(uri)
        .GET()
        .timeout(settings.timeout())
        .header("User-Agent", "Copyload")
        // Bytes as they are stored: ranges count them.
        .header("Accept-Encoding", "identity");
  }

  /** The answer, whose body arrives while it is read; who gets it closes the body. */
  public HttpResponse<HttpBody> send(HttpRequest request) throws IOException {
    HttpBody body = new HttpBody(settings.timeout());
    try {
      return client.send(request, info -> body);
    } catch (InterruptedException e) {
      body.abort();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}

package io.copyload.engine.source.aws;

import java.io.IOException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/** Knows the requests that wait for an answer, so that a cancelled load can end them. */
public final class AbortableHttpClient implements SdkHttpClient {
  private final SdkHttpClient client;
  private final Set<ExecutableHttpRequest> waiting = ConcurrentHashMap.newKeySet();

  public AbortableHttpClient(SdkHttpClient client) {
    this.client = client;
  }

  public void abortAll() {
    waiting.forEach(ExecutableHttpRequest::abort);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    ExecutableHttpRequest prepared = client.prepareRequest(request);
    return new ExecutableHttpRequest() {
      @Override
      public HttpExecuteResponse call() throws IOException {
        waiting.add(prepared);
        try {
          return prepared.call();
        } finally {
          waiting.remove(prepared);
        }
      }

      @Override
      public void abort() {
        prepared.abort();
      }
    };
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    client.close();
  }
}

package io.copyload.engine.source.http;

import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of an answer while it arrives: a bounded number of buffers wait for the reader. Unlike
 * the stream of java.net.http it does not wait for ever.
 */
public final class HttpBody implements RemoteBody, HttpResponse.BodySubscriber<HttpBody> {
  /** Buffers of usually 16 KB that run ahead of the reader. */
  private static final int AHEAD = 64;

  private static final List<ByteBuffer> END = List.of();

  /** What a waiting reader does now and then; may throw to stop it. */
  interface Pulse {
    void beat();
  }

  private static final long PULSE_MILLIS = 20;

  private final Duration timeout;
  private final LinkedBlockingQueue<List<ByteBuffer>> arrived = new LinkedBlockingQueue<>();
  private final CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
  private volatile Throwable failure;
  private volatile boolean aborted;
  private List<ByteBuffer> current = List.of();
  private int next;
  private boolean ended;
  private Pulse pulse = () -> {};

  HttpBody(Duration timeout) {
    this.timeout = timeout;
  }

  void onWait(Pulse newPulse) {
    pulse = newPulse;
  }

  @Override
  public CompletionStage<HttpBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    subscription.complete(newSubscription);
    if (aborted) {
      newSubscription.cancel();
    } else {
      newSubscription.request(AHEAD);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    arrived.add(buffers);
  }

  @Override
  public void onError(Throwable e) {
    failure = e;
    arrived.add(END);
  }

  @Override
  public void onComplete() {
    arrived.add(END);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    while (true) {
      while (next < current.size() && !current.get(next).hasRemaining()) {
        next++;
      }
      if (next < current.size()) {
        ByteBuffer bytes = current.get(next);
        int count = Math.min(length, bytes.remaining());
        bytes.get(buffer, offset, count);
        return count;
      }
      if (ended) {
        return -1;
      }
      current = await();
      next = 0;
      if (current == END) {
        ended = true;
        if (failure != null) {
          throw new IOException(failure.getMessage(), failure);
        }
      } else {
        subscription.join().request(1);
      }
    }
  }

  private List<ByteBuffer> await() throws IOException {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      while (System.nanoTime() < deadline) {
        if (aborted) {
          throw new InterruptedIOException("the request was given up");
        }
        List<ByteBuffer> buffers = arrived.poll(PULSE_MILLIS, TimeUnit.MILLISECONDS);
        if (buffers != null) {
          return buffers;
        }
        pulse.beat();
      }
      throw RemoteFailure.passing("no bytes came for " + timeout.toSeconds() + " s", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  @Override
  public void abort() {
    aborted = true;
    Flow.Subscription open = subscription.getNow(null);
    if (open != null) {
      open.cancel();
    }
  }

  @Override
  public void close() {
    if (!ended && arrived.peek() != END) {
      abort();
    }
  }
}

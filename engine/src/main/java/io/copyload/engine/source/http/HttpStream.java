package io.copyload.engine.source.http;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.ByteReader;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.time.Instant;

/**
 * An object of a server that sends it whole or not at all. A broken transfer begins again and skips
 * what has come already, when it is certain that the object is the same.
 */
final class HttpStream implements SourceObject {
  private final HttpStore store;
  private final String name;
  private final NetworkSettings settings;
  private final long size;
  private final String identity;
  private final Instant modified;

  /** The answer that told what is known; the first reader takes it. */
  private HttpStore.Answer first;

  HttpStream(HttpStore store, String name, NetworkSettings settings, HttpStore.Answer first) {
    this.store = store;
    this.name = name;
    this.settings = settings;
    this.first = first;
    size = first.length();
    identity = first.identity();
    modified = first.lastModified();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size < 0 ? UNKNOWN_SIZE : size;
  }

  @Override
  public String identity() {
    return identity;
  }

  @Override
  public Instant lastModified() {
    return modified;
  }

  @Override
  public boolean seekable() {
    return false;
  }

  @Override
  public synchronized ByteReader open(long offset, CancelToken cancel) throws IOException {
    HttpStore.Answer answer = first;
    first = null;
    return new Reader(
        answer != null ? answer : ask(() -> store.get(null, identity), cancel), offset, cancel);
  }

  @Override
  public synchronized void release() {
    if (first != null) {
      first.close();
      first = null;
    }
  }

  private HttpStore.Answer ask(Tries.Request<HttpStore.Answer> request, CancelToken cancel)
      throws IOException {
    HttpStore.Answer answer = Planning.answer(name, settings, request, () -> {}, cancel);
    if (answer.length() != size) {
      answer.close();
      throw RemoteFailure.changed();
    }
    return answer;
  }

  private final class Reader implements ByteReader {
    private final CancelToken cancel;
    private HttpBody body;
    private long position;
    private long toSkip;
    private long brokeAt = -1;
    private int broken;

    Reader(HttpStore.Answer answer, long offset, CancelToken cancel) {
      this.cancel = cancel;
      position = offset;
      toSkip = offset;
      take(answer);
    }

    private void take(HttpStore.Answer answer) {
      body = answer.body();
      body.onWait(cancel::check);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      while (true) {
        try {
          while (toSkip > 0) {
            // The caller's buffer serves, as nothing of it is valid yet.
            int count = body.read(buffer, offset, (int) Math.min(length, toSkip));
            if (count < 0) {
              throw RemoteFailure.changed();
            }
            toSkip -= count;
          }
          int count = body.read(buffer, offset, length);
          position += Math.max(count, 0);
          return count;
        } catch (IOException e) {
          body.abort();
          cancel.check();
          broken = position == brokeAt ? broken + 1 : 1;
          brokeAt = position;
          if (identity == null || broken >= settings.tries()) {
            throw e;
          }
          beginAgain(e);
        }
      }
    }

    private void beginAgain(IOException e) throws IOException {
      boolean[] waited = new boolean[1];
      take(
          ask(
              () -> {
                if (!waited[0]) {
                  // Counts as the first try, so that the next one comes after a while.
                  waited[0] = true;
                  throw RemoteFailure.of(e);
                }
                return store.get(null, identity);
              },
              cancel));
      toSkip = position;
    }

    @Override
    public void close() {
      body.close();
    }
  }
}

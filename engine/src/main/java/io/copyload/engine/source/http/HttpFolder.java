package io.copyload.engine.source.http;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.NamePattern;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The files of a folder as the server's listing shows them. What each file is, HEAD tells: sizes
 * and times of a page are rounded. Threads: one.
 */
final class HttpFolder implements ObjectScan {
  /** Files of one page of this scan, about which the server is asked together. */
  private static final int PAGE = 256;

  /** So that files of which the server tells nothing do not hold up the others. */
  private static final int MOST_TRIES = 3;

  private final HttpStore store;
  private final HttpAddress address;
  private final NetworkSettings network;
  private final NamePattern pattern;
  private final String after;
  private Iterator<String> names;

  /**
   * @param pattern for the names in the folder, or null for all
   * @param after the name behind which the scan begins, or null
   */
  HttpFolder(
      HttpStore store,
      HttpAddress address,
      NetworkSettings network,
      NamePattern pattern,
      String after) {
    this.store = store;
    this.address = address;
    this.network = network;
    this.pattern = pattern;
    this.after = after;
  }

  @Override
  public List<FoundObject> nextPage(CancelToken cancel) {
    if (names == null) {
      names = wanted(cancel).iterator();
    }
    if (!names.hasNext()) {
      return null;
    }
    List<String> page = new ArrayList<>();
    while (names.hasNext() && page.size() < PAGE) {
      page.add(names.next());
    }
    return Planning.answer(address.shown(), network, () -> ask(page), () -> {}, cancel);
  }

  /** Whole names of the files, in order. */
  private List<String> wanted(CancelToken cancel) {
    List<String> wanted = new ArrayList<>();
    for (String name : Planning.answer(address.shown(), network, this::listing, () -> {}, cancel)) {
      String whole = address.shown() + name;
      if ((after == null || whole.compareTo(after) > 0)
          && (pattern == null || pattern.matches(HttpAddress.of(whole).lastName()))) {
        wanted.add(whole);
      }
    }
    return wanted;
  }

  private Iterable<String> listing() throws IOException {
    try (HttpStore.Answer answer = store.get(null, null)) {
      return ListingPage.names(
          answer.from(), answer.header("Content-Type"), new Body(answer.body()));
    }
  }

  private List<FoundObject> ask(List<String> page) throws IOException {
    ExecutorService threads =
        Executors.newFixedThreadPool(
            Math.min(network.connections(), page.size()),
            task -> {
              Thread thread = new Thread(task, "copyload-http-head");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<FoundObject>> answers = new ArrayList<>();
      for (String name : page) {
        answers.add(threads.submit(() -> found(store.at(HttpAddress.of(name)), name, network)));
      }
      List<FoundObject> found = new ArrayList<>();
      for (Future<FoundObject> answer : answers) {
        FoundObject object = answer.get();
        if (object != null) {
          found.add(object);
        }
      }
      return found;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof CopyException cause) {
        throw cause;
      }
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    } finally {
      threads.shutdownNow();
    }
  }

  /** One file as HEAD or, where a server does not know that, GET tells of it; null when gone. */
  static FoundObject found(HttpStore store, String name, NetworkSettings network)
      throws IOException {
    Tries tries = new Tries(network.withTries(Math.min(network.tries(), MOST_TRIES)));
    try {
      return tries.answer(() -> head(store, name), HttpFolder::pause);
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        return null;
      }
      if (e.kind() == RemoteFailure.Kind.UNREACHABLE) {
        throw e;
      }
      return ofUnknown(name);
    } catch (CopyException e) {
      return ofUnknown(name);
    }
  }

  /** It is in the listing: its own load shall say what is wrong with it, and stop no other. */
  private static FoundObject ofUnknown(String name) {
    return new FoundObject(name, -1, null, null);
  }

  private static FoundObject head(HttpStore store, String name) throws IOException {
    try (HttpStore.Answer answer = headOrGet(store)) {
      return new FoundObject(name, answer.length(), answer.identity(), answer.lastModified());
    }
  }

  private static HttpStore.Answer headOrGet(HttpStore store) throws IOException {
    try {
      return store.head();
    } catch (RemoteFailure e) {
      if (e.code() == CopyErrorCode.OBJECT_MISSING) {
        throw e;
      }
      return store.get(null, null);
    }
  }

  private static void pause(long millis) throws IOException {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }

  /** The body of an answer for readers of streams. */
  private static final class Body extends InputStream {
    private final HttpBody body;

    Body(HttpBody body) {
      this.body = body;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return length == 0 ? 0 : body.read(buffer, offset, length);
    }
  }
}

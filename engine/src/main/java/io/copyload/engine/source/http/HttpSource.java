package io.copyload.engine.source.http;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.Selection;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteListing;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * One object of a web server, presigned addresses of stores among them. Ranges are used when the
 * server answers the first request with one, otherwise the object is read as one stream.
 */
public final class HttpSource implements Source {
  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public String shownName(String location) {
    return HttpAddress.shownText(location);
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    HttpAddress address = HttpAddress.of(location);
    refuse(clauses.manifest(), "MANIFEST");
    refuse(clauses.encryptionKey() != null, "ENCRYPTED");
    if (clauses.selection() != null && !isChosen(clauses.selection(), address)) {
      throw new CopyException(
          CopyErrorCode.OBJECT_MISSING, "no matching files found at the given url");
    }
    NetworkSettings network = NetworkSettings.of(settings);
    HttpStore store = new HttpStore(address, settings);
    String name = address.shown();
    First first =
        Planning.answer(name, network, () -> ask(store, network.blockBytes()), () -> {}, cancel);
    HttpStore.Answer answer = first.answer();
    if (answer.status() == 200) {
      return SourceListing.of(new HttpStream(store, name, network, answer));
    }
    long size = size(answer, name);
    return new RemoteListing(
        1,
        size,
        () ->
            new One(
                new HttpObject(
                    store,
                    name,
                    size,
                    answer.identity(),
                    answer.lastModified(),
                    size == 0 ? null : first.head())),
        network,
        null,
        UnaryOperator.identity());
  }

  /**
   * The answer to the first request.
   *
   * @param head its bytes, when it is a range; then nothing of the body is left
   */
  private record First(HttpStore.Answer answer, byte[] head) {}

  private static First ask(HttpStore store, int headBytes) throws IOException {
    HttpStore.Answer answer = store.get("bytes=0-" + (headBytes - 1), null);
    if (answer.status() != 206) {
      if (answer.status() == 416) {
        answer.close();
      }
      return new First(answer, null);
    }
    try (answer) {
      byte[] head = new byte[headBytes];
      int count = 0;
      for (int n = 0; n >= 0 && count < headBytes; count += Math.max(n, 0)) {
        n = answer.body().read(head, count, headBytes - count);
      }
      return new First(answer, Arrays.copyOf(head, count));
    }
  }

  /** The object's size, which stands behind the range. */
  private static long size(HttpStore.Answer answer, String name) {
    String range = answer.header("Content-Range");
    try {
      if (range != null && range.startsWith("bytes ")) {
        return Long.parseLong(range.substring(range.lastIndexOf('/') + 1));
      }
    } catch (NumberFormatException e) {
      throw unsized(name);
    }
    throw unsized(name);
  }

  private static CopyException unsized(String name) {
    return RemoteFailure.lasting(
            CopyErrorCode.OBJECT_UNREADABLE, "the server does not tell the object's size", null)
        .toCopyException(name);
  }

  /** Materialize compares the last part of the path. */
  private static boolean isChosen(Selection selection, HttpAddress address) {
    String path = address.uri().getPath();
    String name = path.substring(path.lastIndexOf('/') + 1);
    return (selection.files().isEmpty() || selection.files().contains(name))
        && (selection.pattern() == null || selection.pattern().matches(name));
  }

  private static void refuse(boolean given, String clause) {
    if (given) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          clause + " is not supported for http:// and https://");
    }
  }

  private static final class One implements ReadAhead.Finder {
    private RemoteObject object;

    One(RemoteObject object) {
      this.object = object;
    }

    @Override
    public RemoteObject next(Tries.Waiter waiter) throws IOException {
      RemoteObject next = object;
      object = null;
      return next;
    }

    @Override
    public void abort() {
      // The threads that wait for answers are interrupted.
    }
  }
}

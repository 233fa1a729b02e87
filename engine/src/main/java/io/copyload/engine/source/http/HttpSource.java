package io.copyload.engine.source.http;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.NamePattern;
import io.copyload.engine.source.ObjectScan;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * One object of a web server, presigned addresses of stores among them, or the files of a folder
 * that the server lists. Ranges are used when the server answers the first request with one,
 * otherwise an object is read as one stream.
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
    NetworkSettings network = NetworkSettings.of(settings);
    HttpStore store = new HttpStore(address, settings);
    if (clauses.selection() != null && clauses.selection().chooses() && address.isFolder()) {
      checkFolder(address);
      return chosen(
          clauses.selection(),
          new HttpFolder(store, address, network, pattern(clauses), null),
          store,
          network,
          cancel);
    }
    if (clauses.selection() != null && !isChosen(clauses.selection(), address)) {
      throw nothing();
    }
    return one(store, address.shown(), network, null, cancel);
  }

  private static CopyException nothing() {
    return new CopyException(
        CopyErrorCode.OBJECT_MISSING, "no matching files found at the given url");
  }

  /**
   * One object.
   *
   * @param identity that it must have, or null
   */
  static SourceListing one(
      HttpStore store, String name, NetworkSettings network, String identity, CancelToken cancel) {
    First first =
        Planning.answer(
            name, network, () -> ask(store, network.blockBytes(), identity), () -> {}, cancel);
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

  /** The chosen files of a folder. */
  private static SourceListing chosen(
      Selection selection,
      HttpFolder folder,
      HttpStore store,
      NetworkSettings network,
      CancelToken cancel) {
    List<FoundObject> chosen = new ArrayList<>();
    for (List<FoundObject> page = folder.nextPage(cancel);
        page != null;
        page = folder.nextPage(cancel)) {
      for (FoundObject object : page) {
        if (isChosen(selection, HttpAddress.of(object.name()))) {
          chosen.add(object);
        }
      }
    }
    if (chosen.isEmpty()) {
      throw nothing();
    }
    return new HttpFound(store, chosen, network);
  }

  @Override
  public void checkLocation(String location) {
    HttpAddress address = HttpAddress.of(location);
    checkFolder(address);
    if (!address.shown().equals(location)) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME,
          "the address of a listing of files must be written \"" + address.shown() + "\"");
    }
  }

  /** What is secret in an address would be needed for every file, and stand in every name. */
  private static void checkFolder(HttpAddress address) {
    if (!address.isFolder()) {
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "\""
              + address.shown()
              + "\" is no folder: the address of a listing of files ends with a slash");
    }
    if (address.basicAuthorization() != null || address.uri().getRawQuery() != null) {
      throw new CopyException(
              CopyErrorCode.FEATURE_NOT_SUPPORTED,
              "the address of a listing of files has no user and no query")
          .withHint("Set the header with the connection property http_headers.");
    }
  }

  @Override
  public String outside(String location, SourceClauses clauses, String name) {
    if (name.indexOf('/', location.length()) >= 0 || name.length() == location.length()) {
      return "it is not directly in " + location + ", whose listing shows nothing else";
    }
    NamePattern pattern = pattern(clauses);
    return pattern == null || pattern.matches(HttpAddress.of(name).lastName())
        ? null
        : "its name does not fit the PATTERN";
  }

  private static NamePattern pattern(SourceClauses clauses) {
    return clauses.selection() == null ? null : clauses.selection().pattern();
  }

  @Override
  public ObjectScan scan(
      String location, SourceClauses clauses, SourceSettings settings, String after) {
    HttpAddress address = HttpAddress.of(location);
    refuse(clauses.manifest(), "MANIFEST");
    refuse(clauses.encryptionKey() != null, "ENCRYPTED");
    NetworkSettings network = NetworkSettings.of(settings);
    HttpStore store = new HttpStore(address, settings);
    if (address.isFolder()) {
      checkFolder(address);
      return new HttpFolder(store, address, network, pattern(clauses), after);
    }
    return new ObjectScan() {
      private boolean ended;

      @Override
      public List<FoundObject> nextPage(CancelToken cancel) {
        if (ended) {
          return null;
        }
        ended = true;
        return Planning.answer(
            address.shown(),
            network,
            () -> {
              FoundObject found = HttpFolder.found(store, address.shown(), network);
              return found == null ? List.of() : List.of(found);
            },
            () -> {},
            cancel);
      }
    };
  }

  @Override
  public SourceListing found(
      List<FoundObject> objects, SourceClauses clauses, SourceSettings settings) {
    HttpStore store = new HttpStore(HttpAddress.of(objects.get(0).name()), settings);
    return new HttpFound(store, objects, NetworkSettings.of(settings));
  }

  /**
   * The answer to the first request.
   *
   * @param head its bytes, when it is a range; then nothing of the body is left
   */
  private record First(HttpStore.Answer answer, byte[] head) {}

  private static First ask(HttpStore store, int headBytes, String identity) throws IOException {
    HttpStore.Answer answer = store.get("bytes=0-" + (headBytes - 1), identity);
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
    String name = address.lastName();
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

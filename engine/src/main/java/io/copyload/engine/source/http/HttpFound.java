package io.copyload.engine.source.http;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteListing;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Files of a folder, each of which must still be what was found. How the server answers for the
 * first one decides how all are read: by ranges, ahead of the load, or one stream after the other.
 */
final class HttpFound implements SourceListing {
  private final HttpStore store;
  private final List<FoundObject> objects;
  private final NetworkSettings network;

  /**
   * @param store of any address on the objects' server
   */
  HttpFound(HttpStore store, List<FoundObject> objects, NetworkSettings network) {
    this.store = store;
    this.objects = objects;
    this.network = network;
  }

  @Override
  public long count() {
    return objects.size();
  }

  @Override
  public long size() {
    return objects.stream().anyMatch(object -> object.size() < 0)
        ? SourceObject.UNKNOWN_SIZE
        : objects.stream().mapToLong(FoundObject::size).sum();
  }

  private HttpStore storeOf(FoundObject object) {
    return store.at(HttpAddress.of(object.name()));
  }

  @Override
  public Cursor open(CancelToken cancel) {
    return haveRanges(cancel) ? byRanges().open(cancel) : new Streams(cancel);
  }

  @Override
  public Cursor openForRandomReads(CancelToken cancel) {
    return haveRanges(cancel) ? byRanges().openForRandomReads(cancel) : new Streams(cancel);
  }

  private boolean haveRanges(CancelToken cancel) {
    if (size() < 0) {
      return false;
    }
    for (FoundObject object : objects) {
      if (object.size() > 0) {
        return Planning.answer(
            object.name(),
            network,
            () -> {
              try (HttpStore.Answer answer = storeOf(object).get("bytes=0-0", object.etag())) {
                return answer.status() == 206;
              }
            },
            () -> {},
            cancel);
      }
    }
    return true;
  }

  private RemoteListing byRanges() {
    Iterator<FoundObject> rest = objects.iterator();
    ReadAhead.Finder finder =
        new ReadAhead.Finder() {
          @Override
          public RemoteObject next(Tries.Waiter waiter) {
            if (!rest.hasNext()) {
              return null;
            }
            FoundObject object = rest.next();
            return new HttpObject(
                storeOf(object),
                object.name(),
                object.size(),
                object.etag(),
                object.modified(),
                null);
          }

          @Override
          public void abort() {
            // The threads that wait for answers are interrupted.
          }
        };
    return new RemoteListing(
        objects.size(), size(), () -> finder, network, null, UnaryOperator.identity());
  }

  /** Asks for the objects one after the other. */
  private final class Streams implements Cursor {
    private final CancelToken cancel;
    private final Iterator<FoundObject> rest = objects.iterator();
    private final List<Cursor> opened = new ArrayList<>();

    Streams(CancelToken cancel) {
      this.cancel = cancel;
    }

    @Override
    public SourceObject next() throws IOException {
      if (!rest.hasNext()) {
        return null;
      }
      FoundObject object = rest.next();
      Cursor cursor =
          HttpSource.one(storeOf(object), object.name(), network, object.etag(), cancel)
              .open(cancel);
      opened.add(cursor);
      return cursor.next();
    }

    @Override
    public void close() {
      opened.forEach(Cursor::close);
    }
  }
}

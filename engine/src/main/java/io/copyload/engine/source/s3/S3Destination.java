package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Destination;
import io.copyload.engine.source.OutputObject;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Keys of a bucket that begin alike. Objects of one part are stored, and those of several
 * completed, when the destination is published; S3 has no way to do that for all of them at once.
 */
public final class S3Destination implements Destination {
  private final S3Address location;
  private final S3Store store;
  private final NetworkSettings network;
  private final CancelToken cancel;
  private final S3Uploads uploads;
  private final List<S3Upload> objects = new ArrayList<>();

  /** Keys that were there before. */
  private boolean overwrites = true;

  private S3Destination(
      S3Address location,
      S3Store store,
      NetworkSettings network,
      long memoryBytes,
      CancelToken cancel) {
    this.location = location;
    this.store = store;
    this.network = network;
    this.cancel = cancel;
    uploads = new S3Uploads(network, memoryBytes, cancel);
  }

  /** Opens destinations by addresses {@code s3://bucket/key}. */
  public static final Opener OPENER =
      new Opener() {
        @Override
        public Source.Reach reach() {
          return Source.Reach.NETWORK;
        }

        @Override
        public Destination open(
            String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
          S3Address address = S3Address.of(location);
          AllowList.of(settings).checkWriting(address.toString(), address.toString());
          return new S3Destination(
              address,
              new S3Store(clauses, settings),
              NetworkSettings.of(settings),
              settings.memoryBytes(),
              cancel);
        }
      };

  @Override
  public String shownName() {
    return location.toString();
  }

  @Override
  public OutputObject create(String suffix) {
    cancel.check();
    S3Upload object =
        new S3Upload(new S3Address(location.bucket(), location.key() + suffix), store, uploads);
    objects.add(object);
    return object;
  }

  @Override
  public String existing(Predicate<String> suffixes) {
    for (ListObjectsV2Response page = page(null); ; page = page(page.nextContinuationToken())) {
      for (S3Object key : page.contents()) {
        if (!S3PrefixFinder.isFolderMark(key)
            && suffixes.test(key.key().substring(location.key().length()))) {
          return new S3Address(location.bucket(), key.key()).toString();
        }
      }
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        overwrites = false;
        return null;
      }
    }
  }

  @Override
  public void removeExisting() {
    for (ListObjectsV2Response page = page(null); !page.contents().isEmpty(); page = page(null)) {
      for (S3Object key : page.contents()) {
        S3Address address = new S3Address(location.bucket(), key.key());
        uploads.start(address, () -> store.delete(address));
      }
      uploads.awaitAll();
    }
  }

  private ListObjectsV2Response page(String token) {
    return Planning.answer(
        location.toString(), network, () -> store.page(location, token), store::abort, cancel);
  }

  @Override
  public void publish() throws IOException {
    uploads.awaitAll();
    // The last one may be a manifest, which must not name objects that are not there.
    int last = objects.size() - 1;
    for (int i = 0; i < last; i++) {
      objects.get(i).publish();
    }
    uploads.awaitAll();
    if (last >= 0) {
      objects.get(last).publish();
      uploads.awaitAll();
    }
    objects.clear();
  }

  @Override
  public void close() {
    uploads.close(store::abort, this::undo);
  }

  /** Takes away what an export has left that failed. */
  private void undo(S3Uploads.Cleaner cleaner) {
    for (S3Upload object : objects) {
      object.undo(cleaner, !overwrites);
    }
  }
}

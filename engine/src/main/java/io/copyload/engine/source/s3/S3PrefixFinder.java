package io.copyload.engine.source.s3;

import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Predicate;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The objects whose keys begin with a prefix, page by page. */
final class S3PrefixFinder implements ReadAhead.Finder {
  private final S3Store store;
  private final S3Address prefix;
  private final AllowList allowed;

  /** Of encrypted objects, or null. */
  private final Secret rootKey;

  /** Which keys are wanted. */
  private final Predicate<String> wanted;

  private final NetworkSettings settings;
  private ListObjectsV2Response page;
  private Iterator<S3Object> keys;

  S3PrefixFinder(
      S3Store store,
      S3Address prefix,
      AllowList allowed,
      Secret rootKey,
      Predicate<String> wanted,
      NetworkSettings settings,
      ListObjectsV2Response firstPage) {
    this.store = store;
    this.prefix = prefix;
    this.allowed = allowed;
    this.rootKey = rootKey;
    this.wanted = wanted;
    this.settings = settings;
    page = firstPage;
    keys = firstPage.contents().iterator();
  }

  /** Whether a key is the mark of a folder, which has no content. */
  static boolean isFolderMark(S3Object key) {
    return key.size() == 0 && key.key().endsWith("/");
  }

  @Override
  public RemoteObject next(Tries.Waiter waiter) throws IOException {
    while (true) {
      while (keys.hasNext()) {
        S3Object key = keys.next();
        if (!isFolderMark(key) && wanted.test(key.key())) {
          S3Address address = new S3Address(prefix.bucket(), key.key());
          allowed.check(address.toString(), address.toString());
          return rootKey == null
              ? new StoredObject(store, address, key.size(), key.eTag(), key.lastModified())
              : new EnvelopedObject(store, address, rootKey, null, key.eTag());
        }
      }
      if (!Boolean.TRUE.equals(page.isTruncated())) {
        return null;
      }
      String token = page.nextContinuationToken();
      page = new Tries(settings).answer(() -> store.page(prefix, token), waiter);
      keys = page.contents().iterator();
    }
  }

  @Override
  public void abort() {
    store.abort();
  }
}

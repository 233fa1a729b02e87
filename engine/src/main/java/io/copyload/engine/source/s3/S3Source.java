package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.EventQueue;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.Source;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.manifest.Manifest;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteFailure;
import io.copyload.engine.source.remote.RemoteListing;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Amazon S3 and stores that speak its language. A location is a prefix of keys, or with MANIFEST
 * one object that lists others (Redshift developer guide, "COPY from Amazon S3").
 */
public final class S3Source implements Source {
  @Override
  public Reach reach() {
    return Reach.NETWORK;
  }

  @Override
  public SourceListing list(
      String location, SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    S3Address address = S3Address.of(location);
    AllowList allowed = AllowList.of(settings);
    allowed.check(address.toString(), address.toString());
    NetworkSettings network = NetworkSettings.of(settings);
    S3Store store = new S3Store(clauses, settings);
    if (clauses.selection() != null) {
      return new S3Selection(address, store, allowed, network).list(clauses.selection(), cancel);
    }
    return clauses.manifest()
        ? manifest(address, store, allowed, clauses, settings, network, cancel)
        : prefix(address, store, allowed, clauses.encryptionKey(), network, cancel);
  }

  @Override
  public void validate(SourceClauses clauses, SourceSettings settings, CancelToken cancel) {
    S3Store store = new S3Store(clauses, settings);
    Planning.answer(
        "the connection's identity",
        NetworkSettings.of(settings),
        () -> {
          store.identify();
          return true;
        },
        store::abort,
        cancel);
  }

  private static SourceListing prefix(
      S3Address prefix,
      S3Store store,
      AllowList allowed,
      Secret rootKey,
      NetworkSettings network,
      CancelToken cancel) {
    ListObjectsV2Response page =
        Planning.answer(
            prefix.toString(), network, () -> store.page(prefix, null), store::abort, cancel);
    if (page.contents().isEmpty()) {
      throw new CopyException(
          CopyErrorCode.OBJECT_MISSING,
          "The specified S3 prefix '"
              + prefix.key()
              + "' does not exist in bucket '"
              + prefix.bucket()
              + "'");
    }
    long count = -1;
    long size = -1;
    if (!Boolean.TRUE.equals(page.isTruncated())) {
      count = 0;
      size = 0;
      for (S3Object key : page.contents()) {
        if (!S3PrefixFinder.isFolderMark(key)) {
          count++;
          size += key.size();
        }
      }
    }
    return new RemoteListing(
        count,
        size,
        () -> new S3PrefixFinder(store, prefix, allowed, rootKey, key -> true, network, page),
        network,
        null,
        S3Source::plain);
  }

  @Override
  public void checkLocation(String location) {
    // Nothing of it is secret, and all of it can be looked through.
  }

  @Override
  public ObjectScan scan(
      String location, SourceClauses clauses, SourceSettings settings, String after) {
    S3Address address = S3Address.of(location);
    AllowList allowed = AllowList.of(settings);
    allowed.check(address.toString(), address.toString());
    return new S3Scan(
        new S3Store(clauses, settings),
        address,
        NetworkSettings.of(settings),
        after == null ? null : S3Address.of(after).key());
  }

  @Override
  public EventQueue events(String queue, SourceClauses clauses, SourceSettings settings) {
    AllowList.of(settings).check(queue, queue);
    return new S3Store(clauses, settings).queue(queue, NetworkSettings.of(settings).timeout());
  }

  @Override
  public SourceListing found(
      List<FoundObject> objects, SourceClauses clauses, SourceSettings settings) {
    AllowList allowed = AllowList.of(settings);
    S3Store store = new S3Store(clauses, settings);
    long size = 0;
    for (FoundObject object : objects) {
      allowed.check(object.name(), object.name());
      size += object.size();
    }
    Secret rootKey = clauses.encryptionKey();
    return new RemoteListing(
        objects.size(),
        rootKey == null ? size : -1,
        () -> new FoundFinder(store, objects.iterator(), rootKey),
        NetworkSettings.of(settings),
        null,
        S3Source::plain);
  }

  private record FoundFinder(S3Store store, Iterator<FoundObject> objects, Secret rootKey)
      implements ReadAhead.Finder {
    @Override
    public RemoteObject next(Tries.Waiter waiter) {
      if (!objects.hasNext()) {
        return null;
      }
      FoundObject found = objects.next();
      S3Address address = S3Address.of(found.name());
      return rootKey == null
          ? new StoredObject(store, address, found.size(), found.etag(), found.modified())
          : new EnvelopedObject(store, address, rootKey, null, found.etag());
    }

    @Override
    public void abort() {
      store.abort();
    }
  }

  private static SourceListing manifest(
      S3Address address,
      S3Store store,
      AllowList allowed,
      SourceClauses clauses,
      SourceSettings settings,
      NetworkSettings network,
      CancelToken cancel) {
    if (address.key().isEmpty() || address.key().endsWith("/")) {
      throw new CopyException(
          CopyErrorCode.OBJECT_MISSING,
          "\"" + address + "\" names no object: MANIFEST needs the full path of the manifest");
    }
    byte[] bytes =
        Planning.answer(
            address.toString(),
            network,
            () -> whole(store, address, Manifest.mostBytes(settings.memoryBytes())),
            store::abort,
            cancel);
    Manifest manifest =
        Manifest.of(
            address.toString(), bytes, clauses.reading() == SourceClauses.Reading.SIZED_MANIFEST);
    for (Iterator<Manifest.Entry> entries = manifest.entries(); entries.hasNext(); ) {
      S3Address listed = addressOf(manifest, entries.next());
      allowed.check(listed.toString(), listed.toString());
    }
    return new RemoteListing(
        -1,
        -1,
        () -> new ManifestFinder(store, manifest, clauses.encryptionKey()),
        network,
        manifest::nothingExists,
        S3Source::plain);
  }

  /** What the load reads of an object. */
  private static SourceObject plain(SourceObject object) {
    return object instanceof EnvelopedObject encrypted ? new EncryptedObject(encrypted) : object;
  }

  private static S3Address addressOf(Manifest manifest, Manifest.Entry entry) {
    if (S3Address.isOne(entry.url())) {
      S3Address address = S3Address.of(entry.url());
      if (!address.key().isEmpty() && !address.key().endsWith("/")) {
        return address;
      }
    }
    throw manifest.notAFile(entry.url(), "the full path of an object in S3");
  }

  private static byte[] whole(S3Store store, S3Address address, long limit) throws IOException {
    try (S3Store.Answer answer = store.get(address, null, null)) {
      if (answer.length() > limit) {
        answer.abort();
        throw RemoteFailure.lasting(
            CopyErrorCode.PROGRAM_LIMIT_EXCEEDED,
            "the manifest has " + answer.length() + " bytes, more than " + limit,
            "Write several manifests, or raise the memory setting.");
      }
      byte[] bytes = new byte[(int) answer.length()];
      int count = 0;
      for (int n; count < bytes.length; count += n) {
        n = answer.read(bytes, count, bytes.length - count);
        if (n < 0) {
          throw RemoteFailure.passing("the answer ended after " + count + " bytes", null);
        }
      }
      return bytes;
    }
  }

  private static final class ManifestFinder implements ReadAhead.Finder {
    private final S3Store store;
    private final Manifest manifest;
    private final Secret rootKey;
    private final Iterator<Manifest.Entry> entries;

    ManifestFinder(S3Store store, Manifest manifest, Secret rootKey) {
      this.store = store;
      this.manifest = manifest;
      this.rootKey = rootKey;
      entries = manifest.entries();
    }

    @Override
    public RemoteObject next(Tries.Waiter waiter) {
      if (!entries.hasNext()) {
        return null;
      }
      Manifest.Entry entry = entries.next();
      S3Address address = addressOf(manifest, entry);
      return rootKey == null
          ? NamedObject.inManifest(store, address, entry)
          : new EnvelopedObject(store, address, rootKey, entry, null);
    }

    @Override
    public void abort() {
      store.abort();
    }
  }
}

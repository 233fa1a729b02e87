package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.source.AllowList;
import io.copyload.engine.source.Selection;
import io.copyload.engine.source.SourceListing;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import io.copyload.engine.source.remote.ReadAhead;
import io.copyload.engine.source.remote.RemoteListing;
import io.copyload.engine.source.remote.RemoteObject;
import io.copyload.engine.source.remote.Tries;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;

/**
 * Materialize's reading of an S3 address: the object with that very key if there is one, else the
 * objects in the folder; FILES and PATTERN choose among them.
 */
final class S3Selection {
  private final S3Address address;
  private final S3Store store;
  private final AllowList allowed;
  private final NetworkSettings network;

  /** The address as a folder; empty for the whole bucket. */
  private final String folder;

  S3Selection(S3Address address, S3Store store, AllowList allowed, NetworkSettings network) {
    this.address = address;
    this.store = store;
    this.allowed = allowed;
    this.network = network;
    String key = address.key();
    folder = key.isEmpty() || key.endsWith("/") ? key : key + "/";
  }

  SourceListing list(Selection selection, CancelToken cancel) {
    for (String file : selection.files()) {
      if (("/" + file + "/").contains("/../")) {
        // To S3 a name like any other; stores on a file system go there.
        throw new CopyException(
                CopyErrorCode.INVALID_PARAMETER_VALUE,
                "FILES names \"" + file + "\", which leads out of \"" + address + "\"")
            .withHint("Name keys of the bucket, or names behind the address, without \"..\".");
      }
    }
    return selection.files().isEmpty()
        ? listed(selection, cancel)
        : new RemoteListing(
            selection.files().size(),
            -1,
            () -> new FilesFinder(selection.files().iterator()),
            network,
            null,
            UnaryOperator.identity());
  }

  private SourceListing listed(Selection selection, CancelToken cancel) {
    S3Address prefix =
        selection.pattern() == null ? address : new S3Address(address.bucket(), folder);
    ListObjectsV2Response page =
        Planning.answer(
            address.toString(), network, () -> store.page(prefix, null), store::abort, cancel);
    if (page.contents().isEmpty()) {
      throw nothing();
    }
    // Of all keys with that prefix, the key itself comes first.
    boolean exact = page.contents().get(0).key().equals(address.key());
    Predicate<String> wanted =
        selection.pattern() != null
            ? selection.pattern()::matches
            : exact ? address.key()::equals : key -> key.startsWith(folder);
    return new RemoteListing(
        -1,
        -1,
        () -> new S3PrefixFinder(store, prefix, allowed, null, wanted, network, page),
        network,
        S3Selection::nothing,
        UnaryOperator.identity());
  }

  private static CopyException nothing() {
    return new CopyException(
        CopyErrorCode.OBJECT_MISSING, "no matching files found at the given url");
  }

  /** Names are keys below the address, or what follows it. */
  private List<S3Address> candidates(String file) {
    List<S3Address> candidates = new ArrayList<>();
    if (file.startsWith(folder) || file.equals(address.key())) {
      candidates.add(new S3Address(address.bucket(), file));
    }
    if (!folder.isEmpty()) {
      candidates.add(new S3Address(address.bucket(), folder + file));
    }
    for (S3Address candidate : candidates) {
      allowed.check(candidate.toString(), candidate.toString());
    }
    return candidates;
  }

  private final class FilesFinder implements ReadAhead.Finder {
    private final Iterator<String> files;

    FilesFinder(Iterator<String> files) {
      this.files = files;
    }

    @Override
    public RemoteObject next(Tries.Waiter waiter) {
      if (!files.hasNext()) {
        return null;
      }
      String file = files.next();
      return NamedObject.inFiles(store, candidates(file), file);
    }

    @Override
    public void abort() {
      store.abort();
    }
  }
}

package io.copyload.engine.source.s3;

import io.copyload.engine.CancelToken;
import io.copyload.engine.source.FoundObject;
import io.copyload.engine.source.ObjectScan;
import io.copyload.engine.source.remote.NetworkSettings;
import io.copyload.engine.source.remote.Planning;
import java.util.ArrayList;
import java.util.List;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The keys under a prefix, one request per page. */
final class S3Scan implements ObjectScan {
  private final S3Store store;
  private final S3Address prefix;
  private final NetworkSettings network;
  private final String after;
  private String token;
  private boolean ended;

  /**
   * @param after the key behind which the scan begins, or null
   */
  S3Scan(S3Store store, S3Address prefix, NetworkSettings network, String after) {
    this.store = store;
    this.prefix = prefix;
    this.network = network;
    this.after = after;
  }

  @Override
  public List<FoundObject> nextPage(CancelToken cancel) {
    if (ended) {
      return null;
    }
    ListObjectsV2Response page =
        Planning.answer(
            prefix.toString(),
            network,
            () -> store.page(prefix, token, after),
            store::abort,
            cancel);
    token = page.nextContinuationToken();
    ended = !Boolean.TRUE.equals(page.isTruncated());
    List<FoundObject> found = new ArrayList<>(page.contents().size());
    for (S3Object key : page.contents()) {
      if (!S3PrefixFinder.isFolderMark(key)) {
        found.add(
            new FoundObject(
                new S3Address(prefix.bucket(), key.key()).toString(),
                key.size(),
                key.eTag(),
                key.lastModified()));
      }
    }
    return found;
  }
}

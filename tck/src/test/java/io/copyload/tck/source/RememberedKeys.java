package io.copyload.tck.source;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Remembers the keys of the prefix that was listed last, until something is put: the store behind
 * it looks at every file for each page.
 */
final class RememberedKeys extends ForwardingBlobStore {
  private String place;
  private TreeMap<String, S3Object> keys;

  RememberedKeys(BlobStore files) {
    super(files);
  }

  @Override
  public synchronized ListObjectsV2Response list(ListObjectsV2Request request) {
    if (request.delimiter() != null && !request.delimiter().isEmpty()) {
      return super.list(request);
    }
    String wanted = request.bucket() + "/" + Objects.requireNonNullElse(request.prefix(), "");
    if (!wanted.equals(place)) {
      TreeMap<String, S3Object> found = new TreeMap<>();
      ListObjectsV2Request all =
          request.toBuilder()
              .continuationToken(null)
              .startAfter(null)
              .maxKeys(Integer.MAX_VALUE)
              .build();
      super.list(all).contents().forEach(object -> found.put(object.key(), object));
      keys = found;
      place = wanted;
    }
    String after =
        request.continuationToken() == null ? request.startAfter() : request.continuationToken();
    int most = request.maxKeys() == null ? 1000 : request.maxKeys();
    List<S3Object> page = new ArrayList<>();
    boolean more = false;
    for (S3Object object : (after == null ? keys : keys.tailMap(after, false)).values()) {
      if (page.size() == most) {
        more = true;
        break;
      }
      page.add(object);
    }
    return ListObjectsV2Response.builder()
        .contents(page)
        .commonPrefixes(List.of())
        .isTruncated(more)
        .nextContinuationToken(more ? page.get(page.size() - 1).key() : null)
        .build();
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    try {
      return super.putBlob(request, content);
    } finally {
      forget();
    }
  }

  private synchronized void forget() {
    place = null;
  }
}

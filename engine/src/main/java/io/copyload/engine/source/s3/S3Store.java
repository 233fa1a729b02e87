package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.EventQueue;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.SourceSettings;
import io.copyload.engine.source.aws.AwsAccess;
import io.copyload.engine.source.remote.RemoteBody;
import io.copyload.engine.source.remote.RemoteFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.SdkSystemSetting;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * S3 as one identity sees it. Every call is one request: who calls repeats it. Holds no threads.
 * Threads: any.
 */
final class S3Store {
  private static final int PAGE_KEYS = 1000;

  /** Amazon's address of the queues of a region. */
  private static final Pattern SQS_HOST =
      Pattern.compile("sqs\\.([a-z0-9-]+)\\.amazonaws\\.com(\\.cn)?");

  private final AwsAccess access;
  private final S3Client client;
  private final S3Settings where;

  S3Store(SourceClauses clauses, SourceSettings settings) {
    where = S3Settings.of(settings, clauses.endpoint());
    access =
        AwsAccess.of(clauses, settings, settings.text(S3Settings.REGION), where.endpoint() != null);
    var builder =
        S3Client.builder()
            .httpClient(access.http())
            .region(access.region())
            .crossRegionAccessEnabled(true)
            .credentialsProvider(access.credentials())
            .forcePathStyle(where.pathStyle())
            // The checksum of an object says nothing about a range of it.
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()));
    if (where.endpoint() != null) {
      builder.endpointOverride(where.endpoint());
      if (SdkSystemSetting.AWS_REQUEST_CHECKSUM_CALCULATION.getStringValue().isEmpty()) {
        // Amazon's S3 knows the trailers with checksums that the SDK sends; many others do not.
        builder.requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED);
      }
    }
    client = builder.build();
  }

  /**
   * Asks STS who we are; a store of its own kind, which has no STS, is asked for its buckets
   * instead.
   */
  void identify() throws IOException {
    try {
      if (where.endpoint() != null && !access.hasOwnSts()) {
        client.listBuckets();
      } else {
        access.sts().getCallerIdentity();
      }
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  /**
   * A queue of SQS, as the same identity sees it.
   *
   * @param timeout of the connections
   */
  EventQueue queue(String url, Duration timeout) {
    URI address = URI.create(url);
    Matcher amazon = SQS_HOST.matcher(address.getHost());
    SqsClient queues =
        SqsClient.builder()
            .httpClient(access.http())
            .region(amazon.matches() ? Region.of(amazon.group(1)) : access.region())
            .credentialsProvider(access.credentials())
            .endpointOverride(URI.create(address.getScheme() + "://" + address.getAuthority()))
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .build();
    return new SqsQueue(queues, url, access.http()::abortAll, timeout.dividedBy(2));
  }

  /** Ends requests that are under way. */
  void abort() {
    access.http().abortAll();
  }

  /** One page of the keys under a prefix, behind {@code token}; null for the first page. */
  ListObjectsV2Response page(S3Address prefix, String token) throws IOException {
    return page(prefix, token, null);
  }

  /**
   * One page of the keys under a prefix.
   *
   * @param after the key behind which the first page begins, or null
   */
  ListObjectsV2Response page(S3Address prefix, String token, String after) throws IOException {
    try {
      return client.listObjectsV2(
          ListObjectsV2Request.builder()
              .bucket(prefix.bucket())
              .prefix(prefix.key().isEmpty() ? null : prefix.key())
              .maxKeys(PAGE_KEYS)
              .continuationToken(token)
              .startAfter(token == null ? after : null)
              .build());
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  /**
   * An object's bytes and what S3 says of it.
   *
   * @param range as in HTTP, or null for the whole object
   * @param etag that the object must have, or null
   */
  Answer get(S3Address address, String range, String etag) throws IOException {
    try {
      ResponseInputStream<GetObjectResponse> in =
          client.getObject(
              GetObjectRequest.builder()
                  .bucket(address.bucket())
                  .key(address.key())
                  .range(range)
                  .ifMatch(etag)
                  .build());
      if (etag != null && !etag.equals(in.response().eTag())) {
        in.abort();
        throw RemoteFailure.changed();
      }
      return new Answer(in);
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  /** One object's bytes from {@code begin} to {@code end} of an object of known size. */
  RemoteBody range(S3Address address, long begin, long end, long size, String etag)
      throws IOException {
    Answer answer = get(address, "bytes=" + begin + "-" + (end - 1), etag);
    String wanted = "bytes " + begin + "-" + (end - 1) + "/" + size;
    String got = answer.response().contentRange();
    boolean whole = got == null && begin == 0 && answer.length() == size;
    if (!whole && !wanted.equals(got)) {
      answer.abort();
      if (got == null) {
        throw RemoteFailure.lasting(
            CopyErrorCode.OBJECT_UNREADABLE, "the store does not answer requests for ranges", null);
      }
      throw RemoteFailure.changed();
    }
    return answer;
  }

  /** Stores an object of known content. */
  void put(S3Address address, byte[] bytes, int length) throws IOException {
    try {
      client.putObject(
          PutObjectRequest.builder().bucket(address.bucket()).key(address.key()).build(),
          body(bytes, length));
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /** Begins an object of several parts and returns the upload's id. */
  String beginUpload(S3Address address) throws IOException {
    try {
      return client
          .createMultipartUpload(b -> b.bucket(address.bucket()).key(address.key()))
          .uploadId();
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /**
   * Stores one part, and returns what the store says of it.
   *
   * @param number counted from 1
   */
  CompletedPart putPart(S3Address address, String uploadId, int number, byte[] bytes, int length)
      throws IOException {
    try {
      UploadPartResponse stored =
          client.uploadPart(
              UploadPartRequest.builder()
                  .bucket(address.bucket())
                  .key(address.key())
                  .uploadId(uploadId)
                  .partNumber(number)
                  .contentLength((long) length)
                  .build(),
              body(bytes, length));
      return CompletedPart.builder()
          .partNumber(number)
          .eTag(stored.eTag())
          .checksumCRC32(stored.checksumCRC32())
          .build();
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /** Makes the object of its parts, which are in their order. */
  void completeUpload(S3Address address, String uploadId, List<CompletedPart> parts)
      throws IOException {
    try {
      client.completeMultipartUpload(
          b ->
              b.bucket(address.bucket())
                  .key(address.key())
                  .uploadId(uploadId)
                  .multipartUpload(upload -> upload.parts(parts)));
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /** Forgets the parts. */
  void abortUpload(S3Address address, String uploadId) throws IOException {
    try {
      client.abortMultipartUpload(
          b -> b.bucket(address.bucket()).key(address.key()).uploadId(uploadId));
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /** Bytes of an object, or -1 when there is none. */
  long sizeOf(S3Address address) throws IOException {
    try {
      return client.headObject(b -> b.bucket(address.bucket()).key(address.key())).contentLength();
    } catch (NoSuchKeyException e) {
      return -1;
    } catch (SdkException e) {
      throw S3Errors.of(e);
    }
  }

  void delete(S3Address address) throws IOException {
    try {
      client.deleteObject(b -> b.bucket(address.bucket()).key(address.key()));
    } catch (SdkException e) {
      throw S3Errors.ofWriting(e);
    }
  }

  /** The array itself, not a copy; it stays as it is until the request is answered. */
  private static RequestBody body(byte[] bytes, int length) {
    return RequestBody.fromContentProvider(
        () -> new ByteArrayInputStream(bytes, 0, length), length, "application/octet-stream");
  }

  /** An answer while its bytes arrive. */
  static final class Answer implements RemoteBody {
    private final ResponseInputStream<GetObjectResponse> in;

    Answer(ResponseInputStream<GetObjectResponse> in) {
      this.in = in;
    }

    GetObjectResponse response() {
      return in.response();
    }

    long length() {
      Long length = in.response().contentLength();
      return length == null ? -1 : length;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      try {
        return in.read(buffer, offset, length);
      } catch (SdkException e) {
        throw S3Errors.of(e);
      }
    }

    @Override
    public void abort() {
      in.abort();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}

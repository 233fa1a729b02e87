package io.copyload.tck.source;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** A real S3 server on loopback, which refuses wrong keys and signatures. */
public final class S3Server implements AutoCloseable {
  public static final String KEY_ID = "tck-key-id";
  public static final String SECRET = "tck/planted+secret=Zx81";
  public static final String KEYS =
      " ACCESS_KEY_ID '" + KEY_ID + "' SECRET_ACCESS_KEY '" + SECRET + "'";

  private final S3Proxy server;
  private final S3Client client;
  private final Set<String> buckets = new HashSet<>();

  public S3Server(Path root) throws Exception {
    this(new FilesystemNio2BlobStore(root.toString()));
  }

  /**
   * A server for very many objects, of which one prefix is listed and which are put, not deleted.
   */
  static S3Server ofManyObjects(Path root) throws Exception {
    return new S3Server(new RememberedKeys(new FilesystemNio2BlobStore(root.toString())));
  }

  private S3Server(BlobStore store) throws Exception {
    server =
        S3Proxy.builder()
            .blobStore(store)
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY_ID, SECRET)
            .ignoreUnknownHeaders(true)
            .build();
    server.start();
    client =
        S3Client.builder()
            .endpointOverride(URI.create(endpoint()))
            .forcePathStyle(true)
            .region(Region.US_EAST_1)
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY_ID, SECRET)))
            .build();
  }

  public int port() {
    return server.getPort();
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port();
  }

  /** Stores an object. */
  void put(String bucket, String key, byte[] content) {
    put(bucket, key, content, Map.of());
  }

  public void put(String bucket, String key, String content) {
    put(bucket, key, content.getBytes(StandardCharsets.UTF_8));
  }

  synchronized void put(String bucket, String key, byte[] content, Map<String, String> metadata) {
    if (buckets.add(bucket)) {
      client.createBucket(b -> b.bucket(bucket));
    }
    client.putObject(
        b -> b.bucket(bucket).key(key).metadata(metadata), RequestBody.fromBytes(content));
  }

  /** Begins an upload in parts and stores its first and only part. Returns how it is completed. */
  Runnable beginUpload(String bucket, String key, String content) {
    String upload = client.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
    String etag =
        client
            .uploadPart(
                b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(1),
                RequestBody.fromString(content))
            .eTag();
    CompletedPart part = CompletedPart.builder().partNumber(1).eTag(etag).build();
    return () ->
        client.completeMultipartUpload(
            b -> b.bucket(bucket).key(key).uploadId(upload).multipartUpload(m -> m.parts(part)));
  }

  @Override
  public void close() {
    client.close();
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

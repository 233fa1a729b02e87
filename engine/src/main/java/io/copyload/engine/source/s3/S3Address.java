package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.regex.Pattern;

/**
 * A bucket and a key or prefix in it.
 *
 * @param key as it is stored: nothing in it is encoded
 */
record S3Address(String bucket, String key) {
  static final String SCHEME = "s3://";

  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9._:-]{2,255}");

  /** Whether an address is one of S3. */
  static boolean isOne(String address) {
    return address.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  static S3Address of(String address) {
    String rest = address.substring(SCHEME.length());
    int slash = rest.indexOf('/');
    String bucket = slash < 0 ? rest : rest.substring(0, slash);
    if (!BUCKET.matcher(bucket).matches()) {
      throw new CopyException(
          CopyErrorCode.INVALID_NAME,
          "invalid S3 address \"" + address + "\"",
          null,
          "Write s3://bucket/key-or-prefix.",
          null,
          0,
          null);
    }
    return new S3Address(bucket, slash < 0 ? "" : rest.substring(slash + 1));
  }

  @Override
  public String toString() {
    return SCHEME + bucket + "/" + key;
  }
}

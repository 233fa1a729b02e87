package io.copyload.engine.source.ssh;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/** A host's public key in SSH's wire format (RFC 4253, section 6.6). */
final class HostPublicKey {
  private static final int MAX_TYPE_BYTES = 64;

  private final byte[] blob;
  private final String type;

  private HostPublicKey(byte[] blob, String type) {
    this.blob = blob;
    this.type = type;
  }

  /**
   * Reads the type, which is in front.
   *
   * @throws IllegalArgumentException when it is no key
   */
  static HostPublicKey of(byte[] blob) {
    int length = blob.length < 8 ? -1 : ByteBuffer.wrap(blob).getInt();
    if (length < 1 || length > MAX_TYPE_BYTES || length + 4 >= blob.length) {
      throw new IllegalArgumentException("no key");
    }
    String type = new String(blob, 4, length, StandardCharsets.US_ASCII);
    if (!type.matches("[a-z0-9@.-]+")) {
      throw new IllegalArgumentException("no key");
    }
    return new HostPublicKey(blob.clone(), type);
  }

  byte[] blob() {
    return blob.clone();
  }

  String type() {
    return type;
  }

  boolean is(byte[] other) {
    return Arrays.equals(blob, other);
  }

  String base64() {
    return Base64.getEncoder().encodeToString(blob);
  }

  /** What ssh-keygen -l shows. */
  String fingerprint() {
    return fingerprint(blob);
  }

  static String fingerprint(byte[] blob) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(blob);
      return "SHA256:" + Base64.getEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is missing", e);
    }
  }
}

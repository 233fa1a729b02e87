package io.copyload.engine.source.s3;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.remote.RemoteFailure;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one object that its writer has encrypted, as the AWS SDK's AmazonS3EncryptionClient
 * puts it into the object's metadata (version 1): {@code x-amz-key} is the data key, encrypted by
 * AES/ECB/PKCS5Padding with the root key; {@code x-amz-iv} is the initialization vector; the body
 * is AES/CBC/PKCS5Padding. Any range of it can be decrypted alone: a block needs only the one
 * before.
 */
final class Envelope {
  static final int BLOCK_BYTES = 16;

  private final SecretKey key;
  private final byte[] iv;

  private Envelope(SecretKey key, byte[] iv) {
    this.key = key;
    this.iv = iv;
  }

  /**
   * Opens the envelope.
   *
   * @param metadata of the object, names without {@code x-amz-meta-}
   */
  static Envelope of(Map<String, String> metadata, Secret rootKey) throws RemoteFailure {
    if (metadata.containsKey("x-amz-key-v2")) {
      throw RemoteFailure.lasting(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "the object has an encryption envelope of version 2, which is not supported",
          "Write it with the encryption client's version 1 and a symmetric root key.");
    }
    String wrapped = metadata.get("x-amz-key");
    String vector = metadata.get("x-amz-iv");
    if (wrapped == null || vector == null) {
      throw RemoteFailure.lasting(
          CopyErrorCode.OBJECT_UNREADABLE,
          "the object has no encryption envelope in its metadata",
          "Leave ENCRYPTED out for objects that were not encrypted by their writer.");
    }
    try {
      Cipher unwrap = Cipher.getInstance("AES/ECB/PKCS5Padding");
      unwrap.init(
          Cipher.DECRYPT_MODE,
          new SecretKeySpec(Base64.getDecoder().decode(rootKey.reveal()), "AES"));
      byte[] dataKey = unwrap.doFinal(Base64.getDecoder().decode(wrapped));
      byte[] iv = Base64.getDecoder().decode(vector);
      if (iv.length != BLOCK_BYTES) {
        throw new GeneralSecurityException("length of the initialization vector");
      }
      return new Envelope(new SecretKeySpec(dataKey, "AES"), iv);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw wrongKey();
    }
  }

  static RemoteFailure wrongKey() {
    return RemoteFailure.lasting(
        CopyErrorCode.OBJECT_UNREADABLE,
        "the object cannot be decrypted",
        "The master symmetric key is not the one it was encrypted with, or the object is damaged.");
  }

  /**
   * Decrypts from some block on.
   *
   * @param before the encrypted block before it; null at the object's begin
   */
  Cipher from(byte[] before) {
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new IvParameterSpec(before == null ? iv : before));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES is missing", e);
    }
  }

  /**
   * Size of the plain object.
   *
   * @param tail the last block, with the one before it when there is one
   */
  long plainSize(long storedSize, byte[] tail) throws RemoteFailure {
    boolean only = storedSize == BLOCK_BYTES;
    if (storedSize % BLOCK_BYTES != 0 || tail.length != (only ? 1 : 2) * BLOCK_BYTES) {
      throw wrongKey();
    }
    byte[] last =
        from(only ? null : java.util.Arrays.copyOf(tail, BLOCK_BYTES))
            .update(tail, tail.length - BLOCK_BYTES, BLOCK_BYTES);
    int padding = last[BLOCK_BYTES - 1];
    boolean good = padding >= 1 && padding <= BLOCK_BYTES;
    for (int i = BLOCK_BYTES - 1; good && i >= BLOCK_BYTES - padding; i--) {
      good = last[i] == padding;
    }
    if (!good) {
      throw wrongKey();
    }
    return storedSize - padding;
  }
}

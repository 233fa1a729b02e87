package io.copyload.engine.catalog;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key that seals the secrets of one database: AES-256 in GCM, derived from a text by PBKDF2
 * with HMAC-SHA-256.
 *
 * <p>Format of what is sealed: 12 random bytes, then the cipher text with its tag of 128 bits. What
 * it belongs to is authenticated with it, so that rows cannot be exchanged.
 */
final class SecretsKey {
  static final int SALT_BYTES = 16;
  static final int ITERATIONS = 200_000;

  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int MAX_DERIVED = 8;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** The keys used last, by what they were derived from. */
  private static final Map<ByteBuffer, SecretsKey> DERIVED =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, SecretsKey> eldest) {
          return size() > MAX_DERIVED;
        }
      };

  private final SecretKeySpec key;

  private SecretsKey(SecretKeySpec key) {
    this.key = key;
  }

  static byte[] newSalt() {
    byte[] salt = new byte[SALT_BYTES];
    RANDOM.nextBytes(salt);
    return salt;
  }

  /** To derive a key takes a tenth of a second on purpose: who polls must not do it each time. */
  static SecretsKey of(String text, byte[] salt, int iterations) {
    ByteBuffer origin = ByteBuffer.wrap(fingerprint(text, salt, iterations));
    synchronized (DERIVED) {
      SecretsKey known = DERIVED.get(origin);
      if (known != null) {
        return known;
      }
    }
    SecretsKey derived = derive(text, salt, iterations);
    synchronized (DERIVED) {
      DERIVED.put(origin, derived);
    }
    return derived;
  }

  private static byte[] fingerprint(String text, byte[] salt, int iterations) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(salt);
      digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(0, iterations));
      return digest.digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SecretsKey derive(String text, byte[] salt, int iterations) {
    PBEKeySpec spec = new PBEKeySpec(text.toCharArray(), salt, iterations, 256);
    try {
      byte[] bytes =
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded();
      return new SecretsKey(new SecretKeySpec(bytes, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    } finally {
      spec.clearPassword();
    }
  }

  /**
   * Seals bytes.
   *
   * @param owner what they belong to
   */
  byte[] seal(byte[] plain, String owner) {
    byte[] nonce = new byte[NONCE_BYTES];
    RANDOM.nextBytes(nonce);
    try {
      byte[] text = cipher(Cipher.ENCRYPT_MODE, nonce, owner).doFinal(plain);
      return ByteBuffer.allocate(NONCE_BYTES + text.length).put(nonce).put(text).array();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bytes, or null when the key or the owner is another one, or the bytes have changed. */
  byte[] open(byte[] sealed, String owner) {
    if (sealed.length < NONCE_BYTES) {
      return null;
    }
    byte[] nonce = new byte[NONCE_BYTES];
    System.arraycopy(sealed, 0, nonce, 0, NONCE_BYTES);
    try {
      return cipher(Cipher.DECRYPT_MODE, nonce, owner)
          .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private Cipher cipher(int mode, byte[] nonce, String owner) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
    return cipher;
  }
}

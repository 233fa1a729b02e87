package io.copyload.engine.source.ssh;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import io.copyload.engine.source.Secret;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A key pair of a database.
 *
 * @param type as in the public line, such as {@code ssh-ed25519}
 * @param publicLine a line of authorized_keys
 * @param fingerprint of the public key
 * @param privateKey in OpenSSH's format
 */
public record SshKeyPair(String type, String publicLine, String fingerprint, Secret privateKey) {
  private static final int RSA_BITS = 3072;
  private static final String COMMENT = "copyload";

  /** Makes a new pair of each type: ed25519, and rsa for old hosts. */
  public static List<SshKeyPair> make() {
    try {
      return List.of(
          of(KeyPair.genKeyPair(new JSch(), KeyPair.ED25519)),
          of(KeyPair.genKeyPair(new JSch(), KeyPair.RSA, RSA_BITS)));
    } catch (JSchException e) {
      throw new IllegalStateException("no key pair can be made", e);
    }
  }

  private static SshKeyPair of(KeyPair pair) throws JSchException {
    try {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      pair.writePublicKey(line, COMMENT);
      ByteArrayOutputStream secret = new ByteArrayOutputStream();
      pair.writeOpenSSHv1PrivateKey(secret, null);
      return new SshKeyPair(
          pair.getKeyTypeString(),
          line.toString(StandardCharsets.UTF_8).strip(),
          HostPublicKey.fingerprint(pair.getPublicKeyBlob()),
          new Secret(secret.toString(StandardCharsets.UTF_8)));
    } finally {
      pair.dispose();
    }
  }
}

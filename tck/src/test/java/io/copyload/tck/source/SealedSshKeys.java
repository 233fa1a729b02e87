package io.copyload.tck.source;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Opens the private SSH keys of a closed database as somebody would who has the file and the
 * passphrase, so that a test knows the bytes that nobody may see.
 */
final class SealedSshKeys {
  private static final int NONCE_BYTES = 12;
  private static final int PIECE_BYTES = 24;

  private SealedSshKeys() {}

  /** The private keys in OpenSSH's format. */
  static List<String> open(Path database, String passphrase) throws Exception {
    List<String> keys = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:h2:" + database, "sa", "");
        Statement statement = connection.createStatement()) {
      SecretKeySpec key = key(statement, passphrase);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT private_key, key_type, fingerprint FROM copyload_catalog.ssh_keys")) {
        while (row.next()) {
          byte[] sealed = Base64.getDecoder().decode(row.getString(1));
          Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
          cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(128, sealed, 0, NONCE_BYTES));
          String owner = "ssh key " + row.getString(2) + " " + row.getString(3);
          cipher.updateAAD(owner.getBytes(StandardCharsets.UTF_8));
          byte[] plain = cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
          keys.add(new String(plain, StandardCharsets.US_ASCII));
        }
      }
    }
    return keys;
  }

  private static SecretKeySpec key(Statement statement, String passphrase) throws Exception {
    try (ResultSet row =
        statement.executeQuery("SELECT salt, iterations FROM copyload_catalog.secret_keys")) {
      if (!row.next()) {
        throw new SQLException("no key");
      }
      PBEKeySpec spec =
          new PBEKeySpec(passphrase.toCharArray(), row.getBytes(1), row.getInt(2), 256);
      return new SecretKeySpec(
          SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256").generateSecret(spec).getEncoded(),
          "AES");
    }
  }

  /**
   * Texts, as ISO 8859-1, by which the secret part of a key betrays itself: lines of the file, and
   * pieces of its numbers as bytes, in hexadecimal and in base64 at every offset.
   */
  static Set<String> pieces(String key) {
    Set<String> pieces = new LinkedHashSet<>();
    List<String> lines = key.lines().filter(line -> !line.startsWith("-----")).toList();
    // The first lines hold the public key, the last one may be short.
    pieces.addAll(lines.subList(lines.size() / 2 + 1, lines.size() - 1));
    for (byte[] number : secretNumbers(Base64.getMimeDecoder().decode(String.join("", lines)))) {
      for (int at : new int[] {1, number.length / 2 - 8, number.length - PIECE_BYTES}) {
        byte[] piece = Arrays.copyOfRange(number, Math.max(0, at), Math.max(0, at) + PIECE_BYTES);
        pieces.add(new String(piece, StandardCharsets.ISO_8859_1));
        pieces.add(HexFormat.of().formatHex(piece));
        pieces.add(HexFormat.of().withUpperCase().formatHex(piece));
        for (int skip = 0; skip < 3; skip++) {
          byte[] part = Arrays.copyOfRange(piece, skip, skip + PIECE_BYTES - 3);
          pieces.add(Base64.getEncoder().encodeToString(part));
        }
      }
    }
    return pieces;
  }

  /** The numbers of a key that is not encrypted, without those that are public. */
  private static List<byte[]> secretNumbers(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file);
    in.position("openssh-key-v1\0".length());
    for (int i = 0; i < 3; i++) {
      // Cipher, derivation and its options: none.
      string(in);
    }
    in.getInt();
    string(in);
    ByteBuffer secret = ByteBuffer.wrap(string(in));
    secret.getLong();
    String type = new String(string(secret), StandardCharsets.US_ASCII);
    if (type.equals("ssh-ed25519")) {
      string(secret);
      return List.of(Arrays.copyOf(string(secret), 32));
    }
    // Modulus and exponent, then d, 1/q, p and q.
    string(secret);
    string(secret);
    return List.of(string(secret), string(secret), string(secret), string(secret));
  }

  private static byte[] string(ByteBuffer in) {
    byte[] bytes = new byte[in.getInt()];
    in.get(bytes);
    return bytes;
  }
}

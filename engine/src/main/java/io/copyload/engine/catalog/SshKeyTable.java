package io.copyload.engine.catalog;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;

/**
 * The key pairs by which a database logs in at hosts. Private keys are sealed with the key of the
 * database's secrets. Threads: any.
 */
public final class SshKeyTable {
  private final InternalConnection connections;

  private final StoredObjects secrets;

  /**
   * @param keyText gives the text that the key of the secrets is derived from, or null
   */
  public SshKeyTable(InternalConnection connections, Supplier<String> keyText) {
    this.connections = connections;
    this.secrets = new StoredObjects(connections, keyText);
  }

  /**
   * A key pair.
   *
   * @param privateKey in the clear when it is new, sealed when it comes from the table
   * @param made when, in UTC
   */
  public record Pair(
      String type, String publicLine, String fingerprint, String privateKey, LocalDateTime made) {
    /** Never prints the private key. */
    @Override
    public String toString() {
      return "Pair[" + publicLine + "]";
    }
  }

  /** The pairs; when there are none yet, those that {@code maker} makes. */
  public List<Pair> pairs(Supplier<List<Pair>> maker) throws SQLException {
    try (Connection connection = connections.open()) {
      List<Pair> stored = read(connection);
      if (!stored.isEmpty() || connection.isReadOnly()) {
        return stored;
      }
    }
    return replace(maker, false);
  }

  /** The private keys, in the clear, of the pairs that {@link #pairs} gives. */
  public List<String> privateKeys(Supplier<List<Pair>> maker) throws SQLException {
    List<String> keys = new ArrayList<>();
    List<Pair> pairs = pairs(maker);
    try (Connection connection = connections.open()) {
      for (Pair pair : pairs) {
        byte[] plain = null;
        try {
          byte[] sealed = Base64.getDecoder().decode(pair.privateKey());
          plain = secrets.unseal(connection, sealed, owner(pair));
        } catch (IllegalArgumentException e) {
          // Not what this class has written: damaged, as below.
        }
        if (plain == null) {
          throw new CopyException(
                  CopyErrorCode.DATA_CORRUPTED, "a stored SSH key of this database is damaged")
              .withHint("COPYLOAD ROTATE SSH KEY makes new ones.");
        }
        keys.add(new String(plain, StandardCharsets.UTF_8));
      }
    }
    return keys;
  }

  private static String owner(Pair pair) {
    return "ssh key " + pair.type() + " " + pair.fingerprint();
  }

  private String sealed(Connection connection, Pair pair) throws SQLException {
    byte[] plain = pair.privateKey().getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(secrets.seal(connection, plain, owner(pair)));
  }

  /** New pairs in place of the old ones. */
  public List<Pair> renew(Supplier<List<Pair>> maker) throws SQLException {
    return replace(maker, true);
  }

  private List<Pair> replace(Supplier<List<Pair>> maker, boolean always) throws SQLException {
    // Before the pairs are made, which takes long.
    secrets.neededKeyText();
    List<Pair> made = maker.get();
    // One at a time in a process, as a database is open in one: two would make two sets of keys.
    synchronized (SshKeyTable.class) {
      try (Connection connection = connections.open()) {
        List<Pair> stored = read(connection);
        if (!always && !stored.isEmpty()) {
          return stored;
        }
        connection.setAutoCommit(false);
        try (Statement delete = connection.createStatement();
            PreparedStatement insert =
                connection.prepareStatement(
                    "INSERT INTO copyload_catalog.ssh_keys VALUES (?, ?, ?, ?, ?)")) {
          delete.execute("DELETE FROM copyload_catalog.ssh_keys");
          for (Pair pair : made) {
            insert.setString(1, pair.type());
            insert.setString(2, pair.publicLine());
            insert.setString(3, pair.fingerprint());
            insert.setString(4, sealed(connection, pair));
            insert.setObject(5, pair.made());
            insert.executeUpdate();
          }
        }
        connection.commit();
        return read(connection);
      }
    }
  }

  private static List<Pair> read(Connection connection) throws SQLException {
    try (Statement query = connection.createStatement();
        ResultSet row =
            query.executeQuery(
                "SELECT key_type, public_key, fingerprint, private_key, made"
                    + " FROM copyload_catalog.ssh_keys ORDER BY key_type")) {
      List<Pair> pairs = new ArrayList<>();
      while (row.next()) {
        pairs.add(
            new Pair(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                row.getObject(5, LocalDateTime.class)));
      }
      return pairs;
    } catch (SQLException e) {
      if (Catalog.isMissing(e)) {
        return List.of();
      }
      throw e;
    }
  }

  /** The time of an instant as it is stored. */
  public static LocalDateTime timestamp(Instant instant) {
    return LocalDateTime.ofInstant(instant, ZoneOffset.UTC);
  }
}

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
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The secrets and connections of a database. Each change is a transaction of its own: it is there
 * whatever becomes of the caller's.
 *
 * <p>Secrets leave this class in the clear only by {@link #open}, for the one who signs with them.
 * Threads: any.
 */
public final class StoredObjects {
  private static final String TABLES = Catalog.TABLE_SCHEMA + ".";
  private static final byte[] VERIFIED = "copyload".getBytes(StandardCharsets.US_ASCII);

  private static final String SET_THE_KEY =
      "Connect with the property secrets_key or secrets_key_file, or set the environment variable"
          + " COPYLOAD_SECRETS_KEY.";

  private final InternalConnection connections;

  /** The text that the key is derived from, or null when the connection has none. */
  private final Supplier<String> keyText;

  /** What there is: {@code secrets} or {@code connections}. */
  public enum Kind {
    SECRETS,
    CONNECTIONS;

    private String table() {
      return TABLES + (this == SECRETS ? "secrets" : "connections");
    }

    private String id() {
      return this == SECRETS ? "secret_id" : "connection_id";
    }
  }

  /** A secret or connection. */
  public record Entry(long id, String name, String owner) {}

  /**
   * The value of an option: a text, the name of a secret, or a text to be sealed; as one of them.
   */
  public record Setting(String text, String secret, boolean sealed) {
    @Override
    public String toString() {
      return "***";
    }
  }

  public StoredObjects(InternalConnection connections, Supplier<String> keyText) {
    this.connections = connections;
    this.keyText = keyText;
  }

  private interface Step<T> {
    T run(Connection connection) throws SQLException;
  }

  private <T> T transact(Step<T> step) throws SQLException {
    try (Connection connection = connections.open()) {
      try {
        return commit(connection, step);
      } catch (SQLException e) {
        if (!Catalog.isMissing(e)) {
          throw e;
        }
        // DROP ALL OBJECTS takes the catalog away too.
        connection.setAutoCommit(true);
        Catalog.ensure(connection, Instant.now());
        return commit(connection, step);
      }
    }
  }

  private static <T> T commit(Connection connection, Step<T> step) throws SQLException {
    connection.setAutoCommit(false);
    boolean done = false;
    try {
      T result = step.run(connection);
      connection.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        connection.rollback();
      }
    }
  }

  /** All of a kind, by name. */
  public List<Entry> list(Kind kind) throws SQLException {
    return transact(
        connection -> {
          List<Entry> entries = new ArrayList<>();
          try (Statement select = connection.createStatement();
              ResultSet row =
                  select.executeQuery(
                      "SELECT "
                          + kind.id()
                          + ", name, owner_name FROM "
                          + kind.table()
                          + " ORDER BY name")) {
            while (row.next()) {
              entries.add(new Entry(row.getLong(1), row.getString(2), row.getString(3)));
            }
          }
          return entries;
        });
  }

  /** The entry of that name, or null. */
  public Entry find(Kind kind, String name) throws SQLException {
    return transact(connection -> find(connection, kind, name));
  }

  private static Entry find(Connection connection, Kind kind, String name) throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT "
                + kind.id()
                + ", name, owner_name FROM "
                + kind.table()
                + " WHERE name = ?")) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? new Entry(row.getLong(1), row.getString(2), row.getString(3)) : null;
      }
    }
  }

  /** Stores a new secret; there is none of that name. */
  public void createSecret(String name, String owner, byte[] value) throws SQLException {
    transact(
        connection -> {
          SecretsKey key = key(connection, true);
          execute(
              connection,
              "INSERT INTO " + TABLES + "secrets(name, owner_name, sealed) VALUES (?, ?, X'')",
              name,
              owner);
          long id = find(connection, Kind.SECRETS, name).id();
          seal(connection, key, id, value);
          return null;
        });
  }

  /** Gives a secret another value. */
  public void changeSecret(Entry secret, byte[] value) throws SQLException {
    transact(
        connection -> {
          seal(connection, key(connection, true), secret.id(), value);
          return null;
        });
  }

  private static void seal(Connection connection, SecretsKey key, long id, byte[] value)
      throws SQLException {
    execute(
        connection,
        "UPDATE " + TABLES + "secrets SET sealed = ? WHERE secret_id = ?",
        key.seal(value, "secret " + id),
        id);
  }

  /** Stores a new connection; there is none of that name. */
  public void createConnection(String name, String owner, Map<String, Setting> settings)
      throws SQLException {
    transact(
        connection -> {
          execute(
              connection,
              "INSERT INTO " + TABLES + "connections(name, type, owner_name) VALUES (?, 'aws', ?)",
              name,
              owner);
          put(connection, find(connection, Kind.CONNECTIONS, name).id(), settings);
          return null;
        });
  }

  /** Sets some options of a connection, and takes others away. */
  public void changeConnection(Entry entry, Map<String, Setting> settings, Collection<String> gone)
      throws SQLException {
    transact(
        connection -> {
          for (String name : gone) {
            removeOption(connection, entry.id(), name);
          }
          put(connection, entry.id(), settings);
          return null;
        });
  }

  private void put(Connection connection, long id, Map<String, Setting> settings)
      throws SQLException {
    for (Map.Entry<String, Setting> option : settings.entrySet()) {
      Setting setting = option.getValue();
      removeOption(connection, id, option.getKey());
      Long secretId = null;
      if (setting.secret() != null) {
        Entry secret = find(connection, Kind.SECRETS, setting.secret());
        if (secret == null) {
          throw unknownSecret(setting.secret());
        }
        secretId = secret.id();
      }
      byte[] sealed =
          setting.sealed()
              ? key(connection, true)
                  .seal(
                      setting.text().getBytes(StandardCharsets.UTF_8),
                      "connection " + id + " " + option.getKey())
              : null;
      execute(
          connection,
          "INSERT INTO " + TABLES + "connection_options VALUES (?, ?, ?, ?, ?)",
          id,
          option.getKey(),
          setting.sealed() ? null : setting.text(),
          secretId,
          sealed);
    }
  }

  private static void removeOption(Connection connection, long id, String name)
      throws SQLException {
    execute(
        connection,
        "DELETE FROM " + TABLES + "connection_options WHERE connection_id = ? AND option_name = ?",
        id,
        name);
  }

  /** The failure of a statement that names a secret that is not there. */
  public static CopyException unknownSecret(String name) {
    return new CopyException(CopyErrorCode.UNDEFINED_OBJECT, "unknown secret \"" + name + "\"");
  }

  /** The options of a connection by name; what is sealed has no text. */
  public Map<String, Setting> settings(Entry entry) throws SQLException {
    return transact(connection -> settings(connection, entry, null));
  }

  /** The options of a connection by name, with the texts of its secrets. */
  public Map<String, Setting> open(Entry entry) throws SQLException {
    return transact(
        connection -> {
          Map<String, Setting> shown = settings(connection, entry, null);
          boolean secret = shown.values().stream().anyMatch(s -> s.secret() != null || s.sealed());
          return secret ? settings(connection, entry, key(connection, false)) : shown;
        });
  }

  private static Map<String, Setting> settings(Connection connection, Entry entry, SecretsKey key)
      throws SQLException {
    Map<String, Setting> settings = new LinkedHashMap<>();
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT o.option_name, o.text, o.sealed, s.secret_id, s.name, s.sealed FROM "
                + TABLES
                + "connection_options o LEFT JOIN "
                + TABLES
                + "secrets s ON s.secret_id = o.secret_id WHERE o.connection_id = ?"
                + " ORDER BY o.option_name")) {
      select.setLong(1, entry.id());
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          String option = row.getString(1);
          String text = row.getString(2);
          byte[] sealed = row.getBytes(3);
          String secret = row.getString(5);
          if (key != null && sealed != null) {
            text = opened(key, sealed, "connection " + entry.id() + " " + option);
          } else if (key != null && secret != null) {
            text = opened(key, row.getBytes(6), "secret " + row.getLong(4));
          }
          settings.put(option, new Setting(text, secret, sealed != null));
        }
      }
    }
    return settings;
  }

  private static String opened(SecretsKey key, byte[] sealed, String owner) {
    byte[] plain = key.open(sealed, owner);
    if (plain == null) {
      throw new CopyException(
          CopyErrorCode.DATA_CORRUPTED, "a stored secret of this database is damaged");
    }
    return new String(plain, StandardCharsets.UTF_8);
  }

  /** Names of the connections that use a secret. */
  public List<String> users(Entry secret) throws SQLException {
    return transact(
        connection -> {
          List<String> names = new ArrayList<>();
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT DISTINCT c.name FROM "
                      + TABLES
                      + "connections c JOIN "
                      + TABLES
                      + "connection_options o ON o.connection_id = c.connection_id"
                      + " WHERE o.secret_id = ? ORDER BY c.name")) {
            select.setLong(1, secret.id());
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                names.add(row.getString(1));
              }
            }
          }
          return names;
        });
  }

  /** Gives an entry another name, which is free, or another owner; null leaves one as it is. */
  public void change(Kind kind, Entry entry, String newName, String newOwner) throws SQLException {
    transact(
        connection -> {
          execute(
              connection,
              "UPDATE "
                  + kind.table()
                  + " SET name = COALESCE(?, name), owner_name = COALESCE(?, owner_name) WHERE "
                  + kind.id()
                  + " = ?",
              newName,
              newOwner,
              entry.id());
          return null;
        });
  }

  /** Removes entries; without secrets the database has no key any more. */
  public void drop(Kind kind, Entry entry, List<String> connectionsToo) throws SQLException {
    transact(
        connection -> {
          for (String name : connectionsToo) {
            Entry user = find(connection, Kind.CONNECTIONS, name);
            if (user != null) {
              drop(connection, Kind.CONNECTIONS, user);
            }
          }
          drop(connection, kind, entry);
          forgetUnusedKey(connection);
          return null;
        });
  }

  /** What nothing is sealed with any more is forgotten, so that another key may take its place. */
  private static void forgetUnusedKey(Connection connection) throws SQLException {
    execute(
        connection,
        "DELETE FROM "
            + TABLES
            + "secret_keys WHERE NOT EXISTS (SELECT 1 FROM "
            + TABLES
            + "secrets) AND NOT EXISTS (SELECT 1 FROM "
            + TABLES
            + "connection_options WHERE sealed IS NOT NULL) AND NOT EXISTS (SELECT 1 FROM "
            + TABLES
            + "ssh_keys) AND NOT EXISTS (SELECT 1 FROM "
            + TABLES
            + "job_secrets)");
  }

  /**
   * Keeps the statement of a new COPY job sealed, in the transaction that makes the job.
   *
   * @throws CopyException when this connection has no key
   */
  public void sealJob(Connection connection, long jobId, String statement) throws SQLException {
    execute(
        connection,
        "INSERT INTO " + TABLES + "job_secrets VALUES (?, ?)",
        jobId,
        key(connection, true).seal(statement.getBytes(StandardCharsets.UTF_8), "job " + jobId));
  }

  /** The statement of a COPY job that was kept sealed; null when it has no secret. */
  public String openJob(long jobId) throws SQLException {
    return transact(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "SELECT sealed FROM " + TABLES + "job_secrets WHERE job_id = ?")) {
            select.setLong(1, jobId);
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? opened(key(connection, false), row.getBytes(1), "job " + jobId)
                  : null;
            }
          }
        });
  }

  /** Forgets the statement of a COPY job, in the transaction that drops the job. */
  public static void forgetJob(Connection connection, long jobId) throws SQLException {
    execute(connection, "DELETE FROM " + TABLES + "job_secrets WHERE job_id = ?", jobId);
    forgetUnusedKey(connection);
  }

  /**
   * Refuses to keep what can be kept sealed only.
   *
   * @param what has the secrets, as the subject of a sentence
   */
  public void checkCanSeal(String what) {
    if (keyText.get() == null) {
      throw new CopyException(
              CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
              what + ", which are stored encrypted: this connection has no key for that")
          .withHint(SET_THE_KEY);
    }
  }

  private static void drop(Connection connection, Kind kind, Entry entry) throws SQLException {
    execute(connection, "DELETE FROM " + kind.table() + " WHERE " + kind.id() + " = ?", entry.id());
    if (kind == Kind.CONNECTIONS) {
      execute(
          connection,
          "DELETE FROM " + TABLES + "connection_options WHERE connection_id = ?",
          entry.id());
    }
  }

  private static void execute(Connection connection, String sql, Object... values)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      statement.executeUpdate();
    }
  }

  /** Seals what another table of the catalog keeps, with the key of the secrets. */
  byte[] seal(Connection connection, byte[] plain, String owner) throws SQLException {
    return key(connection, true).seal(plain, owner);
  }

  /** What {@link #seal} has sealed, or null when it has changed. */
  byte[] unseal(Connection connection, byte[] sealed, String owner) throws SQLException {
    return key(connection, false).open(sealed, owner);
  }

  /** The text that the key is derived from; fails when the connection has none. */
  String neededKeyText() {
    String text = keyText.get();
    if (text == null) {
      throw new CopyException(
              CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
              "the secrets of this database cannot be opened: this connection has no key for them")
          .withHint(SET_THE_KEY);
    }
    return text;
  }

  /** The key of the database's secrets, made with the first of them. */
  private SecretsKey key(Connection connection, boolean make) throws SQLException {
    String text = neededKeyText();
    try (Statement select = connection.createStatement();
        ResultSet row =
            select.executeQuery(
                "SELECT salt, iterations, verifier FROM " + TABLES + "secret_keys")) {
      if (row.next()) {
        SecretsKey key = SecretsKey.of(text, row.getBytes(1), row.getInt(2));
        if (key.open(row.getBytes(3), "verifier") == null) {
          throw new CopyException(
              CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
              "the secrets of this database cannot be opened: the key is not the one they were"
                  + " stored with");
        }
        return key;
      }
    }
    if (!make) {
      throw new CopyException(
          CopyErrorCode.DATA_CORRUPTED, "this database has no record of the key of its secrets");
    }
    byte[] salt = SecretsKey.newSalt();
    SecretsKey key = SecretsKey.of(text, salt, SecretsKey.ITERATIONS);
    execute(
        connection,
        "INSERT INTO " + TABLES + "secret_keys VALUES (1, ?, ?, ?)",
        salt,
        SecretsKey.ITERATIONS,
        key.seal(VERIFIED, "verifier"));
    return key;
  }
}

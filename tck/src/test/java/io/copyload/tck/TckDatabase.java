package io.copyload.tck;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * One private database for one test, in memory or in a folder.
 *
 * <p>The driver under test is named by the system property {@code copyload.tck.url}, a URL prefix;
 * the default is {@code jdbc:copyload:}. Nothing else of the suite knows which driver runs.
 *
 * <p><b>Ownership:</b> closes every connection it opened. A memory database ends with its last
 * connection, so one is kept open until {@link #close}.
 */
public final class TckDatabase implements AutoCloseable {
  private final String url;
  private final Properties properties;
  private final List<Connection> open = new ArrayList<>();

  private TckDatabase(String url, Properties properties) {
    this.url = url;
    this.properties = properties;
  }

  /** The URL prefix of the driver under test. */
  public static String prefix() {
    return System.getProperty("copyload.tck.url", "jdbc:copyload:");
  }

  /**
   * A database in memory that no other test can see. {@code settings} is empty or starts with ;.
   */
  public static TckDatabase inMemory(String settings, Properties properties) throws SQLException {
    String url = prefix() + "mem:tck_" + UUID.randomUUID().toString().replace('-', '_') + settings;
    TckDatabase database = new TckDatabase(url, properties);
    database.connect();
    return database;
  }

  /** A database in files that begin with the given path. */
  public static TckDatabase onDisk(Path path, String settings, Properties properties)
      throws SQLException, IOException {
    return new TckDatabase(
        prefix() + "file:" + path.toAbsolutePath().normalize() + settings, properties);
  }

  /** A new connection of the administrator, in autocommit. */
  public Connection connect() throws SQLException {
    return connect("sa", "");
  }

  /** A new connection of the administrator that reads every statement by its own clauses. */
  Connection connectPlain() throws SQLException {
    Properties plain = new Properties();
    plain.setProperty("user", "sa");
    plain.setProperty("password", "");
    Connection connection = DriverManager.getConnection(url, plain);
    open.add(connection);
    return connection;
  }

  /** A new connection of a user, in autocommit. */
  public Connection connect(String user, String password) throws SQLException {
    Properties copy = new Properties();
    copy.putAll(properties);
    copy.setProperty("user", user);
    copy.setProperty("password", password);
    Connection connection = DriverManager.getConnection(url, copy);
    open.add(connection);
    return connection;
  }

  /** The database's URL. */
  public String url() {
    return url;
  }

  /** Closes every connection; a database on disk is then closed as a whole. */
  @Override
  public void close() throws SQLException {
    SQLException failure = null;
    for (Connection connection : open) {
      try {
        connection.close();
      } catch (SQLException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    open.clear();
    if (failure != null) {
      throw failure;
    }
  }
}

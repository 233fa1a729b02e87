package io.copyload.jdbc;

import io.copyload.engine.h2.CopySettings;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import org.h2.api.ErrorCode;
import org.h2.jdbc.CopyJdbcConnection;

/**
 * The JDBC driver: H2 with COPY and columnar tables.
 *
 * <p>URLs: {@code jdbc:copyload:} is a private in-memory database, {@code jdbc:copyload:mem:NAME} a
 * shared one, {@code jdbc:copyload:PATH} and {@code jdbc:copyload:file:PATH} a file; H2's rules for
 * paths and settings apply. Properties of our own are listed in {@link CopyloadProperty}.
 */
public final class CopyloadDriver implements Driver {
  private static final int MAJOR_VERSION = 0;
  private static final int MINOR_VERSION = 1;

  static {
    try {
      DriverManager.registerDriver(new CopyloadDriver());
    } catch (SQLException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @Override
  public boolean acceptsURL(String url) throws SQLException {
    if (url == null) {
      throw SqlErrors.badConnection("The URL is null");
    }
    return CopyloadUrl.isOurs(url);
  }

  @Override
  public Connection connect(String url, Properties info) throws SQLException {
    if (!acceptsURL(url)) {
      return null;
    }
    CopyloadUrl parsed = CopyloadUrl.parse(url, info);
    CopySettings settings = CopyloadProperty.settings(parsed.own());
    try {
      return new CopyJdbcConnection(
          parsed.h2Url(),
          parsed.h2Properties(),
          settings,
          CopyRunners.get(),
          parsed.own().get(CopyloadProperty.PRODUCT_NAME),
          CopyloadProperty.STDIN.is("system", parsed.own()));
    } catch (SQLException e) {
      throw explained(e, url);
    }
  }

  /** H2's message names a URL that the user never wrote. */
  private static SQLException explained(SQLException e, String url) {
    if (e.getErrorCode() != ErrorCode.URL_RELATIVE_TO_CWD) {
      return e;
    }
    SQLException ours =
        SqlErrors.badConnection(
            "The path in the URL '"
                + CopyloadUrl.withoutSettings(url)
                + "' is relative without saying so: write ./NAME for the current directory, ~/NAME for the home"
                + " directory, an absolute path, or mem:NAME for a database in memory");
    ours.initCause(e);
    return ours;
  }

  @Override
  public DriverPropertyInfo[] getPropertyInfo(String url, Properties info) throws SQLException {
    Map<CopyloadProperty, String> own =
        CopyloadUrl.isOurs(url) ? CopyloadUrl.parse(url, info).own() : Map.of();
    CopyloadProperty[] properties = CopyloadProperty.values();
    DriverPropertyInfo[] result = new DriverPropertyInfo[properties.length];
    for (int i = 0; i < properties.length; i++) {
      result[i] = properties[i].info(own.get(properties[i]));
    }
    return result;
  }

  @Override
  public int getMajorVersion() {
    return MAJOR_VERSION;
  }

  @Override
  public int getMinorVersion() {
    return MINOR_VERSION;
  }

  @Override
  public boolean jdbcCompliant() {
    return true;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException("The driver does not use java.util.logging", "0A000");
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "Copyload JDBC driver %d.%d", MAJOR_VERSION, MINOR_VERSION);
  }
}

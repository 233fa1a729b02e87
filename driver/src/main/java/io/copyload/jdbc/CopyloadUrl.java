package io.copyload.jdbc;

import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * A {@code jdbc:copyload:} URL with the properties that came with it, taken apart into what is ours
 * and what is H2's.
 *
 * @param h2Url the {@code jdbc:h2:} URL
 * @param h2Properties properties for H2, user and password among them
 * @param own our properties as they were written
 */
record CopyloadUrl(String h2Url, Properties h2Properties, Map<CopyloadProperty, String> own) {
  static final String PREFIX = "jdbc:copyload:";
  static final String TABLE_ENGINE = "io.copyload.engine.h2.ColumnarTableEngine";
  private static final String TABLE_ENGINE_SETTING = "DEFAULT_TABLE_ENGINE";

  static boolean isOurs(String url) {
    return url != null && url.startsWith(PREFIX);
  }

  static CopyloadUrl parse(String url, Properties info) throws SQLException {
    String rest = url.substring(PREFIX.length());
    int settingsBegin = rest.indexOf(';');
    String name = settingsBegin < 0 ? rest : rest.substring(0, settingsBegin);
    checkName(name, url);

    Map<CopyloadProperty, String> own = new EnumMap<>(CopyloadProperty.class);
    StringBuilder h2Url = new StringBuilder("jdbc:h2:").append(name.isEmpty() ? "mem:" : name);
    boolean engineGiven = false;
    int begin = settingsBegin < 0 ? rest.length() : settingsBegin + 1;
    while (begin < rest.length()) {
      int end = settingEnd(rest, begin);
      String setting = rest.substring(begin, end);
      int equals = setting.indexOf('=');
      String key = equals < 0 ? setting : setting.substring(0, equals);
      CopyloadProperty property = CopyloadProperty.find(key);
      if (property == null) {
        engineGiven |= key.toUpperCase(Locale.ROOT).equals(TABLE_ENGINE_SETTING);
        h2Url.append(';').append(setting);
      } else {
        if (equals < 0) {
          throw SqlErrors.badConnection(
              "Connection property " + property.key() + " has no value in the URL");
        }
        put(own, property, unescape(setting.substring(equals + 1)));
      }
      begin = end + 1;
    }

    Properties h2Properties = new Properties();
    if (info != null) {
      for (String key : info.stringPropertyNames()) {
        CopyloadProperty property = CopyloadProperty.find(key);
        if (property == null) {
          engineGiven |= key.toUpperCase(Locale.ROOT).equals(TABLE_ENGINE_SETTING);
          h2Properties.setProperty(key, info.getProperty(key));
        } else {
          put(own, property, info.getProperty(key));
        }
      }
      // A password may be a char[], which is no string property.
      for (Map.Entry<Object, Object> entry : info.entrySet()) {
        if (!(entry.getValue() instanceof String)) {
          h2Properties.put(entry.getKey(), entry.getValue());
        }
      }
    }
    if (!engineGiven) {
      h2Url.append(';').append(TABLE_ENGINE_SETTING).append('=').append(TABLE_ENGINE);
    }
    return new CopyloadUrl(h2Url.toString(), h2Properties, own);
  }

  private static void checkName(String name, String url) throws SQLException {
    String lower = name.toLowerCase(Locale.ROOT);
    if (lower.startsWith("tcp:") || lower.startsWith("ssl:")) {
      throw SqlErrors.badConnection(
          "Connections to a server are not supported: COPY runs in the process that has the database open."
              + " Use jdbc:copyload:PATH, or jdbc:h2:"
              + lower.substring(0, 4)
              + "... for the rest of SQL");
    }
    if (lower.equals("file:")) {
      throw SqlErrors.badConnection(
          "The URL '" + withoutSettings(url) + "' names no database file");
    }
  }

  /** The URL for messages: settings may hold passwords. */
  static String withoutSettings(String url) {
    int end = url.indexOf(';');
    return end < 0 ? url : url.substring(0, end);
  }

  private static void put(
      Map<CopyloadProperty, String> own, CopyloadProperty property, String value)
      throws SQLException {
    String before = own.put(property, value);
    if (before != null && !before.equals(value)) {
      throw SqlErrors.badConnection(
          "Connection property " + property.key() + " is given twice with different values");
    }
  }

  /** H2's rule: a backslash takes the next character as it is. */
  private static int settingEnd(String text, int begin) {
    int i = begin;
    while (i < text.length() && text.charAt(i) != ';') {
      i += text.charAt(i) == '\\' ? 2 : 1;
    }
    return Math.min(i, text.length());
  }

  private static String unescape(String value) {
    StringBuilder text = new StringBuilder(value.length());
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        i++;
        c = value.charAt(i);
      }
      text.append(c);
    }
    return text.toString();
  }
}

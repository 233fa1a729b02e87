package io.copyload.jdbc;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.logging.Logger;
import javax.sql.DataSource;

/**
 * A data source over {@link CopyloadDriver}, with a bean property for each {@link
 * CopyloadProperty}. What is set here goes together with the settings in the URL; the same property
 * with two values is an error.
 *
 * <p>Threads: set it up in one thread, then use it in any.
 */
public final class CopyloadDataSource implements DataSource {
  private final Map<CopyloadProperty, String> properties = new EnumMap<>(CopyloadProperty.class);
  private final CopyloadDriver driver = new CopyloadDriver();
  private String url = CopyloadUrl.PREFIX;
  private String user;
  private String password;
  private String description;
  private PrintWriter logWriter;
  private int loginTimeout;

  @Override
  public Connection getConnection() throws SQLException {
    return getConnection(user, password);
  }

  @Override
  public Connection getConnection(String connectionUser, String connectionPassword)
      throws SQLException {
    Properties info = new Properties();
    properties.forEach((property, value) -> info.setProperty(property.key(), value));
    if (connectionUser != null) {
      info.setProperty("user", connectionUser);
    }
    if (connectionPassword != null) {
      info.setProperty("password", connectionPassword);
    }
    Connection connection = driver.connect(url, info);
    if (connection == null) {
      throw SqlErrors.badConnection(
          "The URL of the data source does not begin with " + CopyloadUrl.PREFIX);
    }
    return connection;
  }

  public String getUrl() {
    return url;
  }

  public void setUrl(String url) {
    this.url = url;
  }

  /** The same as {@link #getUrl}: frameworks use either spelling. */
  public String getURL() {
    return url;
  }

  public void setURL(String newUrl) {
    this.url = newUrl;
  }

  public String getUser() {
    return user;
  }

  public void setUser(String user) {
    this.user = user;
  }

  public String getPassword() {
    return password;
  }

  public void setPassword(String password) {
    this.password = password;
  }

  public String getDescription() {
    return description;
  }

  public void setDescription(String description) {
    this.description = description;
  }

  public String getThreads() {
    return get(CopyloadProperty.THREADS);
  }

  public void setThreads(String threads) {
    set(CopyloadProperty.THREADS, threads);
  }

  public String getMemory() {
    return get(CopyloadProperty.MEMORY);
  }

  public void setMemory(String memory) {
    set(CopyloadProperty.MEMORY, memory);
  }

  public String getDialect() {
    return get(CopyloadProperty.DIALECT);
  }

  public void setDialect(String dialect) {
    set(CopyloadProperty.DIALECT, dialect);
  }

  public String getDurable() {
    return get(CopyloadProperty.DURABLE);
  }

  public void setDurable(String durable) {
    set(CopyloadProperty.DURABLE, durable);
  }

  public String getRejects() {
    return get(CopyloadProperty.REJECTS);
  }

  public void setRejects(String rejects) {
    set(CopyloadProperty.REJECTS, rejects);
  }

  public String getMaxExpansion() {
    return get(CopyloadProperty.MAX_EXPANSION);
  }

  public void setMaxExpansion(String decompressedBytesPerStoredByte) {
    set(CopyloadProperty.MAX_EXPANSION, decompressedBytesPerStoredByte);
  }

  public String getHistoryRetention() {
    return get(CopyloadProperty.HISTORY_RETENTION);
  }

  public void setHistoryRetention(String days) {
    set(CopyloadProperty.HISTORY_RETENTION, days);
  }

  public String getStdin() {
    return get(CopyloadProperty.STDIN);
  }

  public void setStdin(String stdin) {
    set(CopyloadProperty.STDIN, stdin);
  }

  public String getProgram() {
    return get(CopyloadProperty.PROGRAM);
  }

  public void setProgram(String program) {
    set(CopyloadProperty.PROGRAM, program);
  }

  public String getProductName() {
    return get(CopyloadProperty.PRODUCT_NAME);
  }

  public void setProductName(String productName) {
    set(CopyloadProperty.PRODUCT_NAME, productName);
  }

  public String getS3Endpoint() {
    return get(CopyloadProperty.S3_ENDPOINT);
  }

  public void setS3Endpoint(String s3Endpoint) {
    set(CopyloadProperty.S3_ENDPOINT, s3Endpoint);
  }

  public String getS3PathStyle() {
    return get(CopyloadProperty.S3_PATH_STYLE);
  }

  public void setS3PathStyle(String s3PathStyle) {
    set(CopyloadProperty.S3_PATH_STYLE, s3PathStyle);
  }

  public String getS3Region() {
    return get(CopyloadProperty.S3_REGION);
  }

  public void setS3Region(String s3Region) {
    set(CopyloadProperty.S3_REGION, s3Region);
  }

  public String getStsEndpoint() {
    return get(CopyloadProperty.STS_ENDPOINT);
  }

  public void setStsEndpoint(String stsEndpoint) {
    set(CopyloadProperty.STS_ENDPOINT, stsEndpoint);
  }

  public String getEmrEndpoint() {
    return get(CopyloadProperty.EMR_ENDPOINT);
  }

  public void setEmrEndpoint(String emrEndpoint) {
    set(CopyloadProperty.EMR_ENDPOINT, emrEndpoint);
  }

  public String getClusterEndpoint() {
    return get(CopyloadProperty.CLUSTER_ENDPOINT);
  }

  public void setClusterEndpoint(String clusterEndpoint) {
    set(CopyloadProperty.CLUSTER_ENDPOINT, clusterEndpoint);
  }

  public String getHdfsConfig() {
    return get(CopyloadProperty.HDFS_CONFIG);
  }

  public void setHdfsConfig(String hdfsConfig) {
    set(CopyloadProperty.HDFS_CONFIG, hdfsConfig);
  }

  public String getHdfsUser() {
    return get(CopyloadProperty.HDFS_USER);
  }

  public void setHdfsUser(String hdfsUser) {
    set(CopyloadProperty.HDFS_USER, hdfsUser);
  }

  public String getHttpHeaders() {
    return get(CopyloadProperty.HTTP_HEADERS);
  }

  public void setHttpHeaders(String httpHeaders) {
    set(CopyloadProperty.HTTP_HEADERS, httpHeaders);
  }

  public String getNetworkConnections() {
    return get(CopyloadProperty.NETWORK_CONNECTIONS);
  }

  public void setNetworkConnections(String networkConnections) {
    set(CopyloadProperty.NETWORK_CONNECTIONS, networkConnections);
  }

  public String getNetworkTries() {
    return get(CopyloadProperty.NETWORK_TRIES);
  }

  public void setNetworkTries(String networkTries) {
    set(CopyloadProperty.NETWORK_TRIES, networkTries);
  }

  public String getNetworkTimeout() {
    return get(CopyloadProperty.NETWORK_TIMEOUT);
  }

  public void setNetworkTimeout(String networkTimeout) {
    set(CopyloadProperty.NETWORK_TIMEOUT, networkTimeout);
  }

  public String getNetworkProxy() {
    return get(CopyloadProperty.NETWORK_PROXY);
  }

  public void setNetworkProxy(String networkProxy) {
    set(CopyloadProperty.NETWORK_PROXY, networkProxy);
  }

  public String getSshHostKeys() {
    return get(CopyloadProperty.SSH_HOST_KEYS);
  }

  public void setSshHostKeys(String sshHostKeys) {
    set(CopyloadProperty.SSH_HOST_KEYS, sshHostKeys);
  }

  public String getSshKnownHosts() {
    return get(CopyloadProperty.SSH_KNOWN_HOSTS);
  }

  public void setSshKnownHosts(String sshKnownHosts) {
    set(CopyloadProperty.SSH_KNOWN_HOSTS, sshKnownHosts);
  }

  public String getSshConfig() {
    return get(CopyloadProperty.SSH_CONFIG);
  }

  public void setSshConfig(String sshConfig) {
    set(CopyloadProperty.SSH_CONFIG, sshConfig);
  }

  public String getDynamodbEndpoint() {
    return get(CopyloadProperty.DYNAMODB_ENDPOINT);
  }

  public void setDynamodbEndpoint(String dynamodbEndpoint) {
    set(CopyloadProperty.DYNAMODB_ENDPOINT, dynamodbEndpoint);
  }

  public String getAllowedSources() {
    return get(CopyloadProperty.ALLOWED_SOURCES);
  }

  public void setAllowedSources(String allowedSources) {
    set(CopyloadProperty.ALLOWED_SOURCES, allowedSources);
  }

  public String getCopyJobStrict() {
    return get(CopyloadProperty.COPY_JOB_STRICT);
  }

  public void setCopyJobStrict(String copyJobStrict) {
    set(CopyloadProperty.COPY_JOB_STRICT, copyJobStrict);
  }

  public String getCopyJobPollSeconds() {
    return get(CopyloadProperty.COPY_JOB_POLL_SECONDS);
  }

  public void setCopyJobPollSeconds(String seconds) {
    set(CopyloadProperty.COPY_JOB_POLL_SECONDS, seconds);
  }

  public String getNetworkAuthorities() {
    return get(CopyloadProperty.NETWORK_AUTHORITIES);
  }

  public void setNetworkAuthorities(String file) {
    set(CopyloadProperty.NETWORK_AUTHORITIES, file);
  }

  public String getSecretsKey() {
    return get(CopyloadProperty.SECRETS_KEY);
  }

  public void setSecretsKey(String secretsKey) {
    set(CopyloadProperty.SECRETS_KEY, secretsKey);
  }

  public String getSecretsKeyFile() {
    return get(CopyloadProperty.SECRETS_KEY_FILE);
  }

  public void setSecretsKeyFile(String secretsKeyFile) {
    set(CopyloadProperty.SECRETS_KEY_FILE, secretsKeyFile);
  }

  private String get(CopyloadProperty property) {
    return properties.getOrDefault(property, property.defaultValue());
  }

  private void set(CopyloadProperty property, String value) {
    if (value == null) {
      properties.remove(property);
    } else {
      properties.put(property, value);
    }
  }

  @Override
  public PrintWriter getLogWriter() {
    return logWriter;
  }

  @Override
  public void setLogWriter(PrintWriter out) {
    logWriter = out;
  }

  @Override
  public int getLoginTimeout() {
    return loginTimeout;
  }

  /** Kept, but without effect: the database is opened in this process. */
  @Override
  public void setLoginTimeout(int seconds) {
    loginTimeout = seconds;
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    return driver.getParentLogger();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    if (isWrapperFor(type)) {
      return type.cast(this);
    }
    throw SqlErrors.badConnection("The data source is no " + type);
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return type != null && type.isInstance(this);
  }

  /** Names the database; never the password. */
  @Override
  public String toString() {
    return "CopyloadDataSource " + CopyloadUrl.withoutSettings(url);
  }
}

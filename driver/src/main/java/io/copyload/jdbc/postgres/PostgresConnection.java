package io.copyload.jdbc.postgres;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.Map;
import java.util.TimerTask;
import java.util.logging.Logger;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.CachedQuery;
import org.postgresql.core.Encoding;
import org.postgresql.core.ReplicationProtocol;
import org.postgresql.core.TransactionState;
import org.postgresql.core.TypeInfo;
import org.postgresql.core.Utils;
import org.postgresql.core.Version;
import org.postgresql.fastpath.Fastpath;
import org.postgresql.jdbc.AutoSave;
import org.postgresql.jdbc.FieldMetadata;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.jdbc.TimestampUtils;
import org.postgresql.largeobject.LargeObjectManager;
import org.postgresql.replication.PGReplicationConnection;
import org.postgresql.util.LruCache;
import org.postgresql.util.PGobject;
import org.postgresql.xml.PGXmlFactoryFactory;

/**
 * The part of PostgreSQL's connection that client code sees when it casts or unwraps ours for the
 * sake of COPY. What makes no sense here is refused: with SQLSTATE 0A000 where the method may throw
 * an SQLException, else with {@link UnsupportedOperationException}.
 */
public interface PostgresConnection extends BaseConnection {
  /** The newest server whose COPY this driver follows. */
  int SERVER_VERSION_NUMBER = 180000;

  /** An identifier of the session. */
  @Override
  int getBackendPID();

  @Override
  CopyManager getCopyAPI() throws SQLException;

  private static SQLFeatureNotSupportedException refused(String what) {
    return new SQLFeatureNotSupportedException(what + " is not supported", "0A000");
  }

  private static UnsupportedOperationException unsupported(String what) {
    return new UnsupportedOperationException(what + " is not supported");
  }

  @Override
  default Array createArrayOf(String typeName, Object elements) throws SQLException {
    if (elements == null || elements instanceof Object[]) {
      return createArrayOf(typeName, (Object[]) elements);
    }
    throw refused("an array of primitive elements");
  }

  @Override
  default PGNotification[] getNotifications() {
    return new PGNotification[0];
  }

  @Override
  default PGNotification[] getNotifications(int timeoutMillis) {
    return new PGNotification[0];
  }

  @Override
  default LargeObjectManager getLargeObjectAPI() throws SQLException {
    throw refused("the large object API");
  }

  @Override
  @Deprecated
  @SuppressWarnings("deprecation")
  default Fastpath getFastpathAPI() throws SQLException {
    throw refused("the fastpath API");
  }

  @Override
  @Deprecated
  default void addDataType(String type, String className) {
    throw unsupported("addDataType");
  }

  @Override
  default void addDataType(String type, Class<? extends PGobject> objectClass) throws SQLException {
    throw refused("addDataType");
  }

  @Override
  default void setPrepareThreshold(int threshold) {
    // Statements are always prepared here.
  }

  @Override
  default int getPrepareThreshold() {
    return 0;
  }

  @Override
  default void setDefaultFetchSize(int fetchSize) throws SQLException {
    // Results are not fetched from afar.
  }

  @Override
  default int getDefaultFetchSize() {
    return 0;
  }

  @Override
  default String escapeIdentifier(String identifier) throws SQLException {
    return Utils.escapeIdentifier(null, identifier).toString();
  }

  @Override
  default String escapeLiteral(String literal) throws SQLException {
    return Utils.escapeLiteral(null, literal, true).toString();
  }

  @Override
  default String escapeString(String text) throws SQLException {
    return escapeLiteral(text);
  }

  @Override
  default PreferQueryMode getPreferQueryMode() {
    return PreferQueryMode.SIMPLE;
  }

  @Override
  default AutoSave getAutosave() {
    return AutoSave.NEVER;
  }

  @Override
  default void setAutosave(AutoSave autoSave) {
    // A failed statement leaves the transaction usable without it.
  }

  @Override
  default PGReplicationConnection getReplicationAPI() {
    throw unsupported("the replication API");
  }

  @Override
  default Map<String, String> getParameterStatuses() {
    return Map.of(
        "server_version", "18.0",
        "server_encoding", "UTF8",
        "client_encoding", "UTF8",
        "DateStyle", "ISO, MDY",
        "IntervalStyle", "postgres",
        "TimeZone", java.util.TimeZone.getDefault().getID(),
        "standard_conforming_strings", "on",
        "integer_datetimes", "on");
  }

  @Override
  default String getParameterStatus(String parameterName) {
    return getParameterStatuses().get(parameterName);
  }

  @Override
  default void setAdaptiveFetch(boolean adaptiveFetch) {
    // Results are not fetched from afar.
  }

  @Override
  default boolean getAdaptiveFetch() {
    return false;
  }

  @Override
  default ResultSet execSQLQuery(String sql) throws SQLException {
    return createStatement().executeQuery(sql);
  }

  @Override
  default ResultSet execSQLQuery(String sql, int resultSetType, int resultSetConcurrency)
      throws SQLException {
    return createStatement(resultSetType, resultSetConcurrency).executeQuery(sql);
  }

  @Override
  default void execSQLUpdate(String sql) throws SQLException {
    try (java.sql.Statement statement = createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  @Override
  default ReplicationProtocol getReplicationProtocol() {
    throw unsupported("the replication protocol");
  }

  @Override
  default Object getObject(String type, String value, byte[] bytes) throws SQLException {
    throw refused("getObject by type name");
  }

  @Override
  default Encoding getEncoding() {
    return Encoding.getDatabaseEncoding("UTF8");
  }

  @Override
  default TypeInfo getTypeInfo() {
    throw unsupported("getTypeInfo");
  }

  @Override
  default boolean haveMinimumServerVersion(int version) {
    return version <= SERVER_VERSION_NUMBER;
  }

  @Override
  default boolean haveMinimumServerVersion(Version version) {
    return version.getVersionNum() <= SERVER_VERSION_NUMBER;
  }

  @Override
  default byte[] encodeString(String text) throws SQLException {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  @Override
  default boolean getStandardConformingStrings() {
    return true;
  }

  @Override
  @Deprecated
  default TimestampUtils getTimestampUtils() {
    throw unsupported("getTimestampUtils");
  }

  @Override
  default Logger getLogger() {
    return Logger.getLogger("io.copyload.jdbc");
  }

  @Override
  default boolean getStringVarcharFlag() {
    return true;
  }

  @Override
  default TransactionState getTransactionState() {
    throw unsupported("getTransactionState");
  }

  @Override
  default boolean binaryTransferSend(int oid) {
    return false;
  }

  @Override
  default boolean isColumnSanitiserDisabled() {
    return false;
  }

  @Override
  default void addTimerTask(TimerTask timerTask, long milliSeconds) {
    throw unsupported("addTimerTask");
  }

  @Override
  default void purgeTimerTasks() {
    // There are none.
  }

  @Override
  default LruCache<FieldMetadata.Key, FieldMetadata> getFieldMetadataCache() {
    throw unsupported("getFieldMetadataCache");
  }

  @Override
  default CachedQuery createQuery(
      String sql, boolean escapeProcessing, boolean isParameterized, String... columnNames)
      throws SQLException {
    throw refused("createQuery");
  }

  @Override
  default void setFlushCacheOnDeallocate(boolean flushCacheOnDeallocate) {
    // There is no such cache.
  }

  @Override
  default boolean hintReadOnly() {
    return false;
  }

  @Override
  default PGXmlFactoryFactory getXmlFactoryFactory() throws SQLException {
    throw refused("getXmlFactoryFactory");
  }

  @Override
  default boolean getLogServerErrorDetail() {
    return true;
  }

  @Override
  default boolean getConvertBooleanToNumeric() {
    return false;
  }
}

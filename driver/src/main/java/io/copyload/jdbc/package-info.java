/**
 * The JDBC driver: URL, properties, data source, and what connects H2's JDBC classes with the
 * engine.
 *
 * <p>A connection is H2's own class with one overridden method, the one that prepares statement
 * text. That method is visible in H2's package only, so the connection and the COPY commands live
 * in {@code org.h2.jdbc} and {@code org.h2.command}. They depend on these internals of H2: {@code
 * JdbcConnection.prepareCommand}, {@code JdbcConnection.translateSQL}, the constructors of {@code
 * JdbcPreparedStatement} and {@code Command}, and {@code Command}'s contract of {@code update},
 * {@code stop} and {@code isRetryable}.
 *
 * <p>Limits: H2 and this driver must be on the class path and loaded by the same class loader. A
 * list of statements in RUNSCRIPT, PREPARE or a trigger is read by H2 alone and may not hold a
 * COPY.
 */
package io.copyload.jdbc;

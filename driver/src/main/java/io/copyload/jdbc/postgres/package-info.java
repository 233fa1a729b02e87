/**
 * The COPY API of PostgreSQL's JDBC driver over this one: code that was written for {@code
 * CopyManager} runs unchanged. Its classes are used as they are; only what stands behind them is
 * ours.
 */
package io.copyload.jdbc.postgres;

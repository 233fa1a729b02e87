/**
 * Rows to bytes: what COPY TO writes. {@link io.copyload.engine.export.ValueText} makes a stored
 * value's text as PostgreSQL prints it, a {@link io.copyload.engine.export.RowWriter} puts values
 * of a batch into records of its format, and a {@link io.copyload.engine.export.ByteSink} takes the
 * bytes.
 */
package io.copyload.engine.export;

/**
 * Parquet files: threads that format rows make pages of them, one per column and piece; the thread
 * that writes puts pages together to row groups and writes the footer. Pages are PLAIN with Snappy.
 */
package io.copyload.engine.export.parquet;

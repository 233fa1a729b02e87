/**
 * Parquet files: threads that format rows make parts of them, one per column and piece; the thread
 * that writes puts parts together to column chunks and row groups and writes the footer. Pages have
 * Snappy and a dictionary where it pays.
 */
package io.copyload.engine.export.parquet;

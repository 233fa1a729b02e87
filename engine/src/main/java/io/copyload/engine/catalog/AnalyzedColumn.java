package io.copyload.engine.catalog;

/**
 * What COMPUPDATE has made of a column's encoding, as STL_ANALYZE_COMPRESSION shows it.
 *
 * @param oldEncoding name of the encoding before
 * @param newEncoding name of the encoding that later loads use
 * @param mode PRESET for a choice by type, ON for one by rows
 * @param smallest name of the encoding that takes the least room; null where nothing was measured
 * @param newBytes bytes of the measured rows in the new encoding, or null
 * @param smallestBytes the same in the smallest one, or null
 */
public record AnalyzedColumn(
    String tableName,
    String oldEncoding,
    String newEncoding,
    String mode,
    String smallest,
    Long newBytes,
    Long smallestBytes) {}

package io.copyload.engine.catalog;

/**
 * What SIMPLIFY has made of a geometry, as SVL_SPATIAL_SIMPLIFY shows it.
 *
 * @param objectName name of the .shp; empty for the whole load
 * @param lineNumber record in it; null for the whole load
 * @param maximumTolerance -1 for none
 * @param finalBytes 0 when it could not be made to fit
 */
public record SimplifiedGeometry(
    String objectName,
    Long lineNumber,
    double maximumTolerance,
    long initialBytes,
    boolean simplified,
    long finalBytes,
    double finalTolerance) {}

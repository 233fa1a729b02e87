/**
 * ESRI shapefiles: the shapes of the .shp become EWKB, the fields of the .dbf text, dates and
 * booleans. The .shx says where each record lies, so that ranges of records are read side by side;
 * .prj gives the SRID and .cpg the encoding (ESRI Shapefile Technical Description, 1998).
 */
package io.copyload.engine.format.shapefile;

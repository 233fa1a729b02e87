package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import io.copyload.engine.compress.Codec;
import io.copyload.engine.format.VectorFormat;
import io.copyload.engine.format.VectorObject;
import io.copyload.engine.source.SourceObject;
import java.io.IOException;
import java.util.List;
import java.util.Objects;

/**
 * Shapefiles with every option resolved. The object of a load is the .shp; the other files of the
 * set are found by their names.
 *
 * @param simplify what becomes of geometries that are too large
 * @param codec that every file of the set must have; null when each may have its own or none
 * @param readSrid whether the .prj gives the SRID
 * @param siblings finds the other files; null until the load is planned
 * @param log takes what was simplified; null until the load is planned
 */
public record ShapefileFormat(
    Simplify simplify, Codec codec, boolean readSrid, Siblings siblings, SimplifyLog log)
    implements VectorFormat {
  /** Largest geometry in bytes (Redshift guide, "Querying spatial data", limitations). */
  public static final int MAX_GEOMETRY_BYTES = 1_048_447;

  /** Whether and how far geometries are simplified. */
  public enum Mode {
    NEVER,
    /** Every geometry, with the tolerance given. */
    ALWAYS,
    /** Those that are too large, with the smallest tolerance that makes them fit. */
    AUTO
  }

  /**
   * SIMPLIFY [AUTO] [tolerance].
   *
   * @param tolerance in units of the coordinates; with AUTO the largest one, or -1 for any
   */
  public record Simplify(Mode mode, double tolerance) {
    public static final Simplify NEVER = new Simplify(Mode.NEVER, -1);
  }

  /** Finds objects beside one that is being loaded. */
  @FunctionalInterface
  public interface Siblings {
    /**
     * The object of that name, or null when there is none.
     *
     * @throws io.copyload.engine.CopyException when it must not be read
     * @throws IOException when the source cannot tell
     */
    SourceObject find(String name) throws IOException;
  }

  public ShapefileFormat {
    Objects.requireNonNull(simplify, "simplify");
  }

  /** The same for a planned load. */
  public ShapefileFormat planned(boolean withSrid, Siblings found, SimplifyLog reports) {
    return new ShapefileFormat(simplify, codec, withSrid, found, reports);
  }

  @Override
  public String historyName() {
    return "shapefile";
  }

  @Override
  public VectorObject open(SourceObject object, List<Wanted> wanted, long bytes, CancelToken cancel)
      throws IOException {
    return ShapefileObject.open(this, object, wanted, bytes, cancel);
  }
}

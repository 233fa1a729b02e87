package io.copyload.engine.format.shapefile;

import io.copyload.engine.format.VectorReader;
import io.copyload.engine.format.shapefile.ShapefileFormat.Mode;
import io.copyload.engine.store.ColumnVector;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Reads a range of records. Threads: one. */
final class RecordReader implements VectorReader {
  /** Bytes of geometries in one batch, beyond which it ends early. */
  private static final int BATCH_BYTES = 4 << 20;

  private final ShapefileObject of;
  private final AttributeDecoder decoder;
  private final EwkbWriter writer;
  private final List<Fault> faults = new ArrayList<>();
  private final long end;

  /** The next record, from 0. */
  private long record;

  private ComponentInput shx;
  private ComponentInput dbf;
  private ComponentInput shp;

  private RecordReader(ShapefileObject of, long begin, long end) {
    this.of = of;
    this.end = end;
    record = begin;
    decoder = new AttributeDecoder(of.attributes, of.charset);
    writer = new EwkbWriter(of.srid);
  }

  static RecordReader open(ShapefileObject of, long begin, long end) throws IOException {
    RecordReader reader = new RecordReader(of, begin, end);
    try {
      reader.shx = of.shx.open(ShapefileObject.HEADER_BYTES + 8 * begin, of.cancel);
      reader.dbf =
          of.dbf.open(of.attributes.headerBytes() + begin * of.attributes.recordBytes(), of.cancel);
      return reader;
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  @Override
  public List<Fault> faults() {
    return faults;
  }

  @Override
  public int read(ColumnVector[] vectors, int most) throws IOException {
    faults.clear();
    for (ColumnVector vector : vectors) {
      if (vector.type().isBytes()) {
        vector.useHeap();
      }
    }
    int count = 0;
    long bytes = 0;
    while (count < most && record < end && bytes < BATCH_BYTES) {
      ByteBuffer attributes = dbf.take(of.attributes.recordBytes());
      long offset = 2L * Integer.toUnsignedLong(shx.take(8).getInt(0));
      if (attributes.get(0) == '*') {
        record++;
        continue;
      }
      Fault fault = decoder.decode(attributes.array(), attributes.arrayOffset(), vectors, count);
      vectors[0].nulls[count] = true;
      try {
        Fault shape = shape(offset, vectors[0], count);
        if (shape != null) {
          fault = shape;
        }
      } catch (EOFException e) {
        throw e;
      } catch (IOException e) {
        throw new IOException(
            "record " + (record + 1) + " at byte " + offset + " is damaged: " + e.getMessage(), e);
      }
      if (fault != null) {
        faults.add(fault);
      } else if (!vectors[0].nulls[count]) {
        bytes += vectors[0].length[count];
      }
      record++;
      count++;
    }
    return count;
  }

  /** Reads the shape; returns why it cannot be loaded, or null. */
  private Fault shape(long offset, ColumnVector out, int row) throws IOException {
    if (offset < ShapefileObject.HEADER_BYTES) {
      throw new IOException("the .shx has a wrong offset");
    }
    if (shp == null || offset < shp.position()) {
      if (shp != null && !of.shp.seekable()) {
        throw new IOException("records that are not in order cannot be read from compressed files");
      }
      if (shp != null) {
        shp.close();
        shp = null;
      }
      shp = of.shp.open(of.shp.seekable() ? offset : 0, of.cancel);
    }
    shp.skipTo(offset);
    long length = 2L * Integer.toUnsignedLong(shp.take(8).getInt(4));
    if (of.shp.seekable() && length > of.shp.source().size() - shp.position()) {
      throw new IOException("it claims " + length + " bytes, more than the .shp has behind it");
    }
    if (length > of.maxRecordBytes) {
      return tooLarge(row, length, of.maxRecordBytes, "Its record is not even read.");
    }
    Shape shape = Shape.of(shp.take((int) length), of.cancel);
    if (shape.kind == 0) {
      return null;
    }
    long size = writer.sizeOf(shape);
    Significance significance = null;
    double tolerance = of.format.simplify().tolerance();
    Mode mode = of.format.simplify().mode();
    if (mode == Mode.ALWAYS) {
      significance = Significance.of(shape, of.cancel);
    } else if (size > ShapefileFormat.MAX_GEOMETRY_BYTES) {
      if (mode == Mode.NEVER) {
        return tooLarge(
            row, size, ShapefileFormat.MAX_GEOMETRY_BYTES, "SIMPLIFY AUTO makes geometries fit.");
      }
      significance = Significance.of(shape, of.cancel);
      long excess = size - ShapefileFormat.MAX_GEOMETRY_BYTES;
      int each = EwkbWriter.pointBytes(shape);
      double needed = significance.dropping((int) ((excess + each - 1) / each));
      if (needed < 0 || tolerance >= 0 && needed > tolerance) {
        report(size, false, 0, 0);
        return tooLarge(
            row,
            size,
            ShapefileFormat.MAX_GEOMETRY_BYTES,
            needed < 0
                ? "No tolerance makes it fit."
                : "It fits with a tolerance of " + needed + ", which is above the given one.");
      }
      tolerance = needed;
    }
    writer.write(shape, significance, tolerance);
    if (mode == Mode.ALWAYS) {
      of.format.log().addAlways(tolerance, size, writer.size());
      if (writer.size() > ShapefileFormat.MAX_GEOMETRY_BYTES) {
        return tooLarge(
            row,
            writer.size(),
            ShapefileFormat.MAX_GEOMETRY_BYTES,
            "SIMPLIFY AUTO makes geometries fit.");
      }
    } else if (significance != null) {
      report(size, true, writer.size(), tolerance);
    }
    out.append(row, writer.bytes(), 0, writer.size());
    out.nulls[row] = false;
    return null;
  }

  private void report(long size, boolean simplified, long finalSize, double tolerance) {
    of.format
        .log()
        .add(
            new SimplifyLog.Report(
                of.shp.source().name(),
                record + 1,
                of.format.simplify().tolerance(),
                size,
                simplified,
                finalSize,
                tolerance));
  }

  private static Fault tooLarge(int row, long size, long most, String hint) {
    return new Fault(
        row,
        0,
        Fault.Kind.GEOMETRY,
        "Geometry size: " + size + " is larger than maximum supported size: " + most,
        hint);
  }

  @Override
  public void close() throws IOException {
    for (ComponentInput input : new ComponentInput[] {shx, dbf, shp}) {
      if (input != null) {
        input.close();
      }
    }
  }
}

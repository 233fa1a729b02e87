package io.copyload.engine.format.shapefile;

import io.copyload.engine.format.shapefile.Shape.Part;
import java.nio.ByteBuffer;
import java.util.List;

/** Writes shapes as EWKB, big-endian as H2 keeps it. Threads: one. */
final class EwkbWriter {
  private static final int HEIGHTS = 0x8000_0000;
  private static final int MEASURES = 0x4000_0000;
  private static final int SRID = 0x2000_0000;

  private final int srid;
  private byte[] bytes = new byte[256];
  private int size;

  EwkbWriter(int srid) {
    this.srid = srid;
  }

  byte[] bytes() {
    return bytes;
  }

  int size() {
    return size;
  }

  /** Bytes of one point without a head. */
  static int pointBytes(Shape shape) {
    return 16 + (shape.hasHeights() ? 8 : 0) + (shape.hasMeasures() ? 8 : 0);
  }

  /** Bytes of the shape with all its points. */
  long sizeOf(Shape shape) {
    int head = srid == 0 ? 5 : 9;
    long each = pointBytes(shape);
    if (shape.kind == Shape.POINT) {
      return head + each;
    }
    if (shape.kind == Shape.MULTIPOINT) {
      return head + 4 + shape.pointCount * (5 + each);
    }
    boolean multi = shape.kind == Shape.MULTILINE || shape.kind == Shape.MULTIPOLYGON;
    boolean polygon = shape.kind == Shape.POLYGON || shape.kind == Shape.MULTIPOLYGON;
    long sum = head + 4;
    for (List<Part> group : shape.parts) {
      sum += (multi ? 9 : 0) - (polygon ? 0 : 4);
      for (Part part : group) {
        sum += 4 + each * part.size();
      }
    }
    return sum;
  }

  /**
   * Writes a shape.
   *
   * @param significance of its points, or null to write all of them
   */
  void write(Shape shape, Significance significance, double tolerance) {
    size = 0;
    room(9);
    head(shape, shape.kind, srid != 0);
    if (srid != 0) {
      putInt(srid);
    }
    switch (shape.kind) {
      case Shape.POINT -> point(shape, 0);
      case Shape.MULTIPOINT -> {
        putInt(shape.pointCount);
        for (int p = 0; p < shape.pointCount; p++) {
          head(shape, Shape.POINT, false);
          point(shape, p);
        }
      }
      case Shape.LINE -> {
        if (shape.parts.isEmpty()) {
          putInt(0);
        } else {
          points(shape, shape.parts.get(0).get(0), significance, tolerance);
        }
      }
      case Shape.POLYGON ->
          rings(
              shape,
              shape.parts.isEmpty() ? List.of() : shape.parts.get(0),
              significance,
              tolerance);
      default -> {
        putInt(shape.parts.size());
        for (List<Part> group : shape.parts) {
          boolean line = shape.kind == Shape.MULTILINE;
          head(shape, line ? Shape.LINE : Shape.POLYGON, false);
          if (line) {
            points(shape, group.get(0), significance, tolerance);
          } else {
            rings(shape, group, significance, tolerance);
          }
        }
      }
    }
  }

  private void rings(Shape shape, List<Part> rings, Significance significance, double tolerance) {
    putInt(rings.size());
    for (Part ring : rings) {
      points(shape, ring, significance, tolerance);
    }
  }

  private void points(Shape shape, Part part, Significance significance, double tolerance) {
    room(4);
    int countAt = size;
    size += 4;
    int count = 0;
    if (part.first() >= 0) {
      point(shape, part.first());
      count++;
    }
    for (int p = part.begin(); p < part.end(); p++) {
      if (significance == null || significance.isKept(p, tolerance)) {
        point(shape, p);
        count++;
      }
    }
    if (part.close()) {
      point(shape, part.first() >= 0 ? part.first() : part.begin());
      count++;
    }
    ByteBuffer.wrap(bytes).putInt(countAt, count);
  }

  private void head(Shape shape, int kind, boolean withSrid) {
    room(5);
    bytes[size++] = 0;
    putInt(
        kind
            | (shape.hasHeights() ? HEIGHTS : 0)
            | (shape.hasMeasures() ? MEASURES : 0)
            | (withSrid ? SRID : 0));
  }

  private void point(Shape shape, int p) {
    room(32);
    putDouble(shape.x(p));
    putDouble(shape.y(p));
    if (shape.hasHeights()) {
      putDouble(shape.height(p));
    }
    if (shape.hasMeasures()) {
      putDouble(shape.measure(p));
    }
  }

  private void room(int count) {
    if (bytes.length - size < count) {
      bytes = java.util.Arrays.copyOf(bytes, Math.max(size + count, 2 * bytes.length));
    }
  }

  private void putInt(int value) {
    room(4);
    for (int shift = 24; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (value >> shift);
    }
  }

  private void putDouble(double value) {
    long bits = Double.doubleToRawLongBits(value);
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[size++] = (byte) (bits >> shift);
    }
  }
}

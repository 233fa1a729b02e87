package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * One record of a .shp: where its points lie, and which of them make up which part. Nothing is
 * copied; a shape is good until the next record is read.
 */
final class Shape {
  /** Codes of geometries in WKB. */
  static final int POINT = 1;

  static final int LINE = 2;
  static final int POLYGON = 3;
  static final int MULTIPOINT = 4;
  static final int MULTILINE = 5;
  static final int MULTIPOLYGON = 6;

  /** Measures below it are none (technical description, "Numeric Types"). */
  private static final double NO_DATA = -1e38;

  /**
   * Points {@code begin} to {@code end - 1}.
   *
   * @param first a point before them, or -1: that of a fan's triangle, which is not beside them
   * @param close whether the first point must be repeated at the end
   */
  record Part(int first, int begin, int end, boolean close) {
    Part(int begin, int end, boolean close) {
      this(-1, begin, end, close);
    }

    /** Points that are written. */
    int size() {
      return end - begin + (first >= 0 ? 1 : 0) + (close ? 1 : 0);
    }
  }

  /** WKB code; 0 when the record has no shape. */
  final int kind;

  /** Parts of lines; rings of each polygon, the outer one first. Empty for points. */
  final List<List<Part>> parts;

  final int pointCount;
  private final ByteBuffer bytes;
  private final int pointsAt;
  private final int heightsAt;
  private final int measuresAt;

  private Shape(
      int kind,
      List<List<Part>> parts,
      int pointCount,
      ByteBuffer bytes,
      int pointsAt,
      int heightsAt,
      int measuresAt) {
    this.kind = kind;
    this.parts = parts;
    this.pointCount = pointCount;
    this.bytes = bytes;
    this.pointsAt = pointsAt;
    this.heightsAt = heightsAt;
    this.measuresAt = measuresAt;
  }

  boolean hasHeights() {
    return heightsAt >= 0;
  }

  boolean hasMeasures() {
    return measuresAt >= 0;
  }

  double x(int point) {
    return bytes.getDouble(pointsAt + 16 * point);
  }

  double y(int point) {
    return bytes.getDouble(pointsAt + 16 * point + 8);
  }

  double height(int point) {
    return bytes.getDouble(heightsAt + 8 * point);
  }

  /** NaN where the point has none. */
  double measure(int point) {
    double measure = bytes.getDouble(measuresAt + 8 * point);
    return measure < NO_DATA ? Double.NaN : measure;
  }

  /**
   * Reads the content of a record.
   *
   * @throws IOException when it is damaged
   */
  static Shape of(ByteBuffer content, CancelToken cancel) throws IOException {
    content.order(ByteOrder.LITTLE_ENDIAN);
    need(content, 4);
    int type = content.getInt(0);
    return switch (type) {
      case 0 -> new Shape(0, List.of(), 0, content, 0, -1, -1);
      case 1 -> point(content, -1, -1);
      case 11 -> point(content, 20, content.limit() >= 36 ? 28 : -1);
      case 21 -> point(content, -1, 20);
      case 8, 18, 28 -> multipoint(content, type);
      case 3, 13, 23 -> lines(content, type);
      case 5, 15, 25 -> polygons(content, type, cancel);
      case 31 -> patches(content);
      default -> throw new IOException("it has the unknown shape type " + type);
    };
  }

  private static void need(ByteBuffer content, long bytes) throws IOException {
    if (content.limit() < bytes) {
      throw new IOException("it has " + content.limit() + " bytes, and its shape needs " + bytes);
    }
  }

  private static Shape point(ByteBuffer content, int heightAt, int measureAt) throws IOException {
    need(content, Math.max(20, Math.max(heightAt, measureAt) + 8));
    if (heightAt >= 0 && measureAt >= 0 && content.getDouble(measureAt) < NO_DATA) {
      measureAt = -1;
    }
    return new Shape(POINT, List.of(), 1, content, 4, heightAt, measureAt);
  }

  /** Heights and measures, each a range of two numbers and one number per point. */
  private static Shape of(
      int kind, List<List<Part>> parts, int points, ByteBuffer content, int pointsAt, int type)
      throws IOException {
    long next = pointsAt + 16L * points;
    need(content, next);
    int heightsAt = -1;
    if (type / 10 == 1 || type == 31) {
      heightsAt = (int) next + 16;
      next += 16 + 8L * points;
      need(content, next);
    }
    int measuresAt = -1;
    if (type / 10 != 0 && content.limit() >= next + 16 + 8L * points) {
      measuresAt = (int) next + 16;
      if (heightsAt >= 0 && !anyMeasure(content, measuresAt, points)) {
        measuresAt = -1;
      }
    }
    return new Shape(kind, parts, points, content, pointsAt, heightsAt, measuresAt);
  }

  private static boolean anyMeasure(ByteBuffer content, int at, int points) {
    for (int i = 0; i < points; i++) {
      if (content.getDouble(at + 8 * i) >= NO_DATA) {
        return true;
      }
    }
    return false;
  }

  private static int count(ByteBuffer content, int at, int bytesEach, String what)
      throws IOException {
    need(content, at + 4L);
    int count = content.getInt(at);
    if (count < 0 || (long) count * bytesEach > content.limit()) {
      throw new IOException(
          "it claims " + count + " " + what + " in " + content.limit() + " bytes");
    }
    return count;
  }

  private static Shape multipoint(ByteBuffer content, int type) throws IOException {
    return of(MULTIPOINT, List.of(), count(content, 36, 16, "points"), content, 40, type);
  }

  /** The parts one after the other. */
  private static List<Part> parts(ByteBuffer content, boolean rings, int extraPerPart)
      throws IOException {
    int partCount = count(content, 36, 4 + extraPerPart, "parts");
    int pointCount = count(content, 40, 16, "points");
    int pointsAt = 44 + (4 + extraPerPart) * partCount;
    need(content, pointsAt + 16L * pointCount);
    List<Part> parts = new ArrayList<>(partCount);
    for (int i = 0; i < partCount; i++) {
      int begin = content.getInt(44 + 4 * i);
      int end = i + 1 < partCount ? content.getInt(48 + 4 * i) : pointCount;
      if (begin < 0 || begin > end || end > pointCount) {
        throw new IOException(
            "part " + (i + 1) + " claims the points " + begin + " to " + end + " of " + pointCount);
      }
      if (begin == end) {
        continue;
      }
      int first = pointsAt + 16 * begin;
      int last = pointsAt + 16 * (end - 1);
      boolean open =
          rings
              && (content.getDouble(first) != content.getDouble(last)
                  || content.getDouble(first + 8) != content.getDouble(last + 8));
      parts.add(new Part(begin, end, open));
    }
    return parts;
  }

  private static Shape lines(ByteBuffer content, int type) throws IOException {
    List<Part> parts = parts(content, false, 0);
    int pointsAt = 44 + 4 * content.getInt(36);
    return of(
        parts.size() > 1 ? MULTILINE : LINE,
        parts.stream().map(List::of).toList(),
        content.getInt(40),
        content,
        pointsAt,
        type);
  }

  private static Shape polygons(ByteBuffer content, int type, CancelToken cancel)
      throws IOException {
    List<Part> rings = parts(content, true, 0);
    int pointsAt = 44 + 4 * content.getInt(36);
    List<List<Part>> polygons =
        rings.size() <= 1
            ? rings.stream().map(List::of).toList()
            : new RingGroups(content, pointsAt, rings, cancel).polygons();
    return of(
        polygons.size() > 1 ? MULTIPOLYGON : POLYGON,
        polygons,
        content.getInt(40),
        content,
        pointsAt,
        type);
  }

  /** Triangles and rings of a multipatch, as polygons. */
  private static Shape patches(ByteBuffer content) throws IOException {
    int partCount = count(content, 36, 8, "parts");
    int pointCount = count(content, 40, 16, "points");
    int typesAt = 44 + 4 * partCount;
    int pointsAt = 44 + 8 * partCount;
    need(content, pointsAt + 16L * pointCount);
    List<List<Part>> polygons = new ArrayList<>();
    for (int i = 0; i < partCount; i++) {
      int begin = content.getInt(44 + 4 * i);
      int end = i + 1 < partCount ? content.getInt(48 + 4 * i) : pointCount;
      if (begin < 0 || begin > end || end > pointCount) {
        throw new IOException(
            "part " + (i + 1) + " claims the points " + begin + " to " + end + " of " + pointCount);
      }
      int type = content.getInt(typesAt + 4 * i);
      boolean inner = type == 3 || type == 5 && i > 0 && content.getInt(typesAt + 4 * i - 4) >= 4;
      switch (type) {
        case 0 -> {
          for (int p = begin; p + 2 < end; p++) {
            polygons.add(List.of(new Part(p, p + 3, true)));
          }
        }
        case 1 -> {
          for (int p = begin + 1; p + 1 < end; p++) {
            polygons.add(List.of(new Part(begin, p, p + 2, true)));
          }
        }
        case 2, 3, 4, 5 -> {
          if (begin == end) {
            continue;
          }
          int first = pointsAt + 16 * begin;
          int last = pointsAt + 16 * (end - 1);
          Part ring =
              new Part(
                  begin,
                  end,
                  content.getDouble(first) != content.getDouble(last)
                      || content.getDouble(first + 8) != content.getDouble(last + 8));
          if (inner
              && !polygons.isEmpty()
              && polygons.get(polygons.size() - 1) instanceof ArrayList) {
            polygons.get(polygons.size() - 1).add(ring);
          } else {
            polygons.add(new ArrayList<>(List.of(ring)));
          }
        }
        default -> throw new IOException("part " + (i + 1) + " has the unknown type " + type);
      }
    }
    return of(MULTIPOLYGON, polygons, pointCount, content, pointsAt, 31);
  }
}

package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.shapefile.Shape.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rings of a polygon record belong together: clockwise ones are outer rings, the others holes
 * of the smallest outer ring around them. A hole that no ring is around is a polygon of its own.
 */
final class RingGroups {
  private final ByteBuffer content;
  private final int pointsAt;
  private final List<Part> rings;
  private final CancelToken cancel;

  RingGroups(ByteBuffer content, int pointsAt, List<Part> rings, CancelToken cancel) {
    this.content = content;
    this.pointsAt = pointsAt;
    this.rings = rings;
    this.cancel = cancel;
  }

  private double x(int point) {
    return content.getDouble(pointsAt + 16 * point);
  }

  private double y(int point) {
    return content.getDouble(pointsAt + 16 * point + 8);
  }

  /** An outer ring with its bounds and holes. */
  private static final class Outer {
    final Part ring;
    final double area;
    final List<Part> rings = new ArrayList<>();
    double left = Double.POSITIVE_INFINITY;
    double right = Double.NEGATIVE_INFINITY;
    double bottom = Double.POSITIVE_INFINITY;
    double top = Double.NEGATIVE_INFINITY;

    Outer(Part ring, double area) {
      this.ring = ring;
      this.area = area;
      rings.add(ring);
    }
  }

  List<List<Part>> polygons() {
    List<Outer> outers = new ArrayList<>();
    List<Part> holes = new ArrayList<>();
    for (Part ring : rings) {
      double area = doubleArea(ring);
      if (area <= 0) {
        outers.add(outer(ring, -area));
      } else {
        holes.add(ring);
      }
    }
    List<Outer> around = List.copyOf(outers);
    for (Part hole : holes) {
      cancel.check();
      Outer found = null;
      for (Outer outer : around) {
        if ((found == null || outer.area < found.area) && contains(outer, hole)) {
          found = outer;
        }
      }
      if (found == null) {
        outers.add(outer(hole, 0));
      } else {
        found.rings.add(hole);
      }
    }
    return outers.stream().map(outer -> outer.rings).toList();
  }

  private Outer outer(Part ring, double area) {
    Outer outer = new Outer(ring, area);
    for (int p = ring.begin(); p < ring.end(); p++) {
      outer.left = Math.min(outer.left, x(p));
      outer.right = Math.max(outer.right, x(p));
      outer.bottom = Math.min(outer.bottom, y(p));
      outer.top = Math.max(outer.top, y(p));
    }
    return outer;
  }

  /** Positive when the ring goes counter-clockwise. */
  private double doubleArea(Part ring) {
    double x0 = x(ring.begin());
    double y0 = y(ring.begin());
    double sum = 0;
    for (int p = ring.begin() + 1; p + 1 < ring.end(); p++) {
      sum += (x(p) - x0) * (y(p + 1) - y0) - (x(p + 1) - x0) * (y(p) - y0);
    }
    return sum;
  }

  /** Whether the first point of the hole that is not on the ring is inside of it. */
  private boolean contains(Outer outer, Part hole) {
    int tries = Math.min(hole.end() - hole.begin(), 16);
    for (int p = hole.begin(); p < hole.begin() + tries; p++) {
      double x = x(p);
      double y = y(p);
      if (x < outer.left || x > outer.right || y < outer.bottom || y > outer.top) {
        return false;
      }
      int side = side(outer.ring, x, y);
      if (side != 0) {
        return side > 0;
      }
    }
    return true;
  }

  /** 1 inside, -1 outside, 0 for a corner of the ring itself. */
  private int side(Part ring, double x, double y) {
    boolean inside = false;
    int before = ring.end() - 1;
    for (int p = ring.begin(); p < ring.end(); p++) {
      double x1 = x(p);
      double y1 = y(p);
      if (x1 == x && y1 == y) {
        return 0;
      }
      double y2 = y(before);
      if (y1 > y != y2 > y && x < (x(before) - x1) * (y - y1) / (y2 - y1) + x1) {
        inside = !inside;
      }
      before = p;
    }
    return inside ? 1 : -1;
  }
}

package io.copyload.engine.format.shapefile;

import io.copyload.engine.CancelToken;
import io.copyload.engine.format.shapefile.Shape.Part;
import java.util.Arrays;
import java.util.List;

/**
 * How much each point of a shape matters: the tolerance at which Ramer, Douglas and Peucker's
 * algorithm drops it. All tolerances are answered by one pass: a point is kept while its own
 * distance and those of all points that split the line before it are larger.
 *
 * <p>Ends of lines are kept always, and of a ring three different points, so that no part vanishes.
 */
final class Significance {
  private final double[] ofPoint;

  private Significance(double[] ofPoint) {
    this.ofPoint = ofPoint;
  }

  static Significance of(Shape shape, CancelToken cancel) {
    double[] significance = new double[shape.pointCount];
    Arrays.fill(significance, Double.POSITIVE_INFINITY);
    boolean rings = shape.kind == Shape.POLYGON || shape.kind == Shape.MULTIPOLYGON;
    for (List<Part> group : shape.parts) {
      for (Part part : group) {
        if (part.end() - part.begin() > (rings ? 4 : 2)) {
          walk(shape, part, significance, cancel);
          if (rings) {
            keepLargest(significance, part, part.close() ? 1 : 2);
          }
        }
      }
    }
    return new Significance(significance);
  }

  private static void walk(Shape shape, Part part, double[] significance, CancelToken cancel) {
    int[] ends = new int[64];
    double[] limits = new double[32];
    int depth = 1;
    ends[0] = part.begin();
    ends[1] = part.end() - 1;
    limits[0] = Double.POSITIVE_INFINITY;
    while (depth > 0) {
      depth--;
      int from = ends[2 * depth];
      int to = ends[2 * depth + 1];
      double limit = limits[depth];
      if (to - from < 2) {
        continue;
      }
      if (to - from > 4096) {
        cancel.check();
      }
      int farthest = from + 1;
      double most = -1;
      for (int p = from + 1; p < to; p++) {
        double distance = squaredDistance(shape, p, from, to);
        if (distance > most) {
          most = distance;
          farthest = p;
        }
      }
      double own = Math.min(limit, Math.sqrt(Math.max(0, most)));
      significance[farthest] = own;
      if (2 * depth + 4 > ends.length) {
        ends = Arrays.copyOf(ends, 2 * ends.length);
        limits = Arrays.copyOf(limits, 2 * limits.length);
      }
      // The longer half waits, so that few do.
      boolean leftIsLonger = farthest - from > to - farthest;
      push(
          ends, limits, depth++, leftIsLonger ? from : farthest, leftIsLonger ? farthest : to, own);
      push(
          ends, limits, depth++, leftIsLonger ? farthest : from, leftIsLonger ? to : farthest, own);
    }
  }

  private static void push(int[] ends, double[] limits, int depth, int from, int to, double limit) {
    ends[2 * depth] = from;
    ends[2 * depth + 1] = to;
    limits[depth] = limit;
  }

  private static double squaredDistance(Shape shape, int point, int from, int to) {
    double x = shape.x(from);
    double y = shape.y(from);
    double dx = shape.x(to) - x;
    double dy = shape.y(to) - y;
    double px = shape.x(point) - x;
    double py = shape.y(point) - y;
    double length = dx * dx + dy * dy;
    if (length > 0) {
      double along = Math.max(0, Math.min(1, (px * dx + py * dy) / length));
      px -= along * dx;
      py -= along * dy;
    }
    double distance = px * px + py * py;
    return Double.isNaN(distance) ? Double.POSITIVE_INFINITY : distance;
  }

  private static void keepLargest(double[] significance, Part part, int count) {
    for (int n = 0; n < count; n++) {
      int largest = -1;
      for (int p = part.begin() + 1; p < part.end() - 1; p++) {
        if (significance[p] != Double.POSITIVE_INFINITY
            && (largest < 0 || significance[p] > significance[largest])) {
          largest = p;
        }
      }
      if (largest >= 0) {
        significance[largest] = Double.POSITIVE_INFINITY;
      }
    }
  }

  boolean isKept(int point, double tolerance) {
    return ofPoint[point] > tolerance;
  }

  /** The smallest tolerance that drops at least {@code count} points; -1 when so many cannot go. */
  double dropping(int count) {
    double[] sorted = ofPoint.clone();
    Arrays.sort(sorted);
    double tolerance = count > sorted.length ? Double.POSITIVE_INFINITY : sorted[count - 1];
    return tolerance == Double.POSITIVE_INFINITY ? -1 : tolerance;
  }
}

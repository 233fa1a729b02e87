package io.copyload.engine.format.shapefile;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * What SIMPLIFY did in one load: with AUTO a report per geometry that was too large, else one for
 * the whole load. The first ones in input order are kept. Threads: any.
 */
public final class SimplifyLog {
  /**
   * One report.
   *
   * @param objectName empty for the whole load
   * @param lineNumber record of the shapefile, from 1; 0 for the whole load
   * @param maximumTolerance -1 for none
   * @param initialBytes of the geometry as EWKB
   * @param finalBytes 0 when it could not be made to fit
   */
  public record Report(
      String objectName,
      long lineNumber,
      double maximumTolerance,
      long initialBytes,
      boolean simplified,
      long finalBytes,
      double finalTolerance) {}

  private final int most;
  private final TreeSet<Report> reports =
      new TreeSet<>(Comparator.comparing(Report::objectName).thenComparingLong(Report::lineNumber));
  private double tolerance = -1;
  private long allInitialBytes;
  private long allFinalBytes;

  public SimplifyLog(int most) {
    this.most = most;
  }

  synchronized void add(Report report) {
    reports.add(report);
    if (reports.size() > most) {
      reports.pollLast();
    }
  }

  /** A geometry was simplified as all are. */
  synchronized void addAlways(double withTolerance, long initialBytes, long finalBytes) {
    tolerance = withTolerance;
    allInitialBytes += initialBytes;
    allFinalBytes += finalBytes;
  }

  /** All reports in input order. */
  public synchronized List<Report> reports() {
    List<Report> all = new ArrayList<>(reports);
    if (tolerance >= 0) {
      all.add(new Report("", 0, tolerance, allInitialBytes, true, allFinalBytes, tolerance));
    }
    return all;
  }
}

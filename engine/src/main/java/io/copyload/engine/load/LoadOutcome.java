package io.copyload.engine.load;

import java.util.List;

/**
 * What a finished load did.
 *
 * @param loadedRows rows given to the sink
 * @param rejectedRows records refused
 * @param rejects the first of them in input order
 * @param objects one per object of the plan
 * @param nulledRows loaded rows of which a bad value became NULL; their values are among the
 *     rejects
 */
public record LoadOutcome(
    long loadedRows,
    long rejectedRows,
    List<Reject> rejects,
    List<ObjectOutcome> objects,
    long nulledRows) {
  /**
   * @param storedBytes bytes read as stored
   * @param decodedBytes bytes after decompression
   * @param lines lines scanned, header included
   */
  public record ObjectOutcome(
      String name, long storedBytes, long decodedBytes, long lines, long rejects) {}

  public LoadOutcome {
    rejects = List.copyOf(rejects);
    objects = List.copyOf(objects);
  }

  /** The same load, of which the sink has dropped some rows. */
  public LoadOutcome withoutRows(long dropped) {
    return new LoadOutcome(loadedRows - dropped, rejectedRows, rejects, objects, nulledRows);
  }

  /** A load in which no bad value became NULL. */
  public LoadOutcome(
      long loadedRows, long rejectedRows, List<Reject> rejects, List<ObjectOutcome> objects) {
    this(loadedRows, rejectedRows, rejects, objects, 0);
  }
}

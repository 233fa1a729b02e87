package io.copyload.engine.load;

import java.util.List;

/**
 * What a finished load did.
 *
 * @param loadedRows rows given to the sink
 * @param rejectedRows records refused
 * @param rejects the first of them in input order
 * @param objects one per object of the plan
 */
public record LoadOutcome(
    long loadedRows, long rejectedRows, List<Reject> rejects, List<ObjectOutcome> objects) {
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
}

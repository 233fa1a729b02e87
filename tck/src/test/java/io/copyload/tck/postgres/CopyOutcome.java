package io.copyload.tck.postgres;

import java.util.List;

/**
 * What one side made of a {@link CopyCase}.
 *
 * @param count the rows copied; -1 when it failed
 * @param error state, message, detail, hint, position and context, one a line; empty when it did
 *     not fail
 * @param notices the warnings of the connection
 * @param output the table behind a COPY FROM, or what a COPY TO wrote, as {@link CopyCase#visible}
 */
record CopyOutcome(long count, String error, List<String> notices, String output) {
  @Override
  public String toString() {
    return (error.isEmpty() ? "    count " + count : "    " + error.replace("\n", "\n      "))
        + (notices.isEmpty() ? "" : "\n    notices " + notices)
        + (output.isEmpty() ? "" : "\n    output " + output);
  }
}

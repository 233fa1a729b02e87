package io.copyload.engine.job;

import io.copyload.engine.source.FoundObject;
import java.time.Instant;

/**
 * A row of the ledger.
 *
 * @param object as it was when it was seen
 * @param digest of its content, or null when nobody has read it
 * @param earlier the row of the object's earlier content, 0 for none
 * @param beginOffset the first byte that is loaded
 * @param attempts failures so far
 * @param nextTry of a failed one, or null
 * @param loadId of a loaded one, or 0
 * @param reason of a failure or of not loading it, or null
 */
public record JobFile(
    long id,
    FoundObject object,
    String digest,
    Status status,
    long earlier,
    long beginOffset,
    int attempts,
    Instant nextTry,
    long loadId,
    long loadedRows,
    Instant loadedAt,
    String sqlState,
    String reason) {
  /** What has become of an object. */
  public enum Status {
    WAITING("P"),
    LOADED("I"),
    FAILED("E"),
    QUARANTINED("Q"),
    SKIPPED("S");

    private final String code;

    Status(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }

    static Status of(String code) {
      for (Status status : values()) {
        if (status.code.equals(code)) {
          return status;
        }
      }
      throw new IllegalArgumentException(code);
    }
  }

  String name() {
    return object.name();
  }
}

package io.copyload.engine.load;

import io.copyload.engine.convert.RejectReason;

/**
 * A record that was refused.
 *
 * @param objectIndex index of its object in {@link LoadPlan#objects}
 * @param lineNumber line of the object, from 1: in the PostgreSQL styles the one that PostgreSQL
 *     names, which is the last one read of a record with line ends in quotes; in the Redshift
 *     styles the one on which the record begins
 * @param fieldNumber from 1, or 0 when the record as a whole is bad
 * @param columnName null when the record as a whole is bad
 * @param value the field's text, cut to {@link #MAX_TEXT_BYTES}; null when there is none or the
 *     field is NULL
 * @param rawRecord the record's text, cut to {@link #MAX_TEXT_BYTES}; null for binary data
 * @param message PostgreSQL's message
 * @param position byte position of the field within the record, from 0; -1 when unknown
 */
public record Reject(
    int objectIndex,
    String objectName,
    long lineNumber,
    int fieldNumber,
    String columnName,
    String value,
    String rawRecord,
    int position,
    RejectReason reason,
    String message,
    String detail,
    String hint) {
  /** Longest text kept of a value or record. */
  public static final int MAX_TEXT_BYTES = 1024;
}

package io.copyload.engine.load;

import io.copyload.engine.convert.RejectReason;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A record that was refused, or of which something was changed for it to be loaded.
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
 * @param valueContext where in the value, for a type that tells; or null
 * @param position byte position of the field within the record, from 0; -1 when unknown
 * @param raw the record's place and bytes; null when it is not a record of text
 * @param fields texts of the fields before the bad one, each cut as the value is, null for NULL;
 *     empty but for the first {@link #MAX_DETAILED} rejects of a load
 * @param faultField number of the field at which reading the record ended, from 1, also where the
 *     record as a whole is bad; 0 when it is not known
 * @param chunkStart where the chunk begins in which the record does, when the views show the object
 *     in chunks; -1 when they show it as a whole
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
    String hint,
    String valueContext,
    RawRecord raw,
    List<String> fields,
    int faultField,
    long chunkStart) {
  /** Longest text kept of a value or record. */
  public static final int MAX_TEXT_BYTES = 1024;

  /** Rejects of one load of which the fields before the bad one are kept. */
  public static final int MAX_DETAILED = 20;

  public Reject {
    fields = Collections.unmodifiableList(new ArrayList<>(fields));
  }

  /** A reject of which no more than its texts is known. */
  public Reject(
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
    this(
        objectIndex,
        objectName,
        lineNumber,
        fieldNumber,
        columnName,
        value,
        rawRecord,
        position,
        reason,
        message,
        detail,
        hint,
        null,
        null,
        List.of(),
        fieldNumber,
        -1);
  }

  /** A reject of which is not known where in the value. */
  public Reject(
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
      String hint,
      RawRecord raw,
      List<String> fields) {
    this(
        objectIndex,
        objectName,
        lineNumber,
        fieldNumber,
        columnName,
        value,
        rawRecord,
        position,
        reason,
        message,
        detail,
        hint,
        null,
        raw,
        fields,
        fieldNumber,
        -1);
  }

  /** The same with another line and place, with or without its fields. */
  Reject with(long newLineNumber, RawRecord newRaw, boolean detailed) {
    return new Reject(
        objectIndex,
        objectName,
        newLineNumber,
        fieldNumber,
        columnName,
        value,
        rawRecord,
        position,
        reason,
        message,
        detail,
        hint,
        valueContext,
        newRaw,
        detailed ? fields : List.of(),
        detailed ? faultField : fieldNumber,
        chunkStart);
  }

  /** Heap that it takes, roughly. */
  long weight() {
    long weight = 200 + length(value) + length(rawRecord) + length(message);
    for (String field : fields) {
      weight += 40 + length(field);
    }
    return raw == null ? weight : weight + 40 + raw.weight();
  }

  private static long length(String text) {
    return text == null ? 0 : 2L * text.length();
  }
}

package io.copyload.engine.convert;

/** Receives the fields of a batch that could not be converted. */
public interface FieldRejects {
  /**
   * Reports a bad field.
   *
   * @param record number of the record within the batch
   * @param reason what is wrong
   * @param message PostgreSQL's message for the case, complete, for example {@code invalid input
   *     syntax for type integer: "x"}
   * @param detail PostgreSQL's DETAIL, or null
   * @param hint PostgreSQL's HINT, or null
   * @param context where in the value, as PostgreSQL's CONTEXT begins; or null
   */
  void reject(
      int record, RejectReason reason, String message, String detail, String hint, String context);

  /**
   * Says that bytes of a field which are not UTF-8 are about to be replaced (ACCEPTINVCHARS).
   *
   * @param record number of the record within the batch
   */
  default void replaced(int record) {}
}

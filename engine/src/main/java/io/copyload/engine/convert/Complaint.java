package io.copyload.engine.convert;

import java.nio.charset.StandardCharsets;

/**
 * What is wrong with the field at hand. Parsers fill it and return false instead of throwing; the
 * loop that called them reports it. Threads: one owner.
 */
final class Complaint {
  RejectReason reason;
  String message;
  String detail;
  String hint;

  /** Where in the value; null when there is nothing to say about it. */
  String context;

  /** Notes the complaint; returns false for the caller to return. */
  boolean set(RejectReason newReason, String newMessage) {
    return set(newReason, newMessage, null, null);
  }

  boolean set(RejectReason newReason, String newMessage, String newDetail, String newHint) {
    reason = newReason;
    message = newMessage;
    detail = newDetail;
    hint = newHint;
    context = null;
    return false;
  }

  /** {@code invalid input syntax for type integer: "x"}. */
  boolean syntax(RejectReason newReason, String typeName, byte[] bytes, int begin, int end) {
    return set(
        newReason,
        "invalid input syntax for type " + typeName + ": \"" + text(bytes, begin, end) + "\"");
  }

  /**
   * Redshift's {@code Invalid digit, Value 'a', Pos 0, Type: Integer}.
   *
   * @param at the offending character
   */
  boolean digit(RejectReason newReason, String typeName, byte[] bytes, int begin, int at, int end) {
    int next = Math.min(at + 1, end);
    while (next < end && (bytes[next] & 0xc0) == 0x80) {
      next++;
    }
    return set(
        newReason,
        "Invalid digit, Value '"
            + text(bytes, at, next)
            + "', Pos "
            + (at - begin)
            + ", Type: "
            + typeName);
  }

  /**
   * A binary value of the wrong width, in the words of PostgreSQL's message routines.
   *
   * @param found bytes there are
   * @param needed bytes that the type reads
   */
  boolean width(int found, int needed) {
    return found < needed
        ? set(RejectReason.INSUFFICIENT_DATA, "insufficient data left in message")
        : set(RejectReason.BINARY_FORMAT, "incorrect binary data format");
  }

  void report(int record, FieldRejects rejects) {
    rejects.reject(record, reason, message, detail, hint, context);
  }

  static String text(byte[] bytes, int begin, int end) {
    return new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
  }
}

package io.copyload.engine.load;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.delimited.RecordFault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Texts of what can go wrong outside of conversion: PostgreSQL's and, in its styles, Redshift's.
 */
final class Failures {
  private Failures() {}

  static CopyException unreadable(String objectName, long byteOffset, IOException e) {
    String why = e.getMessage() == null ? "I/O error" : e.getMessage();
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE,
        "could not read \"" + objectName + "\" at byte " + byteOffset + ": " + why,
        e);
  }

  /** For formats whose own messages say where in the object they are. */
  static CopyException unreadable(String objectName, IOException e) {
    String why = e.getMessage() == null ? "I/O error" : e.getMessage();
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE, "could not read \"" + objectName + "\": " + why, e);
  }

  /** The inputs could not be listed to their end. */
  static CopyException unlisted(IOException e) {
    String why = e.getMessage() == null ? "I/O error" : e.getMessage();
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE, "could not list the objects to load: " + why, e);
  }

  static RejectReason reason(RecordFault fault) {
    return switch (fault.kind()) {
      case BARE_CARRIAGE_RETURN,
          BARE_NEWLINE,
          END_MARKER_NOT_ALONE,
          END_MARKER_CORRUPT,
          END_MARKER_STYLE,
          MALFORMED_JSON,
          MISSING_NEWLINE,
          QUOTE_FORMAT ->
          RejectReason.MALFORMED_RECORD;
      case INVALID_ENCODING, INVALID_ESCAPED_ENCODING -> RejectReason.INVALID_ENCODING;
      case NULL_BYTE -> RejectReason.NULL_BYTE;
      case UNTERMINATED_QUOTE -> RejectReason.UNTERMINATED_QUOTE;
      case DEFAULT_MARKER -> RejectReason.NO_DEFAULT;
      case EXTRA_FIELD -> RejectReason.EXTRA_FIELD;
    };
  }

  static String message(RecordFault fault, LoadPlan plan) {
    Style style = plan.delimited().style();
    boolean redshift = style == Style.REDSHIFT_CSV || style == Style.REDSHIFT_TEXT;
    boolean csv = plan.delimited().isCsv();
    return switch (fault.kind()) {
      case BARE_CARRIAGE_RETURN ->
          csv ? "unquoted carriage return found in data" : "literal carriage return found in data";
      case BARE_NEWLINE -> csv ? "unquoted newline found in data" : "literal newline found in data";
      case END_MARKER_NOT_ALONE -> "end-of-copy marker is not alone on its line";
      case END_MARKER_CORRUPT -> "end-of-copy marker corrupt";
      case END_MARKER_STYLE -> "end-of-copy marker does not match previous newline style";
      case INVALID_ENCODING, INVALID_ESCAPED_ENCODING ->
          "invalid byte sequence for encoding \"UTF8\": " + fault.argument();
      case MISSING_NEWLINE ->
          "Missing newline: Unexpected character 0x"
              + fault.argument()
              + " found at location "
              + fault.position();
      case NULL_BYTE -> "Invalid null byte - field longer than 1 byte";
      case UNTERMINATED_QUOTE ->
          redshift ? "Delimited value missing end quote" : "unterminated CSV quoted field";
      case MALFORMED_JSON -> fault.argument();
      case QUOTE_FORMAT -> "Invalid quote formatting for CSV";
      case DEFAULT_MARKER -> "unexpected default marker in COPY data";
      case EXTRA_FIELD ->
          redshift ? "Extra column(s) found" : "extra data after last expected column";
    };
  }

  static String detail(RecordFault fault, LoadPlan plan) {
    return fault.kind() == RecordFault.Kind.DEFAULT_MARKER
        ? "Column \"" + plan.columns().get(fault.field()).name() + "\" has no default value."
        : null;
  }

  static String hint(RecordFault fault, LoadPlan plan) {
    boolean csv = plan.delimited().isCsv();
    return switch (fault.kind()) {
      case BARE_CARRIAGE_RETURN ->
          csv
              ? "Use quoted CSV field to represent carriage return."
              : "Use \"\\r\" to represent carriage return.";
      case BARE_NEWLINE ->
          csv ? "Use quoted CSV field to represent newline." : "Use \"\\n\" to represent newline.";
      default -> null;
    };
  }

  /** Why a record lacks fields. */
  static RejectReason missingReason(LoadPlan plan, boolean emptyLine) {
    return emptyLine && plan.delimited().isRedshift()
        ? RejectReason.EMPTY_LINE
        : RejectReason.MISSING_FIELD;
  }

  static String missing(LoadPlan plan, int field, RejectReason reason) {
    if (reason == RejectReason.EMPTY_LINE) {
      return "Input line has no data";
    }
    return plan.delimited().isRedshift()
        ? "Delimiter not found"
        : "missing data for column \"" + plan.columns().get(field).name() + "\"";
  }

  /** A text for a reject, cut to its limit at a character boundary. */
  static String text(byte[] bytes, int begin, int end) {
    int stop = end;
    if (end - begin > Reject.MAX_TEXT_BYTES) {
      stop = begin + Reject.MAX_TEXT_BYTES;
      while (stop > begin && (bytes[stop] & 0xc0) == 0x80) {
        stop--;
      }
    }
    return new String(bytes, begin, stop - begin, StandardCharsets.UTF_8);
  }

  /** Longest message kept. */
  private static final int MAX_MESSAGE_CHARS = 4096;

  static String bounded(String message) {
    if (message == null || message.length() <= MAX_MESSAGE_CHARS) {
      return message;
    }
    int end = MAX_MESSAGE_CHARS;
    if (Character.isHighSurrogate(message.charAt(end - 1))) {
      end--;
    }
    return message.substring(0, end) + "...";
  }
}

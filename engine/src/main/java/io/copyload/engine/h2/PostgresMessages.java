package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.CopyNotice;
import io.copyload.engine.convert.RejectReason;
import io.copyload.engine.dialect.PostgresClauses;
import io.copyload.engine.dialect.PostgresClauses.LogVerbosity;
import io.copyload.engine.dialect.PostgresClauses.OnError;
import io.copyload.engine.load.ErrorContext;
import io.copyload.engine.load.LoadFailedException;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPlan;
import io.copyload.engine.load.Reject;
import io.copyload.engine.load.TranscodedObject;
import java.sql.SQLWarning;
import java.util.function.Consumer;

/** What PostgreSQL tells a client about values that ON_ERROR has passed over. */
final class PostgresMessages {
  private PostgresMessages() {}

  /**
   * The notices of a load that has succeeded. Those about single values end with the last value
   * that the history keeps, too.
   */
  static void loaded(
      PostgresClauses clauses, LoadPlan plan, LoadOutcome outcome, Consumer<SQLWarning> warnings) {
    boolean ignored = clauses.onError() == OnError.IGNORE;
    long rows = ignored ? outcome.rejectedRows() : outcome.nulledRows();
    if (rows == 0 || clauses.verbosity() == LogVerbosity.SILENT) {
      return;
    }
    if (clauses.verbosity() == LogVerbosity.VERBOSE) {
      String start =
          (ignored ? "skipping row" : "setting to null")
              + " due to data type incompatibility at line ";
      for (Reject reject : outcome.rejects()) {
        warnings.accept(new CopyNotice(start + place(plan, reject), "COPY " + plan.tableName()));
      }
    }
    String row = rows == 1 ? " row" : " rows";
    warnings.accept(
        new CopyNotice(
            ignored
                ? rows
                    + row
                    + (rows == 1 ? " was" : " were")
                    + " skipped due to data type incompatibility"
                : "in "
                    + rows
                    + row
                    + ", columns were set to null due to data type incompatibility",
            null));
  }

  private static String place(LoadPlan plan, Reject reject) {
    String file = plan.objects().count() != 1 ? " of file \"" + reject.objectName() + "\"" : "";
    String value =
        reject.value() == null ? "null input" : "\"" + ErrorContext.shown(reject.value()) + "\"";
    return reject.lineNumber() + file + " for column \"" + reject.columnName() + "\": " + value;
  }

  /**
   * COPY FREEZE needs a table that this transaction has made or emptied. There is none: both
   * statements commit here.
   */
  static void checkFreeze(PostgresClauses clauses) {
    if (clauses.freeze()) {
      throw new CopyException(
              CopyErrorCode.NOT_IN_PREREQUISITE_STATE,
              "cannot perform COPY FREEZE because the table was not created or truncated in the"
                  + " current subtransaction")
          .withHint(
              "CREATE TABLE and TRUNCATE end a transaction in this database. Leave FREEZE out:"
                  + " loaded rows need no freezing.");
    }
  }

  /** Names the bytes of the input, where they ended it, and the input's encoding. */
  private static CopyException encoding(
      String name, TranscodedObject.Failure failure, Reject decisive, CopyException e) {
    if (decisive.fieldNumber() > 0) {
      return e;
    }
    String start = "invalid byte sequence for encoding \"" + name + "\": ";
    boolean ofInput = failure != null && e.getMessage().contains("\"UTF8\": 0xff");
    boolean malformed = !ofInput || failure.malformed();
    String message =
        !ofInput
            ? e.getMessage().replace("encoding \"UTF8\"", "encoding \"" + name + "\"")
            : malformed
                ? start + failure.bytes()
                : "character with byte sequence "
                    + failure.bytes()
                    + " in encoding \""
                    + name
                    + "\" has no equivalent in encoding \"UTF8\"";
    return new CopyException(
        malformed
            ? CopyErrorCode.CHARACTER_NOT_IN_REPERTOIRE
            : CopyErrorCode.UNTRANSLATABLE_CHARACTER,
        message,
        null,
        null,
        e.context(),
        0,
        e);
  }

  /** The failure of a load that has skipped one row too many, if that is what {@code e} is. */
  static CopyException failed(
      PostgresClauses clauses, LoadFailedException failure, CopyException e) {
    Reject decisive = failure.decisive();
    if (decisive.reason() == RejectReason.INVALID_ENCODING
        && failure.object() instanceof TranscodedObject object) {
      return encoding(clauses.encoding().name(), object.failure(), decisive, e);
    }
    return clauses.rejectLimit() > 0 && decisive.reason().soft()
        ? new CopyException(
            CopyErrorCode.INVALID_TEXT_REPRESENTATION,
            "skipped more than REJECT_LIMIT ("
                + clauses.rejectLimit()
                + ") rows due to data type incompatibility",
            null,
            null,
            e.context(),
            0,
            e)
        : e;
  }
}

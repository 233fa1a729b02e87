package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.load.LoadOutcome;
import io.copyload.engine.load.LoadPlan;
import java.sql.SQLWarning;
import java.util.function.Consumer;

/**
 * What Amazon Redshift tells a client about a COPY (Redshift developer guide, "Verifying that the
 * data loaded").
 */
final class RedshiftMessages {
  private static final String INFO_STATE = "00000";

  private RedshiftMessages() {}

  static void loaded(String table, LoadOutcome outcome, Consumer<SQLWarning> warnings) {
    warnings.accept(
        new SQLWarning(
            "Load into table '"
                + table
                + "' completed, "
                + outcome.loadedRows()
                + " record(s) loaded successfully.",
            INFO_STATE));
    if (outcome.rejectedRows() > 0) {
      warnings.accept(
          new SQLWarning(
              "Load into table '"
                  + table
                  + "' completed, "
                  + outcome.rejectedRows()
                  + " record(s) could not be loaded.  Check 'stl_load_errors' system table for"
                  + " details.",
              INFO_STATE));
    }
    if (outcome.replacedRows() > 0) {
      replaced(table, outcome.replacedRows(), warnings);
    }
  }

  /** Says how many loaded rows ACCEPTINVCHARS has changed. */
  private static void replaced(String table, long rows, Consumer<SQLWarning> warnings) {
    warnings.accept(
        new SQLWarning(
            "Load into table '"
                + table
                + "' completed, "
                + rows
                + " record(s) were loaded with replacements made for ACCEPTINVCHARS. Check"
                + " 'stl_replacements' system table for details.",
            INFO_STATE));
  }

  /** Redshift's sentence and SQLSTATE, with what the deciding record was as the detail. */
  static CopyException failed(LoadPlan plan, CopyException first) {
    String detail =
        first.detail() == null ? first.getMessage() : first.getMessage() + ": " + first.detail();
    return new CopyException(
        CopyErrorCode.LOAD_FAILED,
        "Load into table '"
            + plan.tableName()
            + "' failed.  Check 'stl_load_errors' system table for details.",
        detail,
        first.hint(),
        first.context(),
        0,
        first);
  }
}

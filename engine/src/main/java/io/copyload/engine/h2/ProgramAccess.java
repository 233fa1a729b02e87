package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import java.util.Locale;
import org.h2.engine.Role;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;

/**
 * Whether a session may run programs: the connection must allow it, and the user have the right.
 */
final class ProgramAccess {
  /** Role whose members may run programs, as in PostgreSQL. Administrators need no role. */
  static final String EXECUTE_PROGRAM_ROLE = "PG_EXECUTE_SERVER_PROGRAM";

  private ProgramAccess() {}

  static void check(SessionLocal session, CopySettings settings) {
    if (!settings.programs()) {
      throw denied(
          "This connection runs no programs.",
          "Open it with the property program=true, which lets COPY run shell commands.");
    }
    User user = session.getUser();
    if (user.isAdmin()) {
      return;
    }
    Role role = session.getDatabase().findRole(EXECUTE_PROGRAM_ROLE);
    if (role == null) {
      role = session.getDatabase().findRole(EXECUTE_PROGRAM_ROLE.toLowerCase(Locale.ROOT));
    }
    if (role == null || !user.isRoleGranted(role)) {
      throw denied(
          "Only administrators and users with the role pg_execute_server_program may COPY to or"
              + " from an external program.",
          "Hand the data over as a stream: COPY ... FROM ? and COPY ... TO ? need no right.");
    }
  }

  private static CopyException denied(String detail, String hint) {
    return new CopyException(
        CopyErrorCode.INSUFFICIENT_PRIVILEGE,
        "permission denied to COPY to or from an external program",
        detail,
        hint,
        null,
        0,
        null);
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.SshKeyTable;
import io.copyload.engine.source.Secret;
import io.copyload.engine.source.ssh.SshKeyPair;
import io.copyload.engine.statement.LeadingWords;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import org.h2.engine.Database;
import org.h2.engine.SessionLocal;
import org.h2.message.DbException;
import org.h2.table.Column;

/**
 * The key pairs by which a database logs in at hosts over SSH, made by their first use, and {@code
 * COPYLOAD ROTATE SSH KEY}, which makes new ones.
 */
final class SshKeys {
  private SshKeys() {}

  /** The private keys. */
  static List<Secret> secrets(SessionLocal session, CopySettings settings) {
    try {
      return table(session.getDatabase(), settings).privateKeys(SshKeys::make).stream()
          .map(Secret::new)
          .toList();
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  /** The key pairs; none in a database that is read-only and has none. */
  static List<SshKeyTable.Pair> pairs(SessionLocal reader) {
    Database database = reader.getDatabase();
    try {
      return table(database, JobsTable.settingsOf(reader)).pairs(SshKeys::make);
    } catch (CopyException e) {
      // In a query, where H2 knows only exceptions of its own.
      String hint = e.hint() == null ? "" : "; " + e.hint();
      throw DbException.convert(
          new SQLNonTransientException(e.getMessage() + hint, e.code().sqlState(), 0, e));
    } catch (SQLException e) {
      throw DbException.convert(e);
    }
  }

  /**
   * @param settings with the key of the secrets, or null
   */
  private static SshKeyTable table(Database database, CopySettings settings) {
    return new SshKeyTable(
        InternalSessions.connections(database),
        () -> settings == null ? null : StoredConnections.keyText(settings));
  }

  private static List<SshKeyTable.Pair> make() {
    LocalDateTime now = SshKeyTable.timestamp(Instant.now());
    return SshKeyPair.make().stream()
        .map(
            pair ->
                new SshKeyTable.Pair(
                    pair.type(),
                    pair.publicLine(),
                    pair.fingerprint(),
                    pair.privateKey().reveal(),
                    now))
        .toList();
  }

  /** Texts that begin with COPYLOAD ROTATE SSH KEY. */
  static final OwnStatement.Kind ROTATE =
      new OwnStatement.Kind() {
        @Override
        public boolean claims(String sql) {
          return LeadingWords.are(sql, "COPYLOAD", "ROTATE");
        }

        @Override
        public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
          int behind = LeadingWords.behind(sql, "COPYLOAD", "ROTATE", "SSH", "KEY");
          if (behind < 0 || !sql.substring(behind).isBlank()) {
            throw new CopyException(
                    CopyErrorCode.SYNTAX, "COPYLOAD ROTATE is followed by SSH KEY and nothing else")
                .withPosition(Math.max(0, LeadingWords.behind(sql, "COPYLOAD", "ROTATE")) + 1);
          }
          return new Rotation();
        }
      };

  private static final class Rotation implements OwnStatement {
    @Override
    public List<Column> columns() {
      return List.of();
    }

    @Override
    public long run(Execution execution) {
      SessionLocal session = execution.session();
      session.getUser().checkAdmin();
      session.getDatabase().checkWritingAllowed();
      try {
        return table(session.getDatabase(), execution.settings()).renew(SshKeys::make).size();
      } catch (SQLException e) {
        throw DbException.convert(e);
      }
    }
  }
}

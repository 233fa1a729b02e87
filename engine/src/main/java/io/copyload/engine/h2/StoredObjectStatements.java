package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.catalog.StoredObjects;
import io.copyload.engine.source.SourceClauses;
import io.copyload.engine.source.Sources;
import io.copyload.engine.statement.Identifier;
import io.copyload.engine.statement.StoredObject;
import io.copyload.engine.statement.StoredObjectParser;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.message.DbException;
import org.h2.table.Column;
import org.h2.value.TypeInfo;
import org.h2.value.Value;
import org.h2.value.ValueVarchar;

/**
 * Materialize's statements about secrets and connections. Whoever creates one must be an
 * administrator and owns it; owners and administrators change it. They take effect at once, outside
 * the caller's transaction.
 */
final class StoredObjectStatements implements OwnStatement.Kind {
  @Override
  public boolean claims(String sql) {
    return StoredObjectParser.claims(sql);
  }

  @Override
  public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
    return new Prepared(StoredObjectParser.parse(sql));
  }

  private record Prepared(StoredObject statement) implements OwnStatement {
    @Override
    public List<Column> columns() {
      if (statement instanceof StoredObject.ShowCreate) {
        return List.of(column("NAME"), column("CREATE_SQL"));
      }
      if (statement instanceof StoredObject.Show show) {
        return show.kind() == StoredObject.Kind.SECRET
            ? List.of(column("NAME"))
            : List.of(column("NAME"), column("TYPE"));
      }
      return List.of();
    }

    private static Column column(String name) {
      return new Column(name, TypeInfo.TYPE_VARCHAR);
    }

    @Override
    public long run(Execution execution) {
      try {
        return new Run(execution).run(statement);
      } catch (SQLException e) {
        throw DbException.convert(e);
      }
    }

    /** A value of a secret must not be printed. */
    @Override
    public String toString() {
      return statement.getClass().getSimpleName();
    }
  }

  /** One execution. */
  private static final class Run {
    private final OwnStatement.Execution execution;
    private final SessionLocal session;
    private final StoredObjects objects;

    Run(OwnStatement.Execution execution) {
      this.execution = execution;
      session = execution.session();
      objects = StoredConnections.of(session, execution.settings());
    }

    long run(StoredObject statement) throws SQLException {
      if (statement instanceof StoredObject.Show show) {
        show(show);
      } else if (statement instanceof StoredObject.ShowCreate show) {
        showCreate(show.name());
      } else if (statement instanceof StoredObject.Validate validate) {
        validate(validate.name().text());
      } else {
        session.getDatabase().checkWritingAllowed();
        change(statement);
      }
      return 0;
    }

    private void change(StoredObject statement) throws SQLException {
      if (statement instanceof StoredObject.CreateSecret create) {
        createSecret(create);
      } else if (statement instanceof StoredObject.AlterSecret alter) {
        StoredObjects.Entry entry = own(StoredObject.Kind.SECRET, alter.name(), alter.ifExists());
        if (entry != null) {
          objects.changeSecret(entry, value(alter.value()));
        }
      } else if (statement instanceof StoredObject.CreateConnection create) {
        createConnection(create);
      } else if (statement instanceof StoredObject.AlterConnection alter) {
        alterConnection(alter);
      } else if (statement instanceof StoredObject.Rename rename) {
        StoredObjects.Entry entry = own(rename.kind(), rename.name(), rename.ifExists());
        if (entry != null) {
          checkFree(rename.kind(), rename.newName());
          objects.change(kind(rename.kind()), entry, rename.newName().text(), null);
        }
      } else if (statement instanceof StoredObject.SetOwner change) {
        StoredObjects.Entry entry = own(change.kind(), change.name(), change.ifExists());
        if (entry != null) {
          String owner = TableBinding.stored(session.getDatabase(), change.owner());
          session.getDatabase().getUser(owner);
          objects.change(kind(change.kind()), entry, null, owner);
        }
      } else if (statement instanceof StoredObject.Drop drop) {
        drop(drop);
      }
    }

    private static StoredObjects.Kind kind(StoredObject.Kind kind) {
      return kind == StoredObject.Kind.SECRET
          ? StoredObjects.Kind.SECRETS
          : StoredObjects.Kind.CONNECTIONS;
    }

    private void checkMayCreate(StoredObject.Kind kind) {
      if (!session.getUser().isAdmin()) {
        throw new CopyException(
                CopyErrorCode.INSUFFICIENT_PRIVILEGE,
                "permission denied to create a " + kind.word())
            .withDetail("Only administrators may create secrets and connections.");
      }
    }

    /** Whether there is one already; fails unless that is all right. */
    private boolean exists(StoredObject.Kind kind, Identifier name, boolean ifNotExists)
        throws SQLException {
      if (objects.find(kind(kind), name.text()) == null) {
        return false;
      }
      if (ifNotExists) {
        return true;
      }
      throw new CopyException(
              CopyErrorCode.DUPLICATE_OBJECT,
              kind.word() + " \"" + name.text() + "\" already exists")
          .withPosition(name.range().position());
    }

    private void checkFree(StoredObject.Kind kind, Identifier name) throws SQLException {
      exists(kind, name, false);
    }

    /** The entry that the user may change; null when there is none and that is all right. */
    private StoredObjects.Entry own(StoredObject.Kind kind, Identifier name, boolean ifExists)
        throws SQLException {
      StoredObjects.Entry entry = objects.find(kind(kind), name.text());
      if (entry == null) {
        if (ifExists) {
          return null;
        }
        throw new CopyException(
                CopyErrorCode.UNDEFINED_OBJECT,
                "unknown " + kind.word() + " \"" + name.text() + "\"")
            .withPosition(name.range().position());
      }
      User user = session.getUser();
      if (!user.isAdmin() && !user.getName().equals(entry.owner())) {
        throw new CopyException(
            CopyErrorCode.INSUFFICIENT_PRIVILEGE,
            "must be owner of " + kind.word() + " " + entry.name());
      }
      return entry;
    }

    private void createSecret(StoredObject.CreateSecret create) throws SQLException {
      checkMayCreate(StoredObject.Kind.SECRET);
      if (!exists(StoredObject.Kind.SECRET, create.name(), create.ifNotExists())) {
        objects.createSecret(
            create.name().text(), session.getUser().getName(), value(create.value()));
      }
    }

    private byte[] value(StoredObject.SecretValue value) {
      Object given = value.text();
      if (value.parameter() >= 0) {
        given =
            value.parameter() < execution.parameters().size()
                ? execution.parameters().get(value.parameter())
                : null;
      }
      byte[] bytes;
      if (given instanceof byte[] binary) {
        bytes = binary;
      } else if (given instanceof String text) {
        bytes = text.getBytes(StandardCharsets.UTF_8);
      } else {
        throw new CopyException(
            CopyErrorCode.INVALID_PARAMETER_VALUE, "the value of a secret must be a text or bytes");
      }
      if (value.decoding() == null) {
        return bytes;
      }
      String coded = new String(bytes, StandardCharsets.US_ASCII);
      try {
        return value.decoding().equals("hex")
            ? HexFormat.of().parseHex(coded)
            : Base64.getMimeDecoder().decode(coded);
      } catch (IllegalArgumentException e) {
        throw new CopyException(
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "the value of the secret is not in " + value.decoding());
      }
    }

    private void createConnection(StoredObject.CreateConnection create) throws SQLException {
      checkMayCreate(StoredObject.Kind.CONNECTION);
      if (exists(StoredObject.Kind.CONNECTION, create.name(), create.ifNotExists())) {
        return;
      }
      Map<String, StoredObjects.Setting> settings = settings(create.settings());
      StoredConnections.check(settings);
      String name = create.name().text();
      objects.createConnection(name, session.getUser().getName(), settings);
      if (create.validate()) {
        boolean valid = false;
        try {
          validate(name);
          valid = true;
        } finally {
          if (!valid) {
            objects.drop(
                StoredObjects.Kind.CONNECTIONS,
                objects.find(StoredObjects.Kind.CONNECTIONS, name),
                List.of());
          }
        }
      }
    }

    /** A token that is written out is a secret all the same. */
    private Map<String, StoredObjects.Setting> settings(List<StoredObject.Setting> written)
        throws SQLException {
      Map<String, StoredObjects.Setting> settings = new LinkedHashMap<>();
      for (StoredObject.Setting setting : written) {
        if (setting.secret() != null) {
          own(StoredObject.Kind.SECRET, setting.secret(), false);
          settings.put(
              setting.name(), new StoredObjects.Setting(null, setting.secret().text(), false));
        } else if (setting.text() != null) {
          settings.put(
              setting.name(),
              new StoredObjects.Setting(
                  setting.text(), null, setting.name().equals("SESSION TOKEN")));
        }
      }
      return settings;
    }

    private void alterConnection(StoredObject.AlterConnection alter) throws SQLException {
      StoredObjects.Entry entry = own(StoredObject.Kind.CONNECTION, alter.name(), alter.ifExists());
      if (entry == null) {
        return;
      }
      Map<String, StoredObjects.Setting> changed = settings(alter.settings());
      List<String> gone = new ArrayList<>();
      Map<String, StoredObjects.Setting> after = new LinkedHashMap<>(objects.settings(entry));
      for (StoredObject.Setting setting : alter.settings()) {
        if (setting.text() == null && setting.secret() == null) {
          gone.add(setting.name());
          after.remove(setting.name());
        }
      }
      after.putAll(changed);
      StoredConnections.check(after);
      if (alter.validate()) {
        // Before anything is changed: the old connection goes on when the new one is no good.
        String probe = entry.name() + "\u0000probe";
        objects.createConnection(probe, entry.owner(), Map.of());
        StoredObjects.Entry probed = objects.find(StoredObjects.Kind.CONNECTIONS, probe);
        try {
          Map<String, StoredObjects.Setting> opened = new LinkedHashMap<>(objects.open(entry));
          Map<String, StoredObjects.Setting> tried = new LinkedHashMap<>();
          after.forEach(
              (name, setting) ->
                  tried.put(
                      name,
                      setting.sealed() && setting.text() == null ? opened.get(name) : setting));
          objects.changeConnection(probed, tried, List.of());
          validate(probe);
        } finally {
          objects.drop(StoredObjects.Kind.CONNECTIONS, probed, List.of());
        }
      }
      objects.changeConnection(entry, changed, gone);
    }

    private void validate(String name) throws SQLException {
      StoredObjects.Entry entry = objects.find(StoredObjects.Kind.CONNECTIONS, name);
      if (entry == null) {
        throw StoredConnections.unknown(name);
      }
      SourceClauses clauses =
          StoredConnections.resolved(
              session,
              execution.settings(),
              new SourceClauses(
                  SourceClauses.Reading.PLAIN,
                  null,
                  SourceClauses.NONE.authorization(),
                  null,
                  null,
                  name,
                  null));
      Sources.of("s3").validate(clauses, execution.settings().sources(), execution.cancel());
    }

    private void drop(StoredObject.Drop drop) throws SQLException {
      StoredObjects.Entry entry = own(drop.kind(), drop.name(), drop.ifExists());
      if (entry == null) {
        return;
      }
      List<String> users =
          drop.kind() == StoredObject.Kind.SECRET ? objects.users(entry) : List.of();
      if (!users.isEmpty() && !drop.cascade()) {
        throw new CopyException(
                CopyErrorCode.DEPENDENT_OBJECTS,
                "cannot drop "
                    + entry.name()
                    + ": still depended upon by catalog item '"
                    + users.get(0)
                    + "'")
            .withHint("CASCADE drops the connections that use it, too.");
      }
      for (String user : users) {
        StoredObjects.Entry connection = objects.find(StoredObjects.Kind.CONNECTIONS, user);
        if (!session.getUser().isAdmin()
            && !connection.owner().equals(session.getUser().getName())) {
          throw new CopyException(
              CopyErrorCode.INSUFFICIENT_PRIVILEGE, "must be owner of connection " + user);
        }
      }
      objects.drop(kind(drop.kind()), entry, users);
    }

    private void show(StoredObject.Show show) throws SQLException {
      if (show.schema() != null) {
        checkSchema(show.schema());
      }
      Pattern like = show.like() == null ? null : like(show.like());
      String[] columns =
          show.kind() == StoredObject.Kind.SECRET
              ? new String[] {"name"}
              : new String[] {"name", "type"};
      ShownRows rows =
          show.where() == null ? null : ShownRows.where(session, show.where(), columns);
      for (StoredObjects.Entry entry : objects.list(kind(show.kind()))) {
        String[] row =
            show.kind() == StoredObject.Kind.SECRET
                ? new String[] {entry.name()}
                : new String[] {entry.name(), "aws"};
        if ((like == null || like.matcher(entry.name()).matches())
            && (rows == null || rows.include(row))) {
          row(row);
        }
      }
    }

    private void checkSchema(Identifier schema) {
      if (session.getDatabase().findSchema(TableBinding.stored(session.getDatabase(), schema))
          == null) {
        throw new CopyException(
                CopyErrorCode.UNDEFINED_SCHEMA, "unknown schema \"" + schema.text() + "\"")
            .withPosition(schema.range().position());
      }
    }

    private void row(String... values) {
      Value[] row = new Value[values.length];
      for (int i = 0; i < row.length; i++) {
        row[i] = ValueVarchar.get(values[i]);
      }
      execution.rows().accept(row);
    }

    private static Pattern like(String pattern) {
      StringBuilder regex = new StringBuilder();
      for (int i = 0; i < pattern.length(); i++) {
        char c = pattern.charAt(i);
        if (c == '\\' && i + 1 < pattern.length()) {
          regex.append(Pattern.quote(String.valueOf(pattern.charAt(++i))));
        } else if (c == '%') {
          regex.append(".*");
        } else if (c == '_') {
          regex.append('.');
        } else {
          regex.append(Pattern.quote(String.valueOf(c)));
        }
      }
      return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private void showCreate(Identifier name) throws SQLException {
      StoredObjects.Entry entry = objects.find(StoredObjects.Kind.CONNECTIONS, name.text());
      if (entry == null) {
        throw StoredConnections.unknown(name.text());
      }
      StringBuilder sql = new StringBuilder("CREATE CONNECTION ");
      sql.append(quoted(entry.name())).append(" TO AWS (");
      String comma = "";
      for (Map.Entry<String, StoredObjects.Setting> option : objects.settings(entry).entrySet()) {
        StoredObjects.Setting setting = option.getValue();
        sql.append(comma).append(option.getKey()).append(" = ");
        comma = ", ";
        if (setting.secret() != null) {
          sql.append("SECRET ").append(quoted(setting.secret()));
        } else if (setting.sealed()) {
          sql.append("'***'");
        } else {
          sql.append('\'').append(setting.text().replace("'", "''")).append('\'');
        }
      }
      row(entry.name(), sql.append(')').toString());
    }

    private static String quoted(String name) {
      return '"' + name.replace("\"", "\"\"") + '"';
    }
  }
}

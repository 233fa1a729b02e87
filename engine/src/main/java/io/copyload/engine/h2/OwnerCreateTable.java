package io.copyload.engine.h2;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import org.h2.command.Command;
import org.h2.command.CommandContainer;
import org.h2.command.CommandInterface;
import org.h2.command.Prepared;
import org.h2.command.ddl.CreateMaterializedView;
import org.h2.command.ddl.CreateTable;
import org.h2.command.ddl.CreateTableData;
import org.h2.command.ddl.SchemaCommand;
import org.h2.engine.SessionLocal;
import org.h2.engine.User;
import org.h2.expression.Parameter;
import org.h2.result.ResultInterface;
import org.h2.schema.Schema;
import org.h2.table.Column;
import org.h2.table.Table;

/**
 * CREATE TABLE with the rights that H2 asks for where no default table engine is set: ownership of
 * the schema, or nothing for a table of the session.
 *
 * <p>H2 asks for admin rights as soon as any engine is set, because an engine is a class to run. A
 * default engine is the choice of whoever opened the database, not of the user, so that reason does
 * not hold for it. It does hold for a statement with its own ENGINE or WITH clause, which is left
 * to H2.
 *
 * <p>How: H2's statement begins with {@code session.getUser().checkAdmin()}, and the first thing
 * that it then asks of its schema is whether the table exists. User and session are final classes,
 * so there is no override. After the ordinary rights have been checked here, the session's user is
 * replaced by an unregistered admin of the same name and the statement's schema by one that puts
 * back both at that first question. Between the two, H2 only takes the lock of its catalog. The
 * query of CREATE TABLE AS, column expressions and constraints all run as the real user, as they
 * were parsed.
 *
 * <p>Threads: the session's, which holds the session's lock.
 */
public final class OwnerCreateTable extends Prepared {
  private static final Field CONTAINER_PREPARED =
      Internals.field(CommandContainer.class, "prepared");
  private static final Field LIST_COMMAND =
      Internals.field("org.h2.command.CommandList", "command");
  private static final Field LIST_COMMANDS =
      Internals.field("org.h2.command.CommandList", "commands");
  private static final Field LIST_REMAINING =
      Internals.field("org.h2.command.CommandList", "remaining");
  private static final Field VIEW_CREATE_TABLE =
      Internals.field(CreateMaterializedView.class, "createTable");
  private static final Field CREATE_DATA = Internals.field(CreateTable.class, "data");
  private static final Field COMMAND_SCHEMA = Internals.field(SchemaCommand.class, "schema");
  private static final Field SESSION_USER = Internals.field(SessionLocal.class, "user");

  private CreateTable create;

  /** Engine that the host chose and not the user, with its parameters; null for the default. */
  private final String engine;

  private final EngineParameters engineParameters;

  /** Makes the parameters of a table's engine when its columns are known. */
  interface EngineParameters {
    /** Null for none. */
    ArrayList<String> of(List<Column> columns);
  }

  private OwnerCreateTable(SessionLocal session, CreateTable create) {
    this(session, create, null, null);
  }

  /**
   * A CREATE TABLE with an engine of the host's choice.
   *
   * @param create has no ENGINE and no WITH clause
   */
  OwnerCreateTable(
      SessionLocal session, CreateTable create, String engine, EngineParameters engineParameters) {
    super(session);
    this.create = create;
    this.engine = engine;
    this.engineParameters = engineParameters;
    setSQL(create.getSQL(), create.getSQLTokens());
    setParameterList(create.getParameters());
    setWithParamValues(create.isWithParamValues());
  }

  /**
   * Makes the CREATE TABLE statements of a prepared command run with ordinary rights, in place.
   * Does nothing to other commands, for admins, and where no default table engine is set.
   */
  public static void install(SessionLocal session, Command command) {
    if (session.getUser().isAdmin()
        || session.getDatabase().getSettings().defaultTableEngine == null) {
      return;
    }
    if (command instanceof CommandContainer container) {
      install(session, container);
    } else if (command.getClass() == LIST_COMMAND.getDeclaringClass()) {
      install(session, (CommandContainer) Internals.get(LIST_COMMAND, command));
      @SuppressWarnings("unchecked")
      List<Prepared> statements = (List<Prepared>) Internals.get(LIST_COMMANDS, command);
      statements.replaceAll(
          s ->
              s instanceof CreateTable create
                  ? new OwnerCreateTable(session, create)
                  : s instanceof CreateMaterializedView ? new Remaining(session, s.getSQL()) : s);
      if (Internals.get(LIST_REMAINING, command) instanceof String remaining) {
        statements.add(new Remaining(session, remaining));
        Internals.set(LIST_REMAINING, command, null);
      }
    }
  }

  /** The statement with ordinary rights, where they are too few for H2. */
  static Prepared withDefaultEngine(SessionLocal session, CreateTable create) {
    return session.getUser().isAdmin()
            || session.getDatabase().getSettings().defaultTableEngine == null
        ? create
        : new OwnerCreateTable(session, create);
  }

  /**
   * Runs a CREATE TABLE of H2's own making within another statement, which has checked the rights
   * to alter a table with that engine.
   *
   * @param sql has no ENGINE and no WITH clause but, perhaps, just this engine and these parameters
   */
  static void run(
      SessionLocal session, String sql, String engine, EngineParameters engineParameters) {
    CreateTable create = (CreateTable) session.prepare(sql);
    OwnerCreateTable own = new OwnerCreateTable(session, create, engine, engineParameters);
    new CommandContainer(session, sql, own).executeUpdate(null);
  }

  private static void install(SessionLocal session, CommandContainer container) {
    if (Internals.get(CONTAINER_PREPARED, container) instanceof CreateMaterializedView view) {
      install(session, view);
    } else if (Internals.get(CONTAINER_PREPARED, container) instanceof CreateTable create) {
      OwnerCreateTable own = new OwnerCreateTable(session, create);
      own.setCommand(container);
      Internals.set(CONTAINER_PREPARED, container, own);
    }
  }

  /** The table of a materialized view is made by a statement within the statement. */
  private static void install(SessionLocal session, CreateMaterializedView view) {
    OwnerCreateTable own =
        new OwnerCreateTable(session, (CreateTable) Internals.get(VIEW_CREATE_TABLE, view));
    Internals.set(
        VIEW_CREATE_TABLE,
        view,
        new CreateTable(session, (Schema) Internals.get(COMMAND_SCHEMA, view)) {
          @Override
          public long update() {
            return own.update();
          }
        });
  }

  @Override
  public long update() {
    // The statement within that of a materialized view has no text; H2 parses both together.
    if (getSQL() != null && create.needRecompile()) {
      recompile();
    }
    User user = session.getUser();
    CreateTableData data = (CreateTableData) Internals.get(CREATE_DATA, create);
    if (engine != null) {
      // The text may say what its table's text says.
      data.tableEngine = null;
      data.tableEngineParams = null;
    }
    if (user.isAdmin() && engine == null
        || data.tableEngine != null
        || data.tableEngineParams != null) {
      return create.update();
    }
    Schema schema = (Schema) Internals.get(COMMAND_SCHEMA, create);
    if (!data.temporary || data.globalTemporary) {
      user.checkSchemaOwner(schema);
    }
    User admin = new User(getDatabase(), user.getId(), user.getName(), false);
    admin.setAdmin(true);
    RestoringSchema restoring = new RestoringSchema(schema, user);
    try {
      Internals.set(COMMAND_SCHEMA, create, restoring);
      Internals.set(SESSION_USER, session, admin);
      return create.update();
    } finally {
      restoring.restore();
    }
  }

  /** Stands for the statement's schema until the first question after the check of rights. */
  private final class RestoringSchema extends Schema {
    private final Schema schema;
    private final User user;
    private boolean restored;

    RestoringSchema(Schema schema, User user) {
      super(schema.getDatabase(), schema.getId(), schema.getName(), schema.getOwner(), false);
      this.schema = schema;
      this.user = user;
    }

    void restore() {
      if (!restored) {
        Internals.set(SESSION_USER, session, user);
        Internals.set(COMMAND_SCHEMA, create, schema);
        restored = true;
      }
    }

    @Override
    public Table resolveTableOrView(SessionLocal asking, String name) {
      restore();
      return schema.resolveTableOrView(asking, name);
    }

    /** H2 still holds this object in a local variable when it makes the table. */
    @Override
    public Table createTable(CreateTableData data) {
      restore();
      if (engine != null) {
        data.tableEngine = engine;
        data.tableEngineParams = engineParameters.of(data.columns);
      }
      return schema.createTable(data);
    }
  }

  /** Parses again after a change of the catalog, as H2 does, with the rights of the real user. */
  private void recompile() {
    Prepared parsed = session.prepare(getSQL());
    if (!(parsed instanceof CreateTable fresh)) {
      throw new IllegalStateException("CREATE TABLE became " + parsed.getClass());
    }
    ArrayList<Parameter> old = getParameters();
    ArrayList<Parameter> parameters = fresh.getParameters();
    if (old != null && parameters != null) {
      for (int i = 0; i < Math.min(old.size(), parameters.size()); i++) {
        parameters.get(i).setValue(old.get(i).getValue(session));
      }
    }
    create = fresh;
  }

  @Override
  public void setCommand(Command command) {
    super.setCommand(command);
    create.setCommand(command);
  }

  /** H2 would replace this object by its own statement; see {@link #recompile}. */
  @Override
  public boolean needRecompile() {
    return false;
  }

  @Override
  public boolean isTransactional() {
    return create.isTransactional();
  }

  @Override
  public boolean isRetryable() {
    return create.isRetryable();
  }

  @Override
  public ResultInterface queryMeta() {
    return create.queryMeta();
  }

  @Override
  public int getType() {
    return create.getType();
  }

  /**
   * Statements of a list that are parsed only when those before them have run: H2 does so behind
   * one of data definition, and with any of which the catalog has changed.
   */
  private static final class Remaining extends Prepared {
    Remaining(SessionLocal session, String sql) {
      super(session);
      setSQL(sql, null);
    }

    @Override
    public long update() {
      Command command = session.prepareLocal(getSQL());
      install(session, command);
      if (command.isQuery()) {
        command.executeQuery(0, -1, false).close();
      } else {
        command.executeUpdate(null);
      }
      return 0;
    }

    /** There is nothing to parse again: {@link #update} parses. */
    @Override
    public boolean needRecompile() {
      return false;
    }

    @Override
    public boolean isTransactional() {
      return true;
    }

    @Override
    public ResultInterface queryMeta() {
      return null;
    }

    @Override
    public int getType() {
      return CommandInterface.UNKNOWN;
    }
  }
}

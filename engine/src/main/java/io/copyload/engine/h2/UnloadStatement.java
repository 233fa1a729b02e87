package io.copyload.engine.h2;

import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.UnloadOptions;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.CompressedRowWriter;
import io.copyload.engine.export.DelimitedRowWriter;
import io.copyload.engine.export.JsonRowWriter;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.export.parquet.ParquetRowWriter;
import io.copyload.engine.export.parquet.ParquetSink;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.JsonLinesSpec;
import io.copyload.engine.format.ParquetSpec;
import io.copyload.engine.source.Destination;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.statement.LeadingWords;
import io.copyload.engine.statement.SourceRef;
import io.copyload.engine.statement.TextRange;
import io.copyload.engine.statement.Unload;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.sql.SQLWarning;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.h2.engine.Mode;
import org.h2.engine.SessionLocal;
import org.h2.table.Column;

/**
 * {@code UNLOAD ('query') TO 'location'}: Redshift's export into files named by slice and part. Its
 * files are seen when all of them are complete.
 */
final class UnloadStatement implements OwnStatement {
  /** What UNLOAD may have written here before. */
  private static final Pattern OWN_NAMES =
      Pattern.compile("(?:[0-9]{4,}_part_[0-9]{2,}|[0-9]{3,})(?:\\.[\\w.-]+)?|manifest");

  private static final String INFO_STATE = "00000";

  private final Unload unload;
  private final UnloadOptions options;

  private UnloadStatement(Unload unload) {
    this.unload = unload;
    options = UnloadOptions.of(unload);
  }

  /** Texts that begin with UNLOAD and a parenthesis. */
  static final Kind KIND =
      new Kind() {
        @Override
        public boolean claims(String sql) {
          return Unload.is(sql);
        }

        @Override
        public OwnStatement prepare(SessionLocal session, CopySettings settings, String sql) {
          return new UnloadStatement(Unload.parse(sql));
        }
      };

  @Override
  public List<Column> columns() {
    return List.of();
  }

  @Override
  public long run(Execution execution) {
    SessionLocal session = execution.session();
    CopySettings settings = execution.settings();
    ExportSource source = source(session);
    boolean[] forceQuote = new boolean[source.types().size()];
    Arrays.fill(forceQuote, options.addQuotes());
    ZoneId zone = CopyExecutor.zone(session);
    boolean padsChar = session.getMode().charPadding != Mode.CharPadding.NEVER;
    boolean parquet = options.format() instanceof ParquetSpec;
    List<String> names = parquet ? CopyToExecutor.uniqueNames(source) : source.columnNames();
    if (options.format() instanceof JsonLinesSpec) {
      checkDistinct(names);
    }
    Function<List<TargetType>, RowWriter> writers =
        types -> {
          if (parquet) {
            return new ParquetRowWriter(names, source.types(), types, zone, padsChar);
          }
          RowWriter text =
              options.format() instanceof DelimitedSpec delimited
                  ? new DelimitedRowWriter(delimited, types, forceQuote, zone, padsChar)
                      .markingRows()
                  : new JsonRowWriter(names, types, zone, padsChar, false).markingRows();
          return switch (options.compression()) {
            case NONE -> text;
            case GZIP -> CompressedRowWriter.gzip(text);
            case ZSTD -> CompressedRowWriter.zstd(text);
          };
        };
    try (Destination destination =
        ExportTarget.destination(
            session,
            unload.location(),
            options.clauses(),
            settings,
            execution.cancel(),
            unload.locationRange().position())) {
      checkEmpty(destination);
      SplitSink sink =
          new SplitSink(
              new ExportFiles(destination, layout(settings)),
              names,
              source.types(),
              parquet ? out -> rowGroups(out, names, source.types(), settings) : null);
      OutputBuffer head = new OutputBuffer(1024);
      writers.apply(source.types()).begin(names, head);
      sink.writeHead(head);
      long rows = source.write(session, writers, sink, execution.cancel(), settings.threads());
      sink.finish();
      execution
          .warnings()
          .accept(
              new SQLWarning(
                  "UNLOAD completed, " + rows + " record(s) unloaded successfully.", INFO_STATE));
      return rows;
    } catch (IOException e) {
      throw CopyToExecutor.notWritten(e);
    }
  }

  /** Open row groups of all files together have at most half of the memory of a load. */
  private ParquetSink rowGroups(
      ByteSink out, List<String> names, List<TargetType> types, CopySettings settings) {
    long most = settings.memoryBytes() / 2 / (options.parallel() ? settings.threads() : 1);
    return new ParquetSink(out, names, types)
        .withGroupBytes(Math.max(1 << 20, Math.min(options.rowGroupBytes(), most)));
  }

  /** Keys of a JSON object must differ. */
  private void checkDistinct(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      if (!seen.add(name)) {
        throw new CopyException(
                CopyErrorCode.DUPLICATE_COLUMN, "column \"" + name + "\" specified more than once")
            .withHint("UNLOAD in JSON needs a name of its own for each column of the query.")
            .withPosition(unload.queryRange().position());
      }
    }
  }

  private ExportSource source(SessionLocal session) {
    SourceRef.StringSource target =
        new SourceRef.StringSource(unload.location(), unload.locationRange());
    boolean whole =
        unload.table() != null && TableBinding.find(session, unload.table()) instanceof HybridTable;
    String query = unload.query();
    if (!whole
        && !LeadingWords.are(query, "SELECT")
        && !LeadingWords.are(query, "WITH")
        && !query.stripLeading().startsWith("(")) {
      throw new CopyException(CopyErrorCode.SYNTAX, "UNLOAD needs a SELECT")
          .withPosition(unload.queryRange().position());
    }
    CopyTo copy =
        new CopyTo(
            whole ? unload.table() : null,
            List.of(),
            whole ? null : new TextRange(0, query.length()),
            target,
            List.of(),
            unload.queryRange());
    return ExportSource.of(
        session,
        query,
        copy,
        List.of(),
        DialectName.POSTGRESQL.postgresMajor(),
        !(options.format() instanceof DelimitedSpec));
  }

  private void checkEmpty(Destination destination) throws IOException {
    if (options.overwrites() || options.cleans()) {
      return;
    }
    String there = destination.existing(suffix -> OWN_NAMES.matcher(suffix).matches());
    if (there != null) {
      throw new CopyException(
              CopyErrorCode.OBJECT_EXISTS,
              "Specified unload destination is not empty: \""
                  + there
                  + "\" exists. Consider using a"
                  + " different bucket / prefix, manually removing the target files, or using the"
                  + " ALLOWOVERWRITE option.")
          .withPosition(unload.locationRange().position());
    }
  }

  private ExportFiles.Layout layout(CopySettings settings) {
    String dot = options.extension().isEmpty() ? "" : "." + options.extension();
    boolean parallel = options.parallel();
    return new ExportFiles.Layout(
        (slice, part) ->
            (parallel
                    ? String.format(Locale.ROOT, "%04d_part_%02d", slice, part)
                    : String.format(Locale.ROOT, "%03d", part))
                + dot,
        parallel ? settings.threads() : 1,
        options.maxFileBytes(),
        options.manifest() ? "manifest" : null,
        options.verbose(),
        options.cleans());
  }
}

package io.copyload.engine.h2;

import io.copyload.engine.CancelToken;
import io.copyload.engine.CopyErrorCode;
import io.copyload.engine.CopyException;
import io.copyload.engine.dialect.ColumnChoice;
import io.copyload.engine.dialect.CopyResolver;
import io.copyload.engine.dialect.DialectName;
import io.copyload.engine.dialect.ResolvedExport;
import io.copyload.engine.export.ByteSink;
import io.copyload.engine.export.DelimitedRowWriter;
import io.copyload.engine.export.JsonRowWriter;
import io.copyload.engine.export.OutputBuffer;
import io.copyload.engine.export.PgBinaryRowWriter;
import io.copyload.engine.export.RowWriter;
import io.copyload.engine.export.TranscodingSink;
import io.copyload.engine.export.parquet.ParquetRowWriter;
import io.copyload.engine.export.parquet.ParquetSink;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.JsonLinesSpec;
import io.copyload.engine.format.ParquetSpec;
import io.copyload.engine.format.PgBinarySpec;
import io.copyload.engine.statement.CopyTo;
import io.copyload.engine.store.TargetType;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.h2.engine.Mode;
import org.h2.engine.SessionLocal;

/**
 * Runs a COPY TO: resolve, bind, write.
 *
 * <p>The rows are those that the session sees when the statement begins. The table's shared lock
 * keeps its columns as they are meanwhile.
 */
final class CopyToExecutor {
  private CopyToExecutor() {}

  /**
   * Writes rows.
   *
   * @param sql the statement's text
   * @param stdout takes what goes to STDOUT; null when there is nobody
   * @return number of rows
   */
  static long run(
      SessionLocal session,
      String sql,
      CopyTo statement,
      List<Object> parameters,
      ByteSink stdout,
      CancelToken cancel,
      CopySettings settings) {
    ResolvedExport resolved = CopyResolver.resolve(statement, settings.dialect());
    ExportSource source =
        ExportSource.of(
            session,
            sql,
            statement,
            parameters,
            resolved.dialect().postgresMajor(),
            resolved.format() instanceof ParquetSpec || resolved.format() instanceof JsonLinesSpec);
    boolean[] forceQuote = forceQuote(source, resolved.forceQuote());
    Object parameter =
        ExportTarget.parameter(sql, statement.target(), parameters, source.parameterCount());
    boolean parquet = resolved.format() instanceof ParquetSpec;
    boolean binary = resolved.format() instanceof PgBinarySpec;
    if (binary && source.hasRows()) {
      // Their text would not be the value.
      throw new CopyException(
          CopyErrorCode.FEATURE_NOT_SUPPORTED,
          "COPY of ROW values in BINARY mode is not supported yet");
    }
    ZoneId zone = CopyExecutor.zone(session);
    boolean escapesLess = resolved.dialect() == DialectName.MATERIALIZE;
    boolean padsChar = session.getMode().charPadding != Mode.CharPadding.NEVER;
    try (ExportTarget target =
        ExportTarget.of(
            session, statement.target(), parameter, stdout, resolved.place(), settings, cancel)) {
      Function<List<TargetType>, RowWriter> writers =
          writers(resolved, source, forceQuote, zone, padsChar, escapesLess, target.splits());
      RowWriter frame = writers.apply(source.types());
      if ((binary || parquet) && target.takesCharacters()) {
        throw new CopyException(
            CopyErrorCode.INVALID_PARAMETER_VALUE,
            "COPY in " + (binary ? "binary" : "Parquet") + " format cannot be written to a Writer");
      }
      List<String> names = parquet ? uniqueNames(source) : source.columnNames();
      ByteSink raw =
          target.open(
              names,
              source.types(),
              parquet ? out -> new ParquetSink(out, names, source.types()) : null,
              resolved.format() instanceof DelimitedSpec ? "csv" : resolved.format().historyName());
      boolean transcodes =
          !binary && !parquet && !resolved.encoding().isUtf8() && !target.takesCharacters();
      ByteSink sink = transcodes ? transcoding(raw, resolved) : raw;
      raw.begin(source.types().size(), binary);
      OutputBuffer out = new OutputBuffer(1024);
      frame.begin(source.columnNames(), out);
      sink.writeHead(out);
      long rows = source.write(session, writers, sink, cancel, settings.threads());
      out.clear();
      frame.end(out);
      sink.write(out.bytes, 0, out.size);
      sink.finish();
      return rows;
    } catch (IOException e) {
      throw notWritten(e);
    }
  }

  static CopyException notWritten(IOException e) {
    return new CopyException(
        CopyErrorCode.OBJECT_UNREADABLE,
        "could not write COPY data: " + (e.getMessage() == null ? "I/O error" : e.getMessage()),
        e);
  }

  private static boolean[] forceQuote(ExportSource source, ColumnChoice choice) {
    if (!choice.all()) {
      return source.chosen(choice.columns(), "FORCE_QUOTE");
    }
    boolean[] all = new boolean[source.types().size()];
    Arrays.fill(all, true);
    return all;
  }

  /** Names of columns; equal ones get a number from 2 on, as in Materialize. */
  static List<String> uniqueNames(ExportSource source) {
    List<String> unique = new ArrayList<>();
    Set<String> taken = new HashSet<>(source.columnNames());
    for (String name : source.columnNames()) {
      String free = name;
      for (int number = 2; unique.contains(free); number++) {
        String next = name + number;
        free = taken.contains(next) ? free : next;
      }
      unique.add(free);
    }
    return unique;
  }

  /** Makes the writers of a format for columns of some types. */
  private static Function<List<TargetType>, RowWriter> writers(
      ResolvedExport resolved,
      ExportSource source,
      boolean[] forceQuote,
      ZoneId zone,
      boolean padsChar,
      boolean escapesLess,
      boolean splits) {
    if (resolved.format() instanceof ParquetSpec) {
      List<String> names = uniqueNames(source);
      return types -> new ParquetRowWriter(names, source.types(), types, zone, padsChar);
    }
    if (resolved.format() instanceof JsonLinesSpec) {
      return types -> {
        JsonRowWriter json = new JsonRowWriter(source.columnNames(), types, zone, padsChar);
        return splits ? json.markingRows() : json;
      };
    }
    if (!(resolved.format() instanceof DelimitedSpec delimited)) {
      return types -> new PgBinaryRowWriter(types, padsChar);
    }
    return types -> {
      DelimitedRowWriter text =
          new DelimitedRowWriter(delimited, types, forceQuote, zone, padsChar);
      if (escapesLess) {
        text.escapingLess();
      }
      return splits ? text.markingRows() : text;
    };
  }

  /** The marker of NULL must have the encoding's characters even if no value is NULL. */
  private static ByteSink transcoding(ByteSink raw, ResolvedExport resolved) {
    TranscodingSink sink =
        new TranscodingSink(raw, resolved.encoding().charset(), resolved.encoding().name());
    if (resolved.format() instanceof DelimitedSpec delimited) {
      sink.check(delimited.nullMarker());
    }
    return sink;
  }
}

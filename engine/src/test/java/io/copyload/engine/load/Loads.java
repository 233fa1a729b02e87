package io.copyload.engine.load;

import io.copyload.engine.CancelToken;
import io.copyload.engine.convert.ConversionSpec;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/** Short ways to plans and specs for the tests of this package. */
final class Loads {
  static final DelimitedSpec CSV = csv(',', '"', '"', "");
  static final DelimitedSpec TEXT = text('\t', "\\N");

  private Loads() {}

  static DelimitedSpec csv(char delimiter, char quote, char escape, String nullMarker) {
    return new DelimitedSpec(
        Style.POSTGRES_CSV,
        (byte) delimiter,
        quote,
        escape,
        nullMarker,
        false,
        false,
        null,
        Header.NONE,
        0,
        false,
        EndMarker.NONE);
  }

  static DelimitedSpec text(char delimiter, String nullMarker) {
    return new DelimitedSpec(
        Style.POSTGRES_TEXT,
        (byte) delimiter,
        -1,
        '\\',
        nullMarker,
        false,
        false,
        null,
        Header.NONE,
        0,
        false,
        EndMarker.STRICT);
  }

  static DelimitedSpec redshiftCsv() {
    return new DelimitedSpec(
        Style.REDSHIFT_CSV,
        (byte) ',',
        '"',
        '"',
        "\\N",
        false,
        true,
        null,
        Header.NONE,
        0,
        true,
        EndMarker.NONE);
  }

  static DelimitedSpec redshiftText(boolean escape) {
    return new DelimitedSpec(
        Style.REDSHIFT_TEXT,
        (byte) '|',
        -1,
        escape ? '\\' : -1,
        "\\N",
        false,
        true,
        null,
        Header.NONE,
        0,
        true,
        EndMarker.NONE);
  }

  static DelimitedSpec withHeader(DelimitedSpec s, Header header, int skipLines) {
    return new DelimitedSpec(
        s.style(),
        s.delimiter(),
        s.quote(),
        s.escape(),
        s.nullMarker(),
        s.nullInQuotes(),
        s.emptyIsNullForNonText(),
        s.defaultMarker(),
        header,
        skipLines,
        s.trailingDelimiter(),
        s.endMarker(),
        s.redshift());
  }

  /** Columns named a, b, c, ... */
  static List<TargetColumn> columns(Kind... kinds) {
    List<TargetColumn> columns = new ArrayList<>();
    for (Kind kind : kinds) {
      columns.add(
          new TargetColumn(
              String.valueOf((char) ('a' + columns.size())), TargetType.of(kind), false));
    }
    return columns;
  }

  static ConversionSpec conversion(DelimitedSpec spec) {
    return conversion(spec, RedshiftConversion.DEFAULT);
  }

  static ConversionSpec conversion(DelimitedSpec spec, RedshiftConversion values) {
    boolean redshift = spec.style() == Style.REDSHIFT_CSV || spec.style() == Style.REDSHIFT_TEXT;
    return new ConversionSpec(
        redshift ? ConversionSpec.Dialect.REDSHIFT : ConversionSpec.Dialect.POSTGRESQL,
        18,
        ZoneOffset.UTC,
        1_700_000_000L,
        0,
        (type, text, begin, end) -> {
          throw new IllegalArgumentException("no foreign types here");
        },
        values);
  }

  static LoadPlan plan(
      DelimitedSpec spec,
      List<TargetColumn> columns,
      ErrorBudget budget,
      int slices,
      int unitBytes,
      List<SourceObject> objects) {
    return plan(spec, RedshiftConversion.DEFAULT, columns, budget, slices, unitBytes, objects);
  }

  static LoadPlan plan(
      FormatSpec spec,
      RedshiftConversion values,
      List<TargetColumn> columns,
      ErrorBudget budget,
      int slices,
      int unitBytes,
      List<SourceObject> objects) {
    return new LoadPlan(
        "t",
        objects,
        LoadPlan.Compression.DETECT,
        spec,
        columns,
        conversion(spec instanceof FixedSpec fixed ? fixed.text() : (DelimitedSpec) spec, values),
        budget,
        slices,
        64 << 20,
        unitBytes,
        1000);
  }

  /** Everything that a load says about itself, as text. */
  static String run(LoadPlan plan) {
    CollectingSink sink = new CollectingSink();
    try {
      LoadOutcome outcome = LoadPipeline.run(plan, sink, new CancelToken(), new LoadProgress());
      StringBuilder text = new StringBuilder();
      for (String row : sink.rows()) {
        text.append(row).append('\n');
      }
      if (outcome.loadedRows() != sink.rows().size()) {
        text.append("loaded rows ").append(outcome.loadedRows()).append('\n');
      }
      describe(text, outcome, plan);
      if (outcome.replacedRows() > 0) {
        text.append("replaced ").append(outcome.replacedRows()).append('\n');
      }
      describeReplacements(text, outcome);
      for (LoadOutcome.ObjectOutcome object : outcome.objects()) {
        text.append(object.name())
            .append(" lines ")
            .append(object.lines())
            .append(" rejects ")
            .append(object.rejects())
            .append(" decoded ")
            .append(object.decodedBytes())
            .append('\n');
        for (LoadOutcome.Chunk chunk : object.chunks()) {
          text.append(chunk(chunk.start(), chunk.bytes(), chunk.lines(), chunk.rejects()));
        }
      }
      return text.toString();
    } catch (LoadFailedException e) {
      sink.rows();
      StringBuilder text = new StringBuilder("FAILED ");
      describe(text, e.outcome(), plan);
      describeReplacements(text, e.outcome());
      return text.append(reject(e.decisive(), plan))
          .append(" after ")
          .append(e.outcome().loadedRows())
          .append('\n')
          .toString();
    }
  }

  static String chunk(long start, long bytes, long lines, long rejects) {
    return "  from " + start + ": " + bytes + " lines " + lines + " rejects " + rejects + "\n";
  }

  private static void describe(StringBuilder text, LoadOutcome outcome, LoadPlan plan) {
    text.append("rejected ").append(outcome.rejectedRows()).append('\n');
    for (Reject reject : outcome.rejects()) {
      text.append(reject(reject, plan)).append('\n');
    }
  }

  private static void describeReplacements(StringBuilder text, LoadOutcome outcome) {
    for (Reject record : outcome.replacements()) {
      text.append(replacement(record.lineNumber(), record.columnName(), record.rawRecord()))
          .append('\n');
    }
  }

  static String replacement(long line, String column, String raw) {
    return "replaced in line " + line + " " + column + " <" + raw + ">";
  }

  static String reject(Reject reject, LoadPlan plan) {
    return reject.reason()
        + " "
        + reject.fieldNumber()
        + " "
        + reject.columnName()
        + " at "
        + reject.position()
        + ": "
        + reject.message()
        + " ["
        + ErrorContext.of(plan.tableName(), reject)
        + "] "
        + reject.detail()
        + " "
        + reject.hint()
        + " <"
        + reject.value()
        + "> <"
        + reject.rawRecord()
        + "> "
        + raw(reject.raw())
        + " "
        + reject.fields()
        + " up to "
        + reject.faultField()
        + " in "
        + reject.chunkStart();
  }

  private static String raw(RawRecord raw) {
    return raw == null
        ? "no record"
        : raw.begin()
            + ".."
            + raw.end()
            + " <"
            + new String(raw.bytes(), StandardCharsets.ISO_8859_1)
            + ">";
  }
}

package io.copyload.engine.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.copyload.engine.compress.Compressed;
import io.copyload.engine.convert.DateTimeFormat;
import io.copyload.engine.convert.RedshiftConversion;
import io.copyload.engine.format.DelimitedSpec;
import io.copyload.engine.format.DelimitedSpec.EndMarker;
import io.copyload.engine.format.DelimitedSpec.Header;
import io.copyload.engine.format.DelimitedSpec.Style;
import io.copyload.engine.format.FixedSpec;
import io.copyload.engine.format.FormatSpec;
import io.copyload.engine.format.RedshiftRules;
import io.copyload.engine.source.SourceObject;
import io.copyload.engine.store.TargetType;
import io.copyload.engine.store.TargetType.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The same input gives the same rows, rejects, line numbers and messages, however it is cut; the
 * plain reader's.
 */
class InvarianceFuzzTest {
  private static final int[] UNIT_BYTES = {16, 17, 31, 64, 100, 1000, 1 << 20};
  private static final int ROUNDS = Integer.getInteger("copyload.rounds", 1500);

  private final long baseSeed = Long.getLong("copyload.seed", System.nanoTime());

  @Test
  void anyCutOfRandomBytesGivesThePlainResult() throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      long seed = baseSeed + round;
      try {
        check(new Random(seed), seed);
      } catch (Throwable e) {
        throw new AssertionError("-Dcopyload.seed=" + seed + " -Dcopyload.rounds=1", e);
      }
    }
  }

  private static void check(Random random, long seed) throws IOException {
    DelimitedSpec spec = spec(random);
    List<TargetColumn> columns = columns(random);
    RedshiftConversion values = values(random);
    FormatSpec format =
        spec.style() == Style.REDSHIFT_TEXT && random.nextInt(4) == 0 && !columns.isEmpty()
            ? fixed(random, spec, columns.size())
            : spec;
    int objectCount = random.nextInt(5) == 0 ? 1 + random.nextInt(4) : 1;
    List<byte[]> data = new ArrayList<>();
    for (int i = 0; i < objectCount; i++) {
      data.add(data(random, format, spec, columns));
    }
    SourceEncoding encoding =
        spec.isRedshift() && random.nextInt(5) == 0
            ? SourceEncoding.values()[random.nextInt(5)]
            : SourceEncoding.UTF8;
    if (encoding != SourceEncoding.UTF8) {
      data.replaceAll(bytes -> onlyCharacters(bytes, encoding));
    }
    ErrorBudget budget =
        switch (random.nextInt(5)) {
          case 0 -> ErrorBudget.NONE;
          case 1 -> new ErrorBudget(1 + random.nextInt(6), random.nextBoolean());
          case 2 -> new ErrorBudget(Long.MAX_VALUE, true);
          default -> new ErrorBudget(Long.MAX_VALUE, false);
        };
    String expected = null;
    for (int trial = 0; trial < 4; trial++) {
      int slices = trial == 0 ? 1 : 1 + random.nextInt(8);
      int unitBytes = UNIT_BYTES[random.nextInt(UNIT_BYTES.length)];
      int how = trial == 0 ? 0 : random.nextInt(4);
      List<SourceObject> objects = new ArrayList<>();
      for (int i = 0; i < objectCount; i++) {
        byte[] plain = encoded(data.get(i), encoding, seed);
        byte[] stored = how == 3 ? compressed(plain, random) : plain;
        SourceObject object =
            new StrangeObject("o" + i, stored, how == 0 || how == 3, how != 2, seed);
        objects.add(
            switch (encoding) {
              case UTF8 -> object;
              case ISO88591 -> new TranscodedObject(object, StandardCharsets.ISO_8859_1);
              default -> new TranscodedObject(object, encoding);
            });
      }
      LoadPlan plan = Loads.plan(format, values, columns, budget, slices, unitBytes, objects);
      if (expected == null) {
        expected = PlainLoad.run(plan, data);
      }
      String actual = Loads.run(plan);
      if (spec.endMarker() != EndMarker.NONE) {
        // What follows an end marker may or may not be read.
        actual = actual.replaceAll("decoded \\d+", "decoded");
        expected = expected.replaceAll("decoded \\d+", "decoded");
      }
      boolean inParts = how == 0 && encoding == SourceEncoding.UTF8;
      assertEquals(
          inParts ? expected : PlainLoad.withoutChunks(expected),
          actual,
          describe(plan, data, how));
    }
  }

  /** Text that is UTF-8, of characters that the encoding has. */
  private static byte[] onlyCharacters(byte[] bytes, SourceEncoding encoding) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return (encoding == SourceEncoding.ISO88591 ? text.replaceAll("[^\\x00-\\xff]", "x") : text)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] encoded(byte[] bytes, SourceEncoding encoding, long seed) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String marked = ((seed & 1) == 0 ? "\ufeff" : "") + text;
    return switch (encoding) {
      case UTF8 -> bytes;
      case ISO88591 -> text.getBytes(StandardCharsets.ISO_8859_1);
      case UTF16 ->
          ("\ufeff" + text)
              .getBytes((seed & 2) == 0 ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_16BE);
      case UTF16LE -> marked.getBytes(StandardCharsets.UTF_16LE);
      case UTF16BE -> marked.getBytes(StandardCharsets.UTF_16BE);
    };
  }

  private static String describe(LoadPlan plan, List<byte[]> data, int how) {
    StringBuilder text =
        new StringBuilder("slices ")
            .append(plan.slices())
            .append(" unit ")
            .append(plan.unitBytes())
            .append(" how ")
            .append(how)
            .append(' ')
            .append(plan.format())
            .append(plan.columns())
            .append(plan.budget());
    for (byte[] bytes : data) {
      text.append("\n<").append(new String(bytes, StandardCharsets.ISO_8859_1)).append('>');
    }
    return text.toString();
  }

  private static DelimitedSpec spec(Random random) {
    Style style = Style.values()[random.nextInt(4)];
    boolean csv = style == Style.POSTGRES_CSV || style == Style.REDSHIFT_CSV;
    boolean redshift = style == Style.REDSHIFT_CSV || style == Style.REDSHIFT_TEXT;
    char delimiter = ",|\t;".charAt(random.nextInt(4));
    int quote = csv ? (random.nextInt(4) == 0 ? '\'' : '"') : -1;
    int escape =
        switch (style) {
          case POSTGRES_CSV -> random.nextInt(3) == 0 ? '\\' : quote;
          case REDSHIFT_CSV -> quote;
          case POSTGRES_TEXT -> '\\';
          case REDSHIFT_TEXT -> random.nextBoolean() ? '\\' : -1;
        };
    String[] markers = {"", "\\N", "N", "nil", "\0"};
    String marker = markers[random.nextInt(redshift ? 5 : 4)];
    EndMarker endMarker =
        style == Style.POSTGRES_TEXT
            ? new EndMarker[] {
                  EndMarker.NONE, EndMarker.STRICT, EndMarker.STRICT, EndMarker.ANYWHERE
                }
                [random.nextInt(4)]
            : style == Style.POSTGRES_CSV && random.nextInt(3) == 0
                ? EndMarker.WHOLE_LINE
                : EndMarker.NONE;
    RedshiftRules rules =
        redshift ? rules(random, style == Style.REDSHIFT_TEXT) : RedshiftRules.NONE;
    // Redshift has no header but skipped lines.
    Header header =
        random.nextInt(3) > 0 || rules.ignoreBlankLines()
            ? Header.NONE
            : redshift || random.nextBoolean() ? Header.SKIP : Header.MATCH;
    return new DelimitedSpec(
        style,
        rules.delimiter() == null
            ? (byte) delimiter
            : rules.delimiter().getBytes(StandardCharsets.UTF_8)[0],
        quote,
        escape,
        marker,
        csv && random.nextInt(4) == 0,
        redshift && random.nextInt(3) > 0,
        !redshift && random.nextInt(5) == 0 ? "D" : null,
        header,
        random.nextInt(5) == 0 ? random.nextInt(3) : 0,
        redshift && random.nextInt(3) > 0,
        endMarker,
        rules,
        style == Style.POSTGRES_CSV && random.nextInt(3) == 0);
  }

  private static RedshiftRules rules(Random random, boolean text) {
    String[] delimiters = {"||", "|~|", "é", ",a", "\t\t", " | ", "aaa", "abacabadaba", "·|"};
    return new RedshiftRules(
        random.nextInt(4) == 0 ? delimiters[random.nextInt(delimiters.length)] : null,
        text && random.nextInt(3) == 0,
        random.nextInt(3) == 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0,
        random.nextInt(4) == 0);
  }

  private static RedshiftConversion values(Random random) {
    return random.nextInt(3) == 0
        ? RedshiftConversion.DEFAULT
        : new RedshiftConversion(
            random.nextBoolean() ? DateTimeFormat.date("auto") : DateTimeFormat.DEFAULT_DATE,
            DateTimeFormat.DEFAULT_TIME,
            random.nextInt(3) == 0,
            random.nextBoolean() ? '?' : -1,
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean());
  }

  private static List<TargetColumn> columns(Random random) {
    Kind[] kinds = {
      Kind.INTEGER,
      Kind.VARCHAR,
      Kind.VARCHAR,
      Kind.DATE,
      Kind.DOUBLE,
      Kind.BOOLEAN,
      Kind.CHAR,
      Kind.NUMERIC
    };
    List<TargetColumn> columns = new ArrayList<>();
    int count = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      columns.add(
          new TargetColumn(
              String.valueOf((char) ('a' + i)),
              type(random, kinds[random.nextInt(kinds.length)]),
              random.nextInt(5) == 0));
    }
    return columns;
  }

  private static TargetType type(Random random, Kind kind) {
    return kind == Kind.CHAR || (kind == Kind.VARCHAR && random.nextInt(3) == 0)
        ? TargetType.of(kind, 1 + random.nextInt(12), 0)
        : kind == Kind.NUMERIC ? TargetType.of(kind, 6, 1) : TargetType.of(kind);
  }

  private static FixedSpec fixed(Random random, DelimitedSpec spec, int columns) {
    List<FixedSpec.Field> fields = new ArrayList<>();
    for (int i = 0; i < columns; i++) {
      fields.add(new FixedSpec.Field("f", 1 + random.nextInt(12)));
    }
    DelimitedSpec text =
        new DelimitedSpec(
            Style.REDSHIFT_TEXT,
            (byte) '|',
            -1,
            -1,
            spec.nullMarker(),
            false,
            true,
            null,
            Header.NONE,
            spec.skipLines(),
            true,
            EndMarker.NONE,
            new RedshiftRules(
                null,
                false,
                spec.redshift().ignoreBlankLines(),
                spec.redshift().fillRecord(),
                spec.redshift().emptyAsNull(),
                spec.redshift().blanksAsNull()));
    return new FixedSpec(text, fields);
  }

  private static byte[] fixedData(
      Random random, FixedSpec format, DelimitedSpec spec, List<TargetColumn> columns) {
    StringBuilder text = new StringBuilder();
    int target = random.nextInt(4) == 0 ? random.nextInt(2000) : random.nextInt(120);
    String lineEnd = new String[] {"\n", "\r", "\r\n"}[random.nextInt(3)];
    while (text.length() < target) {
      for (int i = 0; i < columns.size() && random.nextInt(40) > 0; i++) {
        int width = format.fields().get(i).width();
        String value =
            new String(
                field(random, spec, columns.get(i).type().kind(), lineEnd), StandardCharsets.UTF_8);
        int[] points = value.replace('\n', '.').replace('\r', '.').codePoints().toArray();
        for (int k = 0; k < width; k++) {
          text.appendCodePoint(k < points.length ? points[k] : ' ');
        }
      }
      text.append(" ".repeat(random.nextInt(20) == 0 ? 2 : 0));
      text.append(random.nextInt(30) == 0 ? "x" : "");
      text.append(lineEnd);
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    if (random.nextInt(4) == 0 && bytes.length > 0) {
      bytes[random.nextInt(bytes.length)] = (byte) 0xe4;
    }
    return bytes;
  }

  private static byte[] data(
      Random random, FormatSpec format, DelimitedSpec spec, List<TargetColumn> columns) {
    if (format instanceof FixedSpec fixed && random.nextInt(4) > 0) {
      return fixedData(random, fixed, spec, columns);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int target = random.nextInt(4) == 0 ? random.nextInt(2000) : random.nextInt(120);
    if (random.nextInt(3) == 0) {
      while (out.size() < target) {
        out.writeBytes(noise(random, spec));
      }
      return out.toByteArray();
    }
    String[] lineEnds = {"\n", "\r", "\r\n"};
    String lineEnd = lineEnds[random.nextInt(3)];
    if (!spec.isRedshift() && random.nextInt(spec.mixedLines() ? 2 : 20) == 0) {
      out.writeBytes("\ufeff".getBytes(StandardCharsets.UTF_8));
    }
    if (spec.header() != Header.NONE && random.nextInt(8) > 0) {
      for (int i = 0; i < columns.size(); i++) {
        out.writeBytes(
            ((i > 0 ? new String(delimiter(spec), StandardCharsets.UTF_8) : "")
                    + columns.get(i).name())
                .getBytes(StandardCharsets.UTF_8));
      }
      out.writeBytes(lineEnd.getBytes(StandardCharsets.UTF_8));
    }
    int errors = random.nextInt(4);
    while (out.size() < target) {
      for (int i = 0; i < columns.size(); i++) {
        if (i > 0) {
          out.writeBytes(delimiter(spec));
        }
        out.writeBytes(field(random, spec, columns.get(i).type().kind(), lineEnd));
        if (random.nextInt(100) < errors) {
          out.writeBytes(noise(random, spec));
        }
      }
      if (spec.trailingDelimiter() && random.nextInt(3) == 0) {
        out.writeBytes(delimiter(spec));
      }
      for (boolean again = true; again; again = spec.mixedLines() && random.nextInt(6) == 0) {
        if (spec.mixedLines() && random.nextInt(4) == 0) {
          lineEnd = lineEnds[random.nextInt(3)];
        }
        out.writeBytes(lineEnd.getBytes(StandardCharsets.UTF_8));
      }
      if (spec.endMarker() != EndMarker.NONE && random.nextInt(60) == 0) {
        byte[] marker = ("\\." + lineEnd).getBytes(StandardCharsets.UTF_8);
        if (random.nextBoolean()) {
          out.writeBytes(field(random, spec, Kind.VARCHAR, lineEnd));
        }
        out.writeBytes(marker);
      }
    }
    byte[] bytes = out.toByteArray();
    return random.nextBoolean()
        ? java.util.Arrays.copyOf(bytes, Math.min(bytes.length, target))
        : bytes;
  }

  private static byte[] delimiter(DelimitedSpec spec) {
    return spec.redshift().delimiter() == null
        ? new byte[] {spec.delimiter()}
        : spec.redshift().delimiter().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] field(Random random, DelimitedSpec spec, Kind kind, String lineEnd) {
    if (random.nextInt(8) == 0) {
      return spec.nullMarker().getBytes(StandardCharsets.UTF_8);
    }
    String value =
        switch (kind) {
          case INTEGER -> String.valueOf(random.nextInt(3000) - 1000);
          case DATE ->
              "20"
                  + (10 + random.nextInt(20))
                  + "-0"
                  + (1 + random.nextInt(9))
                  + "-1"
                  + random.nextInt(10);
          case DOUBLE -> String.valueOf(random.nextInt(100) / 4.0);
          case BOOLEAN -> random.nextBoolean() ? "t" : "false";
          default -> word(random, spec, lineEnd);
        };
    if (spec.redshift().removeQuotes() && random.nextInt(3) == 0) {
      char q = random.nextBoolean() ? '"' : '\'';
      value = q + value + (random.nextInt(30) == 0 ? "" : q);
    }
    if (spec.escape() == '\\' && spec.style() == Style.REDSHIFT_TEXT && random.nextInt(4) == 0) {
      String d = new String(delimiter(spec), StandardCharsets.UTF_8);
      String[] escaped = {"\\" + d, "\\\\", "\\'", "\\\n", "\\a"};
      value += escaped[random.nextInt(escaped.length)];
    }
    if (spec.isCsv() && random.nextInt(3) == 0) {
      String q = String.valueOf((char) spec.quote());
      String e = String.valueOf((char) spec.escape());
      value = q + value.replace(e, e + e).replace(e.equals(q) ? "\u0000" : q, e + q) + q;
      if (spec.style() == Style.REDSHIFT_CSV && random.nextInt(4) == 0) {
        value = " " + value + " ";
      }
    }
    return value.getBytes(StandardCharsets.UTF_8);
  }

  private static String word(Random random, DelimitedSpec spec, String lineEnd) {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(30) == 0 ? 300 : random.nextInt(12);
    while (text.length() < length) {
      switch (random.nextInt(spec.isCsv() ? 24 : 14)) {
        case 0 -> text.append(' ');
        case 1 -> text.append('é');
        case 2 -> text.append(spec.style() == Style.POSTGRES_TEXT ? "\\n" : ".");
        case 3 -> text.append("\uD83D\uDE00");
        case 4 -> {
          String delimiter = new String(delimiter(spec), StandardCharsets.UTF_8);
          text.append(delimiter, 0, delimiter.length() - 1);
        }
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  /** Bytes that mean something, and some that must not. */
  private static byte[] noise(Random random, DelimitedSpec spec) {
    String[] pieces = {
      "\n",
      "\r",
      "\r\n",
      "\n",
      new String(delimiter(spec), StandardCharsets.UTF_8),
      new String(delimiter(spec), StandardCharsets.UTF_8),
      "\"",
      "\"\"",
      "'",
      "\\",
      "\\\\",
      "\\.",
      "\\.\n",
      "\\N",
      "N",
      "D",
      " ",
      "\t",
      "x",
      "1",
      "17",
      "a",
      "\\x41",
      "\\101",
      "\\xff",
      "\\0",
      ".",
      "é"
    };
    switch (random.nextInt(40)) {
      case 0:
        return new byte[] {0};
      case 1:
        return new byte[] {(byte) 0xff};
      case 2:
        return new byte[] {(byte) 0xe4};
      case 3:
        return new byte[] {(byte) 0xf0, (byte) 0x90};
      default:
        return pieces[random.nextInt(pieces.length)].getBytes(StandardCharsets.UTF_8);
    }
  }

  private static byte[] compressed(byte[] data, Random random) throws IOException {
    // Xz is decoded as a stream, like brotli, and slow to make.
    String codec = Compressed.CODECS.get(random.nextInt(Compressed.CODECS.size() - 1));
    return Compressed.compress(codec, data, random);
  }
}

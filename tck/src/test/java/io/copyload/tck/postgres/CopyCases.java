package io.copyload.tck.postgres;

import static io.copyload.tck.postgres.SampleType.pick;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a random {@link CopyCase} of a seed: always the same one. */
final class CopyCases {
  private static final byte[] NONE = {};

  /** Gives the binary form of rows: the real server's. */
  interface BinaryRows {
    byte[] of(CopyCase loaded) throws SQLException;
  }

  private final Random random;
  private final int major;
  private final BinaryRows binaryRows;

  private String format = "text";
  private char delimiter;
  private String nullText;
  private String defaultText;
  private boolean ignoresErrors;
  private char quote = '"';
  private char escape = '"';
  private String newline;
  private Charset charset = StandardCharsets.UTF_8;
  private List<CopyCase.Column> columns;
  private List<CopyCase.Column> listed;

  private CopyCases(long seed, int major, BinaryRows binaryRows) {
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.major = major;
    this.binaryRows = binaryRows;
  }

  static CopyCase of(long seed, int major, BinaryRows binaryRows) throws SQLException {
    return new CopyCases(seed, major, binaryRows).make();
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private CopyCase make() throws SQLException {
    String zone = pick(random, "UTC", "UTC", "America/New_York", "Asia/Kolkata");
    if (chance(25)) {
      return oneText(zone);
    }
    boolean writes = chance(15);
    columns = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    List<String> constraints = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SampleType type = SampleType.random(random);
      if (writes && (type.base().equals("json") || type.base().equals("interval"))) {
        // H2 keeps these in another form.
        type = new SampleType("text", "VARCHAR", "text");
      }
      String name = chance(10) ? "\"" + (char) ('A' + i) + " x\"" : "" + (char) ('a' + i);
      String suffix = chance(15) ? "NOT NULL" : "";
      if (type.base().equals("integer")) {
        if (chance(15)) {
          suffix = ("DEFAULT 42 " + suffix).trim();
        } else if (chance(10)) {
          constraints.add("CONSTRAINT k" + i + " CHECK (" + name + " > -100)");
        } else if (chance(7) && constraints.isEmpty()) {
          constraints.add("CONSTRAINT t_pkey PRIMARY KEY (" + name + ")");
        }
      } else if (type.postgres().equals("text") && chance(15)) {
        suffix = ("DEFAULT 'dflt' " + suffix).trim();
      }
      columns.add(new CopyCase.Column(name, type, suffix));
    }
    listed = columns;
    if (chance(20)) {
      listed = new ArrayList<>(columns);
      java.util.Collections.shuffle(listed, random);
      listed = listed.subList(0, 1 + random.nextInt(count));
    }
    StringBuilder list = new StringBuilder();
    if (listed != columns || chance(5)) {
      for (CopyCase.Column column : listed) {
        list.append(list.length() == 0 ? " (" : ", ").append(column.name());
      }
      list.append(')');
    }
    List<String> options = new ArrayList<>();
    boolean legacy = chance(15);
    String head = "COPY t" + list + (writes ? " TO STDOUT" : " FROM STDIN");
    options(options, legacy, writes);
    java.util.Collections.shuffle(options, random);
    if (writes) {
      if (chance(20) && list.length() == 0) {
        head = "COPY (SELECT * FROM t) TO STDOUT";
      }
      return new CopyCase(zone, columns, List.of(), textRows(), head, options, legacy, "", null);
    }
    byte[] input;
    if (format.equals("binary")) {
      CopyCase plain =
          new CopyCase(zone, columns, List.of(), textRows(), head, options, legacy, "", NONE);
      input = binaryRows.of(plain);
    } else {
      input = rows();
    }
    int damage = chance(35) ? 1 + random.nextInt(3) : 0;
    for (int i = 0; i < damage; i++) {
      input = damaged(input);
    }
    String where = chance(12) ? where() : "";
    return new CopyCase(zone, columns, constraints, NONE, head, options, legacy, where, input);
  }

  /** One text for one column: what the type's syntax makes of it. */
  private CopyCase oneText(String zone) {
    SampleType type = SampleType.random(random);
    columns = List.of(new CopyCase.Column("a", type, ""));
    String text = type.strange(random);
    byte[] input = ("\"" + text.replace("\"", "\"\"") + "\"\n").getBytes(StandardCharsets.UTF_8);
    return new CopyCase(
        zone,
        columns,
        List.of(),
        NONE,
        "COPY t FROM STDIN",
        List.of("FORMAT csv"),
        false,
        "",
        input);
  }

  private void options(List<String> options, boolean legacy, boolean writes) {
    int kind = random.nextInt(100);
    format = kind < 42 ? "csv" : kind < 85 ? "text" : "binary";
    boolean csv = format.equals("csv");
    if (legacy) {
      if (!format.equals("text")) {
        options.add(format.toUpperCase(java.util.Locale.ROOT));
      }
    } else if (!format.equals("text") || chance(30)) {
      options.add("FORMAT " + pick(random, format, "'" + format + "'"));
    }
    delimiter = csv ? ',' : '\t';
    nullText = csv ? "" : "\\N";
    newline = pick(random, "\n", "\n", "\n", "\r\n", "\r");
    if (format.equals("binary")) {
      if (chance(5)) {
        options.add(pick(random, "DELIMITER ','", "NULL 'x'", "HEADER", "ENCODING 'UTF8'"));
      }
      return;
    }
    if (chance(30)) {
      delimiter = ",|;~A \t\u0001:\"'\\#@".charAt(random.nextInt(csv ? 14 : 9));
      options.add("DELIMITER " + literal(delimiter + ""));
    }
    if (chance(30)) {
      nullText = pick(random, "", "NULL", "\\N", "NA", "x", "-", "null", " ", "0", "é", "\\", "N");
      options.add("NULL " + literal(nullText));
    }
    if (csv && chance(20)) {
      quote = "'$|\u0002\"x".charAt(random.nextInt(6));
      escape = quote;
      options.add("QUOTE " + literal(quote + ""));
    }
    if (csv && chance(25)) {
      escape = "\\$@\"'x,".charAt(random.nextInt(7));
      options.add("ESCAPE " + literal(escape + ""));
    }
    boolean header = chance(15) && (csv || major >= 15);
    if (header) {
      options.add(
          legacy || writes || major < 15
              ? "HEADER"
              : pick(
                  random, "HEADER", "HEADER true", "HEADER match", "HEADER match", "HEADER off"));
    }
    if (chance(8)) {
      String[] names = {
        "UTF8", "LATIN1", "WIN1252", "SQL_ASCII", "EUC_JP", "SJIS", "LATIN9", "KOI8R", "GBK", "BIG5"
      };
      String name = pick(random, names);
      options.add("ENCODING '" + name + "'");
      charset =
          switch (name) {
            case "LATIN1" -> StandardCharsets.ISO_8859_1;
            case "WIN1252" -> Charset.forName("windows-1252");
            case "EUC_JP" -> Charset.forName("EUC-JP");
            case "SJIS" -> Charset.forName("windows-31j");
            case "LATIN9" -> Charset.forName("ISO-8859-15");
            case "KOI8R" -> Charset.forName("KOI8-R");
            case "GBK" -> Charset.forName("GBK");
            case "BIG5" -> Charset.forName("Big5");
            default -> StandardCharsets.UTF_8;
          };
    }
    if (writes) {
      if (csv && chance(30)) {
        options.add(
            (legacy ? "FORCE QUOTE " : "FORCE_QUOTE ") + (chance(40) ? "*" : names(legacy)));
      }
    } else {
      if (csv && chance(15)) {
        options.add((legacy ? "FORCE NULL " : "FORCE_NULL ") + names(legacy));
      }
      if (csv && chance(15)) {
        options.add((legacy ? "FORCE NOT NULL " : "FORCE_NOT_NULL ") + names(legacy));
      }
      if (!legacy && major >= 16 && chance(12)) {
        defaultText = pick(random, "D", "\\D", "DEFAULT", "", "x", "\\N");
        options.add("DEFAULT " + literal(defaultText));
      }
      if (!legacy && major >= 17 && chance(25)) {
        options.add("ON_ERROR ignore");
        ignoresErrors = true;
        if (major >= 18 && chance(30)) {
          options.add("REJECT_LIMIT " + (1 + random.nextInt(3)));
        }
        if (chance(50)) {
          options.add(
              "LOG_VERBOSITY "
                  + pick(
                      random, "verbose", "verbose", "default", major >= 18 ? "silent" : "default"));
        }
      }
    }
    if (chance(4)) {
      options.add(
          legacy
              ? pick(
                  random,
                  "HEADER",
                  "CSV",
                  "DELIMITER ''",
                  "NULL E'a\\n'",
                  "QUOTE 'ab'",
                  "FREEZE",
                  "FORCE NULL (zz)",
                  "ENCODING 'nope'",
                  "BINARY")
              : pick(
                  random,
                  "DELIMITER 'ab'",
                  "DELIMITER 'a'",
                  "DELIMITER '.'",
                  "DELIMITER E'\\n'",
                  "NULL E'a\\n'",
                  "QUOTE 'ab'",
                  "QUOTE ','",
                  "ESCAPE ''",
                  "HEADER 2",
                  "FREEZE maybe",
                  "FORCE_NULL (zz)",
                  "FORCE_NOT_NULL x",
                  "ENCODING 'nope'",
                  "FORMAT csv",
                  "FORMAT parquet",
                  "foo",
                  "\"Header\"",
                  "ON_ERROR maybe",
                  "ON_ERROR stop",
                  "REJECT_LIMIT 0",
                  "REJECT_LIMIT 'x'",
                  "REJECT_LIMIT 3",
                  "LOG_VERBOSITY loud",
                  "DEFAULT ','",
                  "FORCE_QUOTE *",
                  "FORCE_QUOTE (a)",
                  "FORCE_NULL *",
                  "FORCE_NULL (a, a)",
                  "HEADER false",
                  "DELIMITER",
                  "NULL",
                  "FORMAT"));
    }
  }

  private String names(boolean legacy) {
    if (!legacy && major >= 17 && chance(25)) {
      return "*";
    }
    String name = listed.get(random.nextInt(listed.size())).name();
    return legacy ? name : "(" + name + ")";
  }

  private static String literal(String text) {
    boolean special = text.chars().anyMatch(c -> c < ' ');
    if (!special) {
      return "'" + text.replace("'", "''") + "'";
    }
    StringBuilder out = new StringBuilder("E'");
    for (char c : text.toCharArray()) {
      out.append(c < ' ' ? String.format(java.util.Locale.ROOT, "\\x%02x", (int) c) : c);
    }
    return out.append('\'').toString();
  }

  private String where() {
    CopyCase.Column column = columns.get(random.nextInt(columns.size()));
    String name = column.name();
    return switch (column.type().base()) {
      case "integer", "bigint", "smallint" ->
          name + pick(random, " > 0", " = 1", " <> 5", " IS NOT NULL");
      case "text" -> name + pick(random, " <> 'x'", " = 'abc'", " IS NOT NULL", " LIKE 'a%'");
      default -> name + pick(random, " IS NOT NULL", " IS NULL");
    };
  }

  /** Rows in the plain text format, most of them right, for all columns. */
  private byte[] textRows() {
    StringBuilder out = new StringBuilder();
    for (int r = random.nextInt(6); r >= 0; r--) {
      for (int i = 0; i < columns.size(); i++) {
        CopyCase.Column column = columns.get(i);
        String text =
            chance(15) && column.suffix().indexOf("NOT NULL") < 0
                ? "\\N"
                : column
                    .type()
                    .plain(random)
                    .replace("\\", "\\\\")
                    .replace("\t", "\\t")
                    .replace("\n", "\\n")
                    .replace("\r", "\\r");
        out.append(i == 0 ? "" : "\t").append(text);
      }
      out.append('\n');
    }
    return out.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] rows() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    boolean withStrange = chance(30);
    if (chance(15)) {
      List<String> names = new ArrayList<>();
      for (CopyCase.Column column : listed) {
        names.add(column.name().replace("\"", ""));
      }
      if (chance(15)) {
        names.set(0, pick(random, "A", "", nullText, "zz"));
      }
      put(out, String.join(delimiter + "", names));
      put(out, newline);
    }
    int count = chance(5) ? 200 : random.nextInt(6);
    for (int r = 0; r < count; r++) {
      int width = listed.size();
      if (chance(2)) {
        width += random.nextInt(3) - 1;
      }
      for (int i = 0; i < width; i++) {
        if (i > 0) {
          put(out, delimiter + "");
        }
        field(out, listed.get(Math.min(i, listed.size() - 1)), withStrange && chance(25));
      }
      if (r < count - 1 || chance(80)) {
        put(out, newline);
      }
    }
    if (chance(4)) {
      put(out, "\\." + pick(random, "", newline, newline + "rest", "x"));
    }
    return out.toByteArray();
  }

  private void put(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(charset));
  }

  private void field(ByteArrayOutputStream out, CopyCase.Column column, boolean strange) {
    if (defaultText != null && chance(column.suffix().contains("DEFAULT") ? 30 : 1)) {
      put(out, defaultText);
      return;
    }
    boolean csv = format.equals("csv");
    if (chance(column.suffix().contains("NOT NULL") ? 1 : 12)) {
      put(out, csv && chance(5) ? quote + nullText + quote : nullText);
      return;
    }
    boolean skips = ignoresErrors && column.type().holdsLess();
    String text = strange && !skips ? column.type().strange(random) : column.type().plain(random);
    put(out, csv ? csvField(text) : textField(text));
  }

  private String csvField(String text) {
    boolean needed =
        text.equals(nullText)
            || text.indexOf(delimiter) >= 0
            || text.indexOf(quote) >= 0
            || text.indexOf('\n') >= 0
            || text.indexOf('\r') >= 0;
    if (needed ? chance(2) : !chance(20)) {
      return text;
    }
    StringBuilder out = new StringBuilder().append(quote);
    for (char c : text.toCharArray()) {
      if (c == quote || c == escape) {
        out.append(escape);
      }
      out.append(c);
    }
    return out.append(quote).toString();
  }

  private String textField(String text) {
    StringBuilder out = new StringBuilder();
    for (char c : text.toCharArray()) {
      if (c == '\\' || c == delimiter || c == '\n' || c == '\r') {
        if (chance(1)) {
          out.append(c);
        } else if (c == '\n' && chance(60)) {
          out.append("\\n");
        } else if (c == '\r' && chance(60)) {
          out.append("\\r");
        } else if (chance(15) && c < 128) {
          out.append(
              String.format(java.util.Locale.ROOT, pick(random, "\\%03o", "\\x%02x"), (int) c));
        } else {
          out.append('\\').append(c);
        }
      } else if (c < 128 && chance(1)) {
        out.append(
            switch (c) {
              case '\t' -> "\\t";
              case '\b' -> "\\b";
              default ->
                  String.format(
                      java.util.Locale.ROOT, pick(random, "\\%o", "\\x%x", "\\%03o"), (int) c);
            });
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private byte[] damaged(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int length = Math.min(bytes.length - at, 1 + random.nextInt(4));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    if (chance(3)) {
      return java.util.Arrays.copyOf(bytes, at);
    }
    out.write(bytes, 0, at);
    switch (random.nextInt(6)) {
      case 0 -> at += length;
      case 1 -> out.write(bytes, at, length);
      case 2 -> {
        if (at < bytes.length) {
          at++;
        }
        out.writeBytes(token());
      }
      default -> out.writeBytes(token());
    }
    out.write(bytes, at, bytes.length - at);
    return out.toByteArray();
  }

  private byte[] token() {
    if (format.equals("binary") || chance(8)) {
      return new byte[] {
        (byte) pick(random, "\0", "\1", "\u00ff", "\u0080", "\u007f", "\2", "\4").charAt(0)
      };
    }
    String text =
        pick(
            random,
            quote + "",
            quote + "",
            "" + quote + quote,
            escape + "",
            "\\",
            "\\\\",
            "\r",
            "\n",
            "\r\n",
            "\n\n",
            delimiter + "",
            delimiter + "" + delimiter,
            "\\.",
            "\\.\n",
            "\n\\.\n",
            "\\N",
            nullText,
            "é",
            "\u0000",
            "\u00ff",
            "\u00c3",
            "\u00e6\u0097",
            "\u00ef\u00bb\u00bf",
            " ",
            "\t",
            "x",
            "\\x",
            "\\0",
            "\\x0",
            "\\377",
            "\\xc3\\xa9",
            "\\x80",
            "99999999999999999999");
    return text.equals("é") || text.equals(nullText)
        ? text.getBytes(charset)
        : text.getBytes(StandardCharsets.ISO_8859_1);
  }
}

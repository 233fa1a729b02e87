package io.copyload.tck.postgres;

import io.copyload.tck.Json;
import io.copyload.tck.TckFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;

/**
 * A type of PostgreSQL, its counterpart in H2, and texts for it.
 *
 * @param postgres the type's name in PostgreSQL
 * @param h2 its counterpart in H2
 * @param base which family's texts it takes: a type of {@code postgresql/type-literals.jsonl}
 */
record SampleType(String postgres, String h2, String base) {
  /** Labels of the type {@code mood}. */
  static final List<String> LABELS = List.of("happy", "sad", "so so", "s", "Ö");

  private static final Map<String, List<String>> RECORDED = recorded();

  private static final String[] WORDS = {
    "",
    "a",
    "x",
    "abc",
    "hello world",
    "NULL",
    "null",
    "\\N",
    "\\.",
    "é",
    "日本",
    "𝄞",
    "a,b",
    "a|b",
    "q\"q",
    "'",
    "\\",
    "back\\slash",
    "tab\there",
    "line\nbreak",
    "cr\rhere",
    "crlf\r\nx",
    " lead",
    "trail ",
    "  ",
    "D",
    "-",
    "\u0001",
    "\b\f\u000b",
    "0",
    "long long long long long long long long long long long long long long long long long long long long é",
  };

  static SampleType random(Random random) {
    int precision = 1 + random.nextInt(random.nextInt(4) == 0 ? 60 : 18);
    int scale = random.nextInt(precision + 1);
    int length = 1 + random.nextInt(12);
    int fraction = random.nextInt(7);
    return switch (random.nextInt(26)) {
      case 0 -> new SampleType("boolean", "BOOLEAN", "boolean");
      case 1 -> new SampleType("smallint", "SMALLINT", "smallint");
      case 2, 3, 4 -> new SampleType("integer", "INTEGER", "integer");
      case 5 -> new SampleType("bigint", "BIGINT", "bigint");
      case 6, 7 -> {
        String type = "numeric(" + precision + "," + scale + ")";
        yield new SampleType(type, type, "numeric");
      }
      case 8 -> new SampleType("real", "REAL", "real");
      case 9 -> new SampleType("double precision", "DOUBLE PRECISION", "double precision");
      case 10, 11, 12 -> new SampleType("text", "VARCHAR", "text");
      case 13 -> new SampleType("varchar(" + length + ")", "VARCHAR(" + length + ")", "text");
      case 14 -> new SampleType("char(" + length + ")", "CHAR(" + length + ")", "text");
      case 15 -> new SampleType("bytea", "VARBINARY", "bytea");
      case 16 -> new SampleType("date", "DATE", "date");
      case 17 -> new SampleType("time(" + fraction + ")", "TIME(" + fraction + ")", "time");
      case 18 ->
          new SampleType(
              "time(" + fraction + ") with time zone",
              "TIME(" + fraction + ") WITH TIME ZONE",
              "timetz");
      case 19 ->
          new SampleType("timestamp(" + fraction + ")", "TIMESTAMP(" + fraction + ")", "timestamp");
      case 20 ->
          new SampleType(
              "timestamp(" + fraction + ") with time zone",
              "TIMESTAMP(" + fraction + ") WITH TIME ZONE",
              "timestamptz");
      case 21 ->
          random.nextBoolean()
              ? new SampleType("interval", "INTERVAL DAY(12) TO SECOND(6)", "interval")
              : new SampleType(
                  "interval year to month", "INTERVAL YEAR(9) TO MONTH", "interval year to month");
      case 22 -> new SampleType("uuid", "UUID", "uuid");
      case 23 -> new SampleType("json", "JSON", "json");
      case 24 -> new SampleType("mood", "mood", "mood");
      default ->
          random.nextBoolean()
              ? new SampleType("integer[]", "INTEGER ARRAY", "int[]")
              : new SampleType("text[]", "VARCHAR ARRAY", "text[]");
    };
  }

  private static Map<String, List<String>> recorded() {
    Map<String, List<String>> texts = new HashMap<>();
    try {
      for (String line :
          Files.readAllLines(TckFiles.folder("postgresql").resolve("type-literals.jsonl"))) {
        Map<String, Object> entry = Json.object(line);
        String type = (String) entry.get("type");
        String base =
            type.startsWith("numeric")
                ? "numeric"
                : type.startsWith("timestamp(")
                    ? "timestamp"
                    : type.contains("char(") ? "text" : type;
        texts.computeIfAbsent(base, key -> new ArrayList<>()).add((String) entry.get("literal"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return texts;
  }

  /** A text that both sides take, most of the time. */
  String plain(Random random) {
    return switch (base) {
      case "boolean" ->
          pick(random, "t", "f", "true", "false", "yes", "no", "on", "off", "1", "0", "TRUE", "y");
      case "smallint" -> Integer.toString(random.nextInt(65536) - 32768 >> random.nextInt(16));
      case "integer" -> Integer.toString(random.nextInt() >> random.nextInt(32));
      case "bigint" -> Long.toString(random.nextLong() >> random.nextInt(64));
      case "numeric" -> decimal(random);
      case "real" ->
          random.nextInt(3) == 0
              ? decimal(random)
              : Float.toString(Float.intBitsToFloat(random.nextInt() & 0xbfffffff));
      case "double precision" ->
          random.nextInt(3) == 0
              ? decimal(random)
              : Double.toString(Double.longBitsToDouble(random.nextLong() & 0xbfffffffffffffffL));
      // H2 counts UTF-16 units where a length is limited.
      case "text" ->
          postgres.equals("text")
              ? text(random)
              : text(random).replace("𝄞", "é").replace("😀", "é");
      case "bytea" ->
          random.nextBoolean()
              ? "\\x" + hex(random, random.nextInt(6) * 2)
              : pick(random, "", "abc", "\\\\", "\\000", "a\\377b", "é");
      case "date" -> date(random);
      case "time" -> time(random);
      case "timetz" -> time(random) + zone(random);
      case "timestamp" -> date(random).replace(" BC", "") + pick(random, " ", "T") + time(random);
      case "timestamptz" ->
          date(random).replace(" BC", "") + pick(random, " ", "T") + time(random) + zone(random);
      case "interval" ->
          switch (random.nextInt(5)) {
            case 0 -> random.nextInt(1000) + " days";
            case 1 -> time(random);
            case 2 -> "-" + random.nextInt(40) + " days " + time(random);
            case 3 ->
                "P"
                    + random.nextInt(9)
                    + "DT"
                    + random.nextInt(30)
                    + "H"
                    + random.nextInt(70)
                    + "S";
            default -> random.nextInt(100) + " hours " + random.nextInt(100) + " min ago";
          };
      case "interval year to month" ->
          switch (random.nextInt(4)) {
            case 0 -> random.nextInt(1000) + " years " + random.nextInt(30) + " mons";
            case 1 -> random.nextInt(100) + "-" + random.nextInt(12);
            case 2 -> "-" + random.nextInt(30) + " mons";
            default -> "P" + random.nextInt(9) + "Y" + random.nextInt(9) + "M";
          };
      case "uuid" -> new UUID(random.nextLong(), random.nextLong()).toString();
      case "json" ->
          pick(
              random,
              "{}",
              "[1, 2]",
              "{\"a\": 1}",
              "null",
              "\"x\"",
              "1.5",
              "true",
              "{\"k\": [\"é\", {\"z\": null}]}");
      case "mood" -> LABELS.get(random.nextInt(LABELS.size()));
      case "int[]" -> array(random, () -> Integer.toString(random.nextInt(2000) - 1000));
      default -> array(random, () -> quoted(text(random)));
    };
  }

  /** Whether H2's type lacks values of PostgreSQL's. */
  boolean holdsLess() {
    return List.of("numeric", "date", "time", "timetz", "timestamp", "timestamptz", "json")
            .contains(base)
        || base.startsWith("interval")
        || base.endsWith("[]");
  }

  /** A text that may be wrong, extreme or strange. */
  String strange(Random random) {
    List<String> pool = RECORDED.getOrDefault(base, List.of());
    String text =
        pool.isEmpty() || random.nextInt(3) == 0
            ? plain(random)
            : pool.get(random.nextInt(pool.size()));
    for (int i = random.nextInt(3); i > 0; i--) {
      text = edited(text, random);
    }
    if (base.equals("json") && text.contains("ud83d")) {
      // A surrogate alone: H2 keeps JSON as UTF-8.
      return "null";
    }
    return postgres.equals("text") || !base.equals("text")
        ? text
        : text.replace("𝄞", "é").replace("😀", "é");
  }

  private String edited(String text, Random random) {
    String alphabet =
        switch (base) {
          case "integer", "smallint", "bigint", "numeric", "real", "double precision" ->
              "0123456789+-.eExXoOb_ nNaAiIfF9999";
          case "bytea" -> "\\x0123456789abcdefG \t'";
          case "uuid" -> "0123456789abcdefABCDEF-{} g";
          case "json" -> "{}[]\",:0123456789.eE-+ \\ntrufals'\u0001";
          case "int[]", "text[]" -> "{}\",\\ 0123456789NULnul[]:=ax";
          case "text" -> " aé日\\\"'\t";
          case "boolean" -> "tfyn01 onfrue";
          default -> "0123456789:-+./ TZtzPpAaMmBbCcJjdDhHsSyY,@";
        };
    StringBuilder out = new StringBuilder(text);
    int at = random.nextInt(text.length() + 1);
    char c = alphabet.charAt(random.nextInt(alphabet.length()));
    switch (random.nextInt(5)) {
      case 0 -> out.insert(at, c);
      case 1 -> {
        if (at < text.length()) {
          out.setCharAt(at, c);
        }
      }
      case 2 -> {
        if (at < text.length()) {
          out.deleteCharAt(at);
        }
      }
      case 3 ->
          out.insert(
              at,
              pick(
                  random,
                  " ",
                  "  ",
                  "\t",
                  "\n",
                  "00",
                  "99999999999",
                  "-",
                  "BC",
                  " AM",
                  "infinity",
                  "NaN",
                  "é",
                  "\u00a0"));
      default -> {
        int to = Math.min(text.length(), at + random.nextInt(4));
        out.insert(at, text, at, to);
      }
    }
    return out.toString();
  }

  static String pick(Random random, String... texts) {
    return texts[random.nextInt(texts.length)];
  }

  private static String text(Random random) {
    String word = pick(random, WORDS);
    return random.nextInt(3) == 0 ? word + pick(random, WORDS) : word;
  }

  private static String decimal(Random random) {
    StringBuilder out = new StringBuilder(random.nextInt(3) == 0 ? "-" : "");
    for (int i = random.nextInt(random.nextInt(5) == 0 ? 25 : 4); i >= 0; i--) {
      out.append(random.nextInt(10));
    }
    if (random.nextBoolean()) {
      out.append('.');
      for (int i = random.nextInt(random.nextInt(5) == 0 ? 25 : 4); i >= 0; i--) {
        out.append(random.nextInt(10));
      }
    }
    if (random.nextInt(8) == 0) {
      out.append('e').append(random.nextInt(12) - 6);
    }
    return out.toString();
  }

  private static String hex(Random random, int digits) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < digits; i++) {
      out.append("0123456789abcdefABCDEF".charAt(random.nextInt(22)));
    }
    return out.toString();
  }

  private static String date(Random random) {
    int year = random.nextInt(6) == 0 ? 1 + random.nextInt(9999) : 1900 + random.nextInt(200);
    int month = 1 + random.nextInt(12);
    int day = 1 + random.nextInt(28);
    return switch (random.nextInt(8)) {
      case 0 -> String.format(Locale.ROOT, "%04d%02d%02d", year, month, day);
      case 1 -> String.format(Locale.ROOT, "%d/%d/%04d", month, day, year);
      case 2 ->
          String.format(
              Locale.ROOT, "%d %s %04d", day, pick(random, "Jan", "February", "mar", "SEPT"), year);
      case 3 -> String.format(Locale.ROOT, "%04d-%02d-%02d BC", year, month, day);
      default -> String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
    };
  }

  private static String time(Random random) {
    String text = String.format(Locale.ROOT, "%02d:%02d", random.nextInt(24), random.nextInt(60));
    if (random.nextInt(5) == 0) {
      return text;
    }
    text += String.format(Locale.ROOT, ":%02d", random.nextInt(60));
    return random.nextBoolean() ? text : text + "." + random.nextInt(10000000);
  }

  private static String zone(Random random) {
    return pick(
        random,
        "",
        "Z",
        "+00",
        "+02",
        "-05:30",
        "+14",
        "-12",
        " UTC",
        "+02:03:04",
        " PST",
        " Europe/Berlin",
        " GMT+3",
        "-0800");
  }

  private static String array(Random random, java.util.function.Supplier<String> element) {
    StringBuilder out = new StringBuilder("{");
    for (int i = random.nextInt(4); i > 0; i--) {
      out.append(out.length() == 1 ? "" : pick(random, ",", ", ", " , "));
      out.append(random.nextInt(6) == 0 ? pick(random, "NULL", "null") : element.get());
    }
    return out.append('}').toString();
  }

  private static String quoted(String text) {
    boolean plain = text.matches("[a-zA-Z0-9éÖ]+") && !text.equalsIgnoreCase("null");
    return plain ? text : "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }
}

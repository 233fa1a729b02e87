package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.copyload.engine.CopyException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random statements; {@code -Dcopyload.seed} repeats a run. */
class CopyParserFuzzTest {
  private static final String[] WORDS = {
    "COPY",
    "INTO",
    "FROM",
    "TO",
    "t",
    "\"T\"",
    ".",
    "(",
    ")",
    ",",
    "'f'",
    "''",
    "?",
    "?2",
    "STDIN",
    "PROGRAM",
    "WITH",
    "USING",
    "DELIMITERS",
    "CSV",
    "HEADER",
    "DELIMITER",
    "NULL",
    "AS",
    "QUOTE",
    "ESCAPE",
    "ENCODING",
    "FORCE",
    "NOT",
    "*",
    "BINARY",
    "FREEZE",
    "FORMAT",
    "json",
    "AVRO",
    "=",
    "[",
    "]",
    "1",
    "-",
    "true",
    "IAM_ROLE",
    "default",
    "CREDENTIALS",
    "IGNOREHEADER",
    "MAXERROR",
    "GZIP",
    "SIMPLIFY",
    "AUTO",
    "COMPUPDATE",
    "ON",
    "WHERE",
    "a",
    ">",
    "JOB",
    "CREATE",
    "RUN",
    "LIST",
    ";",
    "||",
    "::",
    "AWS",
    "CONNECTION",
    "MAX",
    "FILE",
    "SIZE",
    "FILES",
    "SECRET",
    "E'\\n'",
    "$$x$$",
    "U&'\\0041'",
    "--x\n",
    "/*c*/",
    "'",
    "\"",
    "/*",
    "\\",
    "\u0000",
    "\ud83d",
    "é"
  };

  private final long seed = Long.getLong("copyload.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String pick(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private String blank() {
    return pick(" ", " ", "\n", " /* c; */ ", " -- c\n", "\t");
  }

  private String name() {
    return pick("a", "B_1", "\"c d\"", "\"x\"\"y\"", "ünï", "U&\"\\0061\"");
  }

  private String string() {
    return pick("'x'", "''", "'it''s'", "E'\\t\\''", "$$a'b$$", "U&'\\00e9'", "'a;b'");
  }

  private String columns() {
    StringBuilder text = new StringBuilder(name());
    for (int n = random.nextInt(3); n > 0; n--) {
      text.append(blank()).append(',').append(name());
    }
    return text.toString();
  }

  private String generic() {
    return switch (random.nextInt(7)) {
      case 0 -> pick("FORMAT csv", "format = 'text'", "\"Fmt\" x", "HEADER", "HEADER off");
      case 1 -> pick("NULL", "QUOTE", "ESCAPE", "DELIMITER") + blank() + string();
      case 2 -> "FORCE_NULL (" + columns() + ")";
      case 3 -> "FORCE_QUOTE *";
      case 4 -> "REJECT_LIMIT" + blank() + pick("1", "-2", "+ 3", "1.5");
      case 5 -> "AWS CONNECTION" + pick(" ", " = ") + name();
      default -> "FILES" + pick("", "=") + pick("['a', 'b']", "('a')", "[]");
    };
  }

  private String clause() {
    return switch (random.nextInt(8)) {
      case 0 -> pick("CSV", "HEADER", "FREEZE", "GZIP", "ESCAPE", "MANIFEST", "FORMAT AS CSV");
      case 1 -> pick("NULL", "QUOTE", "DELIMITER", "ESCAPE") + pick(" ", " AS ") + string();
      case 2 -> "FORCE NOT NULL " + columns();
      case 3 -> pick("IGNOREHEADER 1", "MAXERROR AS 5", "COMPROWS '7'", "MAXERROR -1");
      case 4 -> pick("SECRET_ACCESS_KEY", "CREDENTIALS AS", "TOKEN") + blank() + string();
      case 5 -> pick("IAM_ROLE default", "SIMPLIFY AUTO 1.1", "COMPUPDATE OFF", "STATUPDATE");
      case 6 -> pick("FORMAT JSON 'auto'", "AVRO", "ENCODING utf8", "ENCODING 'UTF8'");
      default -> pick("DATEFORMAT AS", "REGION", "FIXEDWIDTH") + blank() + string();
    };
  }

  private String statement() {
    StringBuilder sql = new StringBuilder(blank()).append(pick("COPY", "copy")).append(blank());
    if (random.nextInt(4) == 0) {
      sql.append("INTO").append(blank());
    }
    sql.append(name());
    for (int n = random.nextInt(3); n > 0; n--) {
      sql.append(pick(".", " . ")).append(name());
    }
    if (random.nextBoolean()) {
      sql.append('(').append(columns()).append(')');
    }
    sql.append(blank()).append("FROM").append(blank());
    sql.append(pick("'f'", "?", "?3", "STDIN", "PROGRAM 'x'", "'a' || f(x, (y))", "('a')::text"));
    sql.append(blank());
    if (random.nextBoolean()) {
      sql.append(pick("", "WITH ")).append('(').append(generic());
      for (int n = random.nextInt(4); n > 0; n--) {
        sql.append(pick(",", " , ")).append(generic());
      }
      sql.append(')');
    } else {
      for (int n = random.nextInt(5); n > 0; n--) {
        sql.append(clause()).append(blank());
      }
    }
    if (random.nextInt(4) == 0) {
      sql.append(" WHERE a > (1) AND b = 'x'");
    }
    return sql.append(pick("", ";", " ; ")).toString();
  }

  private static String print(CopyFrom copy, String sql) {
    StringBuilder text = new StringBuilder("COPY ").append(copy.into() != null ? "INTO " : "");
    text.append(copy.table().range().of(sql));
    if (!copy.columns().isEmpty()) {
      List<String> columns = new ArrayList<>();
      copy.columns().forEach(c -> columns.add(c.range().of(sql)));
      text.append('(').append(String.join(",", columns)).append(')');
    }
    text.append(" FROM ").append(copy.source().range().of(sql));
    List<String> list = new ArrayList<>();
    StringBuilder clauses = new StringBuilder();
    for (OptionClause clause : copy.options()) {
      if (clause.style() == OptionStyle.PARENTHESISED) {
        list.add(clause.range().of(sql));
      } else {
        clauses.append(' ').append(clause.range().of(sql));
      }
    }
    if (!list.isEmpty()) {
      text.append(" WITH (").append(String.join(", ", list)).append(')');
    }
    text.append(clauses);
    return copy.where() == null ? text.toString() : text + " WHERE " + copy.where().of(sql);
  }

  /** Everything but the ranges. */
  private static String shape(CopyFrom copy) {
    return copy.toString().replaceAll("TextRange\\[begin=\\d+, end=\\d+\\]", "")
        + CopyParserTest.shown(copy.options());
  }

  @Test
  void statementPrintedFromItsRangesParsesToTheSame() {
    System.out.println("CopyParserFuzzTest seed " + seed);
    for (int i = 0; i < 20_000; i++) {
      String sql = statement();
      CopyFrom copy = CopyParserTest.from(sql);
      String printed = print(copy, sql);
      CopyFrom again = CopyParserTest.from(printed);
      assertEquals(shape(copy), shape(again), () -> sql + "\n" + printed);
      assertFalse(copy.range().of(sql).endsWith(";"));
      TextRange before = copy.table().range();
      assertTrue(before.end() <= copy.source().range().begin(), sql);
    }
  }

  @Test
  void splitterCutsWhereTheParserEnds() {
    System.out.println("CopyParserFuzzTest seed " + seed);
    for (int i = 0; i < 20_000; i++) {
      String first = statement();
      String second = statement();
      String sql = first + ";SELECT 'a;b'; " + second;
      List<TextRange> pieces = StatementSplitter.split(sql);
      assertEquals(3, pieces.size(), sql);
      assertEquals("SELECT 'a;b'", pieces.get(1).of(sql));
      String piece = pieces.get(0).of(sql);
      assertTrue(StatementSplitter.isCopy(piece));
      assertEquals(shape(CopyParserTest.from(first)), shape(CopyParserTest.from(piece)), sql);
      piece = pieces.get(2).of(sql);
      assertEquals(shape(CopyParserTest.from(second)), shape(CopyParserTest.from(piece)), sql);
    }
  }

  @Test
  void garbageNeverThrowsAnythingElse() {
    System.out.println("CopyParserFuzzTest seed " + seed);
    int parsed = 0;
    for (int i = 0; i < 100_000; i++) {
      StringBuilder text = new StringBuilder(random.nextInt(8) == 0 ? "" : "COPY ");
      text.append(random.nextBoolean() ? "t FROM 'f' " : "");
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(pick(WORDS)).append(pick(" ", " ", ""));
      }
      parsed += tryParse(text.toString()) ? 1 : 0;
    }
    assertTrue(parsed > 1000, "only " + parsed + " parsed");
  }

  @Test
  void damagedStatementsNeverThrowAnythingElse() {
    System.out.println("CopyParserFuzzTest seed " + seed);
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder(statement());
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.deleteCharAt(at);
          case 1 -> text.insert(at, pick(WORDS));
          default -> text.setCharAt(at, (char) random.nextInt(random.nextBoolean() ? 128 : 65536));
        }
        if (text.length() == 0) {
          text.append('x');
        }
      }
      tryParse(text.toString());
    }
  }

  private static boolean tryParse(String sql) {
    try {
      CopyCommand command = CopyParser.parse(sql);
      assertTrue(command.range().end() <= sql.length());
      return true;
    } catch (CopyException e) {
      assertTrue(e.position() >= 0 && e.position() <= sql.length() + 1, sql);
      assertTrue(e.getMessage().length() < 200, sql);
      return false;
    } catch (RuntimeException e) {
      throw new AssertionError("at " + sql, e);
    }
  }

  @Test
  void longAndDeepTextDoesNotHang() {
    int n = 200_000;
    assertTimeout(
        Duration.ofSeconds(10),
        () -> {
          tryParse("COPY t FROM " + "(".repeat(n));
          tryParse("COPY t FROM 'a'" + " || 'a'".repeat(n));
          tryParse("COPY t FROM 'f' WHERE " + "(".repeat(n) + ")".repeat(n));
          tryParse("COPY t FROM 'f' " + "/*".repeat(n));
          tryParse("COPY t FROM " + "'a'\n".repeat(n));
          tryParse("COPY t FROM 'f' (" + "a b,".repeat(n));
          tryParse("COPY t FROM " + "U&'a' ".repeat(n));
          StatementSplitter.split("$x".repeat(n));
          StatementSplitter.split("a;".repeat(n));
          StatementSplitter.containsCopy("/**/;".repeat(n) + "copy");
        });
  }
}

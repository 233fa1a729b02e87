package io.copyload.engine.statement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StatementSplitterTest {
  private static List<String> split(String sql) {
    return StatementSplitter.split(sql).stream().map(r -> r.of(sql)).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM 'x'",
        "copy",
        "  \n\tCopy t",
        "/* a /* b */ */ -- c\n COPY\"t\" FROM ?",
        "// h2\nCOPY t",
        "COPY(select 1) to stdout",
        "\u00a0COPY t",
      })
  void seesCopy(String sql) {
    assertTrue(StatementSplitter.isCopy(sql));
    assertTrue(StatementSplitter.containsCopy(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "COP",
        "COPYX t",
        "COPY_LOG",
        "COPY$ a",
        "COPYé",
        "EXPLAIN COPY t FROM 'x'",
        "/* COPY t",
        "-- COPY t",
        "\"COPY\" t",
        "SELECT 'a; COPY b'",
        "SELECT $$; COPY $$",
        "(COPY t)",
        "SELECT 1; SELECT copy FROM t",
        "SELECT a$$b; SELECT 2 -- ; COPY",
        "SELECT 1 // ; COPY t",
        "SELECT 1 /* ; COPY t",
      })
  void seesNoCopy(String sql) {
    assertFalse(StatementSplitter.isCopy(sql));
    assertFalse(StatementSplitter.containsCopy(sql));
  }

  @Test
  void seesCopyInLaterStatements() {
    assertTrue(StatementSplitter.containsCopy("CREATE TABLE t(a INT); copy t FROM 'x'; SELECT 1"));
    assertTrue(StatementSplitter.containsCopy(";; COPY t FROM 'x'"));
    assertFalse(StatementSplitter.isCopy("SELECT 1; COPY t FROM 'x'"));
  }

  @Test
  void splitsAtTopLevelSemicolons() {
    assertEquals(List.of("a", "COPY t FROM 'x;y'", "b"), split(" a; COPY t FROM 'x;y' ;b;"));
    assertEquals(List.of("SELECT ';' \";\" `;` $$;$$"), split("SELECT ';' \";\" `;` $$;$$"));
    assertEquals(List.of("'a'';'", "\"b\"\";\""), split("'a'';';\"b\"\";\""));
    assertEquals(List.of("a /* ; /* ; */ ; */", "b"), split("a /* ; /* ; */ ; */;b"));
    assertEquals(List.of("a -- ;\nb", "c"), split("a -- ;\nb;c"));
    assertEquals(List.of("a // ;\rb", "c"), split("a // ;\rb;c"));
    assertEquals(List.of("a/b", "c-d", "e - -f"), split("a/b;c-d;e - -f"));
    assertEquals(List.of("?1", "$2", "x"), split("?1;$2;x"));
  }

  @Test
  void dropsEmptyPieces() {
    assertEquals(List.of(), split(""));
    assertEquals(List.of(), split(" ;; -- x\n ; /* y */"));
    assertEquals(List.of("a", "b"), split("a;;b; -- end"));
  }

  @Test
  void keepsCommentsWithTheStatementTheyStandAt() {
    assertEquals(List.of("/* 1 */ a", "-- 2\n b"), split("/* 1 */ a; -- 2\n b"));
  }

  @Test
  void readsTextForH2AsH2Does() {
    assertEquals(List.of("SELECT 'a\\'", "SELECT 'b'"), split("SELECT 'a\\';SELECT 'b'"));
    assertEquals(List.of("SELECT E'a\\'", "b'"), split("SELECT E'a\\';b'"));
    assertEquals(List.of("SELECT a$$b", "c$$"), split("SELECT a$$b;c$$"));
    assertEquals(List.of("SELECT 1e5$$;$$, 0xa$$;$$", "b"), split("SELECT 1e5$$;$$, 0xa$$;$$;b"));
    assertEquals(List.of("SELECT 1e+5$$;$$, 1ee$$", "$$"), split("SELECT 1e+5$$;$$, 1ee$$;$$"));
    assertEquals(List.of("SELECT $x$", "$x$"), split("SELECT $x$;$x$"));
    assertEquals(
        List.of("CREATE ALIAS f AS $$ int f() { return 1; } $$", "x"),
        split("CREATE ALIAS f AS $$ int f() { return 1; } $$; x"));
  }

  @Test
  void readsCopyAsPostgresqlDoes() {
    assertEquals(
        List.of("COPY t FROM 'x' DELIMITER E'\\';'", "b"),
        split("COPY t FROM 'x' DELIMITER E'\\';'; b"));
    assertEquals(List.of("COPY t FROM $x$a;$$b$x$", "c"), split("COPY t FROM $x$a;$$b$x$;c"));
  }

  @Test
  void takesTextThatDoesNotEndAsOneStatement() {
    assertEquals(List.of("a", "'b; c"), split("a; 'b; c"));
    assertEquals(List.of("a", "/* b; c"), split("a; /* b; c"));
    assertEquals(List.of("a", "x /* b; c"), split("a; x /* b; c"));
    assertEquals(List.of("$$ b; c"), split("$$ b; c"));
    assertEquals(List.of("COPY t FROM E'\\"), split("COPY t FROM E'\\"));
  }

  @Test
  void isTotalOverRandomText() {
    long seed = Long.getLong("copyload.seed", System.nanoTime());
    System.out.println("StatementSplitterTest seed " + seed);
    Random random = new Random(seed);
    String[] parts = {
      ";", "'", "\"", "`", "$$", "$x$", "/*", "*/", "--", "//", "\n", "COPY", " ", "a", "E'", "\\",
      "?1", "\ud83d", "\ude00", "9", "'';"
    };
    for (int i = 0; i < 50_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(12); n > 0; n--) {
        text.append(parts[random.nextInt(parts.length)]);
      }
      String sql = text.toString();
      int end = 0;
      boolean copy = false;
      for (TextRange piece : StatementSplitter.split(sql)) {
        assertTrue(piece.begin() >= end && piece.end() > piece.begin(), sql);
        end = piece.end();
        copy |= StatementSplitter.isCopy(piece.of(sql));
      }
      assertTrue(end <= sql.length());
      assertEquals(copy, StatementSplitter.containsCopy(sql), sql);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM STDIN;\n1;2\n'x\n\\.\n",
        "COPY t FROM STDIN ;  \r\n1;2\n'x\n\\.\r\n",
        "COPY t FROM STDIN (FORMAT csv);\n1;2\n'x\n\\."
      })
  void dataOfAScriptIsNoStatement(String sql) {
    List<ScriptStatement> script = StatementSplitter.splitScript(sql);
    assertEquals(1, script.size());
    assertEquals("1;2\n'x\n", script.get(0).data().of(sql));
    assertTrue(StatementSplitter.hasInlineData(sql));
  }

  @Test
  void aScriptGoesOnBehindItsData() {
    String sql =
        "SELECT 1; COPY t FROM STDIN;\n\\.\nSELECT 2;COPY u FROM stdin;\na;b\n\\.\n;SELECT 3";
    List<ScriptStatement> script = StatementSplitter.splitScript(sql);
    assertEquals(
        List.of("SELECT 1", "COPY t FROM STDIN", "SELECT 2", "COPY u FROM stdin", "SELECT 3"),
        script.stream().map(s -> s.statement().of(sql)).toList());
    assertEquals("", script.get(1).data().of(sql));
    assertEquals("a;b\n", script.get(3).data().of(sql));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "COPY t FROM STDIN",
        "COPY t FROM STDIN;",
        "COPY t FROM STDIN;\n1\n",
        "COPY t FROM STDIN; SELECT 1\n1\n\\.\n",
        "COPY t FROM 'x';\n1\n\\.\n",
        "COPY t FROM STDIN;\n1\n\\. \n",
        "SELECT 1;\n1\n\\.\n"
      })
  void thereIsNoDataWithoutStdinAndEndMarker(String sql) {
    assertFalse(StatementSplitter.hasInlineData(sql));
    assertEquals(
        split(sql),
        StatementSplitter.splitScript(sql).stream().map(s -> s.statement().of(sql)).toList());
  }
}
